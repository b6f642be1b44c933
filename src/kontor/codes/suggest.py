"""Codes suggested from a text: what it means, by the multilingual encoder, and which words it shares.

The text is cut into passages. For each code two cosines are taken, with its labels (averaged over eight
languages) and with what its notes or the codes below it say; words are compared as English stems, after the
shipped lexicon. Both are turned into standard scores over the list and added, as the matchmaker does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np

from kontor.codes import lexicon
from kontor.codes.model import CodesError, Found, SchemeName
from kontor.codes.schemes import base_language, scheme
from kontor.engine.matching.encoder import UniversalEncoder, cosines
from kontor.engine.matching.model import Code
from kontor.engine.matching.terms import Terms, gloss, terms_of_text
from kontor.engine.matching.text import MAX_CHARACTERS, passages, recognise, without_markup

SUGGESTED: tuple[SchemeName, ...] = ("nace", "cpv", "ket", "theme")

PER_SCHEME = 3
"""Codes of each scheme that a question is taken to name: more of them are more often wrong than right."""

_MOST_PASSAGES = 6
_WORDS = 0.4  # worth of words beside meaning; at most one half helps, see docs/concepts/codes.md
_LEAST_COSINE = 0.15  # a code whose meaning is farther away is no suggestion, whatever words it shares
_LEAST = 0.9  # times the score that chance alone would give the best of so many codes
_LEAST_WITHOUT_WORDS = 1.5  # the same for a code that shares no word with the text
_CERTAIN = 3.0  # the same, from which a score counts as 1
_SHARE_OF_BEST = 0.4  # nor is a code suggested that lies far behind the best of its list

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class _List:
    """Precomputed rows of one scheme: int8 vectors (codes, 512), and per stem the rows it occurs in."""

    codes: tuple[str, ...]
    labels: Array
    details: Array
    stems: dict[str, int]
    starts: Array
    rows: Array
    weights: Array
    lengths: Array

    def words(self, terms: Terms) -> Array:
        """Share of the text's terms, weighed by rarity, that each code has."""
        found = np.zeros(len(self.codes))
        for term, weight in terms.items():
            at = self.stems.get(term)
            if at is None:
                continue
            span = slice(int(self.starts[at]), int(self.starts[at + 1]))
            rows = self.rows[span]
            rarity = np.log(1 + len(self.codes) / len(rows))
            found[rows] += min(weight, 16) / 8 * rarity**2 * self.weights[span] / 64
        return found / self.lengths


@cache
def _load() -> dict[str, _List]:
    with (
        as_file(files("kontor.codes") / "data" / "suggest.npz") as path,
        np.load(path, allow_pickle=False) as stored,
    ):
        return {name: _unpacked({k: stored[f"{name}.{k}"] for k in _KEYS}) for name in SUGGESTED}


_KEYS = ("codes", "labels", "details", "stems", "starts", "rows", "weights")


def _unpacked(arrays: dict[str, Array]) -> _List:
    codes = tuple(arrays["codes"].tobytes().decode().split("\n"))
    words = arrays["stems"].tobytes().decode().split("\n")
    totals = np.zeros(len(codes))
    np.add.at(totals, arrays["rows"], (arrays["weights"] / 64.0) ** 2)
    return _List(
        codes,
        arrays["labels"],
        arrays["details"],
        {word: at for at, word in enumerate(words)},
        arrays["starts"],
        arrays["rows"],
        arrays["weights"],
        np.sqrt(1 + np.sqrt(totals)),
    )


@cache
def _encoder() -> UniversalEncoder:
    return UniversalEncoder()


def codes_read_from(text: str, language: str = "", without: Collection[Code] = ()) -> tuple[Code, ...]:
    """What a question's text is taken to name, for the matchmaker: at most PER_SCHEME codes of each scheme.

    `without` are those that somebody said are wrong. One text asked again costs nothing.
    """
    read = _read_from(text[:MAX_CHARACTERS], language)
    return tuple(code for code in read if code not in without)


@lru_cache(maxsize=128)
def _read_from(text: str, language: str) -> tuple[Code, ...]:
    return tuple(Code(hit.scheme, hit.code) for hit in suggest(text, language, PER_SCHEME))


def suggest(
    text: str,
    language: str = "",
    limit: int = 5,
    schemes: Sequence[SchemeName] = SUGGESTED,
) -> list[Found]:
    """Codes that fit `text`: at most `limit` of each scheme, scheme by scheme, best first.

    `language` is that of the text, "" to have it recognised; the labels come in it. Nothing is suggested for
    a text without letters, and less than `limit` where the rest would be guessing. The first call loads the
    encoder (0.3 s, 170 MB). CodesError for a scheme nothing is suggested from.
    """
    if wrong := [name for name in schemes if name not in SUGGESTED]:
        known = ", ".join(SUGGESTED)
        raise CodesError(f"Nothing is suggested from {wrong[0]!r}.", remedy=f"Take from {known}.")
    plain = without_markup(text)
    spans = passages(plain)[:_MOST_PASSAGES]
    if not spans:
        return []
    spoken = base_language(language) or recognise(plain)
    parts = [plain[span.start : span.end] for span in spans]
    understood = spoken in _encoder().languages
    read = parts if understood else [gloss(part, spoken, lexicon.load()) for part in parts]
    vectors = _encoder().encode(read)
    terms = terms_of_text(" ".join(parts), spoken, lexicon.load())
    return [hit for name in schemes for hit in _of_list(name, vectors, terms, spoken, limit)]


def _of_list(name: SchemeName, vectors: Array, terms: Terms, language: str, limit: int) -> list[Found]:
    listed = _load()[name]
    meaning, words = _meaning(listed, vectors), listed.words(terms)
    # The largest of n standard scores is expected near sqrt(2 ln n): so lists of any length compare.
    fused = (_standard(meaning) + _WORDS * _standard(words)) / np.sqrt(2 * np.log(len(listed.codes)))
    best = np.argsort(-fused, kind="stable")[:limit]
    enough = np.where(words > 0, _LEAST, _LEAST_WITHOUT_WORDS)
    enough = np.maximum(enough, _SHARE_OF_BEST * fused[best[0]])
    return [
        Found(
            name,
            listed.codes[at],
            scheme(name).label(listed.codes[at], language),
            round(min(1.0, float(fused[at]) / _CERTAIN), 4),
            "meaning and words" if words[at] > 0 else "meaning",
        )
        for at in best.tolist()
        if fused[at] >= enough[at] and meaning[at] >= _LEAST_COSINE
    ]


def _meaning(listed: _List, vectors: Array) -> Array:
    """Mean cosine with labels and details; the best passage of the text decides for each code."""
    per_passage = [(cosines(listed.labels, row) + cosines(listed.details, row)) / 2 for row in vectors]
    best: Array = np.max(per_passage, axis=0)
    return best


def _standard(values: Array) -> Array:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else np.zeros(len(values))
