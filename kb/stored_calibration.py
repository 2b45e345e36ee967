"""The calibration that is kept with the articles, in `calibration.json` beside them."""

import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from kb.calibration import DIGITS, Calibration
from kb.corpus import Corpus
from kb.encoder import Encoder
from kb.errors import KbError, shown_path
from kb.evidence import none_names, part_names

NAME = "calibration.json"
MODES = {1: "by words", 2: "by words and meaning"}  # by the number of kinds of likeness
REMEDY = "Run: python -m kb calibrate"
REMEDY_WITHOUT_ENCODER = "Run: python -m kb model install, and then: python -m kb calibrate"

_ENCODERS = {1: None, 2: Encoder.name}  # whose likenesses are weighed: what is found for one fits no other


def read_stored(folder: Path, corpus: Corpus, kinds: int) -> Calibration | None:
    """The stored calibration; None where there is none for these articles as they are, and for this encoder."""
    content = _content(folder) or {}
    return _calibration(content.get(MODES[kinds]), kinds) if content.get("articles") == corpus.digest else None


def write_stored(folder: Path, corpus: Corpus, calibrations: Mapping[int, Calibration]) -> Path:
    """Write the calibrations, by the number of kinds of likeness. Equal ones make equal bytes."""
    content: dict[str, object] = {"articles": corpus.digest}
    for kinds, calibration in sorted(calibrations.items()):
        of_encoder = {"encoder": _ENCODERS[kinds]} if _ENCODERS[kinds] else {}
        weights = dict(zip(_names(kinds), map(_short, calibration.weights), strict=True))
        content[MODES[kinds]] = {**of_encoder, "answer_from": calibration.answer_from, "weights": weights}
    path = folder / NAME
    new = folder / f"{NAME}.new"
    try:
        new.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
        new.replace(path)  # a search that starts meanwhile reads the one or the other
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise KbError(
            f"{shown_path(path)} cannot be written: {error.strerror}.",
            field="articles",
            remedy="Check its permissions.",
        ) from error
    return path


def problem(folder: Path, corpus: Corpus, *, encoder: bool, of: Iterable[int] = tuple(MODES)) -> str | None:
    """What is wrong with the stored calibrations, and what to do with the `encoder` or without it.

    None where they fit, or where the folder has no file of them.
    """
    if not (folder / NAME).is_file():
        return None
    stale = [kinds for kinds in of if read_stored(folder, corpus, kinds) is None]
    if not stale:
        return None
    modes = " and ".join(MODES[kinds] for kinds in stale)
    what = "It is damaged." if _content(folder) is None else f"The calibration {modes} is out of date."
    remedy = REMEDY_WITHOUT_ENCODER if 2 in stale and not encoder else REMEDY
    return f"{shown_path(folder / NAME)}: {what} {remedy}"


def _names(kinds: int) -> list[str]:
    return [*part_names(kinds), *none_names(kinds)]


def _short(weight: np.float32) -> float:
    return round(float(weight), DIGITS)


def _calibration(entry: object, kinds: int) -> Calibration | None:
    """What an entry of the file says; None where it is of another encoder, or somebody damaged it."""
    if not isinstance(entry, dict) or entry.get("encoder") != _ENCODERS[kinds]:
        return None
    weights = entry.get("weights")
    if not (isinstance(weights, dict) and list(weights) == _names(kinds)):
        return None
    numbers = [number for number in (*weights.values(), entry.get("answer_from")) if _is_number(number)]
    if len(numbers) <= len(weights) or not 0 < numbers[-1] <= 1:
        return None
    return Calibration(np.array(numbers[:-1], np.float32), numbers[-1])


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, float) and math.isfinite(value)


def _content(folder: Path) -> Mapping[str, Any] | None:
    """What is stored: nothing where there is no file, and None where it cannot be read or is something else."""
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
