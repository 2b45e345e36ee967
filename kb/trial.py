"""What phrasings would do to the knowledge base, tried on a copy of its articles: nothing that answers is touched."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from kb.article import NOT_OURS
from kb.calibrating import calibrate_folder
from kb.check import check
from kb.errors import ArticleError, KbError, shown_path
from kb.evaluate import Row
from kb.front_matter import read_front_matter
from kb.library import Library, load_library
from kb.phrasings import Change, with_phrasings
from kb.search import Answer, Search
from kb.stored_calibration import NAME

Additions = Mapping[str, Sequence[str]]  # phrasings by the article that is to have them


class Verdict(IntEnum):
    """How good an answer is, from worst to best."""

    WRONG = 0  # another article, or one where none is right
    UNSURE = 1  # a choice, or "I don't know"
    RIGHT = 2


@dataclass(frozen=True)
class Worse:
    """A question of the evaluation that was answered better before."""

    row: Row
    before: Answer
    after: Answer
    verdict: Verdict


@dataclass(frozen=True)
class Trial:
    """`changes` are the articles before and after; `findings` those of a check of what they would be.

    `search` answers from them; None where they cannot be read.
    """

    changes: tuple[Change, ...]
    findings: tuple[str, ...]
    worse: tuple[Worse, ...]
    search: Search | None


def try_out(search: Search, additions: Additions, rows: Sequence[Row], *, example: Path | None = None) -> Trial:
    """Add the phrasings to a copy of the articles that `search` answers from, check it, and ask every row of both.

    `example` is the .env.example to check by. Raises KbError for an article that is not there.
    """
    folder = search.library.folder
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "articles"
        shutil.copytree(folder, copy)
        changes = [_change(search.library, copy, slug, texts) for slug, texts in additions.items()]
        try:
            changes += _recalibrated(folder, copy)
            after = Search(load_library(copy))
        except ArticleError:  # the check says so, too
            after = None
        findings = tuple(one.replace(str(copy), shown_path(folder)) for one in check(copy, example).findings)
    return Trial(tuple(changes), findings, worse_answers(search, after, rows) if after else (), after)


def _recalibrated(folder: Path, copy: Path) -> list[Change]:
    """The stored calibration would be out of date: it changes with the phrasings."""
    stored = copy / NAME
    if not stored.is_file():
        return []
    before = stored.read_text("utf-8")
    calibrate_folder(copy)
    return [Change(path_in_repository(folder / NAME), before, stored.read_text("utf-8"))]


def worse_answers(before: Search, after: Search, rows: Sequence[Row]) -> tuple[Worse, ...]:
    """The questions that `after` answers worse than `before` does."""
    found = []
    for row in rows:
        first, then = before.ask(row.question), after.ask(row.question)
        verdict = verdict_of(row, then)
        if verdict < verdict_of(row, first):
            found.append(Worse(row, first, then, verdict))
    return tuple(found)


def verdict_of(row: Row, answer: Answer) -> Verdict:
    """How good an answer to this question is. Where no article is right, every answer but an article's is."""
    if answer.article in row.articles or (not row.articles and answer.article is None):
        return Verdict.RIGHT
    return Verdict.UNSURE if answer.article is None else Verdict.WRONG


def _change(library: Library, copy: Path, slug: str, phrasings: Sequence[str]) -> Change:
    name = NOT_OURS if slug == Path(NOT_OURS).stem else library.article(slug).path.name
    path = copy / name
    try:
        before = path.read_bytes().decode("utf-8")
        front = read_front_matter(path)
        after = with_phrasings(before, front, phrasings)
        path.write_bytes(after.encode("utf-8"))
    except OSError as error:
        raise KbError(
            f"{shown_path(library.folder / name)} cannot be read: {error.strerror}.",
            field="articles",
            remedy="Check that it exists and may be read.",
        ) from error
    return Change(path_in_repository(library.folder / name), before, after)


def path_in_repository(path: Path) -> str:
    """As git names it: from the folder that holds `.git`; where there is none, from two folders above the file's."""
    file = path.resolve()
    root = next((one for one in file.parents if (one / ".git").exists()), file.parents[2])
    return file.relative_to(root).as_posix()
