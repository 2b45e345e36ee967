"""The calibration that is kept with the articles, in `calibration.json` beside them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kb.calibration import Calibration
from kb.corpus import Corpus
from kb.errors import KbError, shown_path
from kb.evidence import none_names, part_names

NAME = "calibration.json"
MODES = {1: "by words", 2: "by words and meaning"}  # by the number of kinds of likeness
REMEDY = "Run: python -m kb calibrate"


def read_stored(folder: Path, corpus: Corpus, kinds: int) -> Calibration | None:
    """The stored calibration; None where there is none for these articles as they are."""
    content = _content(folder)
    entry = content.get(MODES[kinds])
    if entry is None or content.get("articles") != corpus.digest or list(entry["weights"]) != _names(kinds):
        return None
    return Calibration(np.array(list(entry["weights"].values()), np.float32), entry["answer_from"])


def write_stored(folder: Path, corpus: Corpus, calibrations: Mapping[int, Calibration]) -> Path:
    """Write the calibrations, by the number of kinds of likeness. Equal ones make equal bytes."""
    content: dict[str, object] = {"articles": corpus.digest}
    for kinds, calibration in sorted(calibrations.items()):
        weights = dict(zip(_names(kinds), map(_short, calibration.weights), strict=True))
        content[MODES[kinds]] = {"answer_from": calibration.answer_from, "weights": weights}
    path = folder / NAME
    try:
        path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise KbError(
            f"{shown_path(path)} cannot be written: {error.strerror}.",
            field="articles",
            remedy="Check its permissions.",
        ) from error
    return path


def problem(folder: Path, corpus: Corpus) -> str | None:
    """What is wrong with the stored calibration; None where it fits, or where the folder has none."""
    if not (folder / NAME).is_file():
        return None
    missing = [mode for kinds, mode in MODES.items() if read_stored(folder, corpus, kinds) is None]
    return f"The calibration {' and '.join(missing)} is out of date." if missing else None


def _names(kinds: int) -> list[str]:
    return [*part_names(kinds), *none_names(kinds)]


def _short(weight: np.float32) -> float:
    return float(f"{weight:.3f}")


def _content(folder: Path) -> Mapping[str, Any]:
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise KbError(f"{shown_path(path)} holds no calibration.", field="articles", remedy=REMEDY)
    return content
