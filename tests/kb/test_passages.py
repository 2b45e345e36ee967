from kb.article import Article, parse_article
from kb.passages import LONGEST_EXCERPT, Piece, excerpt, marked, passages, summary
from kb.render import headings
from kb.settings import SiteSettings
from tests.kb.conftest import Write

BODY = """Before any *heading*, write to [us](mailto:{SUPPORT_EMAIL}).

## When `it` fails

1. First
2. Then see {HELP_URL}

| Day | Hours |
|---|---|
| Monday | 9 to 5 |

## When it fails

```
retain --fix
```
"""
SITE = SiteSettings(help_url="https://help.example")


def article(write: Write) -> Article:
    return parse_article(write("a", "title: A\nquestions: [one]\nsummary: |\n  1. Click **it**\n  2. Wait", BODY))


def test_each_piece_stands_under_its_heading(write: Write) -> None:
    one = article(write)
    first, second = headings(one)
    assert [(piece.text, piece.heading) for piece in passages(one, SITE)] == [
        ("Before any heading, write to us.", None),
        ("First", first),
        ("Then see https://help.example", first),
        ("Day – Hours", first),
        ("Monday – 9 to 5", first),
        ("retain --fix", second),
    ]
    assert passages(one, SITE)[0].words >= {"before", "heading", "us"}
    assert summary(one, SITE) == "Click it Wait"


def test_words_are_marked_as_a_whole_with_what_hangs_on_them() -> None:
    assert marked("In Zoom's portal", {"zoom"}) == (Piece("In ", False), Piece("Zoom's", True), Piece(" portal", False))
    assert marked("Café", {"cafe"}) == (Piece("Café", True),)
    assert marked("", {"zoom"}) == ()


def test_an_excerpt_begins_with_the_sentence_that_says_it() -> None:
    text = f"{'Nothing to be seen here. ' * 8}Zoom says it all. {'And so it goes on for long. ' * 9}"
    shown = excerpt(text, {"zoom"})
    assert shown.startswith("… Zoom says it all. And so")
    assert shown.endswith(" …")
    assert len(shown) <= LONGEST_EXCERPT + 4
    assert excerpt("Short.", {"zoom"}) == "Short."
    assert len(excerpt("x" * 1000, {"zoom"})) <= LONGEST_EXCERPT + 4
