"""A row of cells turned into an Entry with its problems, by the mapping of columns. Pure, and quick:
100,000 rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kontor.features.organisations.imports import values
from kontor.features.organisations.imports.catalogue import STATEMENT_KINDS, Target, target
from kontor.features.organisations.imports.check import check_entry
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.problems import Problem
from kontor.features.organisations.imports.tables import Cell, Row, address
from kontor.features.organisations.imports.values import Bad, Customs

Reader = Callable[[Cell], Any]
_NULLABLE = frozenset({"vat", "pic", "register_number"})
# What an emptied field becomes when empty cells clear.
_EMPTY: dict[str, Any] = {"languages": [], "tags": [], "latitude": None, "longitude": None}
_NEVER_EMPTY = frozenset({"name", "country", "kind", "size", "language", "listing", "source", "external_id"})


class _Draft:
    """An Entry being filled; contacts and statements by their number until the row is complete."""

    __slots__ = ("entry", "groups", "year")

    def __init__(self, number: int) -> None:
        self.entry = Entry(number)
        self.groups: dict[tuple[str, int], dict[str, Any]] = {}
        self.year = ""


class Parser:
    """`mapping`: {column index: technical name}. `clear_empty`: an empty cell empties the field it stands
    for.
    """

    def __init__(
        self,
        columns: Sequence[str],
        mapping: Mapping[int, str],
        customs: Customs,
        *,
        clear_empty: bool = False,
    ) -> None:
        self.columns = columns
        self.customs = customs
        self.clear_empty = clear_empty
        self.targets = [(index, found) for index, name in sorted(mapping.items()) if (found := target(name))]
        self._readers = [(index, found, self._reader(found)) for index, found in self.targets]
        self.by_name = {found.name: index for index, found in self.targets}

    def parse(self, row: Row) -> Entry:
        """The row's values; what cannot be used is a problem and left out."""
        draft = _Draft(row.number)
        entry = draft.entry
        for fault in row.faults:
            if fault.code == "too_many_cells" or fault.column in {index for index, _found in self.targets}:
                self._problem(entry, fault.column, fault.code, fault.value, fault.params)
        for index, found, read in self._readers:
            cell = row.cells[index]
            if cell == "" or (isinstance(cell, str) and not cell.strip()):
                if self.clear_empty:
                    _clear(entry, found)
                continue
            try:
                _put(draft, found, read(cell))
            except Bad as bad:
                self._problem(entry, index, bad.code, bad.value or values_shown(cell), bad.params)
            except _Remark as remark:
                _put(draft, found, remark.value)
                self._problem(entry, index, remark.code, values_shown(cell), remark.params, fatal=False)
        _finish(draft)
        check_entry(entry, self._place)
        return entry

    def _place(self, name: str, number: int) -> tuple[str, str]:
        """Cell address and header of the column that holds `name` ("" where no column does)."""
        index = self.by_name.get(name)
        if index is None:
            return f"{number}", ""
        return address(index, number), self.columns[index]

    def _problem(
        self, entry: Entry, index: int, code: str, value: str, params: dict[str, str], *, fatal: bool = True
    ) -> None:
        header = self.columns[index] if index < len(self.columns) else ""
        entry.problems.append(Problem(code, address(index, entry.number), header, value[:300], params, fatal))

    def _reader(self, found: Target) -> Reader:
        customs, limit, name = self.customs, found.limit, found.part or found.field
        readers: dict[str, Reader] = {
            "key": lambda cell: values.plain(cell).lower(),
            "text": lambda cell: values.fitting(values.plain(cell), limit),
            "long": lambda cell: values.fitting(values.long_text(cell), limit),
            "choice": lambda cell: values.choice(name, values.plain(cell)),
            "language": lambda cell: values.language(values.plain(cell)),
            "languages": lambda cell: [values.language(part) for part in values.items(cell)],
            "list": _tags,
            "country": lambda cell: values.country(values.plain(cell)),
            "nuts": lambda cell: values.plain(cell).upper(),
            "coordinate": lambda cell: values.coordinate(cell, name),
            "website": lambda cell: values.fitting(values.website(cell), limit),
            "vat": values.plain,
            "pic": values.pic,
            "codes": lambda cell: _codes(name, cell),
            "mixed_codes": _mixed_codes,
            "year": values.year,
            "figure": lambda cell: _figure(cell, customs, found.field),
            "date": lambda cell: _date(cell, customs, last=name.endswith("until")),
            "email": lambda cell: _email(cell, limit),
            "trl": values.trl,
        }
        return readers[found.kind]


class _Remark(Exception):  # carries a good value and something to say about it
    def __init__(self, value: Any, code: str, **params: str) -> None:
        super().__init__(code)
        self.value = value
        self.code = code
        self.params = params


def values_shown(cell: Cell) -> str:
    return cell if isinstance(cell, str) else f"{cell:g}"


def _tags(cell: Cell) -> list[str]:
    return [values.fitting(tag, 60) for tag in values.items(cell)]


def _codes(scheme: str, cell: Cell) -> list[str]:
    """A single NACE code of a spreadsheet may be a number (27.1 for 27.10 cannot be told from 27.1: both
    exist).
    """
    texts = [values.plain(cell)] if isinstance(cell, float) else values.items(cell)
    return list(dict.fromkeys(values.code(scheme, text) for text in texts))


def _mixed_codes(cell: Cell) -> list[str]:
    """Codes of a statement, each with its list: "nace:27.11; theme:hydrogen"."""
    found = []
    for item in values.items(cell):
        scheme, colon, text = item.partition(":")
        if not colon or scheme.strip().lower() not in {"nace", "cpv", "ket", "theme"}:
            raise Bad("code_unknown", item, scheme="NACE, CPV, KET, THEME")
        found.append(f"{scheme.strip().lower()}:{values.code(scheme.strip().lower(), text.strip())}")
    return sorted(set(found))


def _figure(cell: Cell, customs: Customs, field: str) -> str:
    bare, about = values.without_about(cell)
    found = values.figure(bare, customs, field)
    if about:
        raise _Remark(found, "number_about", number=found)
    return found


def _email(cell: Cell, limit: int) -> str:
    first, *others = [values.fitting(each, limit) for each in values.emails(cell)]
    if others:
        raise _Remark(first, "email_several", first=first)
    return first


def _date(cell: Cell, customs: Customs, *, last: bool) -> str:
    day, remark = values.date(cell, customs, last=last)
    if remark:
        raise _Remark(day.isoformat(), remark, date=day.isoformat())
    return day.isoformat()


def _put(draft: _Draft, found: Target, value: Any) -> None:
    entry = draft.entry
    if found.group:
        draft.groups.setdefault((found.group, found.number), {})[found.part] = value
    elif found.language:
        entry.texts.setdefault(found.field, {})[found.language] = value
    elif found.kind == "figure":
        entry.figures.setdefault(found.year, {})[found.field] = value
    elif found.kind == "codes":
        entry.codes[found.field] = sorted(value)
    elif found.field == "key":
        entry.key = value
    elif found.kind == "year":
        draft.year = value
    elif found.field in {"member_since", "member_until"}:
        entry.membership[found.field.removeprefix("member_")] = value
    else:
        entry.fields[found.field] = value


def _clear(entry: Entry, found: Target) -> None:
    if (
        found.group
        or found.language
        or found.kind in {"key", "year", "figure"}
        or found.field in _NEVER_EMPTY
    ):
        return
    if found.kind == "codes":
        entry.codes[found.field] = []
    elif not found.field.startswith("member_"):
        entry.fields[found.field] = None if found.field in _NULLABLE else _EMPTY.get(found.field, "")


def _finish(draft: _Draft) -> None:
    """Figures get the year of the row, contacts and statements their order."""
    entry = draft.entry
    if draft.year and "" in entry.figures:
        entry.figures[draft.year] = {**entry.figures.pop(""), **entry.figures.get(draft.year, {})}
    for (group, number), parts in sorted(draft.groups.items()):
        if group in STATEMENT_KINDS:
            entry.statements.append({"kind": group, "number": number, **parts})
        else:
            entry.contacts.append({"number": number, **parts})


def customs_of(rows: Iterable[Row], mapping: Mapping[int, str]) -> Customs:
    """How the file writes decimals and dates, from cells that can be read in one way only."""
    points = commas = month_first = day_first = 0
    for cell, found in _cells(rows, mapping):
        if found.kind == "figure":
            points += bool(re.search(r"\d,\d{3}\.\d|\d\.\d{1,2}$|,\d{3},\d{3}", cell))
            commas += bool(re.search(r"\d\.\d{3},\d|\d,\d{1,2}$|\.\d{3}\.\d{3}", cell))
        elif match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/\d{4}", cell):
            month_first += int(match[2]) > 12
            day_first += int(match[1]) > 12
    decimal = "," if commas > points else "." if points > commas else ""
    return Customs(decimal=decimal, month_first=month_first > 0 and day_first == 0)


def _cells(rows: Iterable[Row], mapping: Mapping[int, str]) -> Iterator[tuple[str, Target]]:
    targets = [(index, found) for index, name in mapping.items() if (found := target(name))]
    wanted = [(index, found) for index, found in targets if found.kind in {"figure", "date"}]
    for row in rows:
        for index, found in wanted:
            cell = row.cells[index]
            if isinstance(cell, str) and cell:
                yield cell.strip(), found
