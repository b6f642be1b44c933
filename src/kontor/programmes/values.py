"""Values taken out of a parsed file one by one; every fault is kept with its place, its line and a remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kontor.programmes.lines import Path, Places, written
from kontor.programmes.messages import Message
from kontor.programmes.messages import message as _
from kontor.programmes.schema import Texts


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a programme file. `line` counts from 1; `path` reads like `product[2].trl`."""

    line: int
    path: str
    message: Message
    remedy: Message

    def __str__(self) -> str:
        where = f"line {self.line}, {self.path}" if self.path else f"line {self.line}"
        return f"{where}: {self.message} {self.remedy}"


class Table:
    """One table of the file. Reading never raises: a faulty value is reported and replaced by an empty one.

    `words` and `tables` take an absent key for an empty list.
    """

    def __init__(self, values: dict[str, Any], path: Path, lines: Places, problems: list[Problem]) -> None:
        self._values = values
        self._lines = lines
        self._problems = problems
        self._known: set[str] = set()
        self.path = path

    def report(self, key: str | None, message: Message, remedy: Message) -> None:
        path = self.path if key is None else (*self.path, key)
        place = written(self._lines.origin(path))
        self._problems.append(Problem(self._lines.of(path), place, message, remedy))

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self._take(key, str, _("a text in quotes"), default)
        if value is not None and not value.strip() and default is None:
            self.report(key, _("is empty."), _("Write it out."))
        return value or ""

    def number(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        value = self._take(key, int, _("a whole number"), default)
        if value is not None and not low <= value <= high:
            remedy = _("Give a whole number from {low} to {high}.", low=low, high=high)
            self.report(key, _("is {value}.", value=value), remedy)
        return value if value is not None else low

    def maybe_number(self, key: str, low: int, high: int) -> int | None:
        """A whole number, None where the key is absent."""
        if not self.has(key):
            self._known.add(key)
            return None
        return self.number(key, low, high)

    def choice(self, key: str, options: tuple[str, ...], *, default: str | None = None) -> str:
        value = self.text(key, default=default)
        if value and value not in options:
            remedy = _("Take one of {known}.", known=", ".join(options))
            self.report(key, _("is {value}.", value=repr(value)), remedy)
        return value

    def percent(self, key: str) -> Decimal | None:
        """0 to 100 with at most two decimals, None where the key is absent."""
        value = self._take(
            key, (int, Decimal), _("a percentage like {example}", example="50, 7.29"), None, optional=True
        )
        if value is None:
            return None
        share = Decimal(value)
        if not 0 <= share <= 100 or share != share.quantize(Decimal("0.01")):
            remedy = _("Give a percentage from 0 to 100 with at most two decimals.")
            self.report(key, _("is {value}.", value=value), remedy)
        return share

    def figure(self, key: str) -> Decimal | None:
        """A number of any size, None where the key is absent."""
        value = self._take(key, (int, Decimal), _("a number"), None, optional=True)
        return None if value is None else Decimal(value)

    def needs(self, key: str, wanted: Message) -> None:
        """Report an absent key that the reader of this place cannot do without."""
        if not self.has(key):
            self._miss(key, wanted)

    def flag(self, key: str, *, default: bool) -> bool:
        return bool(self._take(key, bool, _("true or false"), default))

    def day(self, key: str) -> date | None:
        value: date | None = self._take(key, date, _("a date like 2017-03-01"), None, optional=True)
        return value

    def money(self, key: str) -> Decimal | None:
        """Exact amount; the file's digits are read as they stand, never as binary fractions."""
        value = self._take(
            key, (int, Decimal), _("an amount like {example}", example="1_500_000.00"), None, optional=True
        )
        if value is None:
            return None
        amount = Decimal(value)
        if amount < 0 or amount != amount.quantize(Decimal("0.01")):
            remedy = _("Give an amount of at least 0 with at most two decimals.")
            self.report(key, _("is {value}.", value=value), remedy)
        return amount

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, () where the key is absent."""
        value = self._take(key, list, _("a list like {example}", example='["a", "b"]'), [])
        wrong = [item for item in value or () if not isinstance(item, str)]
        if wrong:
            message = _("holds {value}, which is no text.", value=repr(wrong[0]))
            self.report(key, message, _("Put every entry in quotes."))
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
        value = self._take(key, dict, _("a table: [{name}]", name=written((*self.path, key))), None)
        return Table(value or {}, (*self.path, key), self._lines, self._problems if value is not None else [])

    def maybe_table(self, key: str) -> Table | None:
        """The table, None where it is absent."""
        if self.has(key):
            return self.table(key)
        self._known.add(key)
        return None

    def tables(self, key: str) -> Iterable[Table]:
        """The tables written `[[key]]`, none where it is absent."""
        name = written((*self.path, key))
        value = self._take(key, list, _("tables, each headed [[{name}]]", name=name), [])
        for at, item in enumerate(value or ()):
            if isinstance(item, dict):
                yield Table(item, (*self.path, key, at), self._lines, self._problems)
            else:
                self.report(key, _("is a plain list."), _("Head each entry with [[{name}]].", name=name))

    def knows(self, key: str) -> None:
        """Take `key` for one of this place, though nothing reads it here."""
        self._known.add(key)

    def key(self, *, default: str | None = None) -> str:
        """The entry's own key."""
        key = self.text("key", default=default)
        if key and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
            remedy = _("Use small letters, digits and single hyphens.")
            self.report("key", _("is {value}.", value=repr(key)), remedy)
        return key

    def need_day(self, key: str) -> date:
        """A date that must be there."""
        self.needs(key, _("a date like 2017-03-01"))
        return self.day(key) or date.min

    def keys(self) -> tuple[str, ...]:
        return tuple(self._values)

    def refuse_others(self) -> None:
        """Report keys nobody asked for: most are typing errors."""
        for key in self._values:
            if key not in self._known:
                close = difflib.get_close_matches(key, self._known, n=1)
                remedy = (
                    _("Did you mean {names}?", names=repr(close[0]))
                    if close
                    else _("Known here: {known}.", known=", ".join(sorted(self._known)))
                )
                self.report(key, _("is not a key of this place."), remedy)

    def _miss(self, key: str, wanted: Message) -> None:
        message = _("'{key}' is missing.", key=key)
        self.report(None, message, _("Add {key} with {wanted}.", key=key, wanted=wanted))

    def _take(self, key: str, kind: Any, wanted: Message, default: Any, *, optional: bool = False) -> Any:
        self._known.add(key)
        if key not in self._values:
            if default is None and not optional:
                self._miss(key, wanted)
            return default
        value = self._values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            message = _("is {value}.", value=repr(value))
            self.report(key, message, _("Give {wanted}.", wanted=wanted))
            return default
        return value
