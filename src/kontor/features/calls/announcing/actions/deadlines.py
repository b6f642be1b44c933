"""Moving a deadline of a published call: of a step, or of one region of a synchronised call alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.calls.announcing.actions.checks import check_values
from kontor.features.calls.announcing.actions.standing import insist, insist_on_reason, locked, tell_writers
from kontor.features.calls.models import Call, CallState


@transaction.atomic
def move_deadline(
    *, call: Call, step: int, to: dt.datetime, reason: str, region: str = "", actor: Actor
) -> Call:
    """Extend the deadline of a step of a published call; nobody's time is ever cut. With `region` that one
    region's deadline of the first step moves, the others stay. Whoever writes is told; of a region whoever
    has partners there.

    KontorError for an earlier or past time, an unknown region, and without a reason.
    """
    call = locked(call)
    insist(call, CallState.PUBLISHED)
    insist_on_reason(reason)
    before = _now(call, step, region)
    if step not in (1, call.steps) or to <= timezone.now() or (before is not None and to <= before):
        raise KontorError(
            _("A deadline can only be moved to a later time in the future."),
            code="deadline-earlier",
            path="to",
            remedy=_("Give a later day."),
        )
    there = to.astimezone(call.zone)
    name = _set(call, step, region, there)
    check_values(call)
    call.revision += 1
    call.save(update_fields=["closes_at", "second_closes_at", "regions", "revision", "changed_at"])
    changes = {name: [before.isoformat() if before else None, to.isoformat()]}
    record(actor=actor, verb="call.deadline-moved", subject=call, changes=changes, reason=reason.strip())
    # as text: a template would put it into the site's own zone
    told = {"day": there.date(), "time": f"{there:%H:%M}"}
    tell_writers(call, "deadline_moved", region=region, reason=reason.strip(), **told)
    return call


def _now(call: Call, step: int, region: str) -> dt.datetime | None:
    if region and region not in {one["key"] for one in call.regions}:
        raise KontorError(
            _("The call has no such region."),
            code="region-unknown",
            path="region",
            remedy=_("Choose one of the list."),
        )
    if region and step == 2:
        raise KontorError(
            _("Only the first step closes at different times in different regions."),
            code="region-step",
            path="step",
            remedy=_("Move the deadline of the second step for all."),
        )
    return call.second_closes_at if step == 2 else call.closes_in(1, region)


def _set(call: Call, step: int, region: str, to: dt.datetime) -> str:
    """Put it there; the name of what changed, for the log."""
    if region:
        call.regions = [
            {**one, "closes_at": to.isoformat()} if one["key"] == region else one for one in call.regions
        ]
        return f"regions.{region}.closes_at"
    name = "second_closes_at" if step == 2 else "closes_at"
    setattr(call, name, to)
    return name
