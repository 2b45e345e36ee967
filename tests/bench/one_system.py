"""`python -m tests.bench.one_system SYSTEM ARTICLES QUESTIONS`: one system measured in a process of its own, as JSON.

ARTICLES is a folder, or how many articles to make up; for these QUESTIONS is made up, too.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from kb.article import Article
from kb.evaluate import Row, auroc, read_rows
from kb.library import Library, load_library
from tests.bench.systems import SYSTEMS

_STATM = Path("/proc/self/statm")
ASKED = 300  # questions about made-up articles
_THINGS = ("invoice", "printer", "badge", "router", "contract", "laptop", "parcel", "ticket", "budget", "camera")
_DEEDS = ("renew", "replace", "order", "return", "repair", "cancel", "approve", "move", "share", "export")
_PLACES = ("Lisbon", "Oslo", "Quito", "Dakar", "Hanoi", "Turin", "Perth", "Lima", "Kyoto", "Sofia")


@dataclass(frozen=True)
class Measured:
    """Shares from 0 to 1; `auroc` is None where every question is ours; seconds, milliseconds, megabytes."""

    top1: float
    auroc: float | None
    start_s: float  # to make the system, once all is imported
    p50_ms: float
    p99_ms: float
    cpu_p50_ms: float  # the same by what this process alone computed, for others compute on the machine, too
    cpu_p99_ms: float
    memory_mb: float  # over the bare interpreter, with numpy and the articles, which every system is given here


def measure(system: str, library: Library, rows: Sequence[Row]) -> Measured:
    """Make the system, ask it every question once to warm up, and measure it."""
    started = time.perf_counter()
    ask = SYSTEMS[system](library)
    start = time.perf_counter() - started
    for row in rows[:50]:
        ask(row.question)
    hits, times, ours, not_ours = list[bool](), list[tuple[float, float]](), list[float](), list[float]()
    for row in rows:
        wall, cpu = time.perf_counter(), time.process_time()
        slug, score = ask(row.question)
        times.append(((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000))
        (ours if row.articles else not_ours).append(score)
        hits += [slug in row.articles] if row.articles else []
    (p50, cpu_p50), (p99, cpu_p99) = np.percentile(times, [50, 99], axis=0).tolist()
    memory = _megabytes(_STATM.read_text("utf-8")) - _bare_megabytes()
    return Measured(sum(hits) / len(hits), auroc(ours, not_ours), start, p50, p99, cpu_p50, cpu_p99, memory)


def made_up(articles: int) -> tuple[Library, list[Row]]:
    """Articles that differ in one word of four or in a number, and questions in other words about some of them."""
    made = {}
    for number in range(articles):
        thing, deed, place = _THINGS[number % 10], _DEEDS[number // 10 % 10], _PLACES[number // 100 % 10]
        room = number // 1000
        words = f"{deed} the {thing} in {place}", f"how can I {deed} a {thing} at our office in {place}"
        texts = tuple(f"{one} room {room}" if room else one for one in words)
        made[f"a{number}"] = Article(
            slug=f"a{number}", title=texts[0], questions=texts, body="", path=Path("made-up.md")
        )
    asked = [round(step * (articles - 1) / (ASKED - 1)) for step in range(ASKED)]
    rows = [Row(f"who will {made[f'a{n}'].title} for me?", (f"a{n}",), Path("made-up.tsv"), n) for n in asked]
    return Library(made, (), Path("made-up")), rows


def _megabytes(statm: str) -> float:
    """What a process holds now: the most that it held counts what its parent had before, too."""
    return int(statm.split()[1]) * resource.getpagesize() / 1e6


def _bare_megabytes() -> float:
    """What an interpreter holds that does nothing but say it."""
    says = [sys.executable, "-c", f"print(open({str(_STATM)!r}).read())"]
    return _megabytes(subprocess.run(says, stdout=subprocess.PIPE, text=True, check=True).stdout)


def main() -> None:
    system, articles, questions = sys.argv[1:]
    if articles.isdigit():
        library, rows = made_up(int(articles))
    else:
        library, rows = load_library(Path(articles)), read_rows(Path(questions))
    sys.stdout.write(json.dumps(asdict(measure(system, library, rows))))


if __name__ == "__main__":
    main()
