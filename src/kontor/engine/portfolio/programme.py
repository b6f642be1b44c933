"""A 0-1 programme in whole numbers, and the parts of it that have nothing to do with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`low` <= sum of coefficient times column <= `high`; None is no bound."""

    coefs: Mapping[int, int]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Programme:
    """Maximises `values` over columns from 0 to `upper` (1 for choices; more for money) under `rows`."""

    values: tuple[int, ...]
    upper: tuple[int, ...]
    rows: tuple[Row, ...]


def holds_money(row: Row) -> bool:
    """Whether the row is an envelope: amounts of which no more than so much is given."""
    if row.low is not None or row.high is None or row.high < 0 or len(row.coefs) < 2:
        return False
    return min(row.coefs.values()) > 0 and max(row.coefs.values()) > 1


def keeps(programme: Programme, x: Sequence[int]) -> bool:
    """Whether every row is kept, in whole numbers."""
    for row in programme.rows:
        total = sum(coef * x[column] for column, coef in row.coefs.items())
        if (row.low is not None and total < row.low) or (row.high is not None and total > row.high):
            return False
    return all(0 <= each <= top for each, top in zip(x, programme.upper, strict=True))


def components(programme: Programme) -> list[tuple[list[int], Programme]]:
    """Parts that share no row, each with the numbers of its columns: envelopes nobody draws on together."""
    head = list(range(len(programme.values)))

    def root(column: int) -> int:
        while head[column] != column:
            head[column] = head[head[column]]
            column = head[column]
        return column

    for row in programme.rows:
        first, *others = row.coefs or (0,)
        for other in others:
            head[root(other)] = root(first)
    groups: dict[int, list[int]] = {}
    for column in range(len(head)):
        groups.setdefault(root(column), []).append(column)
    rows: dict[int, list[Row]] = {}
    for row in programme.rows:
        rows.setdefault(root(next(iter(row.coefs), 0)) if head else 0, []).append(row)
    return [(columns, _part(programme, columns, rows.get(name, []))) for name, columns in groups.items()] or [
        ([], programme)
    ]


def _part(programme: Programme, columns: list[int], rows: list[Row]) -> Programme:
    place = {column: number for number, column in enumerate(columns)}
    return Programme(
        tuple(programme.values[column] for column in columns),
        tuple(programme.upper[column] for column in columns),
        tuple(Row({place[c]: v for c, v in row.coefs.items()}, row.low, row.high) for row in rows),
    )
