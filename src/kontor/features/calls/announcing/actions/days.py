"""Days of a call beside its deadlines."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.calls.models import Call, CallDay, DayKind

FIELDS = ("kind", "name", "place", "starts_at", "ends_at")


@transaction.atomic
def add_day(*, call: Call, values: dict[str, Any], actor: Actor) -> CallDay:
    """A day in the calendar. KontorError without a name or with an end before the beginning."""
    day = CallDay(key=new_key(), call=call)
    _set(day, values)
    day.save()
    record(actor=actor, verb="call.day-added", subject=call, changes={"day": [None, _told(day)]})
    return day


@transaction.atomic
def change_day(*, day: CallDay, values: dict[str, Any], actor: Actor) -> CallDay:
    day = CallDay.objects.select_for_update(of=("self",)).select_related("call").get(pk=day.pk)
    before = _told(day)
    _set(day, values)
    changes = changed_fields(before, _told(day))
    if changes:
        day.save()
        record(actor=actor, verb="call.day-changed", subject=day.call, changes=changes)
    return day


@transaction.atomic
def remove_day(*, day: CallDay, actor: Actor) -> None:
    record(actor=actor, verb="call.day-removed", subject=day.call, changes={"day": [_told(day), None]})
    day.delete()


def _set(day: CallDay, values: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(day, name, values[name])
    if day.kind not in DayKind.values:
        raise _fault(
            "kind", _("“{kind}” is no kind of day.").format(kind=day.kind), _("Choose from the list.")
        )
    if not any(text.strip() for text in day.name.values()):
        raise _fault("name", _("The day needs a name."), _("Write it in one language at least."))
    if day.ends_at <= day.starts_at:
        raise _fault("ends_at", _("It ends before it begins."), _("Give a later time."))


def _told(day: CallDay) -> dict[str, Any]:
    values = {name: getattr(day, name) for name in FIELDS}
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()
    }


def _fault(path: str, message: object, remedy: object) -> KontorError:
    return KontorError(message, code="day-faulty", path=path, remedy=remedy)
