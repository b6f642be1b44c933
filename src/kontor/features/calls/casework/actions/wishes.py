"""Wishes on the partner board."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.models import Call, CallState, PartnerWish, WishState
from kontor.features.organisations.models import Organisation, OrganisationKind

FIELDS = ("title", "text", "language", "countries", "kinds", "themes")
#: Characters of a wish.
LONGEST = 3_000


@transaction.atomic
def add_wish(*, call: Call, organisation: Organisation, values: dict[str, Any], actor: Actor) -> PartnerWish:
    """Say on the board who looks for whom. KontorError where the call is not published or over, or a value
    does not fit.
    """
    over = call.closes_at <= timezone.now() and (call.second_closes_at or call.closes_at) <= timezone.now()
    if call.state != CallState.PUBLISHED or over:
        raise KontorError(
            _("The board of this call is closed."),
            code="board-closed",
            path="call",
            remedy=_("Look at the calendar of calls for the next one."),
            status=409,
        )
    told = _checked(call, values)
    wish = PartnerWish.objects.create(
        key=new_key(), call=call, organisation=organisation, changed_by=actor.label[:200], **told
    )
    changes = {"organisation": [None, organisation.key], "title": [None, wish.title]}
    record(actor=actor, verb="wish.added", subject=wish, changes=changes)
    return wish


@transaction.atomic
def change_wish(*, wish: PartnerWish, values: dict[str, Any], revision: int, actor: Actor) -> PartnerWish:
    """Write it anew. Conflict where somebody else changed it since `revision`."""
    row = PartnerWish.objects.select_for_update(of=("self",)).select_related("call").get(pk=wish.pk)
    if row.revision != revision:
        raise Conflict(
            _("Somebody changed this wish while you were writing."),
            code="wish-changed",
            remedy=_("Look at it as it is now and save again."),
        )
    told = _checked(row.call, values)
    changes = changed_fields({name: getattr(row, name) for name in FIELDS}, told)
    if changes:
        for name, value in told.items():
            setattr(row, name, value)
        row.revision += 1
        row.changed_by = actor.label[:200]
        row.save()
        record(actor=actor, verb="wish.changed", subject=row, changes=changes)
    return row


@transaction.atomic
def close_wish(*, wish: PartnerWish, found: bool, actor: Actor) -> PartnerWish:
    """Take it off the board, because a partner was found or for another reason; twice changes nothing."""
    return _turn(wish, WishState.FOUND if found else WishState.WITHDRAWN, actor)


@transaction.atomic
def reopen_wish(*, wish: PartnerWish, actor: Actor) -> PartnerWish:
    """Put it back on the board."""
    return _turn(wish, WishState.OPEN, actor)


def _turn(wish: PartnerWish, state: WishState, actor: Actor) -> PartnerWish:
    row = PartnerWish.objects.select_for_update().get(pk=wish.pk)
    if row.state != state:
        changes = {"state": [row.state, str(state)]}
        row.state, row.closed_at = state, None if state == WishState.OPEN else timezone.now()
        row.revision += 1
        row.save(update_fields=["state", "closed_at", "revision", "changed_at"])
        record(actor=actor, verb="wish.turned", subject=row, changes=changes)
    return row


def _checked(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    told = {name: values.get(name, [] if name in {"countries", "kinds", "themes"} else "") for name in FIELDS}
    told["title"], told["text"] = told["title"].strip(), told["text"].strip()
    for name, most in (("title", 200), ("text", LONGEST)):
        if not told[name] or len(told[name]) > most:
            raise KontorError(
                _("Write a text of at most {most} characters.").format(most=most),
                code=f"{name}-invalid",
                path=name,
                remedy=_("Say what you bring and whom you look for."),
            )
    known = {
        "countries": set(codes.scheme("country").codes()),
        "kinds": set(OrganisationKind.values),
        "themes": {theme.key for theme in call.definition_of_programme.themes},
    }
    for name, listed in known.items():
        wrong = next((value for value in told[name] if value not in listed), None)
        if wrong is not None:
            raise KontorError(
                _("“{value}” is not known.").format(value=wrong),
                code=f"{name}-unknown",
                path=name,
                remedy=_("Choose from the list."),
            )
    told["language"] = told["language"] or (call.languages or ["en"])[0]
    return told
