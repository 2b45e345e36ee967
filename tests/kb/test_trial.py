"""Phrasings tried on a copy: what they would change, and that nothing is touched."""

from pathlib import Path

import pytest

from kb.errors import KbError
from kb.evaluate import Row
from kb.library import Library, load_library
from kb.search import Search
from kb.trial import Verdict, path_in_repository, try_out, verdict_of, worse_answers
from tests.kb.conftest import Write
from tests.kb.libraries import NOT_OURS, TOPICS, write_topics


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("repository") / "articles"
    folder.mkdir()
    (folder.parent / ".git").mkdir()

    def write(slug: str, front: str, body: str = "Text.") -> Path:
        path = folder / f"{slug}.md"
        path.write_text(f"---\n{front}\n---\n{body}\n", "utf-8")
        return path

    write_topics(write, TOPICS, NOT_OURS)
    return Search(load_library(folder))


def row(question: str, *articles: str) -> Row:
    return Row(question, articles, Path("questions.tsv"), 1)


def test_a_phrasing_is_answered_in_the_trial_and_the_articles_stay(search: Search) -> None:
    before = (search.library.folder / "rooms.md").read_bytes()
    trial = try_out(search, {"rooms": ["chamber for scholars"]}, [row("book a room for tomorrow", "rooms")])
    assert trial.search is not None
    assert trial.search.ask("chamber for scholars").article == "rooms"
    assert (search.library.folder / "rooms.md").read_bytes() == before
    (change,) = trial.changes
    assert (change.path, change.before.encode()) == ("articles/rooms.md", before)
    assert "chamber for scholars" in change.after
    assert trial.worse == ()


def test_a_question_that_another_article_takes_over_is_found(search: Search) -> None:
    rows = [row("How do I borrow a book?", "borrow"), row("overdue fee", "fines")]
    taken = search.library.articles["borrow"].questions
    assert worse_answers(search, search, rows) == ()
    without = {slug: one for slug, one in search.library.articles.items() if slug != "borrow"}
    rooms = without["rooms"].model_copy(update={"questions": (*without["rooms"].questions, *taken)})
    stolen = Search(Library(without | {"rooms": rooms}, search.library.not_ours, Path("x")))
    (worse,) = worse_answers(search, stolen, rows)
    assert (worse.row, worse.before.article, worse.after.article) == (rows[0], "borrow", "rooms")
    assert worse.verdict is Verdict.WRONG


def test_what_the_check_finds_names_the_real_file(search: Search) -> None:
    trial = try_out(search, {"rooms": ["overdue fee"]}, [])
    assert trial.search is None
    assert any("“overdue fee” is claimed by rooms and by fines" in finding for finding in trial.findings)
    assert all(str(search.library.folder) in finding for finding in trial.findings)


def test_what_is_not_ours_can_be_taught_too(search: Search) -> None:
    trial = try_out(search, {"not_ours": ["Do you repair bicycles?"]}, [])
    assert trial.changes[0].path == "articles/not_ours.md"
    assert trial.search is not None
    assert trial.search.ask("Do you repair bicycles?").status == "unknown"


def test_an_article_that_is_not_there_is_refused(search: Search) -> None:
    with pytest.raises(KbError, match="Did you mean “rooms”"):
        try_out(search, {"room": ["x"]}, [])


def test_verdicts(search: Search) -> None:
    answered = search.ask("How do I borrow a book?")
    unknown = search.ask("zzz")
    assert [verdict_of(row("q", *right), answered) for right in (("borrow",), ("fines", "borrow"), ("fines",), ())] == [
        Verdict.RIGHT,
        Verdict.RIGHT,
        Verdict.WRONG,
        Verdict.WRONG,
    ]
    assert [verdict_of(row("q", *right), unknown) for right in (("borrow",), ())] == [Verdict.UNSURE, Verdict.RIGHT]


def test_a_file_is_named_from_the_root_of_its_repository(write: Write, tmp_path: Path) -> None:
    path = write("borrow", "title: Borrow\nquestions:\n  - one")
    assert path_in_repository(path) == path.relative_to(path.parents[2]).as_posix()
    (path.parent / ".git").mkdir()
    assert path_in_repository(path) == "borrow.md"
