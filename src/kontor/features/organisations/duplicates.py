"""Finding records that may describe one organisation. Pure: rows in, scored pairs out.

Strong evidence is an equal legal number (VAT, PIC, register number in one country) or an equal domain. Weaker
evidence is a similar name in one country, helped by the same place. What speaks against a pair
(different legal numbers, other place, other figure in the name) lowers its score. A pair counts from
`THRESHOLD` on; a person decides.

Names are compared inside blocks only (one rare word, one beginning, or one place in common, same country), so
100,000 rows take seconds and not 5,000,000,000 comparisons.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process

THRESHOLD = 0.8
# Larger blocks are split by the first letter of the name, and left out if they are still larger.
_LARGEST_BLOCK = 600
# Names below this likeness are not scored further.
_NAME_CUTOFF = 80.0
_RARE_WORDS = 2


@dataclass(frozen=True, slots=True)
class Record:
    """What is compared of one organisation. `name_key` and `place` as `names.name_key` and
    `names.folded` make them; empty texts are unknown and speak neither for nor against.
    """

    key: str
    name_key: str
    country: str
    place: str = ""
    domain: str = ""
    vat: str = ""
    pic: str = ""
    register_number: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """`first` < `second` are keys. `score` lies in 0..1; `reasons` are codes, strongest first: vat, pic,
    register_number, domain, name, similar_name, place; against: other_legal_number, other_place,
    other_number.
    """

    first: str
    second: str
    score: float
    reasons: tuple[str, ...]


def find(records: Sequence[Record], *, threshold: float = THRESHOLD) -> list[Pair]:
    """All pairs from `threshold` on, best first; equal scores in the order of their keys."""
    pairs: dict[tuple[str, str], Pair] = {}
    for one, other in _candidates(records):
        first, second = sorted((one, other), key=lambda record: record.key)
        if first.key == second.key or (first.key, second.key) in pairs:
            continue
        pair = compare(first, second)
        if pair.score >= threshold:
            pairs[first.key, second.key] = pair
    return sorted(pairs.values(), key=lambda pair: (-pair.score, pair.first, pair.second))


def find_for(record: Record, others: Iterable[Record], *, threshold: float = THRESHOLD) -> list[Pair]:
    """The pairs of one record (a new one, whose key may be empty) with `others`, best first."""
    pairs = [compare(record, other) for other in others if other.key != record.key]
    return sorted((p for p in pairs if p.score >= threshold), key=lambda p: (-p.score, p.second))


def compare(first: Record, second: Record) -> Pair:
    """The score of one pair and what it rests on."""
    if reasons := _same_number(first, second):
        return Pair(first.key, second.key, 1.0, reasons)
    likeness, reasons = _name_likeness(first, second)
    score = likeness if first.country == second.country else likeness - 0.1
    if first.domain and first.domain == second.domain:
        score, reasons = max(score, 0.55) + 0.3, ("domain", *reasons)
    for change, reason in _circumstances(first, second):
        score += change
        reasons = (*reasons, reason)
    return Pair(first.key, second.key, round(min(max(score, 0.0), 0.99), 3), reasons)


def _same_number(first: Record, second: Record) -> tuple[str, ...]:
    same = [
        field
        for field in ("vat", "pic")
        if getattr(first, field) and getattr(first, field) == getattr(second, field)
    ]
    if first.register_number and (first.country, first.register_number) == (
        second.country,
        second.register_number,
    ):
        same.append("register_number")
    return tuple(same)


def _name_likeness(first: Record, second: Record) -> tuple[float, tuple[str, ...]]:
    """Likeness of the names; a name that holds the whole other name and more counts 0.78."""
    if not first.name_key or not second.name_key:
        return 0.0, ()
    if first.name_key == second.name_key:
        return 0.9, ("name",)
    mine, theirs = first.name_key.split(), second.name_key.split()
    whole = 0.9 * fuzz.token_sort_ratio(first.name_key, second.name_key) / 100 - _strange_word(mine, theirs)
    together = fuzz.ratio("".join(mine), "".join(theirs)) / 100
    likeness = max(whole, 0.9 * together if together >= 0.95 else 0.0, _contained(mine, theirs))
    return likeness, ("similar_name",) if likeness >= 0.7 else ()


def _strange_word(mine: list[str], theirs: list[str]) -> float:
    """What is taken off where a word has no like in the other name: one word off makes another firm."""
    shorter, longer = sorted((mine, theirs), key=len)
    best = (max(fuzz.ratio(word, other) for other in longer) for word in shorter)
    return 0.12 if min(best) < 70 else 0.0


def _contained(mine: list[str], theirs: list[str]) -> float:
    shorter, longer = sorted((set(mine), set(theirs)), key=len)
    return 0.78 if len(shorter) > 1 and shorter <= longer else 0.0


def _circumstances(first: Record, second: Record) -> Iterator[tuple[float, str]]:
    if first.place and second.place:
        near = first.place == second.place or fuzz.partial_ratio(first.place, second.place) >= 90
        yield (0.06, "place") if near else (-0.13, "other_place")
    if any(_differ(first, second, field) for field in ("vat", "pic", "register_number")):
        yield -0.25, "other_legal_number"
    if _figures(first.name_key) != _figures(second.name_key):
        yield -0.2, "other_number"


def _differ(first: Record, second: Record, field: str) -> bool:
    one, other = getattr(first, field), getattr(second, field)
    return bool(one and other and one != other)


def _figures(name: str) -> list[str]:
    return [word for word in name.split() if any(letter.isdigit() for letter in word)]


def _candidates(records: Sequence[Record]) -> Iterator[tuple[Record, Record]]:
    for block in _exact_blocks(records):
        yield from combinations(block, 2)
    for block in _name_blocks(records):
        yield from _alike(block)


def _exact_blocks(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Records with one legal number, domain or name in common. Blocks past the limit share a default
    value."""
    blocks: dict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        for field in ("vat", "pic", "domain"):
            if value := getattr(record, field):
                blocks[field, value].append(record)
        if record.register_number:
            blocks["register_number", record.country, record.register_number].append(record)
        if record.name_key:
            blocks["name", record.country, record.name_key].append(record)
    yield from (block for block in blocks.values() if 1 < len(block) <= _LARGEST_BLOCK)


def _name_blocks(records: Sequence[Record]) -> Iterator[list[Record]]:
    rarity = Counter(word for record in records for word in set(record.name_key.split()))
    blocks: dict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        for block_key in _block_keys(record, rarity):
            blocks[block_key].append(record)
    for block in blocks.values():
        yield from _not_too_large(block)


def _block_keys(record: Record, rarity: Counter[str]) -> Iterator[Hashable]:
    words = sorted(set(record.name_key.split()), key=lambda word: (rarity[word], word))
    if not words:
        return
    yield record.country, "start", record.name_key.replace(" ", "")[:6]
    if record.place:
        yield record.country, "place", record.place
    for word in words[:_RARE_WORDS]:
        yield record.country, "word", word


def _not_too_large(block: list[Record]) -> Iterator[list[Record]]:
    if len(block) <= _LARGEST_BLOCK:
        if len(block) > 1:
            yield block
        return
    parts: dict[str, list[Record]] = defaultdict(list)
    for record in block:
        parts[record.name_key[:1]].append(record)
    yield from (part for part in parts.values() if 1 < len(part) <= _LARGEST_BLOCK)


def _alike(block: list[Record]) -> Iterator[tuple[Record, Record]]:
    """The pairs of a block whose names, words sorted, are alike, or contain one another."""
    names = [" ".join(sorted(record.name_key.split())) for record in block]
    scores = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=_NAME_CUTOFF, dtype=np.uint8)
    for row, column in np.argwhere(np.triu(scores, 1)):
        yield block[row], block[column]
    if len(block) <= 60:
        for one, other in combinations(block, 2):
            mine, theirs = set(one.name_key.split()), set(other.name_key.split())
            if mine != theirs and min(len(mine), len(theirs)) > 1 and (mine <= theirs or theirs <= mine):
                yield one, other
