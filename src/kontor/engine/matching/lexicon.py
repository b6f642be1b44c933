"""A dictionary learned from labels that exist in many languages: which English word stands for which
foreign one.

Method: IBM model 1 (Brown et al., The mathematics of statistical machine translation, 1993): expectation
maximisation on pairs of labels, made symmetric by the share of the English word that the foreign one
explains. A compound is learned twice, in pairs where it stands whole and in pairs where its parts stand
instead: side by side they would rob each other. Words that were never seen fall back on the parts of a
compound, then on the known word with most letters in common, then on their beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from kontor.engine.matching.stems import fold, stem, tokens
from kontor.engine.matching.stopwords import STOPWORDS

Translations = tuple[tuple[str, int], ...]
"""English stems with their probability in 1/255, most probable first."""

FORMAT = 1
COMPOUNDING = frozenset({"da", "de", "et", "fi", "hu", "nl", "no", "sv"})
PREFIX = 5
"""Letters of a word's beginning under which an unseen word is looked up."""

_LINKS = ("", "s", "n", "en", "e", "er", "es", "ns")
_ITERATIONS = 8
_LEAST = 0.08
_MOST = 4
_PREFIX_TRUST = 0.7
_SELDOM = 2
"""A compound seen no more often than this is learned by its parts alone: whole, it would take up whatever
stands beside it.
"""

_SYMMETRY = 0.5
"""Power of the other direction's share: 0 would be plain IBM model 1."""

_NEAR = 0.6
"""Share of three-letter groups that a known word must have in common with an unseen one (Dice)."""

_NEAR_TRUST = 0.8
_REMEMBERED = 100_000
"""Words of one language whose parts or neighbour are remembered."""


@dataclass
class Table:
    """One language:

    stem to English, beginning to English, and the simple words that compounds are made of.
    """

    stems: dict[str, Translations] = field(default_factory=dict)
    beginnings: dict[str, Translations] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    language: str = ""
    _split: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _near: dict[str, str] = field(default_factory=dict, repr=False)
    _holders: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a folded compound word, empty where it cannot be taken apart."""
        if len(word) < 8 or not self.parts:
            return ()
        if word not in self._split:
            if len(self._split) >= _REMEMBERED:
                self._split.clear()
            self._split[word] = _best_split(word, self.parts, self.language, depth=2)
        return self._split[word]

    def nearest(self, unseen: str) -> str:
        """The known stem with most three-letter groups in common with this one, empty where none is near."""
        if unseen not in self._near:
            if len(self._near) >= _REMEMBERED:
                self._near.clear()
            self._near[unseen] = self._find_nearest(_letter_groups(unseen))
        return self._near[unseen]

    def _find_nearest(self, groups: frozenset[str]) -> str:
        if not self._holders:
            for known in self.stems:
                for group in _letter_groups(known):
                    self._holders.setdefault(group, []).append(known)
        common = Counter(known for group in groups for known in self._holders.get(group, ()))
        rated = [(2 * n / (len(groups) + len(_letter_groups(known))), known) for known, n in common.items()]
        alike, best = max(rated, default=(0.0, ""))
        return best if alike >= _NEAR else ""


class Lexicon:
    """Translations into English stems for any number of languages. An empty lexicon translates nothing."""

    def __init__(self, tables: Mapping[str, Table] | None = None, surfaces: Mapping[str, str] | None = None):
        self._tables = dict(tables or {})
        self._surfaces = dict(surfaces or {})
        self._packed: dict[str, np.ndarray[Any, Any]] = {}
        self._english: list[str] = []

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._tables) | {name.partition(".")[0] for name in self._packed}

    def translate(self, word: str, language: str) -> Translations:
        """English stems for one word as written:

        of the word, else of its parts, else of the word most like it, else of its beginning.
        """
        table = self._table(language)
        if table is None:
            return ()
        whole = table.stems.get(stem(word, language))
        if whole is not None:
            return whole
        plain = fold(word)
        by_parts = [pair for part in table.split(plain) for pair in table.stems.get(stem(part, language), ())]
        if by_parts:
            return tuple(by_parts)
        if len(plain) < PREFIX:
            return ()
        near = table.nearest(stem(plain, language))
        found = table.stems[near] if near else table.beginnings.get(plain[:PREFIX], ())
        trust = _NEAR_TRUST if near else _PREFIX_TRUST
        return tuple((english, int(weight * trust)) for english, weight in found)

    def guesses(self, word: str, language: str) -> bool:
        """Whether `translate` has only a word like this one to go by, not the word nor its parts."""
        table = self._table(language)
        if table is None or stem(word, language) in table.stems:
            return False
        known = any(table.stems.get(stem(part, language)) for part in table.split(fold(word)))
        return not known and bool(self.translate(word, language))

    def is_surface(self, word: str) -> bool:
        """Whether this is, by its stem, an English word that others are translated into."""
        return stem(word, "en") in self._surfaces

    def knows(self, word: str, language: str) -> bool:
        """Whether the word itself was learned, not only its parts or one like it."""
        table = self._table(language)
        return table is not None and stem(word, language) in table.stems

    def parts_of(self, word: str, language: str) -> tuple[str, ...]:
        """The known words that a compound is made of; empty for a simple or an unknown word."""
        table = self._table(language)
        return table.split(fold(word)) if table is not None else ()

    def surface(self, english: str) -> str:
        """The commonest English word with this stem, for reading and for the encoder."""
        return self._surfaces.get(english, english)

    def save(self, path: Path) -> None:
        """Writes one compressed npz; the same lexicon gives the same bytes."""
        english = sorted(self._surfaces)
        number = {word: index for index, word in enumerate(english)}
        arrays = {"format": np.array([FORMAT]), "english": _pack(english)}
        arrays["surfaces"] = _pack([self._surfaces[word] for word in english])
        for language in sorted(self.languages):
            table = self._table(language)
            if table is None:
                continue
            arrays |= _pack_translations(f"{language}.stems", table.stems, number)
            arrays |= _pack_translations(f"{language}.beginnings", table.beginnings, number)
            arrays[f"{language}.parts"] = _pack(sorted(table.parts))
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # stub error

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Reads what `save` wrote; a language is unpacked when it is first asked for."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if int(arrays.pop("format")[0]) != FORMAT:
            raise ValueError(f"{path} has another format than {FORMAT}: learn the lexicon again.")
        lexicon = cls()
        lexicon._english = _unpack(arrays.pop("english"))
        lexicon._surfaces = dict(zip(lexicon._english, _unpack(arrays.pop("surfaces")), strict=True))
        lexicon._packed = arrays
        return lexicon

    def _table(self, language: str) -> Table | None:
        if language not in self._tables and f"{language}.parts" in self._packed:
            self._tables[language] = Table(
                stems=_unpack_translations(f"{language}.stems", self._packed, self._english),
                beginnings=_unpack_translations(f"{language}.beginnings", self._packed, self._english),
                parts=frozenset(_unpack(self._packed[f"{language}.parts"])),
                language=language,
            )
        return self._tables.get(language)


def learn(pairs: Mapping[str, Sequence[tuple[str, str]]]) -> Lexicon:
    """A lexicon from parallel labels:

    for each language the pairs of a label and the same label in English.
    """
    written: Counter[tuple[str, str]] = Counter()
    tables = {}
    for language, labels in sorted(pairs.items()):
        english = [_english_stems(label) for _, label in labels]
        written.update((stem(word, "en"), fold(word)) for _, label in labels for word in tokens(label))
        tables[language] = _learn_table(language, [label for label, _ in labels], english)
    surfaces: dict[str, str] = {}
    for (english_stem, word), _ in sorted(
        written.items(), key=lambda item: (-item[1], len(item[0][1]), item[0])
    ):
        surfaces.setdefault(english_stem, word)
    return Lexicon(tables, surfaces)


def _english_stems(label: str) -> list[str]:
    return [stem(word, "en") for word in tokens(label) if fold(word) not in STOPWORDS["en"]]


def _learn_table(language: str, labels: Sequence[str], english: Sequence[Sequence[str]]) -> Table:
    stopwords = STOPWORDS.get(language, frozenset())
    words = [[fold(word) for word in tokens(label) if fold(word) not in stopwords] for label in labels]
    seen = Counter(word for label in words for word in label)
    table = Table(
        parts=_simple(seen, language) if language in COMPOUNDING else frozenset(), language=language
    )
    whole = [
        [unit for word in label for unit in _units(word, table, seen[word] <= _SELDOM)] for label in words
    ]
    apart = [[unit for word in label for unit in _units(word, table, True)] for label in words]
    twice = [number for number, label in enumerate(whole) if label != apart[number]]
    units = [*whole, *(apart[number] for number in twice)]
    english = [*english, *(english[number] for number in twice)]
    table.stems = align([[stem(word, language) for word in label] for label in units], english)
    table.beginnings = align(
        [[word[:PREFIX] for word in label if len(word) >= PREFIX] for label in units], english
    )
    return table


def _simple(words: Iterable[str], language: str) -> frozenset[str]:
    """What compounds may be made of: words of a usual length, and their stems, for a tail is inflected."""
    written = [word for word in words if 4 <= len(word) <= 14]
    return frozenset(part for word in written for part in (word, stem(word, language)) if len(part) >= 4)


def _units(word: str, table: Table, apart: bool) -> tuple[str, ...]:
    return (table.split(word) if apart else ()) or (word,)


def align(sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]) -> dict[str, Translations]:
    """IBM model 1: the probability that a source word stands for a target word, from pairs of word lists.

    An empty source word takes up target words that nothing explains. Kept are the likeliest few of each
    source word.
    """
    source_ids: dict[str, int] = {"": 0}
    target_ids: dict[str, int] = {}
    first, second, groups = _links(sources, targets, source_ids, target_ids)
    if not first.size:
        return {}
    links, position = np.unique(first * len(target_ids) + second, return_inverse=True)
    link_source, link_target = links // len(target_ids), links % len(target_ids)
    probability = np.ones(len(links))
    for _ in range(_ITERATIONS):
        expected = probability[position]
        expected /= np.bincount(groups, expected)[groups]
        counts = np.bincount(position, expected)
        probability = counts / np.bincount(link_source, counts)[link_source]
    probability = _symmetric(probability, counts, link_source, link_target)
    return _likeliest(list(source_ids), list(target_ids), link_source, link_target, probability)


def _symmetric(
    probability: np.ndarray[Any, Any],
    counts: np.ndarray[Any, Any],
    link_source: np.ndarray[Any, Any],
    link_target: np.ndarray[Any, Any],
) -> np.ndarray[Any, Any]:
    """The probabilities weighed by the share of the target that the source explains; they sum up to 1."""
    share = counts / np.bincount(link_target, counts)[link_target]
    weighed = np.where(link_source > 0, probability * share**_SYMMETRY, 0.0)
    total = np.bincount(link_source, weighed)
    normed: np.ndarray[Any, Any] = weighed / np.maximum(1e-12, total)[link_source]
    return normed


def _links(
    sources: Sequence[Sequence[str]],
    targets: Sequence[Sequence[str]],
    source_ids: dict[str, int],
    target_ids: dict[str, int],
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Every possible link of every pair: source, target, and the number of the target word's occurrence."""
    first: list[int] = []
    second: list[int] = []
    groups: list[int] = []
    group = 0
    for source, target in zip(sources, targets, strict=True):
        ids = [0, *(source_ids.setdefault(word, len(source_ids)) for word in dict.fromkeys(source))]
        for word in dict.fromkeys(target):
            first += ids
            second += [target_ids.setdefault(word, len(target_ids))] * len(ids)
            groups += [group] * len(ids)
            group += 1
    return np.array(first, dtype=np.int64), np.array(second, dtype=np.int64), np.array(groups, dtype=np.int64)


def _likeliest(
    source_words: list[str],
    target_words: list[str],
    link_source: np.ndarray[Any, Any],
    link_target: np.ndarray[Any, Any],
    probability: np.ndarray[Any, Any],
) -> dict[str, Translations]:
    found: dict[str, list[tuple[float, str]]] = {}
    for index in np.flatnonzero((probability >= _LEAST) & (link_source > 0)):
        word = source_words[link_source[index]]
        found.setdefault(word, []).append((float(probability[index]), target_words[link_target[index]]))
    return {
        word: tuple(
            (english, round(255 * p)) for p, english in sorted(options, key=lambda o: (-o[0], o[1]))[:_MOST]
        )
        for word, options in found.items()
    }


def _best_split(word: str, parts: frozenset[str], language: str, depth: int) -> tuple[str, ...]:
    """Fewest parts, then the longest shortest part; letters that only join two parts are dropped."""
    best: tuple[str, ...] = ()
    for cut in range(4, len(word) - 3):
        head = next((word[: cut - len(link)] for link in _LINKS if _is_part(word[:cut], link, parts)), "")
        if not head:
            continue
        rest = word[cut:]
        tail = _tail(rest, parts, language, depth)
        if tail and (
            not best or (len(tail) + 1, -min(map(len, (head, *tail)))) < (len(best), -min(map(len, best)))
        ):
            best = (head, *tail)
    return best


def _tail(rest: str, parts: frozenset[str], language: str, depth: int) -> tuple[str, ...]:
    if rest in parts or stem(rest, language) in parts:
        return (rest,)
    return _best_split(rest, parts, language, depth - 1) if depth > 1 else ()


@lru_cache(maxsize=400_000)
def _letter_groups(word: str) -> frozenset[str]:
    """Groups of three letters, the beginning counted twice."""
    bounded = f"<<{word}>"
    return frozenset(bounded[at : at + 3] for at in range(len(bounded) - 2))


def _is_part(start: str, link: str, parts: frozenset[str]) -> bool:
    bare = start[: len(start) - len(link)]
    return len(bare) >= 4 and start.endswith(link) and bare in parts


def _pack(words: Sequence[str]) -> np.ndarray[Any, Any]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpack(packed: np.ndarray[Any, Any]) -> list[str]:
    return packed.tobytes().decode().split("\n") if packed.size else []


def _pack_translations(
    name: str, table: Mapping[str, Translations], number: Mapping[str, int]
) -> dict[str, np.ndarray[Any, Any]]:
    words = sorted(table)
    pairs = [pair for word in words for pair in table[word]]
    return {
        f"{name}.words": _pack(words),
        f"{name}.counts": np.array([len(table[word]) for word in words], dtype=np.uint8),
        f"{name}.targets": np.array([number[english] for english, _ in pairs], dtype=np.uint32),
        f"{name}.weights": np.array([weight for _, weight in pairs], dtype=np.uint8),
    }


def _unpack_translations(
    name: str, arrays: Mapping[str, np.ndarray[Any, Any]], english: Sequence[str]
) -> dict[str, Translations]:
    targets, weights = arrays[f"{name}.targets"].tolist(), arrays[f"{name}.weights"].tolist()
    table: dict[str, Translations] = {}
    start = 0
    for word, count in zip(_unpack(arrays[f"{name}.words"]), arrays[f"{name}.counts"].tolist(), strict=True):
        end = start + count
        table[word] = tuple(
            (english[t], w) for t, w in zip(targets[start:end], weights[start:end], strict=True)
        )
        start = end
    return table
