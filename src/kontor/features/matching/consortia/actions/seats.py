"""Seats: adding, filling, emptying, moving and removing them, and their money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.matching.consortia.actions.conflicts import BoardConflict, differences
from kontor.features.matching.consortia.actions.overriding import note_override
from kontor.features.matching.consortia.actions.stepping import Change, step
from kontor.features.matching.consortia.problem.facts import ground_of
from kontor.features.matching.models import Consortium, Seat, TeamVariant
from kontor.features.matching.models.consortia import SeatRole, SeatState
from kontor.features.organisations.models import Organisation, Statement

MOST_SEATS = 30
FIELDS = ("role", "task", "cost", "grant", "brings", "facts")
LABELS = {
    "role": _("role"),
    "task": _("what this seat is for"),
    "cost": _("cost in EUR"),
    "grant": _("grant in EUR"),
    "brings": _("competences"),
    "facts": _("known of it"),
    "organisation": _("organisation"),
    "state": _("state"),
}
FACTS = ("led_before", "new", "in_difficulty")


def add_seat(
    *,
    variant: TeamVariant,
    actor: Actor,
    values: Mapping[str, Any] | None = None,
    organisation: Organisation | None = None,
    statement: Statement | None = None,
    reason: str = "",
) -> Seat:
    """A seat at the end of the row, empty or with somebody proposed; `reason` where a proposal is left."""
    with step(variant.consortium, "seat_added", actor=actor) as change:
        seats = Seat.objects.filter(variant=variant)
        if seats.count() >= MOST_SEATS:
            raise KontorError(
                _("A variant has at most %(most)s seats.") % {"most": MOST_SEATS},
                code="seats-many",
                path="seat",
                remedy=_("Remove one first."),
                status=409,
            )
        last = seats.aggregate(last=Max("position"))["last"]
        seat = Seat(
            key=new_key(),
            variant=variant,
            position=0 if last is None else last + 1,
            changed_by=actor.label[:200],
        )
        _fill(seat, values or {}, change.consortium)
        if organisation is not None:
            _seat(seat, organisation, statement, change, actor, reason)
        _one_lead(seat)
        seat.save()
        change.about = change.about or seat.task
        change.changes |= {"seat": [None, seat.key], "role": [None, seat.role]}
    return seat


def change_seat(*, seat: Seat, values: Mapping[str, Any], revision: int | None, actor: Actor) -> Seat:
    """Role, task, money, competences and facts. BoardConflict where somebody changed it since `revision`."""
    with step(seat.variant.consortium, "seat_changed", actor=actor) as change:
        stored = _fresh(seat)
        before = {name: getattr(stored, name) for name in FIELDS}
        _refuse_stale(stored, revision, values)
        _fill(stored, values, change.consortium)
        _one_lead(stored)
        _save(stored, actor)
        change.changes = {
            "seat": [None, stored.key],
            **changed_fields(_plain(before), _plain({n: getattr(stored, n) for n in FIELDS})),
        }
        change.about = stored.task
    return stored


def put_into_seat(
    *,
    seat: Seat,
    organisation: Organisation,
    actor: Actor,
    statement: Statement | None = None,
    revision: int | None = None,
    reason: str = "",
) -> Seat:
    """Propose an organisation for a seat that is empty or was declined. `statement`: it stays anonymous."""
    with step(seat.variant.consortium, "seat_taken", actor=actor) as change:
        stored = _fresh(seat)
        _refuse_stale(stored, revision, {"organisation": organisation.name if statement is None else ""})
        if stored.state not in {SeatState.OPEN, SeatState.DECLINED, SeatState.PROPOSED}:
            raise _busy()
        _seat(stored, organisation, statement, change, actor, reason)
        _save(stored, actor)
        change.changes |= {"seat": [None, stored.key], "state": [SeatState.OPEN, stored.state]}
    return stored


def empty_seat(*, seat: Seat, actor: Actor, revision: int | None = None, reason: str = "") -> Seat:
    """Whoever sits there is no longer considered; the seat stays. An invitation is withdrawn first."""
    with step(seat.variant.consortium, "seat_emptied", actor=actor) as change:
        stored = _fresh(seat)
        _refuse_stale(stored, revision, {"organisation": ""})
        if stored.state in {SeatState.INVITED, SeatState.ACCEPTED} and not _is_lead(stored):
            raise _busy()
        note_override(stored.variant, stored, "left", reason, actor)
        before = stored.state
        clear(stored)
        _save(stored, actor)
        change.reason = reason
        change.changes = {"seat": [None, stored.key], "state": [before, stored.state]}
    return stored


def remove_seat(*, seat: Seat, actor: Actor, revision: int | None = None, reason: str = "") -> None:
    """Take an empty seat, or one nobody was invited to, away."""
    with step(seat.variant.consortium, "seat_removed", actor=actor) as change:
        stored = _fresh(seat)
        _refuse_stale(stored, revision, {"organisation": ""})
        if stored.state in {SeatState.INVITED, SeatState.ACCEPTED} and not _is_lead(stored):
            raise _busy()
        if stored.counts:
            note_override(stored.variant, stored, "left", reason, actor)
        change.reason = reason
        change.about = stored.task
        change.changes = {"seat": [stored.key, None], "role": [stored.role, None]}
        stored.delete()


def move_seat(*, seat: Seat, position: int, actor: Actor) -> None:
    """To another place in the row, counted from 0; the others move up."""
    with step(seat.variant.consortium, "seat_moved", actor=actor) as change:
        row = list(Seat.objects.filter(variant=seat.variant))
        moved = next((each for each in row if each.pk == seat.pk), None)
        if moved is None:
            raise _gone()
        row.remove(moved)
        row.insert(max(0, min(position, len(row))), moved)
        before = moved.position
        for number, each in enumerate(row):
            each.position = number
        Seat.objects.bulk_update(row, ["position"])
        change.changes = {"seat": [None, moved.key], "position": [before, moved.position]}


def swap_seats(*, first: Seat, second: Seat, actor: Actor) -> None:
    """Whoever was proposed for one seat is proposed for the other; for people who drag."""
    with step(first.variant.consortium, "seats_swapped", actor=actor) as change:
        one, other = _fresh(first), _fresh(second)
        if one.variant_id != other.variant_id:
            raise _gone()
        for seat in (one, other):
            if seat.state in {SeatState.INVITED, SeatState.ACCEPTED}:
                raise _busy()
        for name in ("organisation", "statement", "anonymous", "state", "reason", "words", "cost", "grant"):
            mine, theirs = getattr(one, name), getattr(other, name)
            setattr(one, name, theirs)
            setattr(other, name, mine)
        _save(one, actor)
        _save(other, actor)
        change.changes = {"seat": [one.key, other.key]}


def clear(seat: Seat) -> None:
    """Nobody sits there any more."""
    seat.organisation = seat.statement = None
    seat.anonymous = False
    seat.state, seat.reason, seat.words = SeatState.OPEN, "", ""
    seat.invited_at = seat.answered_at = None
    seat.answered_by = ""
    seat.facts = {}


def _seat(
    seat: Seat,
    organisation: Organisation,
    statement: Statement | None,
    change: Change,
    actor: Actor,
    reason: str,
) -> None:
    _refuse_twice(seat, organisation, statement)
    if not organisation.findable and organisation.pk != change.consortium.lead_id:
        raise KontorError(
            _("This organisation is not in the directory."),
            code="seat-not-listed",
            path="organisation",
            status=409,
        )
    clear(seat)
    seat.organisation, seat.statement = organisation, statement
    seat.anonymous = statement is not None
    own = organisation.pk == change.consortium.lead_id
    seat.state = SeatState.ACCEPTED if own else SeatState.PROPOSED
    if own:
        seat.answered_at, seat.answered_by = timezone.now(), actor.label[:200]
    note_override(seat.variant, seat, "joined", reason, actor)
    change.reason = reason
    change.about = "" if seat.anonymous else organisation.name


def _refuse_twice(seat: Seat, organisation: Organisation, statement: Statement | None) -> None:
    """By name and behind a teaser are two: else whoever tries names would find an anonymous one out."""
    others = Seat.objects.filter(variant=seat.variant, organisation=organisation).exclude(pk=seat.pk)
    others = others.exclude(state=SeatState.DECLINED)
    same = others.filter(statement=statement) if statement else others.filter(anonymous=False)
    if same.exists():
        raise KontorError(
            _("It sits in this variant already."),
            code="seat-twice",
            path="organisation",
            remedy=_("Choose another organisation, or another seat."),
            status=409,
        )


def _fill(seat: Seat, values: Mapping[str, Any], consortium: Consortium) -> None:
    for name in FIELDS:
        if name in values:
            setattr(seat, name, values[name])
    if seat.role not in SeatRole.values:
        raise _wrong("role", _("There is no such role."))
    for name in ("cost", "grant"):
        amount = getattr(seat, name)
        if amount is not None and (amount < 0 or amount != round(amount, 2) or amount >= 10**10):
            raise _wrong(name, _("Give an amount of at least 0 with at most two decimals."))
    if seat.grant is not None and seat.cost is not None and seat.grant > seat.cost:
        raise _wrong("grant", _("The grant is larger than the cost."))
    known = {each.key for each in ground_of(consortium).competences}
    unknown = [each for each in seat.brings if each not in known]
    if "brings" in values and unknown:
        raise _wrong("brings", _("The target product needs no “%(key)s”.") % {"key": unknown[0]})
    seat.facts = {k: v for k, v in seat.facts.items() if k in FACTS and isinstance(v, bool)}


def _one_lead(seat: Seat) -> None:
    """A team has one lead: who led before becomes a partner."""
    if seat.role == SeatRole.LEAD:
        others = Seat.objects.filter(variant=seat.variant, role=SeatRole.LEAD).exclude(pk=seat.pk)
        for other in others:
            other.role = SeatRole.PARTNER
            other.revision += 1
            other.save(update_fields=["role", "revision"])


def _fresh(seat: Seat) -> Seat:
    found = Seat.objects.select_related("organisation", "statement", "variant").filter(pk=seat.pk).first()
    if found is None or found.variant.removed_at is not None:
        raise _gone()
    return found


def _save(seat: Seat, actor: Actor) -> None:
    seat.revision += 1
    seat.changed_by = actor.label[:200]
    seat.save()


def _is_lead(seat: Seat) -> bool:
    return seat.organisation_id == seat.variant.consortium.lead_id


def _refuse_stale(seat: Seat, revision: int | None, values: Mapping[str, Any]) -> None:
    if revision is None or revision == seat.revision:
        return
    theirs: dict[str, Any] = {name: getattr(seat, name) for name in FIELDS}
    theirs["organisation"] = "…" if seat.anonymous else str(seat.organisation or "")
    found = differences(LABELS, theirs, values)
    raise BoardConflict(seat.changed_by, found, seat.revision)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name in {"cost", "grant"} and value is not None else value
            for name, value in values.items()}  # fmt: skip


def _wrong(path: str, text: object) -> KontorError:
    return KontorError(text, code=f"seat-{path}", path=path, status=422)


def _busy() -> Conflict:
    return Conflict(
        _("This seat is taken: its organisation is invited or has accepted."),
        code="seat-taken",
        path="seat",
        remedy=_("Withdraw the invitation first."),
    )


def _gone() -> Conflict:
    return Conflict(
        _("This seat is no longer there."),
        code="seat-gone",
        path="seat",
        remedy=_("Look at the board as it is now."),
    )
