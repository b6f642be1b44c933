"""Values taken out of a parsed file one by one; every fault is kept with its place, its line and a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kontor.programmes.lines import Lines, Path, written
from kontor.programmes.schema import Texts


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a programme file. `line` counts from 1; `path` reads like `product[2].trl`."""

    line: int
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.path}" if self.path else f"line {self.line}"
        return f"{where}: {self.message} {self.remedy}"


class Table:
    """One table of the file. Reading never raises: a faulty value is reported and replaced by an empty one.

    `words` and `tables` take an absent key for an empty list.
    """

    def __init__(self, values: dict[str, Any], path: Path, lines: Lines, problems: list[Problem]) -> None:
        self._values = values
        self._lines = lines
        self._problems = problems
        self._known: set[str] = set()
        self.path = path

    def report(self, key: str | None, message: str, remedy: str) -> None:
        path = self.path if key is None else (*self.path, key)
        self._problems.append(Problem(self._lines.of(path), written(path), message, remedy))

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self._take(key, str, "a text in quotes", default)
        if value is not None and not value.strip() and default is None:
            self.report(key, "is empty.", "Write it out.")
        return value or ""

    def number(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        value = self._take(key, int, "a whole number", default)
        if value is not None and not low <= value <= high:
            self.report(key, f"is {value}.", f"Give a whole number from {low} to {high}.")
        return value if value is not None else low

    def flag(self, key: str, *, default: bool) -> bool:
        return bool(self._take(key, bool, "true or false", default))

    def day(self, key: str) -> date | None:
        value: date | None = self._take(key, date, "a date like 2017-03-01", None, optional=True)
        return value

    def money(self, key: str) -> Decimal | None:
        """Exact amount; the file's digits are read as they stand, never as binary fractions."""
        value = self._take(key, (int, Decimal), "an amount like 1_500_000.00", None, optional=True)
        if value is None:
            return None
        amount = Decimal(value)
        if amount < 0 or amount != amount.quantize(Decimal("0.01")):
            self.report(key, f"is {value}.", "Give an amount of at least 0 with at most two decimals.")
        return amount

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, () where the key is absent."""
        value = self._take(key, list, 'a list like ["a", "b"]', [])
        wrong = [item for item in value or () if not isinstance(item, str)]
        if wrong:
            self.report(key, f"holds {wrong[0]!r}, which is no text.", "Put every entry in quotes.")
        return tuple(item for item in value or () if isinstance(item, str))

    def texts(self, key: str, languages: tuple[str, ...], *, optional: bool = False) -> Texts:
        """One text per language of the programme; a missing language is a fault."""
        if optional and not self.has(key):
            self._known.add(key)
            return Texts()
        table = self.table(key)
        found = Texts({language: table.text(language) for language in languages})
        table.refuse_others()
        return found

    def table(self, key: str) -> Table:
        value = self._take(key, dict, f"a table: [{written((*self.path, key))}]", None)
        return Table(value or {}, (*self.path, key), self._lines, self._problems if value is not None else [])

    def tables(self, key: str) -> Iterable[Table]:
        """The tables written `[[key]]`, none where it is absent."""
        name = written((*self.path, key))
        value = self._take(key, list, f"tables, each headed [[{name}]]", [])
        for at, item in enumerate(value or ()):
            if isinstance(item, dict):
                yield Table(item, (*self.path, key, at), self._lines, self._problems)
            else:
                self.report(key, "is a plain list.", f"Head each entry with [[{name}]].")

    def keys(self) -> tuple[str, ...]:
        return tuple(self._values)

    def refuse_others(self) -> None:
        """Report keys nobody asked for: most are typing errors."""
        for key in self._values:
            if key not in self._known:
                close = difflib.get_close_matches(key, self._known, n=1)
                remedy = (
                    f"Did you mean {close[0]!r}?"
                    if close
                    else f"Known here: {', '.join(sorted(self._known))}."
                )
                self.report(key, "is not a key of this place.", remedy)

    def _take(self, key: str, kind: Any, wanted: str, default: Any, *, optional: bool = False) -> Any:
        self._known.add(key)
        if key not in self._values:
            if default is None and not optional:
                self.report(None, f"{key!r} is missing.", f"Add {key} with {wanted}.")
            return default
        value = self._values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.report(key, f"is {value!r}.", f"Give {wanted}.")
            return default
        return value
