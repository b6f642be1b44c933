"""One row of a file as plain values, whoever wrote the file. What a spreadsheet, CORDIS and keep.eu have in
common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kontor.features.organisations.imports.problems import Problem
from kontor.features.organisations.names import name_key

# A row's name is looked at several times while its batch is planned and written.
key_of_name = lru_cache(maxsize=4_096)(name_key)

_FILLED = (
    "key", "fields", "codes", "figures", "texts", "contacts", "statements", "membership", "derived",
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """What one row says about one organisation; what it does not mention is not there.

    `fields`: profile fields as stored. `codes`: {scheme: codes}, complete for the scheme. `figures`: {year,
    or "" where the row names none: {staff | turnover | balance: "12.50"}}. `texts`: {name | summary:
    {language: text}}. `contacts` and `statements` by their number in the row, dates as text. `membership`:
    since and until. `clear` names fields that the row empties.
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
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return bool(self.problems) and any(problem.fatal for problem in self.problems)

    @property
    def label(self) -> str:
        return str(self.fields.get("name", "") or self.key)

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
