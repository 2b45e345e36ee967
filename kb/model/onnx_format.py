"""Writes ONNX files: as much of the format as our graph needs, so that no package is needed for it.

The format is protocol buffers: fields, each with its number from onnx.proto and its length. Equal graphs make equal
bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32] | NDArray[np.int8] | NDArray[np.int64]
Attribute = int | float | Sequence[int]

_IR_VERSION = 8
_OPSET = 17
_MICROSOFT = "com.microsoft"  # onnxruntime's own operators
_TYPES = {"float32": 1, "int8": 3, "int64": 7}
_VARINT, _BYTES, _FLOAT = 0, 2, 5  # wire types


@dataclass
class Graph:
    """Operators and constants in the order in which they are added."""

    nodes: list[bytes] = field(default_factory=list)
    constants: list[bytes] = field(default_factory=list)

    def constant(self, name: str, values: Array) -> str:
        """Add a constant; returns its name."""
        self.constants.append(_tensor(name, values))
        return name

    def add(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        *,
        own: bool = False,
        **attributes: Attribute,
    ) -> str:
        """Add an operator, one of onnxruntime's `own` or of the standard; returns its first output's name."""
        parts = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs] + [_text(4, operator)]
        parts += [_message(5, _attribute(name, value)) for name, value in sorted(attributes.items())]
        self.nodes.append(b"".join(parts) + _text(7, _MICROSOFT if own else ""))
        return outputs[0]

    def serialised(self, name: str, inputs: Iterable[bytes], outputs: Iterable[bytes]) -> bytes:
        """The whole file; `inputs` and `outputs` are what `value` makes."""
        graph = [_message(1, node) for node in self.nodes] + [_text(2, name)]
        graph += [_message(5, constant) for constant in self.constants]
        graph += [_message(11, one) for one in inputs] + [_message(12, one) for one in outputs]
        opsets = [_message(8, _text(1, "") + _number(2, _OPSET)), _message(8, _text(1, _MICROSOFT) + _number(2, 1))]
        return _number(1, _IR_VERSION) + _message(7, b"".join(graph)) + b"".join(opsets)


def value(name: str, type_name: str, shape: Sequence[int | str]) -> bytes:
    """An input or output; a name in place of a size means any size."""
    dimensions = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
    tensor = _number(1, _TYPES[type_name]) + _message(2, b"".join(_message(1, one) for one in dimensions))
    return _text(1, name) + _message(2, _message(1, tensor))


def _tensor(name: str, values: Array) -> bytes:
    shape = b"".join(_number(1, size) for size in values.shape)
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return shape + _number(2, _TYPES[values.dtype.name]) + _text(8, name) + _message(9, little.tobytes())


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _key(2, _FLOAT) + np.array(value, "<f4").tobytes() + _number(20, 1)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, 2)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _number(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value % 2**64)


def _text(number: int, text: str) -> bytes:
    return _message(number, text.encode())


def _message(number: int, content: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(content)) + content


def _key(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
