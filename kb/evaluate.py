"""Measures a search with questions whose articles are known."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import process

from kb.errors import KbError, shown_path
from kb.search import Answer, Search

NONE = "NONE"
_FORMAT = f"Write an article's name (or a|b, or {NONE}), a tab and the question."


@dataclass(frozen=True)
class Row:
    """A question and the articles that are right for it; none when it must not be answered."""

    question: str
    articles: tuple[str, ...]
    path: Path
    line: int  # counted from 1


@dataclass(frozen=True)
class Report:
    """Shares from 0 to 1 (0 where there is nothing to share), milliseconds, counts; `auroc` may be None.

    `top1`, `right`, `wrong`, `suggested` and `abstained` are shares of the questions in scope, `false_answers` of
    those that are not ours.
    """

    n: int
    in_scope: int
    not_ours: int
    top1: float
    right: float
    wrong: float
    suggested: float
    abstained: float
    false_answers: float
    auroc: float | None
    ms_p50: float
    ms_p99: float

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, in the order in which a person reads them."""
        return asdict(self)


def read_rows(path: Path) -> list[Row]:
    """Read lines of `slug<TAB>question`; blank lines are left out.

    Raises KbError that names file and line for one that cannot be read. Whether the articles exist is seen when
    the rows are put to a search.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # not splitlines: U+2028 and the like are text of a question
    except OSError as error:
        raise KbError(
            f"{shown_path(path)} cannot be read: {error.strerror}.",
            field="FILE",
            remedy="Name a file of questions that exists.",
        ) from error
    except UnicodeDecodeError as error:
        raise KbError(f"{shown_path(path)} is not UTF-8 text.", field="FILE", remedy="Save it as UTF-8.") from error
    rows = [_row(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise KbError(f"{shown_path(path)} holds no questions.", field="FILE", remedy=_FORMAT)
    return rows


def _row(line: str, path: Path, number: int) -> Row:
    slugs, tab, question = line.partition("\t")
    articles = tuple(slug.strip() for slug in slugs.split("|"))
    if not tab:
        problem = "there is no tab."
    elif not all(articles) or (NONE in articles and len(articles) > 1):
        problem = f"“{slugs}” does not say which article is right."
    elif not question.strip():
        problem = "the question is empty."
    else:
        return Row(question.strip(), () if articles == (NONE,) else articles, path, number)
    raise KbError(f"{shown_path(path)}:{number}: {problem}", field="FILE", remedy=_FORMAT)


def evaluate(search: Search, rows: Sequence[Row]) -> Report:
    """Ask every question. Raises KbError for a row that names an article which the search does not have."""
    _refuse_unknown_articles(search.corpus.slugs, rows)
    return report([(row, search.ask(row.question)) for row in rows])


def _refuse_unknown_articles(slugs: Sequence[str], rows: Sequence[Row]) -> None:
    for row in rows:
        for slug in row.articles:
            if slug not in slugs:
                match = process.extractOne(slug, slugs, score_cutoff=60)
                raise KbError(
                    f"{shown_path(row.path)}:{row.line}: there is no article “{slug}”.",
                    field="FILE",
                    remedy=f"Did you mean “{match[0]}”?" if match else f"{NONE} stands for no article.",
                )


def report(asked: Sequence[tuple[Row, Answer]]) -> Report:
    """Sum up answers to questions whose articles are known."""
    ours = [(row.articles, answer) for row, answer in asked if row.articles]
    not_ours = [answer for row, answer in asked if not row.articles]
    times = [answer.ms for _, answer in asked] or [0.0]
    return Report(
        n=len(asked),
        in_scope=len(ours),
        not_ours=len(not_ours),
        top1=_share([bool(a.candidates) and a.candidates[0].article in right for right, a in ours]),
        right=_share([a.article in right for right, a in ours]),
        wrong=_share([a.status == "answered" and a.article not in right for right, a in ours]),
        suggested=_share([a.status == "suggested" for _, a in ours]),
        abstained=_share([a.status == "unknown" for _, a in ours]),
        false_answers=_share([a.status == "answered" for a in not_ours]),
        auroc=auroc([_confidence(a) for _, a in ours], [_confidence(a) for a in not_ours]),
        ms_p50=round(float(np.percentile(times, 50)), 3),
        ms_p99=round(float(np.percentile(times, 99)), 3),
    )


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0


def _confidence(answer: Answer) -> float:
    return answer.candidates[0].confidence if answer.candidates else 0.0


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """The chance that one of `higher` is above one of `lower`; a tie counts half. None when either is empty."""
    if not higher or not lower:
        return None
    first, second = np.array(higher)[:, None], np.array(lower)[None, :]
    return round(float((first > second).mean() + (first == second).mean() / 2), 4)
