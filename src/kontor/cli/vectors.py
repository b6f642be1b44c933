"""Vectors of texts that were encoded before, kept in the user's cache: reading a directory again takes no
time.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.encoder import DIMENSIONS, Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 64
"""Texts encoded between two looks at the clock."""


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/kontor`, by default `~/.cache/kontor`."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "kontor"


class CachedEncoder:
    """An encoder that remembers.

    A cache that cannot be written is done without; `tick` is called between chunks.
    """

    def __init__(self, encoder: Encoder, folder: Path, tick: Callable[[], None]) -> None:
        self._encoder, self._tick = encoder, tick
        self._store = _open(folder / "vectors.sqlite3")
        self.english = CachedEncoder(encoder.english, folder, tick) if encoder.english else None

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def languages(self) -> frozenset[str]:
        return self._encoder.languages

    def encode(self, texts: Sequence[str]) -> NDArray[np.int8]:
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.int8)
        for start in range(0, len(texts), CHUNK):
            self._tick()
            rows[start : start + CHUNK] = self._encode_chunk(texts[start : start + CHUNK])
        return rows

    def _encode_chunk(self, texts: Sequence[str]) -> NDArray[np.int8]:
        keys = [_fingerprint(text, self._encoder.name) for text in texts]
        known = self._known(keys)
        unknown = [number for number, key in enumerate(keys) if key not in known]
        fresh = self._encoder.encode([texts[number] for number in unknown])
        added = [(keys[number], row.tobytes()) for number, row in zip(unknown, fresh, strict=True)]
        if self._store is not None and added:
            with self._store:
                self._store.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", added)
        known.update(added)
        return np.stack([np.frombuffer(known[key], dtype=np.int8) for key in keys])

    def _known(self, keys: Sequence[str]) -> dict[str, bytes]:
        if self._store is None:
            return {}
        places = ",".join("?" * len(keys))
        found = self._store.execute(f"SELECT key, value FROM vector WHERE key IN ({places})", keys)  # noqa: S608  # places
        return {key: value for key, value in found if len(value) == DIMENSIONS}


def _fingerprint(text: str, encoder: str) -> str:
    return hashlib.sha256(f"{encoder}\0{text}".encode()).hexdigest()[:32]


def _open(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(path, timeout=10)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
        store.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
    except (OSError, sqlite3.Error):
        return None
    return store
