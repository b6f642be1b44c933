"""Beginning an application with what a self-check holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.features.calls.actions import Written, add_partner, save_answers
from kontor.features.calls.models import Application, Case, SelfCheck
from kontor.features.organisations.models import Organisation
from kontor.programmes.forms import Field, Form

_FLAGS = ("led_before", "new", "in_difficulty")


@transaction.atomic
def prefill_application(
    *,
    application: Application,
    check: SelfCheck,
    organisations: Mapping[str, Organisation],
    actor: Actor,
) -> None:
    """Put the check's title, idea, themes, technologies and months into the draft's form, and its partners
    beside the lead; what somebody wrote already stays.

    `organisations` are those of the directory that the person may see, by name; the team's other
    partners stay in the check, which knows its application from then on.
    """
    answers = check.answers
    there = set(application.answers.values_list("field", flat=True))
    written = {
        field.key: Written(
            value, language=application.language if field.kind in ("text", "paragraph") else ""
        )
        for field, value in _values(application.questions, answers)
        if field.key not in there and value
    }
    if written:
        save_answers(application=application, written=written, actor=actor)
    known = set(application.partners.current().values_list("organisation__name", flat=True))
    for told in answers.get("partners", ()):
        organisation = organisations.get(told.get("name", ""))
        if organisation is not None and organisation.name not in known:
            known.add(organisation.name)
            values = {name: told.get(name) for name in _FLAGS}
            add_partner(application=application, organisation=organisation, values=values, actor=actor)
    check.application = application
    check.save(update_fields=["application", "changed_at"])
    Case.objects.filter(application=application).update(check_made=check)
    changes = {"self-check": [None, check.verdict], "answers": [0, len(written)]}
    record(actor=actor, verb="application.prefilled", subject=application, changes=changes)


def _values(form: Form, answers: dict[str, Any]) -> list[tuple[Field, Any]]:
    """The fields that the check answers: facts by what they fill, and the idea in the first long text."""
    fields = list(form.fields(1))
    found = [(field, _fact(field, answers)) for field in fields if field.fills]
    text = next((field for field in fields if field.kind == "paragraph" and not field.languages), None)
    if text is not None:
        found.append((text, answers.get("idea", "")))
    return found


def _fact(field: Field, answers: dict[str, Any]) -> Any:
    value = answers.get(field.fills)
    if isinstance(value, list):
        known = {choice.key for choice in field.choices}
        chosen = [one for one in value if one in known]
        return chosen if field.kind == "choices" else next(iter(chosen), "")
    return str(value) if value else ""
