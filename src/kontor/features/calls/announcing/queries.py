"""What people may read of calls: the list, one call, its money, its calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.announcing.rules import visible_q
from kontor.features.calls.models import Call, CallQuerySet, CallState, WishState
from kontor.features.programmes.models import Envelope

#: When a call is, as lists filter by it.
WHENS = {
    "open": _("open now"),
    "coming": _("opening later"),
    "closed": pgettext_lazy("calls", "closed"),
    "draft": pgettext_lazy("calls", "drafts"),
}


@dataclass(frozen=True)
class Phase:
    """Where a call stands at a moment: `key` is draft, coming, open, between, second, closed or withdrawn;
    `until` is when that ends.
    """

    key: str
    until: dt.datetime | None = None

    @property
    def kind(self) -> str:
        return {"open": "good", "second": "good", "coming": "info", "withdrawn": "bad"}.get(
            self.key, "neutral"
        )

    @property
    def label(self) -> Any:
        return _LABELS[self.key]


_LABELS = {
    "draft": pgettext_lazy("call", "draft"),
    "coming": pgettext_lazy("call", "opens later"),
    "open": pgettext_lazy("call", "open"),
    "second": pgettext_lazy("call", "second step open"),
    "closed": pgettext_lazy("call", "closed"),
    "withdrawn": pgettext_lazy("call", "withdrawn"),
}


def phase_of(call: Call, now: dt.datetime) -> Phase:
    """By the server's clock; the latest end of all regions counts for a synchronised call."""
    if call.state != CallState.PUBLISHED:
        return Phase(str(call.state))
    if now < call.opens_at:
        return Phase("coming", call.opens_at)
    last = max([call.closes_at, *(call.closes_in(1, one["key"]) for one in call.regions)])
    if now < last:
        return Phase("open", last)
    if call.steps == 2 and call.second_closes_at and now < call.second_closes_at:
        return Phase("second", call.second_closes_at)
    return Phase("closed")


def calls_for(user: Any, *, when: str = "", programme: str = "", words: str = "") -> CallQuerySet:
    """The calls a person may read, the next deadline first; `words` are looked for in title and summary."""
    now = timezone.now()
    rows = Call.objects.filter(visible_q(user)).select_related("programme", "version")
    conditions = {
        "open": Q(state=CallState.PUBLISHED, opens_at__lte=now)
        & (Q(closes_at__gt=now) | Q(second_closes_at__gt=now)),
        "coming": Q(state=CallState.PUBLISHED, opens_at__gt=now),
        "closed": Q(closes_at__lte=now) & (Q(second_closes_at=None) | Q(second_closes_at__lte=now)),
        "draft": Q(state=CallState.DRAFT),
    }
    if when in conditions:
        rows = rows.filter(conditions[when])
    if programme:
        rows = rows.filter(programme__key=programme)
    for word in words.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(summary__icontains=word) | Q(programme__name__icontains=word)
        )
    return rows.order_by("-closes_at", "key")


def call_for(user: Any, key: str) -> Call:
    """One the person may read. Http404 for any other, told apart from none by nobody."""
    rows = Call.objects.filter(visible_q(user)).select_related("programme", "version")
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Left:
    """What an envelope that the call draws on still holds; `binding` marks the one that ends first."""

    envelope: Envelope
    binding: bool = False


def money_left(call: Call) -> list[Left]:
    """The envelopes a grant of this call is taken from, the tightest marked; one query.

    A region's own for a synchronised call; else the part that the instrument belongs to, and the budget.
    """
    keys = _envelope_keys(call)
    rows = {row.key: row for row in call.programme.envelopes.filter(key__in=keys, closed=False)}
    found = [rows[key] for key in keys if key in rows]
    if call.regions or not found:
        return [Left(row) for row in found]
    tightest = min(found, key=lambda row: row.remaining)
    return [Left(row, row is tightest) for row in found]


def left_by_region(call: Call, left: Iterable[Left]) -> dict[str, Decimal]:
    """What is left of each region's own envelope, by the region's key."""
    by_key = {one.envelope.key: one.envelope.remaining for one in left}
    return {
        region["key"]: by_key[region["envelope"]]
        for region in call.regions
        if region.get("envelope") in by_key
    }


def _envelope_keys(call: Call) -> list[str]:
    if call.regions:
        return [region["envelope"] for region in call.regions if region.get("envelope")]
    definition = call.definition_of_programme
    parts = dict.fromkeys(one.part for one in call.instruments if one.part)
    plain = [*(f"part:{part}" for part in parts), "budget"]
    own = [f"{definition.key}/{key}" for key in plain] if definition.extends else []
    return own + plain


@dataclass(frozen=True)
class Entry:
    """One line of the calendar. `kind` is opens, closes, second, or the kind of a day; `region` the name of
    the regional annex that it holds for.
    """

    at: dt.datetime
    until: dt.datetime | None
    kind: str
    label: str
    call: Call
    place: str = ""
    uid: str = ""

    @property
    def past(self) -> bool:
        return (self.until or self.at) < timezone.now()

    @property
    def is_deadline(self) -> bool:
        return self.kind in {"closes", "second"}


def calendar_of(calls: Iterable[Call]) -> list[Entry]:
    """Openings, deadlines and days of calls (prefetch `days`), the earliest first."""
    found: list[Entry] = []
    for call in calls:
        found += _deadlines(call)
        found += [
            Entry(day.starts_at, day.ends_at, day.kind, str(day), call, day.place, f"day-{day.key}")
            for day in call.days.all()
        ]
    return sorted(found, key=lambda one: (one.at, one.uid))


def _deadlines(call: Call) -> list[Entry]:
    found = [
        Entry(call.opens_at, None, "opens", str(_("The call opens")), call, uid=f"opens-{call.key}"),
        Entry(call.closes_at, None, "closes", str(_closing(call)), call, uid=f"closes-{call.key}"),
    ]
    if call.steps == 2 and call.second_closes_at:
        label = str(_("Deadline of the second step, by invitation"))
        found.append(Entry(call.second_closes_at, None, "second", label, call, uid=f"second-{call.key}"))
    for region in call.regions:
        if region.get("closes_at"):
            label = str(_("Deadline in {region}")).format(region=call.said(region["name"]))
            at = dt.datetime.fromisoformat(region["closes_at"])
            found.append(Entry(at, None, "closes", label, call, uid=f"closes-{call.key}-{region['key']}"))
    return found


def _closing(call: Call) -> Any:
    return _("Deadline of the first step") if call.steps == 2 else _("Deadline")


def open_wishes(call: Call) -> int:
    """How many look for a partner on the call's board."""
    counted: int = call.wishes.filter(state=WishState.OPEN).aggregate(count=Count("pk"))["count"]
    return counted
