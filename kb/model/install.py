"""`python -m kb model install`: fetches the official weights once and makes of them what the search uses."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from kb.encoder import GRAPH, Encoder, model_folder
from kb.errors import ModelError, shown_path
from kb.model.files import TOKENIZER, WEIGHTS
from kb.model.graph import encoder_graph
from kb.model.origins import bring
from kb.model.safetensors import read_floats

REFERENCE = Path(__file__).with_name("reference.json")
LEAST_ALIKE = 0.995  # cosine to the vectors of the official weights, which are not quantised

Progress = Callable[[str, Path | None], None]


def install(env: Mapping[str, str], progress: Progress) -> Path:
    """The folder of the installed encoder, made if it is not there or is damaged.

    `progress` hears of each step, and of the folder that fills meanwhile. Raises ModelError with the remedy.
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
    shutil.copyfile(source / TOKENIZER, made / TOKENIZER)
    progress("Checking what it makes of sentences", None)
    check_reference(Encoder(made))
    return made


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
