"""What a field may hold. Each check raises `InvalidInput` with the path it was given."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TypeVar

from kontor.engine.core.errors import InvalidInput

E = TypeVar("E", bound=StrEnum)


def assign(instance: object, name: str, value: object) -> None:
    object.__setattr__(instance, name, value)


def choice(kind: type[E], value: str, path: str) -> E:
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(item.value for item in kind)
        raise InvalidInput(
            path, f"“{value}” is not one of the allowed values.", f"Use one of: {allowed}."
        ) from None


def required(value: str, path: str) -> None:
    if not value:
        raise InvalidInput(path, "It is empty.", "Give it a value that is unique in the directory.")


def language_code(value: str, path: str) -> str:
    """The two-letter code in lower case: `de-AT` becomes `de`."""
    code = value.strip().lower().replace("_", "-").partition("-")[0]
    if code and not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        raise InvalidInput(path, f"“{value}” is no language code.", "Use two letters, as de, nl or fr.")
    return code


def country_code(value: str, path: str) -> str:
    """ISO 3166-1 alpha 2. Eurostat's EL and UK become GR and GB."""
    code = value.strip().upper()
    if code and not (code.isascii() and code.isalpha() and len(code) == 2):
        raise InvalidInput(path, f"“{value}” is no country code.", "Use two letters, as DE, NL or GR.")
    return {"EL": "GR", "UK": "GB"}.get(code, code)


def in_range(value: float | None, low: float, high: float, path: str) -> None:
    if value is not None and not low <= value <= high:
        raise InvalidInput(path, f"{value} is out of range.", f"Use a value from {low} to {high}.")


def not_negative(value: float | None, path: str) -> None:
    if value is not None and value < 0:
        raise InvalidInput(path, f"{value} is negative.", "Use 0 or more.")


def iso_date(value: str, path: str) -> None:
    try:
        if value:
            dt.date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(path, f"“{value}” is no date.", "Write it as 2026-05-31.") from None
