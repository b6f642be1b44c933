"""The partner that a card or a program names, and the score of the match it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from kontor.base.api import not_found
from kontor.features.accounts.queries import organisations_of
from kontor.features.matching.ask import Ask
from kontor.features.matching.introductions.actions.proposing import UNMEASURED, Measured
from kontor.features.matching.queries import Partner, find_partners
from kontor.features.organisations.models import Organisation, Statement

MOST_ASKERS = 500


@dataclass(frozen=True)
class Found:
    """`statement` is set where the partner is anonymous: nothing of the organisation may be shown."""

    organisation: Organisation
    statement: Statement | None = None


def partner_of(key: str, user: Any) -> Found:
    """The organisation the user may see by name, or the one behind an anonymous statement; 404 else."""
    organisation = Organisation.objects.visible_to(user).filter(key=key).first()
    if organisation is not None:
        return Found(organisation)
    statements = Statement.objects.anonymous(timezone.localdate()).select_related("organisation")
    statement = statements.filter(key=key).first()
    if statement is None:
        raise not_found()
    return Found(statement.organisation, statement)


def measured_for(ask: Ask, key: str, user: Any) -> Measured:
    """Score and parts of the match with this key in the answer to `ask`; unmeasured where it is not in it."""
    if ask.is_empty:
        return UNMEASURED
    partner = next((each for each in find_partners(ask, user).partners if each.key == key), None)
    return UNMEASURED if partner is None else _measured(partner)


def _measured(partner: Partner) -> Measured:
    match = partner.match
    return Measured(round(match.score, 4), {part.name: round(part.value, 4) for part in match.parts})


def ask_of(asker: Organisation, ask: Ask) -> Ask:
    """The question as the asking organisation puts it, so that its own history is part of the score."""
    return ask if ask.organisation or ask.statement else replace(ask, organisation=asker.key)


def askers_for(user: Any, ask: Ask, partner: Organisation) -> list[Organisation]:
    """For whom the person may propose: who asks in the search, else their own, else their members."""
    named = _asking(ask, user)
    rows = Organisation.objects.alive().editable_by(user).exclude(pk=partner.pk).order_by("name_key", "id")
    own = list(rows.filter(key__in=sorted(organisations_of(user))))
    if named and named not in own and named.pk != partner.pk:
        return [named, *own]
    if own:
        return sorted(own, key=lambda each: each != named)
    return list(rows[:MOST_ASKERS])


def _asking(ask: Ask, user: Any) -> Organisation | None:
    rows = Organisation.objects.visible_to(user)
    if ask.statement:
        return rows.filter(statements__key=ask.statement).first()
    return rows.filter(key=ask.organisation).first() if ask.organisation else None
