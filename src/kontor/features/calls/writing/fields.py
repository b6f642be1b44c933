"""A form's fields as the writing page shows them: with their answers, limits, and what others did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from kontor.features.calls.completeness import Problem, State, field_id
from kontor.features.calls.dossier.facts import ground_of
from kontor.features.calls.models import AnswerVersion, ApplicationPartner, PartnerRole
from kontor.programmes.forms import (
    Field,
    Section,
    costs_of,
    count_words,
    is_empty,
    is_shown,
    money_of,
)
from kontor.programmes.rules.wording import catalogue, exact, typed
from kontor.programmes.word.answers import boxes_of
from kontor.programmes.word.model import Box

#: Empty rows that a table offers without a script.
SPARE_ROWS = 2
#: Rows of a text area for a text of so many words.
_LINES = ((60, 3), (160, 6), (100_000, 10))


def language() -> str:
    return (get_language() or "en")[:2]


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text box of a field: its name on the page, the text, its language where the field asks several."""

    name: str
    value: str
    label: str = ""
    language: str = ""

    @property
    def words(self) -> int:
        return count_words(self.value)


@dataclass(frozen=True, slots=True)
class Cell:
    """One control of a table or budget."""

    name: str
    value: str
    label: str
    column: Any


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table or budget: its id (the partner's key in a budget) and its cells."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    total: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """A text that was kept beside another one, as it prints."""

    version: AnswerVersion
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One question on the page. `base` is the revision of the answer shown; `shown` whether its condition
    holds; `problems` are told only where the page was asked to check.
    """

    field: Field
    value: Any
    base: int
    by: str
    shown: bool
    met: tuple[Met, ...]
    problems: tuple[Problem, ...]
    partners: Sequence[ApplicationPartner]
    versions: bool

    @property
    def id(self) -> str:
        return field_id(self.field.key)

    @property
    def label(self) -> str:
        return self.field.label.best(language())

    @property
    def help(self) -> str:
        return self.field.help.best(language())

    @property
    def text(self) -> str:
        text = self.value if isinstance(self.value, str) else ""
        return _as_typed(self.field.kind, text)

    @property
    def lines(self) -> int:
        return next(lines for words, lines in _LINES if (self.field.words or 200) <= words)

    @property
    def parts(self) -> tuple[TextPart, ...]:
        """The text boxes: one, or one for each language that is asked."""
        if not self.field.languages:
            return (TextPart(self.id, self.text),)
        told = self.value if isinstance(self.value, Mapping) else {}
        names = catalogue(language())
        return tuple(
            TextPart(
                field_id(self.field.key, column=one),
                told.get(one, ""),
                names.get(f"language.{one}", one),
                one,
            )
            for one in self.field.languages
        )

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Key, label and whether it is chosen."""
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [(one.key, one.label.best(language()), one.key in chosen) for one in self.field.choices]

    @property
    def columns(self) -> list[tuple[Any, str]]:
        return [(one, one.label.best(language())) for one in self.field.columns]

    @property
    def rows(self) -> list[Row]:
        """The rows of a table, and spare ones."""
        rows = list(self.value) if isinstance(self.value, list) else []
        most = self.field.most or 1000
        spare = min(SPARE_ROWS if rows else max(SPARE_ROWS, self.field.least or 0), max(0, most - len(rows)))
        taken = {row["id"] for row in rows}
        fresh = (f"n{number}" for number in range(len(rows) + 1, 2000))
        rows += [{"id": next(key for key in fresh if key not in taken)} for _each in range(spare)]
        return [self._row(at, row) for at, row in enumerate(rows)]

    @property
    def blank(self) -> Row:
        """What a script copies for one more row."""
        return self._row("__ROW__", {"id": "__ID__"})

    @property
    def budget(self) -> list[Row]:
        """A row for each partner with money, in the order of the partners."""
        told = self.value if isinstance(self.value, Mapping) else {}
        rows = []
        for partner in self.partners:
            if partner.role == PartnerRole.ASSOCIATED:
                continue
            amounts = told.get(partner.key, {})
            cells = tuple(
                Cell(f"{self.id}-{partner.key}-{key}", _as_typed("money", amounts.get(key, "")), label, key)
                for key, label in self.amounts
            )
            cost = costs_of(self.field, amounts)
            total = exact(cost, language()) if cost is not None else ""
            rows.append(Row(partner.key, partner.organisation.name, cells, total))
        return rows

    @property
    def sums(self) -> list[tuple[str, str]]:
        """Of each column of a budget with its label, and at the end the cost in all."""
        told = self.value if isinstance(self.value, Mapping) else {}
        rows = [told.get(each.key, {}) for each in self.partners]
        columns = [(label, [money_of(row.get(key, "")) for row in rows]) for key, label in self.amounts]
        columns.append((catalogue(language())["paper.cost"], [costs_of(self.field, row) for row in rows]))
        return [
            (label, exact(sum((each for each in column if each is not None), Decimal(0)), language()))
            for label, column in columns
        ]

    @property
    def amounts(self) -> list[tuple[str, str]]:
        """Kinds of cost, and the grant at the end."""
        from django.utils.translation import gettext

        return [(one.key, label) for one, label in self.columns] + [("grant", gettext("Grant asked for"))]

    @property
    def files(self) -> list[dict[str, Any]]:
        return list(self.value) if isinstance(self.value, list) else []

    @property
    def accept(self) -> str:
        return ",".join(f".{one}" for one in self.field.accept)

    @property
    def takes_more(self) -> bool:
        return self.field.most is None or len(self.files) < self.field.most

    @property
    def condition(self) -> str:
        """The answers under which the field is asked, for the script."""
        return " ".join(self.field.shown_when.values) if self.field.shown_when else ""

    def _row(self, at: int | str, row: Mapping[str, Any]) -> Row:
        cells = tuple(
            Cell(f"{self.id}-{at}-{one.key}", _as_typed(one.kind, row.get(one.key, "")), label, one)
            for one, label in self.columns
        )
        return Row(row["id"], str(at), cells)


def _as_typed(kind: str, text: str) -> str:
    """What a control shows of a stored text: numbers as the reader writes them."""
    return typed(text, language(), grouped=kind == "money") if kind in ("number", "money") else text


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section in the list at the side: how many of its questions are answered, how many faults it has."""

    section: Section
    answered: int
    asked: int
    faults: int
    current: bool = False

    @property
    def title(self) -> str:
        return self.section.title.best(language())

    @property
    def help(self) -> str:
        return self.section.help.best(language())

    @property
    def is_done(self) -> bool:
        return self.faults == 0


def section_views(state: State, problems: Sequence[Problem], current: str = "") -> list[SectionView]:
    """The sections of the step being written."""
    found = []
    for section in state.form.asked_in(state.application.step):
        asked = [one for one in section.fields if is_shown(state.form, one, state.answers)]
        answered = [one for one in asked if _is_answered(state, one)]
        faults = {one.field for one in problems if one.section == section.key and one.blocks}
        found.append(SectionView(section, len(answered), len(asked), len(faults), section.key == current))
    return found


def field_views(state: State, section: Section, problems: Sequence[Problem] = ()) -> Iterator[FieldView]:
    """The fields of a section with their answers; one query for revisions."""
    stored = {one.field: one for one in state.application.answers.all()}
    ground = ground_of(state.application, language()) if state.conflicts else None
    for one in section.fields:
        answer = stored.get(one.key)
        yield FieldView(
            field=one,
            value=state.answers.get(one.key),
            base=answer.revision if answer else 0,
            by=answer.changed_by if answer else "",
            shown=is_shown(state.form, one, state.answers),
            met=tuple(
                Met(each, boxes_of(state.form, one, each.value, ground))
                for each in state.conflicts
                if ground is not None and each.field == one.key
            ),
            problems=tuple(each for each in problems if each.field == one.key),
            partners=state.partners,
            versions=answer is not None,
        )


def _is_answered(state: State, one: Field) -> bool:
    if one.kind == "partners":
        return len(state.partners) > 1
    return not is_empty(one, state.answers.get(one.key))
