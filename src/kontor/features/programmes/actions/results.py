"""Entering values of indicators by hand, and taking them away again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.programmes.actions.products import definition_of
from kontor.features.programmes.models import IndicatorReading, Programme

#: What the column holds.
MOST = Decimal(10) ** 14


@transaction.atomic
def add_reading(
    *,
    programme: Programme,
    indicator: str,
    amount: Decimal,
    day: dt.date,
    source: str,
    note: str = "",
    actor: Actor,
) -> IndicatorReading:
    """Note what `source` says of an indicator as of `day`. KontorError for an unknown indicator, a value
    below zero or finer than cents, a day to come, or no source.
    """
    if indicator not in {one.key for one in definition_of(programme).indicators}:
        raise KontorError(
            _("The programme has no indicator “{key}”.").format(key=indicator),
            code="indicator-unknown",
            path="indicator",
            remedy=_("Choose one from the programme's list."),
            status=404,
        )
    _refuse(amount, day, source.strip())
    made = IndicatorReading.objects.create(
        programme=programme,
        key=new_key(),
        indicator=indicator,
        amount=amount,
        day=day,
        source=source.strip()[:300],
        note=note.strip()[:500],
        by=actor.label[:200],
    )
    changes = {indicator: [None, str(made.amount)], "day": [None, day.isoformat()]}
    record(actor=actor, verb="add-reading", subject=programme, changes=changes, reason=made.source)
    return made


def remove_reading(*, reading: IndicatorReading, actor: Actor) -> None:
    """Out of every list; it can be brought back."""
    _set_removed(reading, removed=True, actor=actor)


def bring_reading_back(*, reading: IndicatorReading, actor: Actor) -> None:
    _set_removed(reading, removed=False, actor=actor)


@transaction.atomic
def _set_removed(reading: IndicatorReading, *, removed: bool, actor: Actor) -> None:
    stored = IndicatorReading.objects.select_for_update().get(pk=reading.pk)
    if (stored.removed_at is not None) == removed:
        return
    stored.removed_at = timezone.now() if removed else None
    stored.save(update_fields=["removed_at"])
    reading.removed_at = stored.removed_at
    amount = str(stored.amount)
    changes = {stored.indicator: [amount, None] if removed else [None, amount]}
    verb = "remove-reading" if removed else "restore-reading"
    record(actor=actor, verb=verb, subject=reading.programme, changes=changes, reason=stored.source)


def _refuse(amount: Decimal, day: dt.date, source: str) -> None:
    if not amount.is_finite() or not 0 <= amount < MOST or amount != amount.quantize(Decimal("0.01")):
        raise _wrong("amount", _("Give a value of at least 0 with at most two decimals."))
    if day > timezone.localdate():
        raise _wrong("day", _("This day is still to come."))
    if not source:
        raise _wrong("source", _("Say where the value comes from."))


def _wrong(path: str, text: object) -> KontorError:
    return KontorError(text, code=f"reading-{path}", path=path, status=422)
