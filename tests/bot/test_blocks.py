"""Block Kit built within its limits, and harmless whatever people typed."""

import html

from hypothesis import given
from hypothesis import strategies as st

from bot import blocks


@given(st.text(max_size=500))
def test_what_people_typed_becomes_no_markup(text: str) -> None:
    shown = blocks.quoted(text)
    assert "<" not in shown
    assert ">" not in shown
    assert "\n" not in shown


@given(st.text("ab&<>; ", max_size=60), st.integers(8, 40))
def test_a_cut_never_splits_an_escape(text: str, limit: int) -> None:
    cut = blocks.cut(blocks.escape(text), limit)
    assert len(cut) <= limit
    shown = html.unescape(cut.removesuffix("…"))
    assert text.startswith(shown)


def test_a_long_label_is_cut_to_what_slack_takes() -> None:
    made = blocks.button("x" * 200, "an_action", "value")
    assert len(made["text"]["text"]) == 75


def test_a_button_without_a_value_sends_none() -> None:
    assert "value" not in blocks.button("Label", "an_action")


def test_plain_paragraphs_are_escaped() -> None:
    message = blocks.plain("a <!channel> b", "second")
    assert message.text == "a <!channel> b\n\nsecond"
    assert message.blocks[0]["text"]["text"] == "a &lt;!channel&gt; b"
