"""What `suggest` compares a text with: a vector and the English stems of each code, computed once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from extract_labels import dotted
from extract_sources import DATA, nace_rows

from kontor.codes import Scheme, scheme
from kontor.codes.store import own_list
from kontor.engine.matching.encoder import UniversalEncoder, quantised
from kontor.engine.matching.stems import fold, stem, tokens
from kontor.engine.matching.stopwords import STOPWORDS

#: Languages whose labels are averaged into one vector: those the encoder knows and the lists have.
VOICES = ("en", "de", "fr", "nl", "it", "es", "pl", "pt")
LEVELS = {"nace": (2, 3, 4), "cpv": (2, 3, 4), "ket": (1,), "theme": (2,)}
LABEL_WORTH, BELOW_WORTH = 4, 1
_FORMULA = re.compile(r"^This (class|group|division|section) (also )?includes:?|\be\.g\.|\bn\.e\.c", re.I)


def codes_of(name: str) -> list[str]:
    return [code for level in LEVELS[name] for code in scheme(name).codes(level)]


def notes(folder: Path) -> dict[str, list[str]]:
    """The lines of what a NACE class includes, in English."""
    found = {}
    for row in nace_rows(folder):
        lines = row.get("includes", "").replace("\\n", "\n").split("\n")
        cleaned = (_FORMULA.sub("", line).strip(" -•,:;") for line in lines)
        found[dotted(row["code"])] = [line for line in cleaned if line]
    return found


def keywords(name: str) -> dict[str, list[str]]:
    return {row["code"]: row["keywords"] for row in own_list(name)} if name in ("ket", "theme") else {}


def below(listed: Scheme, code: str) -> Iterator[str]:
    for child in listed.children(code):
        yield listed.label(child, "en").text
        yield from below(listed, child)


def details(name: str, folder: Path) -> dict[str, list[str]]:
    """What else is said of each code: notes, keywords, or the labels below it."""
    listed = scheme(name)
    said = notes(folder) if name == "nace" else keywords(name)
    return {code: [*said.get(code, []), *below(listed, code)] for code in codes_of(name)}


def voices(name: str, code: str) -> list[str]:
    listed = scheme(name)
    labels = (listed.label(code, language) for language in VOICES)
    return [label.text for label in labels if not label.fallback]


def unit(rows: Any) -> Any:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def averaged(texts: list[list[str]], encoder: UniversalEncoder) -> Any:
    """One unit vector per list: the mean direction of its texts."""
    flat = [text for group in texts for text in group]
    rows = unit(encoder.encode(flat).astype(np.float32))
    starts = np.cumsum([0, *(len(group) for group in texts)])
    return unit(np.stack([rows[a:b].mean(axis=0) for a, b in pairwise(starts)]))


def stems(texts: Iterable[str], worth: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        for word in tokens(text):
            if fold(word) not in STOPWORDS["en"] and len(word) > 1:
                found[stem(word, "en")] += worth
    return found


def weighted(label: str, more: list[str]) -> dict[str, int]:
    """Stems of a code: those of its label count most, repetition counts less and less."""
    counts = stems([label], LABEL_WORTH)
    extra = stems(more, BELOW_WORTH)
    return {
        word: min(255, 16 * counts[word] + round(16 * np.log2(1 + extra[word]))) for word in counts | extra
    }


def packed_stems(rows: list[dict[str, int]]) -> dict[str, Any]:
    """Per stem the rows it occurs in: `stems` (text, one a line), `starts`, `rows`, `weights`."""
    where: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, row in enumerate(rows):
        for word, weight in row.items():
            where[word].append((at, weight))
    words = sorted(where)
    pairs = [pair for word in words for pair in where[word]]
    return {
        "stems": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "starts": np.cumsum([0, *(len(where[word]) for word in words)]).astype(np.uint32),
        "rows": np.array([at for at, _ in pairs], dtype=np.uint16),
        "weights": np.array([weight for _, weight in pairs], dtype=np.uint8),
    }


def write_vectors(folder: Path) -> None:
    encoder = UniversalEncoder()
    arrays: dict[str, Any] = {}
    for name in LEVELS:
        codes, more = codes_of(name), details(name, folder)
        label_rows = averaged([voices(name, code) for code in codes], encoder)
        detail_rows = averaged([more[code][:40] or voices(name, code) for code in codes], encoder)
        found = packed_stems([weighted(scheme(name).label(c, "en").text, more[c]) for c in codes])
        found["codes"] = np.frombuffer("\n".join(codes).encode(), dtype=np.uint8)
        found["labels"], found["details"] = quantised(label_rows), quantised(detail_rows)
        arrays |= {f"{name}.{key}": value for key, value in found.items()}
    np.savez_compressed(DATA / "suggest.npz", **arrays)
