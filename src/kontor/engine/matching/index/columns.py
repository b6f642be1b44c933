"""The columns of an index: facts per row and per passage, read from the entries.

A row is what can stand in an answer: an organisation by its name, or one anonymous teaser. Rows hold
passages, which stand one after the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kontor.engine.matching.encoder import DIMENSIONS, sign_codes
from kontor.engine.matching.entry import Entry, Passage, texts_of
from kontor.engine.matching.model import (
    Audience,
    Code,
    OrganisationKind,
    Profile,
    Size,
    Statement,
    StatementKind,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = tuple(OrganisationKind)
SIZES = tuple(Size)
STATEMENT_KINDS = tuple(StatementKind)
AUDIENCES = tuple(Audience)
COMPETENCE = STATEMENT_KINDS.index(StatementKind.COMPETENCE)
UNDATED = 0


class Row(NamedTuple):
    """`entry` is the number of the organisation in its segment, `teaser` the key of an anonymous statement
    or empty.
    """

    entry: int
    teaser: str
    passages: tuple[int, ...]


class CodeUse(NamedTuple):
    """Where one code stands: the row, the audience of what bears it, and the kind of statement."""

    rows: NDArray[np.int32]
    audiences: NDArray[np.uint8]
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Columns:
    """Facts per row.

    `nuts` is n x 5 letters, `trl` n x 3 audiences with bit t set for TRL t.
    """

    country: NDArray[np.str_]
    size: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    audience: NDArray[np.uint8]
    nuts: NDArray[np.bytes_]
    trl: NDArray[np.uint16]
    introductions: NDArray[np.int32]
    answer_rate: NDArray[np.float64]
    anonymous: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Passages:
    """Facts per passage.

    `number` counts within the entry, `text` is equal for equal texts, `day` is the ordinal date, `place`
    where it stands in a table of kind and audience.

    `signs` is 8 x m: the scan runs along each word of the code.
    """

    row: NDArray[np.int32]
    number: NDArray[np.int32]
    kind: NDArray[np.uint8]
    audience: NDArray[np.uint8]
    place: NDArray[np.uint8]
    day: NDArray[np.int32]
    text: NDArray[np.int64]
    vectors: NDArray[np.int8]
    encoded: NDArray[np.bool_]
    signs: NDArray[np.uint64]


def rows_of(number: int, entry: Entry) -> list[Row]:
    """One row by name, one per teaser. An organisation without any text is found by its codes."""
    hidden = [n for n, passage in enumerate(entry.passages) if passage.audience == Audience.TEASER]
    named = tuple(n for n, passage in enumerate(entry.passages) if passage.audience != Audience.TEASER)
    teasers = dict.fromkeys(entry.passages[n].statement for n in hidden)
    return [
        Row(number, "", named),
        *(
            Row(number, key, tuple(n for n in hidden if entry.passages[n].statement == key))
            for key in teasers
        ),
    ]


def columns_of(rows: Sequence[Row], entries: Sequence[Entry]) -> Columns:
    profiles = [entries[row.entry].profile for row in rows]
    nuts = [
        b"" if row.teaser else p.nuts3.upper().encode()[:5] for row, p in zip(rows, profiles, strict=True)
    ]
    return Columns(
        country=np.array([p.country for p in profiles], dtype="U2"),
        size=np.array([SIZES.index(Size(p.size)) for p in profiles], dtype=np.uint8),
        kind=np.array([KINDS.index(OrganisationKind(p.kind)) for p in profiles], dtype=np.uint8),
        audience=np.array([_audience(row, p) for row, p in zip(rows, profiles, strict=True)], dtype=np.uint8),
        nuts=np.array(nuts, dtype="S5").view("S1").reshape(len(rows), 5),
        trl=np.array([_trl(row, p) for row, p in zip(rows, profiles, strict=True)], dtype=np.uint16).reshape(
            -1, 3
        ),
        introductions=np.array([p.introductions for p in profiles], dtype=np.int32),
        answer_rate=np.array(
            [np.nan if p.answer_rate is None else p.answer_rate for p in profiles], dtype=float
        ),
        anonymous=np.array([bool(row.teaser) for row in rows], dtype=np.bool_),
    )


def _audience(row: Row, profile: Profile) -> int:
    return AUDIENCES.index(Audience.TEASER if row.teaser else Audience(profile.audience))


def _of_row(row: Row, profile: Profile) -> Iterable[Statement]:
    if row.teaser:
        return [s for s in profile.statements if s.key == row.teaser]
    return [s for s in profile.statements if s.audience != Audience.TEASER]


def _trl(row: Row, profile: Profile) -> list[int]:
    """Bits of the TRLs named in statements, for each audience apart."""
    bits = [0, 0, 0]
    for statement in _of_row(row, profile):
        if statement.trl is not None:
            bits[AUDIENCES.index(Audience(statement.audience))] |= 1 << statement.trl
    return bits


def passage_columns_of(
    rows: Sequence[Row], entries: Sequence[Entry], chosen: Sequence[tuple[Entry, int]]
) -> Passages:
    described = [entry.passages[number] for entry, number in chosen]
    texts = {id(entry): texts_of(entry.profile) for entry in entries}
    days = {id(entry): _days(entry.profile) for entry in entries}
    matrices = [entries[row.entry].matrix[list(row.passages)] for row in rows if row.passages]
    vectors = np.concatenate(matrices) if matrices else np.zeros((0, DIMENSIONS), dtype=np.int8)
    kind = np.array([STATEMENT_KINDS.index(StatementKind(p.kind)) for p in described], dtype=np.uint8)
    audience = np.array([AUDIENCES.index(Audience(p.audience)) for p in described], dtype=np.uint8)
    return Passages(
        row=np.repeat(np.arange(len(rows), dtype=np.int32), [len(row.passages) for row in rows]),
        number=np.array([number for _, number in chosen], dtype=np.int32),
        kind=kind,
        audience=audience,
        place=kind * np.uint8(len(AUDIENCES)) + audience,
        day=np.array([days[id(e)].get(e.passages[n].statement, UNDATED) for e, n in chosen], dtype=np.int32),
        text=np.array([_text_number(texts[id(e)], e.passages[n]) for e, n in chosen], dtype=np.int64),
        vectors=vectors,
        encoded=np.asarray(vectors.any(axis=1)),
        signs=np.ascontiguousarray(sign_codes(vectors).T),
    )


def _days(profile: Profile) -> dict[str, int]:
    """The ordinal day on which each dated statement was confirmed."""
    return {
        statement.key: dt.date.fromisoformat(statement.confirmed_on).toordinal()
        for statement in profile.statements
        if statement.confirmed_on
    }


def _text_number(texts: dict[tuple[str, bool], str], passage: Passage) -> int:
    text = texts[(passage.statement, passage.audience == Audience.TEASER)][passage.start : passage.end]
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest())


def code_uses_of(rows: Sequence[Row], entries: Sequence[Entry]) -> dict[Code, CodeUse]:
    """Every code with the rows that bear it. An anonymous row bears only the codes of its own statement."""
    found: dict[Code, list[tuple[int, int, int]]] = {}
    for number, row in enumerate(rows):
        profile = entries[row.entry].profile
        if not row.teaser:
            audience = AUDIENCES.index(Audience(profile.audience))
            for code in profile.codes:
                found.setdefault(code, []).append((number, audience, COMPETENCE))
        for statement in _of_row(row, profile):
            place = (
                number,
                AUDIENCES.index(Audience(statement.audience)),
                STATEMENT_KINDS.index(statement_kind(statement)),
            )
            for code in statement.codes:
                found.setdefault(code, []).append(place)
    return {code: _code_use(places) for code, places in found.items()}


def statement_kind(statement: Statement) -> StatementKind:
    return StatementKind(statement.kind)


def _code_use(places: list[tuple[int, int, int]]) -> CodeUse:
    table = np.array(places, dtype=np.int32)
    return CodeUse(table[:, 0], table[:, 1].astype(np.uint8), table[:, 2].astype(np.uint8))


def languages_of(rows: Sequence[Row], entries: Sequence[Entry]) -> dict[str, NDArray[np.int32]]:
    """The rows of organisations that work in each language."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for language in entries[row.entry].profile.languages:
            found.setdefault(language, []).append(number)
    return {language: np.array(numbers, dtype=np.int32) for language, numbers in found.items()}
