"""The numbers in an ONNX file, and nothing else of it: enough of the protobuf wire format for its tensors.

Source: onnx.proto3 (ModelProto.graph is field 7, GraphProto.initializer 5, TensorProto.dims 1, data_type 2,
name 8, raw_data 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_TYPES: dict[int, Any] = {1: np.float32, 3: np.int8}
_WIDTHS = {1: 8, 5: 4}


def tensors(content: bytes) -> dict[str, NDArray[Any]]:
    """The float32 and int8 tensors of a model by name. Raises ValueError where the file is no such model."""
    found: dict[str, NDArray[Any]] = {}
    for number, graph in _fields(memoryview(content)):
        if number == _GRAPH:
            for part, tensor in _fields(graph):
                if part == _INITIALIZER:
                    found |= _tensor(tensor)
    if not found:
        raise ValueError("The file holds no tensors.")
    return found


def _tensor(content: memoryview) -> dict[str, NDArray[Any]]:
    dims: list[int] = []
    kind, name, raw = 0, "", None
    for number, value in _fields(content):
        if number == _DIMS:
            dims += [value] if isinstance(value, int) else _packed(value)
        elif number == _TYPE:
            kind = value
        elif number == _NAME:
            name = bytes(value).decode()
        elif number == _RAW:
            raw = value
    if raw is None or kind not in _TYPES:
        return {}
    return {name: np.frombuffer(raw, dtype=_TYPES[kind]).reshape(dims)}


def _packed(content: memoryview) -> list[int]:
    values, at = [], 0
    while at < len(content):
        value, at = _number(content, at)
        values.append(value)
    return values


def _fields(content: memoryview) -> Iterator[tuple[int, Any]]:
    """Number and value of each field: an int, or the bytes of anything longer."""
    at = 0
    while at < len(content):
        key, at = _number(content, at)
        kind = key & 7
        if kind == 0:
            value, at = _number(content, at)
            yield key >> 3, value
            continue
        if kind == 2:
            width, at = _number(content, at)
        elif kind in _WIDTHS:
            width = _WIDTHS[kind]
        else:
            raise ValueError("The file is not in the format of ONNX.")
        if at + width > len(content):
            raise ValueError("The file ends too early.")
        yield key >> 3, content[at : at + width]
        at += width


def _number(content: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = shift = 0
    while at < len(content):
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise ValueError("The file ends too early.")
