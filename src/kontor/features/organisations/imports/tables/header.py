"""Finding the header: spreadsheets often begin with a title, a logo row or an empty line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.imports.tables.model import Cell, Limits, column_letter, refusal

# Rows looked through for the header.
DEPTH = 25


def find_header(rows: Sequence[Sequence[Cell]], known: Callable[[str], bool]) -> int | None:
    """Index of the header among the first rows, or None where no row could be one.

    The row with the most names known to the column guess wins; without any, the first row that is at least
    half as wide as the widest and holds only texts.
    """
    scores = [_score(row, known) for row in rows[:DEPTH]]
    best = max(range(len(scores)), key=lambda i: (scores[i], -i), default=None)
    if best is not None and scores[best] >= 1:
        return best
    widest = max((_filled(row) for row in rows[:DEPTH]), default=0)
    for index, row in enumerate(rows[:DEPTH]):
        if _filled(row) and _filled(row) * 2 >= widest and all(isinstance(cell, str) for cell in row):
            return index
    return None


def _score(row: Sequence[Cell], known: Callable[[str], bool]) -> int:
    return sum(1 for cell in row if isinstance(cell, str) and len(cell) < 120 and known(cell))


def _filled(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if cell != "")


def clean_header(row: Sequence[Cell], number: int, limits: Limits) -> list[str]:
    """Headers on one line, without empty ones at the end. Raises KontorError for twins and for too many."""
    names = [" ".join(str(cell).split()) for cell in row]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise refusal(
            "too_many_columns",
            _("The table has %(found)s columns; at most %(limit)s are read."),
            _("Delete the columns that are not about organisations and save again."),
            path=f"row {number}",
            found=len(names),
            limit=limits.columns,
        )
    _refuse_twins(names, number)
    return names


def _refuse_twins(names: list[str], number: int) -> None:
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if not name:
            continue
        first = seen.setdefault(name.casefold(), index)
        if first != index:
            raise refusal(
                "duplicate_header",
                _("Columns %(first)s and %(second)s both have the header “%(name)s”."),
                _("Give one of them another name, or delete it."),
                path=f"{column_letter(index)}{number}",
                first=column_letter(first),
                second=column_letter(index),
                name=name[:80],
            )
