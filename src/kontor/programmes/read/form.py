"""Forms as a programme file writes them: `[[form]]`, `[[form.section]]`, `[[form.section.field]]`."""

from __future__ import annotations

import re

from kontor.programmes.messages import message as _
from kontor.programmes.schema import (
    COLUMN_KINDS,
    FIELD_KINDS,
    FILLS,
    Choice,
    Column,
    Condition,
    Field,
    Form,
    Section,
)
from kontor.programmes.values import Table


def form(table: Table, languages: tuple[str, ...]) -> Form:
    """One `[[form]]`; faults are reported to the table."""
    found = Form(
        key=table.key(),
        version=table.text("version", default="1"),
        title=table.texts("title", languages, optional=True),
        sections=tuple(_section(inner, languages) for inner in table.tables("section")),
    )
    table.refuse_others()
    return found


def _section(table: Table, languages: tuple[str, ...]) -> Section:
    found = Section(
        key=table.key(),
        title=table.texts("title", languages),
        step=table.number("step", 1, 2, default=1),
        help=table.texts("help", languages, optional=True),
        fields=tuple(_field(inner, languages) for inner in table.tables("field")),
    )
    table.refuse_others()
    return found


def _field(table: Table, languages: tuple[str, ...]) -> Field:
    found = Field(
        key=table.key(),
        kind=table.choice("kind", FIELD_KINDS),
        label=table.texts("label", languages),
        help=table.texts("help", languages, optional=True),
        required=table.flag("required", default=False),
        words=table.maybe_number("words", 1, 100_000),
        characters=table.maybe_number("characters", 1, 1_000_000),
        lowest=table.figure("lowest"),
        highest=table.figure("highest"),
        least=table.maybe_number("least", 0, 1000),
        most=table.maybe_number("most", 1, 1000),
        choices=tuple(_choice(inner, languages) for inner in table.tables("choice")),
        columns=tuple(_column(inner, languages) for inner in table.tables("column")),
        accept=_accept(table),
        most_megabytes=table.maybe_number("most_megabytes", 1, 25),
        languages=table.words("languages"),
        shown_when=_condition(table),
        fills=table.choice("fills", ("", *FILLS), default=""),
        rule=table.texts("rule", languages, optional=True),
    )
    table.refuse_others()
    return found


def _choice(table: Table, languages: tuple[str, ...]) -> Choice:
    found = Choice(table.key(), table.texts("label", languages))
    table.refuse_others()
    return found


def _column(table: Table, languages: tuple[str, ...]) -> Column:
    found = Column(
        key=table.key(),
        label=table.texts("label", languages),
        kind=table.choice("kind", COLUMN_KINDS, default="text"),
        required=table.flag("required", default=False),
        words=table.maybe_number("words", 1, 10_000),
        choices=tuple(_choice(inner, languages) for inner in table.tables("choice")),
    )
    table.refuse_others()
    return found


def _accept(table: Table) -> tuple[str, ...]:
    found = table.words("accept")
    for ending in found:
        if not re.fullmatch(r"[a-z0-9]+", ending):
            remedy = _("Write endings without dot, like {example}.", example='["pdf", "docx"]')
            table.report("accept", _("holds {value}.", value=repr(ending)), remedy)
    return found


def _condition(table: Table) -> Condition | None:
    inner = table.maybe_table("shown_when")
    if inner is None:
        return None
    found = Condition(inner.text("field"), inner.words("values"))
    if not found.values:
        inner.report("values", _("names no answer."), _("Give a list like {example}.", example='["yes"]'))
    inner.refuse_others()
    return found
