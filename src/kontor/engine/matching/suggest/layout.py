"""From an index to the table that everybody is compared in."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.matching.ask import DECISIVE_TERMS, ceiling, weighted
from kontor.engine.matching.codes import TREES, digits, nearness
from kontor.engine.matching.encoder import DIMENSIONS
from kontor.engine.matching.entry import SUMMARY, Entry, texts_of
from kontor.engine.matching.index import Index
from kontor.engine.matching.index.postings import K1, USUAL_LENGTH, B
from kontor.engine.matching.model import Audience, Code, StatementKind
from kontor.engine.matching.reader import mean_direction
from kontor.engine.matching.suggest.table import Lists, Table
from kontor.engine.matching.terms import ONE, Terms, merged

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_NEEDS = 6
MOST_ABLE = 6
"""Statements of one organisation that are compared, the latest first."""

MOST_CODES = 6
COMMON = 1000
"""A term or code that more statements hold finds nobody in particular: it counts, but nobody is looked up by
it."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One statement as the table needs it."""

    owner: int
    name: str
    need: bool
    competence: bool
    shown: bool
    day: int
    text: int
    vector: NDArray[np.int8]
    terms: Terms
    asked: tuple[tuple[str, float], ...]
    codes: tuple[Code, ...]

    @property
    def keys(self) -> list[tuple[str, float]]:
        """Its weightiest terms and its codes, as what it is looked up by."""
        rare = sorted(self.asked, key=lambda pair: (-pair[1], pair[0]))[:DECISIVE_TERMS]
        return [*rare, *((f"\0{code}", 4.0) for code in self.codes)]


def table_of(
    index: Index,
    excluded: Collection[tuple[str, str]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Table:
    """Lays the index out. `excluded` are pairs of keys that must not meet; who works together knows each
    other already.
    """
    order = sorted(index.keys(), key=lambda key: (_country(index, key), key))
    numbers = {key: number for number, key in enumerate(order)}
    rarity = _Rarity(index)
    said: list[_Said] = []
    facts: list[tuple[str, int, float]] = []
    known: list[set[int]] = [set() for _ in order]
    for number, key in enumerate(order):
        entry = index.entry(key)
        profile = entry.profile
        rate = math.nan if profile.answer_rate is None else profile.answer_rate
        facts.append((profile.country, profile.introductions, rate))
        said += _statements_of(entry, number, rarity)
        for partner in profile.partners:
            _acquaint(known, number, numbers.get(partner))
        if progress and number % 500 == 0:
            progress(number, len(order))
    for first, second in excluded:
        if first in numbers:
            _acquaint(known, numbers[first], numbers.get(second))
    said.sort(key=lambda each: (not each.need, not each.shown, each.owner))
    return _filled(order, facts, known, said)


class _Rarity:
    """Looks like the index to `weighted`, and remembers the rarity of each term."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._found: dict[str, float] = {}

    def rarity(self, term: str) -> float:
        value = self._found.get(term)
        if value is None:
            value = self._found[term] = self._index.rarity(term)
        return value


def _country(index: Index, key: str) -> str:
    place = index.place(key)
    segment = index.segments[place.segment]
    return str(segment.columns.country[segment.entry_starts[place.entry]])


def _acquaint(known: list[set[int]], first: int, second: int | None) -> None:
    if second is not None:
        known[first].add(second)
        known[second].add(first)


def _statements_of(entry: Entry, owner: int, rarity: _Rarity) -> list[_Said]:
    """Its statements, the latest MOST_NEEDS and MOST_ABLE of them; the codes of an organisation without any
    word stand alone.
    """
    profile = entry.profile
    statements = {statement.key: statement for statement in profile.statements}
    texts = texts_of(profile)
    grouped: dict[str, list[int]] = {}
    for number, passage in enumerate(entry.passages):
        grouped.setdefault(passage.statement, []).append(number)
    matrix = entry.matrix
    found = []
    for name, numbers in grouped.items():
        first = entry.passages[numbers[0]]
        statement = statements.get(name) if name != SUMMARY else None
        need = first.kind == StatementKind.NEED
        own = statement.codes if statement else ()
        codes = own if need else tuple(dict.fromkeys((*own, *profile.codes)))
        hidden = first.audience == Audience.TEASER
        terms = merged(entry.passages[number].terms for number in numbers)
        day = statement.confirmed_on if statement else ""
        text = texts[(name, hidden)]
        found.append(
            _Said(
                owner=owner,
                name=name,
                need=need,
                competence=first.kind == StatementKind.COMPETENCE,
                shown=not hidden,
                day=dt.date.fromisoformat(day).toordinal() if day else 0,
                text=int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest()),
                vector=mean_direction(matrix[numbers]),
                terms=terms,
                asked=weighted(terms, rarity),
                codes=codes[:MOST_CODES],
            )
        )
    if profile.codes and not any(not each.need and each.shown for each in found):
        found.append(_codes_alone(owner, profile.codes))
    found.sort(key=lambda each: (-each.day, each.name == SUMMARY, each.name))
    needs = [each for each in found if each.need]
    return [*needs[:MOST_NEEDS], *[each for each in found if not each.need][:MOST_ABLE]]


def _codes_alone(owner: int, codes: tuple[Code, ...]) -> _Said:
    nothing = np.zeros(DIMENSIONS, dtype=np.int8)
    return _Said(owner, SUMMARY, False, True, True, 0, -1 - owner, nothing, {}, (), codes[:MOST_CODES])


def _filled(
    order: Sequence[str],
    facts: Sequence[tuple[str, int, float]],
    known: Sequence[set[int]],
    said: Sequence[_Said],
) -> Table:
    acquaintances = Lists.of((sorted(each) for each in known), np.int32)
    needs = [each for each in said if each.need]
    shown = sum(each.shown for each in needs)
    able_shown = len(needs) + sum(each.shown for each in said[len(needs) :])
    vectors = np.stack([each.vector for each in said]) if said else np.zeros((0, DIMENSIONS), np.int8)
    lengths = np.sqrt(np.array([float(np.dot(v.astype(np.float32), v.astype(np.float32))) for v in vectors]))
    numbers: dict[str, int] = {}
    for each in said:
        for term in each.terms:
            numbers.setdefault(term, len(numbers))
    codes = sorted({code for each in said for code in each.codes})
    near, values = _near(codes)
    return Table(
        keys=np.array(order, dtype=str) if order else np.zeros(0, "U1"),
        country=np.array([country for country, _, _ in facts], dtype="U2"),
        introductions=np.array([count for _, count, _ in facts], dtype=np.int32),
        answer_rate=np.array([rate for _, _, rate in facts], dtype=np.float64),
        known_offsets=acquaintances.offsets,
        known=acquaintances.values,
        stretches=np.array([shown, len(needs), able_shown], dtype=np.int64),
        owner=np.array([each.owner for each in said], dtype=np.int32),
        competence=np.array([each.competence for each in said], dtype=np.bool_),
        day=np.array([each.day for each in said], dtype=np.int32),
        text=np.array([each.text for each in said], dtype=np.int64),
        names=np.array([each.name for each in said], dtype=str) if said else np.zeros(0, "U1"),
        vectors=vectors,
        lengths=lengths,
        directions=np.divide(
            vectors,
            lengths[:, None],
            out=np.zeros(vectors.shape, np.float32),
            where=lengths[:, None] > 0,
            casting="unsafe",
        ),
        ceiling=np.array([ceiling(each.asked) for each in said]),
        vocabulary=np.array([len(numbers)]),
        **_terms(said, numbers),
        **_lookup(said, numbers),
        codes=_code_numbers(said, codes),
        near=near,
        nearness=values,
    )


def _terms(said: Sequence[_Said], numbers: dict[str, int]) -> dict[str, Any]:
    lists = Lists.of(([numbers[term] for term in each.terms] for each in said), np.int32)
    weights = Lists.of(([w.get(t, 0.0) for t in e.terms] for e in said for w in (dict(e.asked),)), np.float32)
    held = Lists.of((each.terms.values() for each in said), np.float32).values / np.float32(ONE)
    length = np.array([sum(each.terms.values()) / ONE for each in said])
    dampening = np.repeat(K1 * (1 - B + B * length / USUAL_LENGTH), np.diff(lists.offsets))
    return {
        "term_offsets": lists.offsets,
        "terms": lists.values,
        "term_weights": weights.values,
        "term_impacts": (held * (K1 + 1) / (held + dampening)).astype(np.float32),
    }


def _lookup(said: Sequence[_Said], numbers: dict[str, int]) -> dict[str, Any]:
    """Which statements hold each rare term and code, and by which each statement looks others up."""
    holding: dict[str, list[int]] = {}
    for row, each in enumerate(said):
        if each.shown:
            for name in (*each.terms, *(f"\0{code}" for code in each.codes)):
                holding.setdefault(name, []).append(row)
    rare = {
        name: number for number, name in enumerate(n for n, rows in holding.items() if len(rows) <= COMMON)
    }
    holders = Lists.of((holding[name] for name in rare), np.int32)
    sought = [[(rare[name], weight) for name, weight in each.keys if name in rare] for each in said]
    numbered = Lists.of(([number for number, _ in keys] for keys in sought), np.int32)
    return {
        "key_offsets": numbered.offsets,
        "key_numbers": numbered.values,
        "key_weights": Lists.of(([weight for _, weight in keys] for keys in sought), np.float32).values,
        "holder_offsets": holders.offsets,
        "holders": holders.values,
    }


def _code_numbers(said: Sequence[_Said], codes: Sequence[Code]) -> NDArray[np.int32]:
    numbers = {code: number for number, code in enumerate(codes)}
    table = np.full((len(said), MOST_CODES), -1, dtype=np.int32)
    for row, each in enumerate(said):
        table[row, : len(each.codes)] = [numbers[code] for code in each.codes]
    return table


def _near(codes: Sequence[Code]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """How near each code lies to each, as numbers into a short list of values."""
    table = np.zeros((len(codes), len(codes)), dtype=np.uint8)
    values = {0.0: 0}
    families: dict[tuple[str, str], list[int]] = {}
    for number, code in enumerate(codes):
        least = TREES.get(code.scheme)
        families.setdefault((code.scheme, digits(code)[:least] if least else code.code), []).append(number)
    for members in families.values():
        for first in members:
            for second in members:
                value = nearness(codes[first], codes[second])
                table[first, second] = values.setdefault(value, len(values))
    return table, np.array(list(values))
