"""The cache of vectors: what was encoded once is not encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kontor.cli.vectors import CachedEncoder
from kontor.engine.matching.encoder import DIMENSIONS


class Counting:
    languages = frozenset({"en"})
    english = None

    def __init__(self, name: str = "counting/1") -> None:
        self.name = name
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += texts
        return np.array([[len(text)] * DIMENSIONS for text in texts], dtype=np.int8).reshape(-1, DIMENSIONS)


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    first = Counting()
    CachedEncoder(first, tmp_path, lambda: None).encode(["a", "bb"])
    second = Counting()
    rows = CachedEncoder(second, tmp_path, lambda: None).encode(["bb", "ccc", "a"])
    assert second.seen == ["ccc"]
    assert rows[:, 0].tolist() == [2, 3, 1]


def test_another_encoder_has_its_own_vectors(tmp_path: Path) -> None:
    CachedEncoder(Counting(), tmp_path, lambda: None).encode(["a"])
    other = Counting("counting/2")
    CachedEncoder(other, tmp_path, lambda: None).encode(["a"])
    assert other.seen == ["a"]


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    encoder = Counting()
    cached = CachedEncoder(encoder, tmp_path / "file", lambda: None)
    assert cached.encode(["a"])[0, 0] == 1
    assert cached.encode([]).shape == (0, DIMENSIONS)


def test_the_clock_is_asked_between_chunks(tmp_path: Path) -> None:
    ticks: list[int] = []
    CachedEncoder(Counting(), tmp_path, lambda: ticks.append(1)).encode([f"text {n}" for n in range(200)])
    assert len(ticks) == 4
