from datetime import date
from pathlib import Path

import pytest

from kb.article import parse_article, parse_not_ours
from kb.errors import ArticleError
from tests.kb.conftest import Write

FULL = """\
title: Connect Zoom
section: Getting started
questions:
  - How do I connect Zoom?
  - zoom set-up
summary: Open the **integrations page**.
facts: [connection_status]
actions: [connect_link, talk_to_person]
reviewed: 2026-01-31"""


def refusal(path: Path) -> ArticleError:
    with pytest.raises(ArticleError) as caught:
        parse_article(path)
    error = caught.value
    assert error.path == path
    assert error.remedy
    return error


def test_an_article_is_read_with_all_its_parts(write: Write) -> None:
    path = write("connect-zoom", FULL, "# Steps\n\n1. Click.")
    article = parse_article(path)
    assert (article.slug, article.title, article.section) == ("connect-zoom", "Connect Zoom", "Getting started")
    assert article.questions == ("How do I connect Zoom?", "zoom set-up")
    assert article.summary == "Open the **integrations page**."
    assert article.body == "# Steps\n\n1. Click."
    assert article.facts == ("connection_status",)
    assert article.actions == ("connect_link", "talk_to_person")
    assert article.reviewed == date(2026, 1, 31)
    assert article.path == path


def test_title_and_questions_are_enough(write: Write) -> None:
    article = parse_article(write("a", "title: A\nquestions: [one]", "# Heading\n\nFirst words.\n\nMore."))
    assert (article.section, article.facts, article.actions, article.reviewed) == ("", (), (), None)
    assert article.summary == "First words."


def test_the_title_stands_in_for_a_summary_when_there_is_no_body(write: Write) -> None:
    assert parse_article(write("a", "title: A\nquestions: [one]", "")).summary == "A"


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(folder: Path) -> None:
    path = folder / "a.md"
    path.write_bytes(b"\xef\xbb\xbf---\r\ntitle: A\r\nquestions: [one]\r\n---\r\nBody.\r\nMore.\r\n")
    article = parse_article(path)
    assert (article.title, article.body) == ("A", "Body.\nMore.")


def test_a_rule_in_the_body_does_not_end_it(write: Write) -> None:
    article = parse_article(write("a", "title: A\nquestions: [one]", "Above.\n\n---\n\nBelow."))
    assert article.body == "Above.\n\n---\n\nBelow."


@pytest.mark.parametrize(
    ("front", "line", "field", "words"),
    [
        ("questions: [one]", 1, "title", "“title” is missing"),
        ("title: A", 1, "questions", "“questions” is missing"),
        ("title: A\nquestions: one", 3, "questions", "is not a list"),
        ("title: A\nquestions:", 3, "questions", "is not a list"),
        ("title: A\nquestions: []", 3, "questions", "has no entries"),
        ("title: A\nquestions:\n  - one\n  - 404", 5, "questions", "is not text (YAML reads “404”)"),
        ("title: A\nquestions:\n  - one\n  - error: bad", 5, "questions", "is not text"),
        ("title: A\nquestions:\n  - one\n  -", 5, "questions", "is empty"),
        ('title: A\nquestions:\n  - "  "', 4, "questions", "is empty"),
        ("title: 404\nquestions: [one]", 2, "title", "is not text"),
        ("title: A\nquestions: [one]\nfacts: connection_status", 4, "facts", "is not a list"),
        ("title: A\nquestion:\n  - one", 3, "question", "is not a known key"),
        ("title: A\nquestions: [one]\nreviewed: soon", 4, "reviewed", "is not a date"),
        ("title: A\nquestions: [one]\nreviewed: 2026", 4, "reviewed", "is not a date"),
        ("title: A\nquestions: [one]\nreviewed: 2026-01-31 10:00:00", 4, "reviewed", "is not a date"),
        ("title: A\nquestions: [one]\nreviewed: 2026-02-30", 4, "front matter", "cannot be read (day is out"),
        ('title: A\nquestions:\n  - "2026-02-30"\n  - 2026-13-01', 5, "front matter", "cannot be read (month"),
        ("title: A\nquestions: [one]\nfacts: [[2026-02-30]]", 2, "front matter", "cannot be read"),
        ("title: A\nsection: x\ntitle: B\nquestions: [one]", 4, "title", "stands twice (first on line 2)"),
        ("title: A\nquestions:\n\t- one", 4, "front matter", "is not valid YAML"),
        ("title: Why: because\nquestions: [one]", 2, "front matter", "is not valid YAML"),
        ("title: A\nquestions: [one", 4, "front matter", "is not valid YAML"),
        ("title: A\nsection: \x01\nquestions: [one]", 3, "front matter", "is not valid YAML"),
        ("just words", 2, "front matter", "is not a list of keys"),
        ("", 2, "front matter", "is not a list of keys"),
        ("? [a]\n: b", 2, None, "A key is not text"),
        ("title: A\nquestions: &all [*all]", 3, "questions", "is not text"),
        ("title: !!python/name:os.system x\nquestions: [one]", 2, "front matter", "is not valid YAML"),
    ],
)
def test_a_broken_front_matter_is_refused_with_its_line(
    write: Write, front: str, line: int, field: str | None, words: str
) -> None:
    path = write("a", front)
    error = refusal(path)
    assert words in error.message
    assert (error.field, error.line) == (field, line)
    assert str(error).startswith(f"{path}:{line}: ")
    assert f"Remedy: {error.remedy}" in str(error)


def test_a_misspelt_key_gets_a_suggestion(write: Write) -> None:
    error = refusal(write("a", "title: A\nquestions: [one]\nsumary: x"))
    assert error.remedy == "Did you mean “summary”?"


def test_tabs_are_named_as_the_cause(write: Write) -> None:
    assert refusal(write("a", "title: A\nquestions:\n\t- one")).remedy == "Indent with spaces, not with tabs."


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", None, "The file is empty"),
        (b"\n \n", None, "The file is empty"),
        (b"# Connect Zoom\n", 1, "The front matter is missing"),
        (b"---\ntitle: A\nquestions: [one]\n", 1, "The front matter is not closed"),
        (b"---\ntitle: A\nsection: \xff\n---\n", 3, "The file is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_article_is_refused(folder: Path, content: bytes, line: int | None, words: str) -> None:
    path = folder / "a.md"
    path.write_bytes(content)
    error = refusal(path)
    assert words in error.message
    assert error.line == line


def test_a_missing_file_is_refused(folder: Path) -> None:
    assert "cannot be read" in refusal(folder / "none.md").message


def test_questions_that_are_not_ours_are_read(write: Write) -> None:
    assert parse_not_ours(write("not_ours", "questions: [what is love, hi]", "")) == ("what is love", "hi")


@pytest.mark.parametrize("front", ["title: A\nquestions: [one]", "questions: one", "questions: [1]"])
def test_what_is_not_ours_holds_questions_alone(write: Write, front: str) -> None:
    with pytest.raises(ArticleError):
        parse_not_ours(write("not_ours", front, ""))
