from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.languages import languages
from kb.library import load_library
from kb.look_up import MOST_FOUND, LookedUp, LookUp
from kb.passages import Piece
from kb.search import Search
from kb.settings import SiteSettings


@pytest.fixture(scope="module")
def ours() -> LookUp:
    return LookUp(Search(load_library()), SiteSettings(support_email="help@retain.example"))


def slugs(found: LookedUp) -> list[str]:
    return [one.article.slug for one in found.found]


def marks(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("zoom ico", "zoom-icon-missing"),  # the last word is not finished
        ("encry", "security-privacy"),
        ("support hou", "support-hours"),
        ("durtion", "meeting-durations"),  # mistyped
        ("zoom acount owne", "zoom-account-owner"),
        ("deautor", "deauthorize-zoom"),  # both
        ("hwo do i conect zoom", "connect-zoom"),
        ("get rid of the connection", "deauthorize-zoom"),  # in other words than the article's
        ("ZOOM UNINSTALL", "deauthorize-zoom"),
    ],
)
def test_what_was_typed_so_far_finds_its_article_first(ours: LookUp, typed: str, first: str) -> None:
    assert slugs(ours.look_up(typed))[0] == first


@pytest.mark.parametrize("slug", sorted(load_library().articles))
def test_every_title_finds_its_article(ours: LookUp, slug: str) -> None:
    found = ours.look_up(load_library().articles[slug].title)
    assert slug in slugs(found)[:2]
    assert len(found.found) <= MOST_FOUND


@pytest.mark.parametrize("typed", ["pizza", "weather in paris", "zoom crashes on my mac", "xqz"])
def test_where_nothing_fits_nothing_is_shown(ours: LookUp, typed: str) -> None:
    assert ours.look_up(typed) == LookedUp(typed, sure=False, found=())


@pytest.mark.parametrize(
    ("typed", "code", "finds"),
    [
        ("wo ist die rechnung", "de", False),
        ("接続できない", "ja", False),
        ("не работает zoom", "ru", True),  # by the name alone
    ],
)
def test_another_language_is_told_whether_or_not_something_is_found(
    ours: LookUp, typed: str, code: str, finds: bool
) -> None:
    looked_up = ours.look_up(typed)
    assert looked_up.language is languages()[code]
    assert bool(looked_up.found) == finds
    assert not looked_up.sure


@pytest.mark.parametrize("typed", ["zoom icon", "la", "zoom de", "how do i con"])
def test_english_is_told_apart_while_it_is_typed(ours: LookUp, typed: str) -> None:
    assert ours.look_up(typed).language is None


@pytest.mark.parametrize("typed", ["", "   ", "???", "🙂"])
def test_without_a_word_nothing_is_looked_up(ours: LookUp, typed: str) -> None:
    assert ours.look_up(typed).found == ()


def test_it_says_whether_the_first_answers_what_was_typed(ours: LookUp) -> None:
    assert ours.look_up("why do i have to authorize zoom again").sure
    assert not ours.look_up("connected").sure


def test_words_that_were_looked_for_are_marked_in_whatever_form_they_stand(ours: LookUp) -> None:
    first = ours.look_up("conecting zoo").found[0]
    assert "Zoom" in marks(first.title)
    holidays = ours.look_up("holiday").found[0]
    assert marks(holidays.excerpt) == ["holidays"]
    assert holidays.heading is not None
    assert holidays.heading.anchor == "if-you-ask-late-or-while-we-are-closed"
    assert marks(ours.look_up("what is the support").found[0].excerpt)[0].lower() == "support"


def test_an_excerpt_is_what_readers_see(ours: LookUp) -> None:
    for one in ours.look_up("zoom").found:
        text = "".join(piece.text for piece in one.excerpt)
        assert text
        assert "{" not in text
        assert len(text) <= 190


def test_it_finds_words_while_the_search_knows_no_answer(ours: LookUp) -> None:
    assert slugs(ours.look_up("oauth 2.0"))[0] == "security-privacy"


def test_a_long_text_is_looked_up_by_its_beginning(ours: LookUp) -> None:
    found = ours.look_up("the zoom icon is missing " * 500)
    assert slugs(found)[0] == "zoom-icon-missing"
    assert len(found.typed) <= 200
    assert "icon" not in repr(replace(found, found=()))


@given(st.text(max_size=80))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_never_raises(ours: LookUp, typed: str) -> None:
    found = ours.look_up(typed)
    assert len(found.found) <= MOST_FOUND
