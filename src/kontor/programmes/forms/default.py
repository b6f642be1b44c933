"""The form of an instrument that names none: what every application must say, in Kontor's languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kontor import codes
from kontor.programmes.forms.themes import ASKED, completed
from kontor.programmes.lines import Lines
from kontor.programmes.read.form import form
from kontor.programmes.schema import Choice, Field, Form, Instrument, Programme, Texts
from kontor.programmes.values import Problem, Table

#: Languages the default form is written in.
LANGUAGES = ("en", "de", "nl")


def form_for(programme: Programme, instrument: Instrument) -> Form:
    """The form the instrument names, else the default one, with the programme's own themes to choose from."""
    named = {one.key: one for one in programme.forms}.get(instrument.form) or default_form()
    sections = tuple(
        replace(section, fields=tuple(_completed(section.fields, programme, instrument)))
        for section in named.sections
    )
    return replace(named, sections=sections)


def _completed(fields: Iterable[Field], programme: Programme, instrument: Instrument) -> Iterator[Field]:
    """Themes and technologies to choose from, and the bounds of the duration, as the programme has them; a
    choice of nothing is left out, and what the programme does not need to know of several themes.
    """
    for one in fields:
        field = one
        if field.fills == "themes" and not field.choices:
            field = replace(field, choices=tuple(Choice(each.key, each.name) for each in programme.themes))
        elif field.fills == "kets" and not field.choices:
            field = replace(field, choices=_technologies())
        elif field.fills == "months":
            lowest, highest = instrument.least_months, instrument.most_months
            field = replace(
                field,
                lowest=Decimal(lowest) if lowest else field.lowest,
                highest=Decimal(highest) if highest else field.highest,
            )
        elif field.fills in ASKED.values():
            asked = completed(field, programme) if programme.themes else None
            if asked is None:
                continue
            field = asked
        if field.kind not in ("choice", "choices") or field.choices:
            yield field


def _technologies() -> tuple[Choice, ...]:
    return tuple(
        Choice(code, Texts({one: codes.label("ket", code, one).text for one in LANGUAGES}))
        for code in codes.scheme("ket").codes()
    )


@cache
def default_form() -> Form:
    """One step: summary, plan, partners and budget."""
    text = (files("kontor.programmes.forms") / "default.toml").read_text(encoding="utf-8")
    problems: list[Problem] = []
    table = Table(tomllib.loads(text, parse_float=Decimal), (), Lines(text), problems)
    (found,) = (form(inner, LANGUAGES) for inner in table.tables("form"))
    assert problems == [], problems[0]
    return found
