import pytest

from kb.vocabulary import BEGUN, NEARLY, SAME, Vocabulary

WORDS = Vocabulary(["connect", "connected", "connection", "zoom", "calendar", "deauthorize", "durations"])


@pytest.mark.parametrize(
    ("word", "unfinished", "meant"),
    [
        ("connects", False, {"connect": SAME, "connected": SAME}),
        ("conn", True, {"connect": BEGUN, "connected": BEGUN, "connection": BEGUN}),
        ("connect", True, {"connect": SAME, "connected": SAME, "connection": BEGUN}),
        ("conn", False, {}),
        ("c", True, {}),
        ("zomo", False, {"zoom": NEARLY}),
        ("calender", False, {"calendar": NEARLY}),
        ("calendr", True, {"calendar": NEARLY}),
        ("deautor", True, {"deauthorize": NEARLY}),
        ("deautorise", False, {"deauthorize": NEARLY}),
        ("room", False, {}),  # a word of its own, not a mistyped one
        ("xoom", False, {"zoom": NEARLY}),
        ("zo", False, {}),
        ("2024", False, {}),
    ],
)
def test_the_words_that_are_meant(word: str, unfinished: bool, meant: dict[str, float]) -> None:
    assert WORDS.like(word, unfinished=unfinished) == meant


def test_it_knows_its_own_words_and_those_of_the_language() -> None:
    assert WORDS.knows("durations")
    assert WORDS.knows("duration")
    assert WORDS.knows("room")
    assert not WORDS.knows("durat")
