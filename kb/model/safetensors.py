"""Reads a safetensors file: a header in JSON that says where each tensor stands, then the tensors."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from kb.features import Floats

_TYPES = {"F32": "<f4"}


def read_floats(path: Path) -> Mapping[str, Floats]:
    """The tensors of 32-bit floats by name, mapped from the file rather than read into memory."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    data = np.memmap(path, np.uint8, "r", offset=8 + length)
    return {
        name: data[slice(*entry["data_offsets"])].view(_TYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") in _TYPES
    }
