"""How well and how fast the search answers, beside rapidfuzz alone in the same run.

Times are ratios, so that they can be compared between machines: 0.5 means that the search takes half the time of
comparing the question with every phrasing by rapidfuzz's token_set_ratio.
"""

import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from kb.evaluate import Row, auroc, evaluate, read_rows
from kb.library import Library, load_library
from kb.search import Search
from tests.kb.datasets import SHARED, write_articles

OWN_QUESTIONS = Path(__file__).parents[1] / "kb" / "unseen.tsv"
DATASETS = ("banking77", "clinc150")
HEADINGS = ("questions", "system", "top1", "right", "wrong", "false", "AUROC", "p50", "p99", "start s")


@dataclass(frozen=True)
class Measured:
    """Shares from 0 to 1; `false` and `auroc` are None where every question is ours; times in milliseconds."""

    top1: float
    right: float | None
    wrong: float | None
    false: float | None
    auroc: float | None
    p50: float
    p99: float


def main() -> None:
    """Print the table."""
    _line(HEADINGS)
    _bench("our own", load_library(), {"unseen": OWN_QUESTIONS})
    for name in DATASETS:
        dataset = SHARED / name
        if not dataset.is_dir():
            _print(f"{name}: left out, for there is no {dataset}")
            continue
        with TemporaryDirectory() as folder:
            write_articles(dataset, Path(folder))
            library = load_library(Path(folder))
        files = {"unseen": dataset / "validation.tsv", "with typos": dataset / "validation-typos.tsv"}
        _bench(name, library, files)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _print(f"p50 and p99 are ratios to rapidfuzz in this run. Most memory this process used: {peak:.0f} MB.")


def _bench(name: str, library: Library, files: dict[str, Path]) -> None:
    started = time.perf_counter()
    search = Search(library)
    start = time.perf_counter() - started
    for kind, path in files.items():
        rows = read_rows(path)
        ours, theirs = _search(search, rows), _rapidfuzz(library, rows)
        for system, measured, seconds in (("kb.search", ours, start), ("rapidfuzz", theirs, None)):
            _line((f"{name}, {kind}", system, *_cells(measured, theirs), _cell(seconds)))


def _search(search: Search, rows: Sequence[Row]) -> Measured:
    report = evaluate(search, rows)
    false = report.false_answers if report.not_ours else None
    return Measured(report.top1, report.right, report.wrong, false, report.auroc, report.ms_p50, report.ms_p99)


def _rapidfuzz(library: Library, rows: Sequence[Row]) -> Measured:
    """The nearest phrasing by token_set_ratio: what one would write without this project."""
    phrasings = [
        (default_process(text), slug) for slug, article in library.articles.items() for text in article.questions
    ]
    texts = [text for text, _ in phrasings]
    hits, times = list[bool](), list[float]()
    ours, not_ours = list[float](), list[float]()
    for row in rows:
        started = time.perf_counter()
        _, score, place = process.extract(default_process(row.question), texts, scorer=fuzz.token_set_ratio, limit=1)[0]
        times.append((time.perf_counter() - started) * 1000)
        (ours if row.articles else not_ours).append(score)
        if row.articles:
            hits.append(phrasings[place][1] in row.articles)
    p50, p99 = np.percentile(times, [50, 99])
    return Measured(sum(hits) / len(hits), None, None, None, auroc(ours, not_ours), float(p50), float(p99))


def _cells(measured: Measured, beside: Measured) -> list[str]:
    shares = (measured.top1, measured.right, measured.wrong, measured.false, measured.auroc)
    return [*map(_cell, shares), _cell(measured.p50 / beside.p50), _cell(measured.p99 / beside.p99)]


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _line(cells: Sequence[str]) -> None:
    _print("  ".join(f"{cell:<{width}}" for cell, width in zip(cells, (22, 9, *[7] * 8), strict=True)).rstrip())


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
