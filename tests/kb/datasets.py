"""The public question sets beside the project, as folders of articles: one article for each intent.

They are read from where they lie, ../shared/datasets, and are no part of the project.
"""

from pathlib import Path

import yaml

SHARED = Path(__file__).resolve().parents[3] / "shared" / "datasets"


def pairs(path: Path) -> list[tuple[str, str]]:
    """The (slug, question) lines of a file."""
    lines = path.read_text("utf-8").splitlines()
    return [(slug, question) for slug, _, question in (line.partition("\t") for line in lines)]


def write_articles(dataset: Path, folder: Path) -> None:
    """Write an article for each slug of phrasings.tsv, and not_ours.md where the set has one.

    An article has its phrasings, and as title its slug in words: the sets have no texts.
    """
    phrasings: dict[str, list[str]] = {}
    for slug, question in pairs(dataset / "phrasings.tsv"):
        phrasings.setdefault(slug, []).append(question)
    folder.mkdir(parents=True, exist_ok=True)
    for slug, questions in phrasings.items():
        _write(folder / f"{slug}.md", {"title": slug.replace("-", " "), "questions": questions})
    not_ours = dataset / "not-ours.tsv"
    if not_ours.exists():
        _write(folder / "not_ours.md", {"questions": [question for _, question in pairs(not_ours)]})


def _write(path: Path, front: dict[str, object]) -> None:
    path.write_text(f"---\n{yaml.safe_dump(front, allow_unicode=True, width=1000)}---\n", "utf-8")
