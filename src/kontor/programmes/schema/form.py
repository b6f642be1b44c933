"""Forms as frozen dataclasses: sections of fields, each field of a kind with its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from kontor.programmes.schema.texts import Texts

FIELD_KINDS: Final = (
    "text",
    "paragraph",
    "number",
    "money",
    "date",
    "choice",
    "choices",
    "yes-no",
    "table",
    "file",
    "budget",
    "partners",
)
#: What a cell of a table may be.
COLUMN_KINDS: Final = ("text", "number", "money", "date", "choice")
#: Facts of the application that a field may fill, with the kinds that can.
FILLS: Final = {
    "title": ("text",),
    "themes": ("choices", "choice"),
    "kets": ("choices", "choice"),
    "months": ("number",),
    "main_theme": ("choice",),
    "theme_shares": ("table",),
}
#: Answers to a yes-no question, as conditions name them.
YES_NO: Final = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    key: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `words` is the most a cell may have, None without a limit."""

    key: str
    label: Texts
    kind: str = "text"
    required: bool = False
    words: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """The field is asked only where the answer to another field is (or holds) one of these."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `words` and `characters` are the most a text may have, `lowest` and `highest` bound numbers and amounts,
    `least` and `most` the rows of a table, the answers chosen or the files. `accept` are endings of files
    without dot. `languages`: the text is wanted in each of them. `columns` are those of a table, or the kinds
    of cost of a budget. `fills` names the fact of the application that the answer is. `rule` is the rule
    behind the question, quoted where an answer breaks it.
    """

    key: str
    kind: str
    label: Texts
    help: Texts = field(default_factory=Texts)
    required: bool = False
    words: int | None = None
    characters: int | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    least: int | None = None
    most: int | None = None
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    accept: tuple[str, ...] = ()
    most_megabytes: int | None = None
    languages: tuple[str, ...] = ()
    shown_when: Condition | None = None
    fills: str = ""
    rule: Texts = field(default_factory=Texts)

    def column(self, key: str) -> Column:
        """KeyError where the field has no such column."""
        return {column.key: column for column in self.columns}[key]

    def choice(self, key: str) -> Choice:
        """KeyError where the field has no such choice."""
        return {choice.key: choice for choice in self.choices}[key]


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading; `step` says in which step of the call they are asked."""

    key: str
    title: Texts
    step: int = 1
    help: Texts = field(default_factory=Texts)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What a call asks. Keys of fields are unique in the whole form, so a second step adds and never asks
    again.
    """

    key: str
    version: str = "1"
    title: Texts = field(default_factory=Texts)
    sections: tuple[Section, ...] = ()

    def fields(self, step: int | None = None) -> Iterator[Field]:
        """All fields in order; of the sections up to a step only, where one is given."""
        for section in self.sections:
            if step is None or section.step <= step:
                yield from section.fields

    def field(self, key: str) -> Field:
        """KeyError where the form has no such field."""
        return {one.key: one for one in self.fields()}[key]

    def section(self, key: str) -> Section:
        """KeyError where the form has no such section."""
        return {section.key: section for section in self.sections}[key]

    def section_of(self, field: str) -> Section:
        """The section a field stands in. KeyError where the form has no such field."""
        return {one.key: section for section in self.sections for one in section.fields}[field]

    def asked_in(self, step: int) -> tuple[Section, ...]:
        """The sections that a step asks anew."""
        return tuple(section for section in self.sections if section.step == step)

    @property
    def steps(self) -> int:
        return max((section.step for section in self.sections), default=1)
