import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.callers import ApiKeys

KEY = "0123456789-0123456789"


def test_each_key_leads_to_its_caller_and_nothing_else_does() -> None:
    keys = ApiKeys.parse(f"bot:{KEY}, staff-tool:{KEY}x")
    assert keys.caller(KEY) == "bot"
    assert keys.caller(f"{KEY}x") == "staff-tool"
    assert keys.caller("") is None
    assert keys.caller(KEY[:-1]) is None
    assert keys.caller("é" * 21) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "entry 1"),
        ("bot", "entry 1"),
        (f"Bot:{KEY}", "entry 1"),
        (f"bot:{KEY},", "entry 2"),
        ("bot:tooshort", "bot is not 20"),
        (f"bot:{KEY}é", "bot is not 20"),
        (f"bot:{KEY},bot:{KEY}2", "bot is used twice"),
        (f"bot:{KEY},other:{KEY}", "other is used twice"),
    ],
)
def test_keys_that_cannot_be_used_are_refused_without_being_shown(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        ApiKeys.parse(text)
    assert KEY not in str(caught.value)


def test_keys_are_not_shown() -> None:
    assert KEY not in repr(ApiKeys.parse(f"bot:{KEY}"))


@given(st.text(max_size=60))
def test_no_presented_text_breaks_the_comparison(presented: str) -> None:
    assert ApiKeys.parse(f"bot:{KEY}").caller(presented.encode("utf-8", "replace").decode()) is None
