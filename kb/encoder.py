"""The sentence encoder: texts as vectors, near to each other when they mean nearly the same. Runs on one core."""

import logging
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from kb.cache import cache_folder
from kb.errors import KbError, ModelError, SettingsError, shown_path
from kb.features import Floats
from kb.model.files import SHA256, TOKENIZER, digest
from kb.model.graph import MEANS, WIDTH
from kb.model.session import session_of

log = logging.getLogger(__name__)

GRAPH = "encoder.onnx"
# Equal weights make equal bytes, on whatever machine.
GRAPH_SHA256 = "382ecfa359c1e56f91ee3eedecf3230d61b111b3408c996dbe5c7b933cf8a48c"
INSTALL = "Remedy: python -m kb model install"

_MOST_TOKENS = 64
_SHARES = {"middle": np.float32(0.5), "last": np.float32(1)}  # what lies halfway knows more of the words themselves


class Encoder:
    """Encodes one text at a time: what it makes of a text depends on no other one."""

    name = f"all-MiniLM-L6-v2/{GRAPH_SHA256[:16]}"

    def __init__(self, folder: Path) -> None:
        """From the folder that `python -m kb model install` made. Raises ModelError where it is not as it was."""
        _check(folder)
        from tokenizers import Tokenizer  # noqa: PLC0415 -- not needed without an encoder

        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._session = session_of(folder / GRAPH)

    def encode(self, text: str) -> Floats:
        """The text's vector, shape (WIDTH,), of length 1."""
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        positions = np.arange(ids.shape[1], dtype=np.int64)[None]
        means = self._session.run(list(MEANS.values()), {"ids": ids, "positions": positions})
        vector = np.zeros(WIDTH, np.float32)
        for name, mean in zip(MEANS.values(), means, strict=True):
            vector += _SHARES[name] * _of_length_one(mean[0])
        return _of_length_one(vector)


def _of_length_one(vector: Floats) -> Floats:
    return vector / np.linalg.norm(vector)


def _check(folder: Path) -> None:
    for name, wanted in {GRAPH: GRAPH_SHA256, TOKENIZER: SHA256[TOKENIZER]}.items():
        what, remedy = f"{shown_path(folder / name)} is missing or damaged.", INSTALL
        try:
            if digest(folder / name) == wanted:
                continue
        except (FileNotFoundError, NotADirectoryError):
            if not folder.is_dir():
                what = "The sentence encoder is not installed."
        except OSError as error:
            what = f"{shown_path(folder / name)} cannot be read: {error.strerror}."
            remedy = f"Let this user read it, or name another folder in XDG_CACHE_HOME first. {INSTALL}"
        raise ModelError(what, field="model", remedy=remedy)


def model_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where the installed encoder is kept, if there is one. Raises SettingsError where nothing can be kept."""
    return cache_folder(env) / f"model-{GRAPH_SHA256[:16]}"


def usable_encoder(env: Mapping[str, str] = os.environ) -> Encoder | None:
    """The installed encoder. None, with a warning in the log, where the search must do without."""
    return _looked_for(*_place(env))[0]


def encoder_lacks(env: Mapping[str, str] = os.environ) -> str | None:
    """Why this process searches by words alone, and what to do; None where it has the encoder."""
    return _looked_for(*_place(env))[1]


def _place(env: Mapping[str, str]) -> tuple[Path | None, str]:
    """The encoder's folder, and if there can be none, why."""
    try:
        return model_folder(env), ""
    except SettingsError as error:
        return None, _without(error)


@cache
def _looked_for(folder: Path | None, why_not: str) -> tuple[Encoder | None, str | None]:
    """The encoder, or why there is none: looked for, and said in the log, once a process.

    So the reason that is given stays that of the search that runs.
    """
    lacking = why_not
    if folder is not None:
        try:
            return Encoder(folder), None
        except ModelError as error:
            lacking = _without(error)
    log.warning("%s", lacking)
    return None, lacking


def _without(error: KbError) -> str:
    return f"{error.message} The search goes by words alone, and knows less. {error.remedy}"
