"""Beginning an application."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.calls.actions.prefilling import answer_facts
from kontor.features.calls.casework.actions import open_case_of
from kontor.features.calls.models import Application, ApplicationPartner, Call, PartnerRole
from kontor.features.matching.models import Consortium
from kontor.features.matching.models.consortia import SeatRole, SeatState
from kontor.features.organisations.models import Organisation

#: Characters of the call's key in an application's number.
_ROOM = 24


@transaction.atomic
def begin_application(
    *,
    call: Call,
    lead: Organisation,
    title: str = "",
    language: str = "",
    instrument: str = "",
    consortium: Consortium | None = None,
    is_sample: bool = False,
    actor: Actor,
) -> Application:
    """A new draft for a call that is open, led by an organisation; its partners come from the consortium
    where one is given. KontorError where the call takes none now.
    """
    if not call.is_open(timezone.now()) and not is_sample:
        raise KontorError(
            _("This call takes no applications now."),
            code="call-closed",
            path="call",
            remedy=_("Look at the calendar of calls for the next one."),
            status=409,
        )
    if instrument and instrument not in (call.instrument, *call.more):
        raise KontorError(
            _("This call does not offer “{key}”.").format(key=instrument),
            code="instrument-unknown",
            path="instrument",
            remedy=_("Choose one of the call's instruments, or look for another call."),
        )
    languages = call.languages or ["en"]
    application = Application.objects.create(
        key=new_key(),
        call=call,
        number=f"{_short(call.key)}-{new_key(6).upper()}",
        title=title.strip()[:300] or (consortium.title if consortium else ""),
        lead=lead,
        consortium=consortium,
        instrument="" if instrument == call.instrument else instrument,
        language=language if language in languages else languages[0],
        themes=list(consortium.themes) if consortium else [],
        kets=list(consortium.kets) if consortium else [],
        months=consortium.months if consortium else None,
        is_sample=is_sample,
        created_by=actor.label[:200],
        changed_by=actor.label[:200],
    )
    _add_partners(application, lead, consortium)
    open_case_of(application=application, actor=actor)
    answer_facts(application=application, actor=actor)
    record(
        actor=actor,
        verb="application.begun",
        subject=application,
        changes={"call": [None, call.key], "lead": [None, lead.key]},
    )
    return application


def _short(key: str) -> str:
    """The call's key in a number: whole words of it, as many as have room."""
    if len(key) <= _ROOM:
        return key.upper()
    return (key[: _ROOM + 1].rpartition("-")[0] or key[:_ROOM]).upper()


def _add_partners(application: Application, lead: Organisation, consortium: Consortium | None) -> None:
    rows: dict[int, dict[str, Any]] = {lead.pk: {"role": PartnerRole.LEAD}}
    if consortium and consortium.chosen:
        seats = consortium.chosen.seats.filter(state=SeatState.ACCEPTED).exclude(organisation=None)
        for seat in seats:
            role = PartnerRole.ASSOCIATED if seat.role == SeatRole.ASSOCIATED else PartnerRole.PARTNER
            values = {"role": role, "cost": seat.cost, "grant": seat.grant, **_declared(seat.facts)}
            if seat.organisation_id == lead.pk:
                values["role"] = PartnerRole.LEAD
            rows[seat.organisation_id or 0] = values
    ApplicationPartner.objects.bulk_create(
        ApplicationPartner(
            key=new_key(), application=application, organisation_id=pk, position=position, **values
        )
        for position, (pk, values) in enumerate(rows.items())
    )


def _declared(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts.get(name) for name in ("led_before", "new", "in_difficulty")}
