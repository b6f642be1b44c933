"""How texts are read: in which language, and as which vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching import text as reading
from kontor.engine.matching.encoder import DIMENSIONS, Encoder, quantised
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.terms import gloss

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_PASSAGES = 24
"""Passages of a question that are encoded, evenly spread over a longer text."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What texts are read with: the lexicon, and the encoder where there is one."""

    lexicon: Lexicon
    encoder: Encoder | None = None

    def language(self, text: str, declared: str) -> str:
        """The declared language, else the one recognised."""
        return declared or reading.recognise(text)

    def vector(self, text: str, language: str) -> NDArray[np.int8]:
        """The mean direction of the text's passages; zeros without an encoder or without a word."""
        spans = spread(reading.passages(text), MOST_PASSAGES)
        texts = list(dict.fromkeys(text[span.start : span.end] for span in spans))
        return mean_direction(self.vectors([(each, language) for each in texts]))

    def vectors(self, texts: Sequence[tuple[str, str]]) -> NDArray[np.int8]:
        """One row for each text and its language; equal texts are encoded once."""
        if self.encoder is None or not texts:
            return np.zeros((len(texts), DIMENSIONS), dtype=np.int8)
        readings = [self.readings(text, language, self.encoder) for text, language in texts]
        rows = mean_directions(self.encoder, readings)
        if self.encoder.english is None:
            return rows
        in_english = mean_directions(
            self.encoder.english,
            [
                each[-1:] if self._in_english(language) else []
                for each, (_, language) in zip(readings, texts, strict=True)
            ],
        )
        return np.stack([mean_direction(np.stack(both)) for both in zip(rows, in_english, strict=True)])

    def _in_english(self, language: str) -> bool:
        """Whether the last reading of a text in this language is English, or may be for all we know."""
        return language in ("", "en") or language in self.lexicon.languages

    def readings(self, text: str, language: str, encoder: Encoder) -> list[str]:
        """What the encoder is given, the most English reading last.

        A text in a language other than English is read as it stands and as its English gloss: each makes up
        for the other's mistakes. A language that the encoder does not know is read as the gloss alone.
        """
        if language not in self.lexicon.languages or language == "en":
            return [text]
        glossed = gloss(text, language, self.lexicon)
        known = [text] if language in encoder.languages else []
        return [*known, *([glossed] if glossed else [])] or [text]


def mean_directions(encoder: Encoder, readings: Sequence[Sequence[str]]) -> NDArray[np.int8]:
    """The mean direction of each text's readings; equal readings are encoded once."""
    numbers = {
        text: number for number, text in enumerate(dict.fromkeys(t for each in readings for t in each))
    }
    matrix = encoder.encode(list(numbers))
    rows = np.zeros((len(readings), DIMENSIONS), dtype=np.int8)
    for row, each in enumerate(readings):
        rows[row] = mean_direction(matrix[[numbers[text] for text in each]])
    return rows


def mean_direction(vectors: NDArray[np.int8]) -> NDArray[np.int8]:
    """The direction of the sum of unit vectors; a single one as it is."""
    if len(vectors) == 1:
        only: NDArray[np.int8] = vectors[0]
        return only
    rows = vectors.astype(np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    units = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    summed: NDArray[np.int8] = quantised(units.sum(axis=0, keepdims=True))[0]
    return summed


def spread(spans: Sequence[reading.Span], most: int) -> list[reading.Span]:
    """At most `most` of them, evenly over the whole."""
    if len(spans) <= most:
        return list(spans)
    return [spans[number * len(spans) // most] for number in range(most)]
