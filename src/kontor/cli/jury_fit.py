"""Fit of experts to applications from their texts, by the matchmaker's multilingual encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def fit_of_texts(applications: Sequence[str], experts: Sequence[str]) -> NDArray[np.float64]:
    """Cosine between the texts, 0 to 1, one row per application."""
    from kontor.engine.matching.encoder import UniversalEncoder

    encoder = UniversalEncoder()
    first, second = (_unit(encoder.encode(list(texts))) for texts in (applications, experts))
    return np.clip(first @ second.T, 0.0, 1.0)


def _unit(vectors: NDArray[np.generic]) -> NDArray[np.float64]:
    floats = vectors.astype(np.float64)
    lengths = np.linalg.norm(floats, axis=1, keepdims=True)
    found: NDArray[np.float64] = floats / np.where(lengths > 0, lengths, 1.0)
    return found
