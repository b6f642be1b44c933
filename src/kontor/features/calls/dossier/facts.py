"""What the papers of an application rest on: answers now and then, partners with money, choices."""

from __future__ import annotations

from typing import Any

from kontor import codes
from kontor.base.components.dates import day_text
from kontor.features.calls.models import Application, PartnerRole
from kontor.features.calls.models.answer import VersionOrigin
from kontor.programmes import Texts
from kontor.programmes.forms import Choice, Form, Payee
from kontor.programmes.word.answers import Ground

Answers = dict[str, Any]
LANGUAGES = ("en", "de", "nl")


def answers_of(application: Application) -> Answers:
    """{field: value} as it stands."""
    return dict(application.answers.values_list("field", "value"))


def answers_at(application: Application, revision: int) -> Answers:
    """{field: value} as it stood at a revision of the application."""
    found = dict(application.answers.filter(revision__lte=revision).values_list("field", "value"))
    rows = application.versions.filter(revision__lte=revision).exclude(origin=VersionOrigin.PARKED)
    return found | dict(rows.order_by("id").values_list("field", "value"))


def payees_of(application: Application) -> tuple[Payee, ...]:
    """Partners with money, in their order."""
    rows = application.partners.current().exclude(role=PartnerRole.ASSOCIATED).select_related("organisation")
    return tuple(Payee(row.key, row.organisation.name) for row in rows)


def choices_of(application: Application) -> dict[str, tuple[Choice, ...]]:
    """Choices of the fields that the programme fills: its themes, and the key enabling technologies."""
    form = application.questions
    given = {"themes": _themes, "kets": _kets}
    return {
        field.key: given[field.fills](application)
        for field in form.fields()
        if field.fills in given and not field.choices
    }


def ground_of(application: Application, language: str, *, grouped: bool = True) -> Ground:
    """What printing answers needs beside the form; `grouped` for reading, not for writing in."""
    rows = application.partners.current().select_related("organisation")
    return Ground(
        language=language,
        step=application.step,
        grouped=grouped,
        choices=choices_of(application),
        payees=payees_of(application),
        partners=tuple(
            partner_line(row.organisation.name, row.organisation.country, row.get_role_display(), language)
            if grouped
            else f"{row.organisation.name} ({row.get_role_display()})"
            for row in rows
        ),
        day=day_text,
    )


def partner_line(name: str, country: str, role: object, language: str) -> str:
    """A partner in one line, for whoever only reads."""
    return f"{name}, {codes.label('country', country, language)} ({role})"


def form_name(form: Form, step: int) -> str:
    """As a Word file names the form it was made of."""
    return f"{form.key}/{form.version}/{step}"


def _themes(application: Application) -> tuple[Choice, ...]:
    return tuple(Choice(theme.key, theme.name) for theme in application.call.definition_of_programme.themes)


def _kets(_application: Application) -> tuple[Choice, ...]:
    scheme = codes.scheme("ket")
    return tuple(
        Choice(code, Texts({language: str(codes.label("ket", code, language)) for language in LANGUAGES}))
        for code in scheme.codes()
    )
