"""What a field may hold. Each check raises `InvalidInput` with the path it was given."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from kontor.engine.core.errors import InvalidInput

MAX_LEVEL = 3


def assign(instance: object, name: str, value: object) -> None:
    object.__setattr__(instance, name, value)


def required(value: str, path: str) -> None:
    if not isinstance(value, str) or not value:
        raise InvalidInput(path, "It is empty.", "Give it a text that is unique in its list.")


def country_code(value: str, path: str) -> str:
    """ISO 3166-1 alpha 2. Eurostat's EL and UK become GR and GB."""
    code = value.strip().upper()
    if code and not (code.isascii() and code.isalpha() and len(code) == 2):
        raise InvalidInput(path, f"“{value}” is no country code.", "Use two letters, as DE, NL or GR.")
    return {"EL": "GR", "UK": "GB"}.get(code, code)


def number(value: float, low: float, high: float, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidInput(path, f"“{value}” is no number.", f"Use a number from {low:g} to {high:g}.")
    if not low <= value <= high:
        raise InvalidInput(path, f"{value} is out of range.", f"Use a number from {low:g} to {high:g}.")
    return float(value)


def whole(value: int, low: int, high: int, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(path, f"“{value}” is no whole number.", f"Use {low} to {high}.")
    if not low <= value <= high:
        raise InvalidInput(path, f"{value} is out of range.", f"Use a whole number from {low} to {high}.")
    return value


def amount(value: object, path: str) -> Decimal:
    """Not negative, to the cent, below a thousand milliard."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise InvalidInput(path, f"“{value}” is no amount.", "Write it as 12500.00.")
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        raise InvalidInput(path, f"“{value}” is no amount.", "Write it as 12500.00.") from None
    if not made.is_finite() or made < 0 or made >= 10**12:
        raise InvalidInput(path, f"{value} is out of range.", "Use an amount from 0 to below 10^12.")
    if made != round(made, 2):
        raise InvalidInput(path, f"{value} is finer than a cent.", "Round it to two places.")
    return made


def share(value: object, path: str) -> Decimal:
    """From 0 to 1, read digit by digit."""
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        raise InvalidInput(path, f"“{value}” is no share.", "Write 40 % as 0.4.") from None
    if isinstance(value, bool) or not made.is_finite() or not 0 <= made <= 1:
        raise InvalidInput(path, f"{value} is no share.", "Use a value from 0 to 1; 40 % is 0.4.")
    return made


def unique(keys: Iterable[str], path: str, field: str) -> None:
    seen: set[str] = set()
    for position, key in enumerate(keys):
        if key in seen:
            raise InvalidInput(f"{path}[{position}].{field}", f"“{key}” stands twice.", "Give each its own.")
        seen.add(key)


def texts(values: Iterable[str], path: str) -> tuple[str, ...]:
    if isinstance(values, str):
        raise InvalidInput(path, "It is a text, not a list.", f'Write ["{values}"].')
    made = tuple(values)
    for position, value in enumerate(made):
        required(value, f"{path}[{position}]")
    return made


def ordered(least: float | None, most: float | None, path: str) -> None:
    """At least one bound, and not crossed."""
    if least is None and most is None:
        raise InvalidInput(path, "It bounds nothing.", "Give least, most or both.")
    if least is not None and most is not None and least > most:
        raise InvalidInput(path, f"The least, {least}, is above the most, {most}.", "Swap or widen them.")


def finite(value: float, path: str) -> float:
    made = number(value, -1e6, 1e6, path)
    if not math.isfinite(made):
        raise InvalidInput(path, f"{value} is not finite.", "Use a plain number.")
    return made
