"""Answers as they are stored, brought into one form for each kind; see docs/formats/form.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kontor.programmes.schema import Field

#: What an answer may be: a text, a list or a table of texts; numbers are texts, so that they stay exact.
Value = Any
Answers = Mapping[str, Value]

_EMPTY: Final[tuple[Value, ...]] = (None, "", [], {})
#: Rows of a table and characters of one text: more is no answer, but an attack or an accident.
MOST_ROWS: Final = 1000
LONGEST: Final = 1_000_000


def is_empty(field: Field, value: Value) -> bool:
    """Whether nothing was answered; a text of blanks is nothing."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_empty(field, one) for one in value.values())
    if field.kind == "table" and isinstance(value, list):
        return all(row_is_empty(row) for row in value)
    return value in _EMPTY


def row_is_empty(row: Mapping[str, Value]) -> bool:
    return not any(str(cell).strip() for key, cell in row.items() if key != "id")


def tidy(field: Field, value: Value) -> Value:
    """The value in the shape of the field's kind, unknown parts left out.

    Anything that a person typed is kept, however wrong it is: `check` says so, `tidy` loses nothing.
    TypeError where the shape is of another kind altogether.
    """
    match field.kind:
        case "choices":
            return list(dict.fromkeys(_text(one) for one in _list(value)))
        case "table":
            return [_row(field, row, at) for at, row in enumerate(_list(value)[:MOST_ROWS])]
        case "file":
            return [_file(one) for one in _list(value)]
        case "budget":
            return {str(key): _amounts(field, row) for key, row in _mapping(value).items()}
        case "text" | "paragraph" if field.languages:
            told = _mapping(value)
            return {one: _text(told.get(one, "")) for one in field.languages if told.get(one)}
        case "number" | "money":
            return canonical(_text(value))
    return _text(value)


def canonical(text: str) -> str:
    """A number as a plain text with a point (`1.234,50` and `1,234.50` are `1234.50`); what is no number
    stays as it was typed.
    """
    bare = re.sub(r"[\s\u00a0\u202f'’€]", "", text)
    if not re.fullmatch(r"-?[\d.,]+", bare):
        return text.strip()
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        whole, decimals = bare[:last], bare[last + 1 :]
        tail = decimals if _is_group(whole, bare[last], decimals) else f".{decimals}" if decimals else ""
        bare = re.sub(r"[.,]", "", whole) + tail
    return bare


def _is_group(whole: str, mark: str, last: str) -> bool:
    """Whether the last mark divides thousands: three digits behind it, and groups of them before."""
    return len(last) == 3 and bool(re.fullmatch(rf"-?[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})*", whole))


def decimal_of(value: Value) -> Decimal | None:
    """The number of a stored text, None where it is none."""
    try:
        found = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() else None


def money_of(value: Value) -> Decimal | None:
    """An amount of at least 0 with at most two decimals below ten milliard, None for anything else."""
    found = decimal_of(value)
    if found is None or not 0 <= found < Decimal(10) ** 10 or found != found.quantize(Decimal("0.01")):
        return None
    return found.quantize(Decimal("0.01"))


def date_of(value: Value) -> date | None:
    """The day of `2027-03-01`, None for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def costs_of(field: Field, row: Mapping[str, Value]) -> Decimal | None:
    """What one partner costs: the sum of its amounts, None where it gave none."""
    amounts = [money_of(row[column.key]) for column in field.columns if row.get(column.key)]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal("0.00")) if known else None


def _text(value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise TypeError(f"{value!r} is no text")
    return str(value).replace("\r\n", "\n")[:LONGEST]


def _list(value: Value) -> Sequence[Any]:
    if value in ("", None):
        return []
    if not isinstance(value, list | tuple):
        raise TypeError(f"{value!r} is no list")
    return value


def _mapping(value: Value) -> Mapping[str, Any]:
    if value in ("", None):
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is no object")
    return value


def _row(field: Field, row: Value, at: int) -> dict[str, str]:
    told = _mapping(row)
    cells = {column.key: _cell(column.kind, told.get(column.key, "")) for column in field.columns}
    return {
        "id": _text(told.get("id") or f"r{at + 1}")[:40],
        **{key: cell for key, cell in cells.items() if cell},
    }


def _cell(kind: str, value: Value) -> str:
    text = _text(value if value is not None else "")
    return canonical(text) if kind in ("number", "money") else text


def _file(value: Value) -> dict[str, Any]:
    told = _mapping(value)
    size = told.get("size", 0)
    if not isinstance(size, int):
        raise TypeError(f"{size!r} is no size")
    return {"key": _text(told.get("key", "")), "name": _text(told.get("name", "")), "size": size}


def _amounts(field: Field, row: Value) -> dict[str, str]:
    told = _mapping(row)
    named = [column.key for column in field.columns] + ["grant"]
    found = {name: canonical(_text(told.get(name) or "")) for name in named}
    return {name: amount for name, amount in found.items() if amount}
