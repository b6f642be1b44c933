"""What an assessor reads of an application: answers in words and files, without names where these are
hidden.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from kontor.features.calls.dossier.facts import ground_of, partner_line
from kontor.features.calls.models import Answer, Application
from kontor.features.juries.wording import spoken
from kontor.features.organisations.models import Organisation
from kontor.programmes.forms import Payee, is_shown
from kontor.programmes.word.answers import NOTHING, Ground, boxes_of
from kontor.programmes.word.model import Box

HIDDEN = "▮▮▮"
LEGAL_FORMS = re.compile(r"\s+(GmbH|BV|B\.V\.|NV|N\.V\.|AG|SE|KG|SAS|SARL|ApS|d\.o\.o\.)$")


@dataclass(frozen=True)
class FileSeen:
    """A file that answers a field; `size` in bytes."""

    key: str
    name: str
    size: int


@dataclass(frozen=True)
class Files:
    """The files of one field; `files` is None where they are not open to the viewer."""

    field: str
    label: str
    files: tuple[FileSeen, ...] | None


def answers_of(application: Application) -> dict[str, Any]:
    """{field: value} as handed in last; as they stand where nothing was handed in through the site."""
    told = application.snapshot.get("answers")
    return (
        told if told else dict(Answer.objects.filter(application=application).values_list("field", "value"))
    )


def read_answers(application: Application, hide: Collection[str], *, named: bool) -> tuple[Box, ...]:
    """Questions and answers in the order of the form, empty ones left out; files are told apart, and the
    title stands above. Where names are hidden, partners are numbered: the budget stays legible.
    """
    form, told = application.questions, answers_of(application)
    ground = _ground(application, named=named)
    boxes = (
        box
        for each in form.fields()
        if each.kind != "file" and each.fills != "title" and is_shown(form, each, told)
        for box in boxes_of(form, each, told.get(each.key), ground)
    )
    return tuple(_without(box, hide) for box in boxes if box.rows or box.chosen or _says(box))


def _says(box: Box) -> bool:
    return box.text not in ("", NOTHING)


def read_files(application: Application, open_to: Collection[str] | None) -> tuple[Files, ...]:
    """Files by field. `open_to`: the fields that are open, None for all of them."""
    told = answers_of(application)
    return tuple(
        Files(
            each.key,
            each.label.best(spoken()),
            tuple(FileSeen(f["key"], f["name"], int(f["size"])) for f in told[each.key])
            if open_to is None or each.key in open_to
            else None,
        )
        for each in application.questions.fields()
        if each.kind == "file" and told.get(each.key)
    )


def words_of(team: Sequence[Organisation]) -> list[str]:
    """Names that would tell who applies, the longest first; short ones would hide half the text."""
    names = {each.name for each in team} | {each.short_name for each in team}
    names |= {LEGAL_FORMS.sub("", name) for name in names}
    return sorted((name for name in names if len(name) >= 4), key=len, reverse=True)


def hidden(text: str, hide: Collection[str]) -> str:
    for name in hide:
        text = re.sub(re.escape(name), HIDDEN, text, flags=re.IGNORECASE)
    return text


def _without(box: Box, hide: Collection[str]) -> Box:
    if not hide:
        return box
    rows = tuple(tuple(hidden(cell, hide) for cell in row) for row in box.rows)
    return replace(box, text=hidden(box.text, hide), rows=rows)


def _ground(application: Application, *, named: bool) -> Ground:
    """What answers are printed with; partners with their names or, where these are hidden, with numbers."""
    ground = ground_of(application, spoken())
    if named:
        return ground
    rows = list(application.partners.current().select_related("organisation"))
    names = {row.key: _("Partner %(number)s") % {"number": number} for number, row in enumerate(rows, 1)}
    return replace(
        ground,
        payees=tuple(Payee(one.key, names[one.key]) for one in ground.payees),
        partners=tuple(
            partner_line(names[row.key], row.organisation.country, row.get_role_display(), ground.language)
            for row in rows
        ),
    )
