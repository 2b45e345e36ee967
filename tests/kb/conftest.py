import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.encoder import GRAPH, model_folder

Write = Callable[..., Path]

# CI installs the encoder; a machine that could not goes by words alone.
NO_ENCODER = pytest.mark.skipif(
    not (model_folder() / GRAPH).is_file() and os.environ.get("CI") != "true",
    reason="the sentence encoder is not installed",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for articles."""
    made = tmp_path / "articles"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes a file of articles: `write("a", "title: A\\nquestions: [one]", "Body.")`."""

    def written(slug: str, front: str, body: str = "The body.") -> Path:
        path = folder / f"{slug}.md"
        path.write_text(f"---\n{front}\n---\n{body}\n", "utf-8")
        return path

    return written


@pytest.fixture
def no_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whose cache is empty: the sentence encoder is not installed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
