"""`python -m kb model install`: fetches the official weights once and makes of them what the search uses."""

import json
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from kb.encoder import GRAPH, GRAPH_SHA256, Encoder, model_folder
from kb.errors import ModelError, shown_path
from kb.model.files import TOKENIZER, WEIGHTS, digest
from kb.model.graph import encoder_graph
from kb.model.origins import bring
from kb.model.safetensors import read_floats

REFERENCE = Path(__file__).with_name("reference.json")
LEAST_ALIKE = 0.995  # cosine to the vectors of the official weights, which are not quantised
LONG_AGO = 86_400  # seconds: no installation takes a day

Progress = Callable[[str, Path | None], None]


def install(env: Mapping[str, str], progress: Progress) -> Path:
    """The folder of the installed encoder, made if it is not there or is damaged.

    `progress` hears of each step, and of the folder that fills meanwhile. Raises KbError with the remedy.
    """
    target = model_folder(env)
    if is_sound(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix="installing-") as place:
            made = _made(Path(place), env, progress)
            shutil.rmtree(target, ignore_errors=True)
            made.replace(target)  # all of it or nothing
        _tidy(target)
    except OSError as error:
        if is_sound(target):  # another process was quicker
            return target
        raise ModelError(
            f"{shown_path(target.parent)} cannot be written: {error.strerror}.",
            field="XDG_CACHE_HOME",
            remedy="Free space there, or name another folder in XDG_CACHE_HOME, and try again.",
        ) from error
    return target


def is_sound(folder: Path) -> bool:
    """Whether an encoder is installed there, and its files are as they were made."""
    try:
        Encoder(folder)
    except ModelError:
        return False
    return True


def _made(place: Path, env: Mapping[str, str], progress: Progress) -> Path:
    progress("Fetching the sentence encoder", place)
    source = bring(place, env)
    progress("Making its graph", None)
    made = place / "made"
    made.mkdir()
    (made / GRAPH).write_bytes(encoder_graph(read_floats(source / WEIGHTS)))
    _check_graph(digest(made / GRAPH))
    shutil.copyfile(source / TOKENIZER, made / TOKENIZER)
    progress("Checking what it makes of sentences", None)
    check_reference(Encoder(made))
    return made


def _tidy(target: Path) -> None:
    """Removes encoders of other versions, and what an installation left that was killed long ago."""
    for folder in target.parent.glob("model-*"):
        if folder != target:
            shutil.rmtree(folder, ignore_errors=True)
    for folder in target.parent.glob("installing-*"):
        with suppress(FileNotFoundError):  # another process has just finished
            if time.time() - folder.stat().st_mtime > LONG_AGO:
                shutil.rmtree(folder, ignore_errors=True)


def _check_graph(found: str) -> None:
    """To try again would make the same: the machine differs, not a file."""
    if found != GRAPH_SHA256:
        raise ModelError(
            f"This machine (numpy {np.__version__}, Python {platform.python_version()}, {platform.platform()}) makes"
            f" another graph of the official weights: its SHA-256 is {found}, not {GRAPH_SHA256}.",
            field="model",
            remedy="Install the version of numpy that requirements.lock names. If you have it, please report this;"
            " until then the search goes by words alone.",
        )


def check_reference(encoder: Encoder) -> None:
    """Raises ModelError where this machine computes other vectors than those recorded."""
    for text, wanted in json.loads(REFERENCE.read_text("utf-8")).items():
        alike = float(encoder.encode(text) @ np.array(wanted, np.float32))
        if alike < LEAST_ALIKE:
            raise ModelError(
                f"The encoder computes something else here than recorded for “{text}”: {alike:.3f} alike.",
                field="model",
                remedy="Install the version of onnxruntime that requirements.lock names.",
            )
