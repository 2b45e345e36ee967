"""How well and how fast the search answers, beside what one would take instead of it, in the same run.

Each system is measured in a process of its own on one core; ours, which keeps what it learns, first with an empty cache
("cold") and then with what this left there (all other columns). "MB" is over the bare interpreter. "p50" and "p99" are
ratios, so that they can be compared between machines: 0.5 means half the time of comparing the question with every
phrasing by rapidfuzz's token_set_ratio. "cpu" is the time in milliseconds that the process itself computed, which
others on the machine prolong less.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.encoder import model_folder
from kb.evaluate import evaluate, read_rows
from kb.library import OUR_ARTICLES, load_library
from kb.search import Search
from tests.bench.one_system import Measured
from tests.bench.systems import SYSTEMS
from tests.kb.datasets import SHARED, write_articles

OWN = Path(__file__).parents[1] / "kb"
DATASETS = ("banking77", "clinc150")
SIZES = (25, 150, 1_000, 10_000, 100_000)
SLOW_FROM = 100_000  # articles: to encode their 300,000 phrasings takes a quarter of an hour
BESIDE = "rapidfuzz"
BY_MEANING = "kb.search"
KEEPING = (BY_MEANING, "kb.search by words")
SHARES = ("top1", "AUROC", "p50", "p99")
HEADINGS = (
    "questions",
    "system",
    *SHARES,
    "p50 ms",
    "p99 ms",
    "cpu p50",
    "cpu p99",
    "cold s",
    "warm s",
    "cold MB",
    "MB",
)


def main() -> None:
    """Print what our own search does with its unseen questions, and the tables of all systems."""
    for by_words in (False, True):
        report = evaluate(Search(load_library(), by_words=by_words), read_rows(OWN / "unseen.tsv")).as_dict()
        _print(f"our own unseen questions, {'by words' if by_words else 'by meaning'}: {json.dumps(report)}")
    _line(HEADINGS)
    _compare("our own", str(OUR_ARTICLES), OWN / "unseen.tsv")
    for name in DATASETS:
        dataset = SHARED / name
        if not dataset.is_dir():
            _print(f"{name}: left out, for there is no {dataset}")
            continue
        with TemporaryDirectory() as folder:
            write_articles(dataset, Path(folder))
            for kind in ("validation", "validation-typos"):
                _compare(f"{name}, {kind.removeprefix('validation-')}", folder, dataset / f"{kind}.tsv")
    for size in SIZES:
        _compare(f"{size:,} made-up articles", str(size), Path("made-up.tsv"))


def _compare(name: str, articles: str, questions: Path) -> None:
    _, beside = both = _measured(BESIDE, articles, questions)
    for system in SYSTEMS:
        lacks = _lacks(system, articles)
        if lacks:
            _print(f"{name:<26}{system}: left out, {lacks}")
            continue
        cold, one = both if system == BESIDE else _measured(system, articles, questions)
        shares = (one.top1, one.auroc, one.p50_ms / beside.p50_ms, one.p99_ms / beside.p99_ms)
        times = (one.p50_ms, one.p99_ms, one.cpu_p50_ms, one.cpu_p99_ms, cold.start_s, one.start_s)
        _line((name, system, *map(_cell, (*shares, *times, cold.memory_mb, one.memory_mb))))


def _lacks(system: str, articles: str) -> str:
    """Why a system is not measured with these articles, if it is not."""
    if system != BY_MEANING:
        return ""
    if not model_folder().is_dir():
        return "for the encoder is not installed (python -m kb model install)"
    return "for to encode the phrasings takes a quarter of an hour" if articles == str(SLOW_FROM) else ""


def _measured(system: str, articles: str, questions: Path) -> tuple[Measured, Measured]:
    """With an empty cache, and with what this left in it. What keeps nothing is measured once."""
    command = [sys.executable, "-m", "tests.bench.one_system", system, articles, str(questions)]
    with TemporaryDirectory() as cache:
        env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "XDG_CACHE_HOME": cache}
        if model_folder().is_dir():
            model_folder(env).parent.mkdir()
            model_folder(env).symlink_to(model_folder())
        cold = _run(command, env)
        return cold, _run(command, env) if system in KEEPING else cold


def _run(command: Sequence[str], env: Mapping[str, str]) -> Measured:
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)
    return Measured(**json.loads(done.stdout))


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if value < 10 else f"{value:.0f}"


def _line(cells: Sequence[str]) -> None:
    widths = (26, 19, *[8] * (len(HEADINGS) - 2))
    _print("".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip())


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
