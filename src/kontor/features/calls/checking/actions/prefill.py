"""Beginning an application with what a self-check holds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.features.calls.actions import Written, add_partner, save_answers
from kontor.features.calls.models import Application, Case, PartnerRole, SelfCheck
from kontor.features.organisations.models import Organisation
from kontor.programmes import divide
from kontor.programmes.forms import SHARES, Field, Form, rows_of

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
    beside the lead with their costs; what somebody wrote already stays.

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
    budget = _budget(application, answers) if budget_of(application) not in there else {}
    if budget:
        money = {budget_of(application): Written(budget)}
        save_answers(application=application, written=money, actor=actor)
        written |= money
    check.application = application
    check.save(update_fields=["application", "changed_at"])
    Case.objects.filter(application=application).update(check_made=check)
    changes = {"self-check": [None, check.verdict], "answers": [0, len(written)]}
    record(actor=actor, verb="application.prefilled", subject=application, changes=changes)


def budget_of(application: Application) -> str:
    """The key of the budget table that the first step asks; empty without one."""
    return next((one.key for one in application.questions.fields(1) if one.kind == "budget"), "")


def _budget(application: Application, answers: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The costs that the check tells, each in the first kind of cost of its partner: the check knows no
    kinds. The grant is divided by the costs, to the cent; partners whom no directory knows keep their part.
    """
    key = budget_of(application)
    if not key:
        return {}
    column = application.questions.field(key).columns[0].key
    rows = list(application.partners.current().exclude(role=PartnerRole.ASSOCIATED))
    by_name = {row.organisation.name: row for row in rows}
    lead = next((row for row in rows if row.role == PartnerRole.LEAD), None)
    costs: dict[str, Decimal] = {}
    for told in answers.get("partners", ()):
        row = by_name.get(told.get("name", "")) or (lead if told.get("lead") else None)
        cost = Decimal(told.get("cost") or 0)
        if row is not None and cost:
            costs[row.key] = costs.get(row.key, Decimal(0)) + cost
    grant = Decimal(answers.get("grant") or 0)
    # partners that are in no directory yet have their part of the grant, too: nothing is said of it here
    whole = sum((Decimal(told.get("cost") or 0) for told in answers.get("partners", ())), Decimal(0))
    rest = whole - sum(costs.values())
    shares = divide(grant, [*costs.values(), rest]) if costs and grant else [Decimal(0)] * len(costs)
    return {
        key: {column: str(cost), **({"grant": str(share)} if share else {})}
        for (key, cost), share in zip(costs.items(), shares, strict=False)
    }


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
    if field.fills == SHARES:
        return rows_of(value or {})
    if isinstance(value, list):
        known = {choice.key for choice in field.choices}
        chosen = [one for one in value if one in known]
        return chosen if field.kind == "choices" else next(iter(chosen), "")
    return str(value) if value else ""
