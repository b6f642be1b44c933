"""What a reader sees of an application: its own people as it is written, all others as handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kontor.base.components.dates import day_text
from kontor.features.accounts.rules import is_administrator
from kontor.features.calls.dossier.facts import answers_of, choices_of, ground_of, partner_line
from kontor.features.calls.models import Application, PartnerRole
from kontor.features.calls.rules import own_q
from kontor.programmes.forms import Field, Form, Payee, Section, is_shown
from kontor.programmes.word.answers import Ground, boxes_of
from kontor.programmes.word.model import Box


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as the reader sees it."""

    name: str
    country: str
    role: str
    cost: Decimal | None
    grant: Decimal | None


@dataclass(frozen=True, slots=True)
class Content:
    """`answers` with the moment they are of. `live` are those being written; else those handed in last, whose
    whole `snapshot` this is.
    """

    answers: dict[str, Any]
    as_of: dt.datetime | None
    live: bool
    step: int
    snapshot: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownField:
    field: Field
    value: Any
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class ShownSection:
    section: Section
    title: str
    fields: tuple[ShownField, ...]


def is_own(user: Any, application: Application) -> bool:
    """Whether the reader belongs to it, or runs the site."""
    if is_administrator.test(user):
        return True
    return Application.objects.filter(own_q(user), pk=application.pk).exists()


def content_for(user: Any, application: Application) -> Content:
    """Who handles it reads what was handed in, never what is being written."""
    if is_own(user, application):
        return Content(answers_of(application), application.changed_at, True, application.step)
    last = application.submissions.order_by("-id").first()
    if last is None:
        answers = answers_of(application) if application.is_handed_in else {}
        return Content(answers, application.submitted_at, False, application.step)
    return Content(dict(last.snapshot["answers"]), last.at, False, last.step, last.snapshot)


def ground_for(application: Application, content: Content, language: str) -> Ground:
    """Partners as they are, or as they were when it was handed in."""
    if content.live or not content.snapshot:
        return ground_of(application, language)
    rows = content.snapshot.get("partners", [])
    return Ground(
        language=language,
        step=content.step,
        grouped=True,
        choices=choices_of(application),
        payees=tuple(Payee(row["key"], row["name"]) for row in rows if row["role"] != PartnerRole.ASSOCIATED),
        partners=tuple(
            partner_line(row["name"], row["country"], PartnerRole(row["role"]).label, language)
            for row in rows
        ),
        day=day_text,
    )


def partners_for(application: Application, content: Content) -> list[Partner]:
    """Names and money, in the application's order."""
    if content.snapshot:
        return [
            Partner(
                row["name"],
                row["country"],
                str(PartnerRole(row["role"]).label),
                _money(row["cost"]),
                _money(row["grant"]),
            )
            for row in content.snapshot.get("partners", [])
        ]
    rows = application.partners.current().select_related("organisation")
    return [
        Partner(
            row.organisation.name,
            row.organisation.country,
            row.get_role_display(),
            row.cost,
            row.grant,
        )
        for row in rows
    ]


def _money(told: str | None) -> Decimal | None:
    return Decimal(told) if told else None


def sections_shown(
    form: Form, content: Content, ground: Ground, keys: Iterable[str] | None = None
) -> list[ShownSection]:
    """The sections of the content's steps, or those named, with their answers as they print; fields that a
    condition hides are left out.
    """
    wanted = None if keys is None else set(keys)
    return [
        ShownSection(
            section, section.title.best(ground.language), tuple(_fields(form, section, content, ground))
        )
        for section in form.sections
        if section.step <= content.step and (wanted is None or section.key in wanted)
    ]


def _fields(form: Form, section: Section, content: Content, ground: Ground) -> Iterator[ShownField]:
    for one in section.fields:
        if is_shown(form, one, content.answers):
            value = content.answers.get(one.key)
            yield ShownField(one, value, boxes_of(form, one, value, ground))
