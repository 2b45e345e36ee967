from pathlib import Path

import pytest

from kb.errors import ArticleError, KbError
from kb.library import load_library, normalised, read_library
from tests.kb.conftest import Write


def test_articles_come_in_the_order_of_their_file_names(write: Write, folder: Path) -> None:
    for slug in ("b", "c", "a"):
        write(slug, f"title: {slug}\nquestions: [{slug}]")
    library = load_library(folder)
    assert list(library.articles) == ["a", "b", "c"]
    assert library.folder == folder
    assert library.not_ours == ()


def test_our_own_articles_load() -> None:
    library = load_library()
    assert "connect-zoom" in library.articles
    assert library.not_ours


def test_what_is_not_ours_is_no_article(write: Write, folder: Path) -> None:
    write("a", "title: A\nquestions: [one]")
    write("not_ours", "questions: [what is love]", "")
    library = load_library(folder)
    assert list(library.articles) == ["a"]
    assert library.not_ours == ("what is love",)


def test_articles_are_grouped_by_section(write: Write, folder: Path) -> None:
    for slug, section in (("a", "Two"), ("b", "One"), ("c", "Two")):
        write(slug, f"title: {slug}\nsection: {section}\nquestions: [{slug}]")
    grouped = load_library(folder).sections()
    assert {section: [a.slug for a in articles] for section, articles in grouped.items()} == {
        "Two": ["a", "c"],
        "One": ["b"],
    }
    assert list(grouped) == ["Two", "One"]


def test_an_unknown_article_is_refused_with_the_nearest_name(write: Write, folder: Path) -> None:
    write("connect-zoom", "title: A\nquestions: [one]")
    library = load_library(folder)
    assert library.article("connect-zoom").title == "A"
    with pytest.raises(KbError) as caught:
        library.article("conect-zoom")
    assert caught.value.remedy == "Did you mean “connect-zoom”?"
    with pytest.raises(KbError, match="Look for its name"):
        library.article("zzz")


def test_two_articles_that_claim_one_phrasing_are_refused_naming_both(write: Write, folder: Path) -> None:
    first = write("a", "title: A\nquestions: [How do I connect?]")
    second = write("b", "title: B\nquestions:\n  - other\n  - how do I  CONNECT")
    with pytest.raises(ArticleError) as caught:
        load_library(folder)
    error = caught.value
    assert (error.path, error.line) == (second, 5)
    assert "b and by a" in error.message
    assert str(first) in error.message


def test_everything_readable_is_read_beside_the_errors(write: Write, folder: Path) -> None:
    write("a", "title: A\nquestions: [one]")
    write("b", "title: B")
    write("c", "questions: [three]")
    library, errors = read_library(folder)
    assert list(library.articles) == ["a"]
    assert [error.path.name for error in errors] == ["b.md", "c.md"]


def test_a_missing_or_empty_folder_is_refused(folder: Path, write: Write) -> None:
    with pytest.raises(KbError, match="is not a folder"):
        load_library(folder / "none")
    write("not_ours", "questions: [hi]", "")
    with pytest.raises(KbError, match="holds no articles"):
        load_library(folder)


def test_a_phrasing_is_the_same_whatever_its_case_punctuation_and_spaces() -> None:
    assert normalised("  Why – again?! ") == normalised("why again")
    assert normalised("ｆｕｌｌ width") == "full width"
    assert normalised("?!") == "?!"
