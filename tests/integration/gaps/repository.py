"""A git repository of its own with a knowledge base that passes its check, small enough to learn in a moment."""

import subprocess
from pathlib import Path

from tests.kb.libraries import TOPICS, write_topics

THINGS = (
    "bread car bicycle coffee tent lamp sofa guitar violin drum ticket train stadium museum dentist baker florist"
    " passport visa mortgage loan puppy kitten parrot goldfish garden lawn hedge tulip rose recipe cake soup salad"
)
ASKED = ("Where do I buy a {}?", "Who sold you that {}?")
HEAD = "section: Library\nsummary: A short answer.\nreviewed: 2026-01-31"


def make_repository(root: Path) -> Path:
    """Its folder of articles."""
    folder = root / "kb" / "articles"
    folder.mkdir(parents=True)

    def write(slug: str, front: str) -> Path:
        path = folder / f"{slug}.md"
        head = front if slug == "not_ours" else f"{front}\n{HEAD}"
        path.write_text(f"---\n{head}\n---\nText.\n", "utf-8")
        return path

    write_topics(write, TOPICS, tuple(form.format(thing) for thing in THINGS.split() for form in ASKED))
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", "Articles")
    return folder


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout
