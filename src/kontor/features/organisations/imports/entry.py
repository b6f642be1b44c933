"""One row of a file as plain values, whoever wrote the file. What a spreadsheet, CORDIS and keep.eu have in
common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kontor.features.organisations.imports.problems import Problem
from kontor.features.organisations.names import name_key, search_text

# For rows that were not made ready: a name is looked at several times while its batch is planned.
_key_of_name = lru_cache(maxsize=4_096)(name_key)

_FILLED = (
    "key", "fields", "codes", "figures", "texts", "contacts", "statements", "membership", "derived",
    "found_by",
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """What one row says about one organisation; what it does not mention is not there.

    `fields`: profile fields as stored. `codes`: {scheme: codes}, complete for the scheme. `figures`: {year,
    or "" where the row names none: {staff | turnover | balance: "12.50"}}. `texts`: {name | summary:
    {language: text}}. `contacts` and `statements` by their number in the row, dates as text. `membership`:
    since and until. `found_by`: the texts that a new organisation of this row is found by, made ready while
    the row is read.
    """

    number: int
    key: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    membership: dict[str, str] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict)
    found_by: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return bool(self.problems) and any(problem.fatal for problem in self.problems)

    @property
    def label(self) -> str:
        return str(self.fields.get("name", "") or self.key)

    @property
    def name_key(self) -> str:
        """The row's name as it is compared; "" where it has none."""
        return self.found_by.get("name_key") or _key_of_name(str(self.fields.get("name") or ""))

    def make_ready(self) -> None:
        """Fills `found_by`."""
        fields = self.fields
        name, short, place = (fields.get(each) or "" for each in ("name", "short_name", "place"))
        if name:
            text = search_text(name, short, place, fields.get("tags") or ())
            self.found_by = {"name_key": name_key(name), "search_text": text}

    def to_json(self) -> dict[str, Any]:
        """Only what is filled, so that a spool of 100,000 rows stays small."""
        found: dict[str, Any] = {"number": self.number}
        for name in _FILLED:
            if value := getattr(self, name):
                found[name] = value
        if self.problems:
            found["problems"] = [problem.to_json() for problem in self.problems]
        return found

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Entry:
        problems = [Problem.from_json(item) for item in data.pop("problems", ())]
        return cls(**data, problems=problems)
