import pytest

from kb.spelling import Speller

SPELLER = Speller({"connect": 5, "zoom": 9, "deauthorize": 3, "icon": 2, "cat": 1, "reports": 1})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("conect", "connect"), ("conenct", "connect"), ("deautorise", "deauthorize"), ("zooom", "zoom"), ("icno", "icon")],
)
def test_a_mistyped_word_becomes_the_word_of_an_article(typed: str, meant: str) -> None:
    assert SPELLER.repair([typed]) == [meant]


@pytest.mark.parametrize(
    "word",
    ["collect", "room", "cut", "can", "connected", "connecting", "report", "disconnect", "unauthorized", "2024"],
)
def test_a_right_word_is_left_alone_however_near_an_articles_word_is(word: str) -> None:
    assert SPELLER.repair([word]) == [word]


@pytest.mark.parametrize(("typed", "meant"), [("ow", "how"), ("yu", "you"), ("od", "do"), ("ct", "cat"), ("hr", "hr")])
def test_two_letters_become_the_small_word_that_lacks_one(typed: str, meant: str) -> None:
    assert SPELLER.repair([typed]) == [meant]


@pytest.mark.parametrize("word", ["", "x", "zo", "qqqqqqqq", "z" * 40])
def test_what_is_near_to_nothing_is_left_alone(word: str) -> None:
    assert SPELLER.repair([word]) == [word]


def test_of_words_equally_near_the_articles_more_frequent_one_is_meant() -> None:
    speller = Speller({"zzbat": 1, "zzcat": 7})
    assert speller.repair(["zzrat"]) == ["zzcat"]
