"""Which encoder is put together from what is installed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kontor.codes import encoder
from kontor.engine.matching.encoder import DIMENSIONS, Remembering, UniversalEncoder, cosines
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.reader import Reader

NEED = "We need heat pumps for our dairy."


def cosine_of_pair(reader: Reader, other: str, language: str) -> float:
    vectors = reader.vectors([(NEED, "en"), (other, language)])
    return float(cosines(vectors[1:], vectors[0])[0])


def test_both_encoders_share_a_space() -> None:
    paired, alone = encoder.load(), UniversalEncoder()
    assert paired.name != alone.name
    assert paired.languages == alone.languages
    assert paired.english is not None
    first, second = paired.encode([NEED]), paired.english.encode([NEED])
    assert first.shape == second.shape == (1, DIMENSIONS)
    assert paired.encode([]).shape == paired.english.encode([]).shape == (0, DIMENSIONS)


def test_cosine_is_the_mean_of_both_encoders() -> None:
    paired = encoder.load()
    assert paired.english is not None
    text = "Heat pumps that use waste heat of milk processing."
    both = cosine_of_pair(Reader(Lexicon(), paired), text, "en")
    english = float(cosines(paired.english.encode([text]), paired.english.encode([NEED])[0])[0])
    alone = cosine_of_pair(Reader(Lexicon(), UniversalEncoder()), text, "en")
    assert both == pytest.approx((alone + english) / 2, abs=0.04)


def test_language_without_lexicon_is_left_to_the_multilingual_encoder() -> None:
    reader = Reader(Lexicon(), encoder.load())
    text = "Wärmepumpen für Molkereien."
    assert (reader.vector(text, "de") == encoder.load().encode([text])[0]).all()
    assert (reader.vector(text, "") != reader.vector(text, "de")).any()


def test_without_weights_the_multilingual_encoder_reads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "find_spec", lambda name: None)
    found = encoder.load.__wrapped__()
    assert isinstance(found, UniversalEncoder)
    assert found.english is None
    assert Reader(Lexicon(), found).vector(NEED, "en").any()


class _Counting:
    name = "counting/1"
    languages = frozenset({"en"})
    english = None

    def __init__(self) -> None:
        self.read: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.read.append(list(texts))
        return np.array([[len(text)] * DIMENSIONS for text in texts], dtype=np.int8)


def test_last_questions_are_remembered_and_runs_are_not() -> None:
    inner = _Counting()
    remembering = Remembering(inner, most=2)
    assert (remembering.name, remembering.languages, remembering.english) == (
        inner.name,
        inner.languages,
        None,
    )
    asked = [["heat"], ["heat"], ["heat", "gas"], ["gas"], ["heat"]]
    for texts in asked:
        assert remembering.encode(texts)[:, 0].tolist() == [len(text) for text in texts]
    # of two at most: the first question was pushed out by the time it came again
    assert inner.read == [["heat"], ["heat", "gas"], ["gas"], ["heat"]]
    run = [f"text {number}" for number in range(9)]
    remembering.encode(run)
    remembering.encode(run)
    assert inner.read[4:] == [run, run]


def test_what_is_remembered_cannot_be_written_over() -> None:
    remembering = Remembering(_Counting())
    with pytest.raises(ValueError, match="read-only"):
        remembering.encode(["heat"])[0, 0] = 1


def test_remembering_gives_the_vectors_of_both_encoders() -> None:
    paired = encoder.load()
    remembering = Remembering(paired)
    first, again, bare = (
        Reader(Lexicon(), each).vector(NEED, "en") for each in (remembering, remembering, paired)
    )
    assert (first == bare).all()
    assert (again == bare).all()
