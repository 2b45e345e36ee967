"""The questions that measure the search: written apart from the articles, and never moved into them.

What questions.tsv answers wrong may be looked at when the articles are written; nobody looks into unseen.tsv for that.
"""

from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from kb.library import Library, load_library, normalised
from kb.text import stem, words

FILES = ("questions.tsv", "unseen.tsv")
# A phrasing has their very words in another order. To be taken out of the phrasings, and then from here.
IN_ANOTHER_ORDER = {
    "how come you lost access to our zoom",
    "Where in Zoom can I look up the account owner?",
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module", params=FILES)
def rows(request: pytest.FixtureRequest) -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / request.param).read_text(encoding="utf-8").splitlines()
    return [(slug, question) for slug, question in (line.split("\t") for line in lines)]


def test_the_unseen_questions_cover_every_article_and_what_is_not_ours(
    library: Library, rows: list[tuple[str, str]]
) -> None:
    counts = Counter(slug for slug, _ in rows)
    assert len(rows) >= 300
    assert counts["NONE"] >= 130
    assert [slug for slug in library.articles if counts[slug] < 12] == []
    assert {part for slug in counts for part in slug.split("|")} <= {*library.articles, "NONE"}


def test_the_unseen_questions_are_unseen(library: Library, rows: list[tuple[str, str]]) -> None:
    known = [normalised(phrasing) for phrasing in _phrasings(library)]
    unseen = [normalised(question) for _, question in rows]
    assert len(set(unseen)) == len(unseen)
    for question in unseen:
        nearest = process.extractOne(question, known, scorer=fuzz.ratio)
        assert nearest[1] < 90, (question, nearest[0])


def test_no_phrasing_has_the_words_of_an_unseen_question_in_another_order(
    library: Library, rows: list[tuple[str, str]]
) -> None:
    known = {_stems(phrasing) for phrasing in _phrasings(library)} - {()}
    unseen = {question for _, question in rows}
    assert {question for question in unseen if _stems(question) in known} == IN_ANOTHER_ORDER & unseen


def _phrasings(library: Library) -> list[str]:
    return [q for article in library.articles.values() for q in article.questions] + list(library.not_ours)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(sorted(map(stem, words(text))))
