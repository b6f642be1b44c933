"""Letting applicants know."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.attachments import attach
from kontor.base.audit import record, record_many
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.calls.actions import move_application
from kontor.features.calls.models import HANDED_IN, Application, ApplicationState
from kontor.features.decisions.actions.deciding import ungrantable
from kontor.features.decisions.actions.placing import release_decision
from kontor.features.decisions.actions.rounds import locked_round, touch
from kontor.features.decisions.models import Decision, Publication, Round
from kontor.features.decisions.papers import minutes

S = ApplicationState
#: The way of each state to the decision.
WAY = {
    S.SUBMITTED: (),
    S.ADMISSIBLE: (),
    S.ELIGIBLE: (S.RANKED,),
    S.ASSESSED: (S.RANKED,),
    S.PITCHED: (S.RANKED,),
    S.INELIGIBLE: (),
    S.RANKED: (),
}


@transaction.atomic
def publish_decisions(*, round: Round, partial: bool = False, note: str = "", actor: Actor) -> Publication:
    """From now on applicants read their decisions, and none can be taken back. The minutes as they stand
    are kept as PDF. What was decided on an application that was withdrawn since ends untold, and its money
    is free. KontorError (409) where grants wait for their second person or went to an application that was
    found ineligible since, where applications have no decision and `partial` does not say that this is
    meant, and where there is nothing new to publish.
    """
    row = locked_round(round)
    _end_withdrawn(row, actor)
    fresh = list(_fresh(row).filter(application__state__in=HANDED_IN).order_by("application__number"))
    _check(row, fresh, partial)
    made = Publication.objects.create(
        key=new_key(),
        round=row,
        number=row.publications.count() + 1,
        at=timezone.now(),
        by=actor.label[:200],
        note=note.strip()[:300],
    )
    Decision.objects.filter(pk__in=[one.pk for one in fresh]).update(publication=made)
    for one in fresh:
        _move(one.application, actor)
    touch(row, actor)
    changes = {"number": [None, made.number], "decisions": [None, len(fresh)]}
    record(actor=actor, verb="decision.published", subject=row, changes=changes, reason=note.strip())
    items = [(one.application, {"published": [False, True], "decision": [None, one.kind]}) for one in fresh]
    record_many(actor=actor, verb="decision.told", items=items)
    file = SimpleUploadedFile(
        f"{now('minutes')}-{row.call.key}-{made.number}.pdf",
        minutes.pdf(row, made, language=actor.language),
        content_type="application/pdf",
    )
    attach(subject=made, upload=file, actor=actor)
    return made


def _fresh(row: Round) -> Any:
    """What applicants do not know yet, the applications held: none is withdrawn or moved meanwhile."""
    rows = Decision.objects.live().filter(round=row, publication=None)
    held = Application.objects.filter(pk__in=rows.values("application")).order_by("pk")
    list(held.select_for_update(of=("self",)))
    return rows.select_related("application__lead", "round")


def _end_withdrawn(row: Round, actor: Actor) -> None:
    for one in _fresh(row).filter(application__state=S.WITHDRAWN):
        release_decision(one, actor)


def _check(row: Round, fresh: list[Decision], partial: bool) -> None:
    if not fresh:
        raise KontorError(
            _("There is no decision that applicants do not know yet."),
            code="nothing-to-publish",
            remedy=_("Take decisions first."),
            status=409,
        )
    waiting = [one.application.number for one in fresh if one.needs_confirmation]
    if waiting:
        raise KontorError(
            _("Grants wait for a second person: {numbers}.").format(numbers=", ".join(waiting)),
            code="unconfirmed",
            remedy=_("Somebody else who manages the programme confirms them on the board."),
            status=409,
        )
    barred = [one.application.number for one in fresh if one.grants and ungrantable(one.application)]
    if barred:
        raise KontorError(
            _("Grants to applications that are not found eligible: {numbers}.").format(
                numbers=", ".join(barred)
            ),
            code="grant-ineligible",
            remedy=_("Take these decisions back, or decide about the eligibility first."),
            status=409,
        )
    open_ones = undecided(row)
    if open_ones and not partial:
        raise KontorError(
            _("No decision yet: {numbers}.").format(numbers=", ".join(one.number for one in open_ones)),
            code="undecided",
            path="partial",
            remedy=_("Decide on them, or say that only a part is published."),
            status=409,
        )


def undecided(row: Round) -> list[Application]:
    """Applications handed in and not withdrawn on which nobody decided."""
    held = Decision.objects.live().filter(round=row).values("application")
    return list(Application.objects.filter(call=row.call, state__in=HANDED_IN).exclude(pk__in=held))


def _move(application: Application, actor: Actor) -> None:
    if application.state == S.DECIDED:
        return
    for state in (*WAY[S(application.state)], S.DECIDED):
        move_application(application=application, to=state, reason="", actor=actor)
