"""Who may read, compose, answer for and decide consortia. Rights follow the organisation, not the person.

| who | may |
| --- | --- |
| owner, editor of the lead, manager of its cluster | compose, invite, read everything |
| reader of the lead | read everything |
| people of an organisation that accepted a seat, its cluster's manager | read its variants and the space |
| editors of an organisation that is invited | read the invitation, answer; not the shared space |
| manager of the programme | read from the submission on, decide |
| administrator | read, decide |
| proposed and declined organisations, everybody else | nothing |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from kontor.base.permissions import predicate
from kontor.features.accounts.queries import clusters_managed, organisations_of
from kontor.features.accounts.rules import edits_organisation, is_administrator, manages_programme
from kontor.features.accounts.scopes import Role, ScopeKind
from kontor.features.matching.models import Consortium, Seat, TeamVariant
from kontor.features.matching.models.consortia import ConsortiumState, SeatState
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.models.organisation import editable_q
from kontor.features.organisations.rules import may_edit

# The states in which the manager of the programme reads a consortium.
HANDED_IN = (
    ConsortiumState.SUBMITTED,
    ConsortiumState.APPROVED,
    ConsortiumState.REJECTED,
    ConsortiumState.CLOSED,
)


def stands_for_q(user: Any, prefix: str = "") -> Q:
    """Organisations whose people the user is one of, and members of clusters the user manages."""
    own = Q(**{f"{prefix}key__in": sorted(organisations_of(user))})
    if is_administrator.test(user) or not clusters_managed(user):
        return own
    return own | editable_q(user, prefix)


def readable_q(user: Any) -> Q:
    """The consortia a person may read (may_read for one)."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if is_administrator.test(user):
        return Q()
    led = Consortium.objects.filter(stands_for_q(user, "lead__"))
    programmes = _programmes_of(user)
    condition = Q(pk__in=led.values("pk")) | Q(Exists(_seats_of(user)))
    if programmes:
        condition |= Q(programme__key__in=programmes, state__in=HANDED_IN)
    return condition


def variants_q(user: Any) -> Q:
    """The variants of many consortia that a person may read (variants_for for one)."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if is_administrator.test(user):
        return Q()
    own = Organisation.objects.filter(stands_for_q(user)).values("pk")
    seats = Seat.objects.filter(variant=OuterRef("pk"), state=SeatState.ACCEPTED, organisation__in=own)
    condition = Q(consortium__lead__in=own) | Q(Exists(seats))
    programmes = _programmes_of(user)
    if programmes:
        condition |= Q(consortium__programme__key__in=programmes, consortium__state__in=HANDED_IN)
    return condition


def _programmes_of(user: Any) -> list[str]:
    """Keys of the programmes whose manager the person is."""
    return [
        held.scope_key
        for held in user.roles()
        if held.role == Role.PROGRAMME_MANAGER and held.scope_kind == ScopeKind.PROGRAMME
    ]


def _seats_of(user: Any) -> Any:
    """Accepted seats of the user's organisations in variants that stand."""
    organisations = Organisation.objects.filter(stands_for_q(user)).values("pk")
    return Seat.objects.filter(
        variant__consortium=OuterRef("pk"),
        variant__removed_at=None,
        state=SeatState.ACCEPTED,
        organisation__in=organisations,
    )


def sees_whole_board(user: Any, consortium: Consortium) -> bool:
    """The lead's side, and whoever decides: every variant, and every name that is not anonymous."""
    if not user.is_authenticated:
        return False
    if is_administrator.test(user) or _stands_for_lead(user, consortium):
        return True
    return consortium.state in HANDED_IN and _manages(user, consortium)


def variants_for(user: Any, consortium: Consortium) -> Any:
    """The variants that the user may read: all, or those in which an own organisation sits."""
    rows = TeamVariant.objects.alive().filter(consortium=consortium)
    if sees_whole_board(user, consortium):
        return rows
    own = Organisation.objects.filter(stands_for_q(user)).values("pk")
    return rows.filter(seats__state=SeatState.ACCEPTED, seats__organisation__in=own).distinct()


def _stands_for_lead(user: Any, consortium: Consortium) -> bool:
    return Organisation.objects.filter(stands_for_q(user), pk=consortium.lead_id).exists()


def _manages(user: Any, consortium: Consortium) -> bool:
    programme = consortium.programme
    return programme is not None and bool(manages_programme.test(user, programme.key))


def _reads(user: Any, consortium: Consortium | None) -> bool:
    if consortium is None or not user.is_authenticated:
        return False
    return Consortium.objects.filter(readable_q(user), pk=consortium.pk).exists()


def _composes(user: Any, consortium: Consortium | None) -> bool:
    if consortium is None or not user.is_authenticated or is_administrator.test(user):
        return consortium is not None and bool(edits_organisation.test(user, consortium.lead))
    return bool(may_edit.test(user, consortium.lead))


def _creates_for(user: Any, lead: Organisation | None) -> bool:
    return lead is not None and user.is_authenticated and bool(may_edit.test(user, lead))


def _decides(user: Any, consortium: Consortium | None) -> bool:
    if consortium is None or not user.is_authenticated:
        return False
    return bool(is_administrator.test(user)) or _manages(user, consortium)


def _answers(user: Any, seat: Seat | None) -> bool:
    """Editors of the organisation itself; a cluster's manager answers for no member."""
    return seat is not None and bool(edits_organisation.test(user, seat.organisation))


def _takes_over(user: Any, consortium: Consortium | None) -> bool:
    return consortium is not None and bool(edits_organisation.test(user, consortium.offered_to))


@dataclass(frozen=True)
class Entry:
    """A comment or file of a consortium, by whoever put it there."""

    consortium: Consortium
    actor_key: str


def _changes_entry(user: Any, entry: Entry | None) -> bool:
    if entry is None or not _reads(user, entry.consortium):
        return False
    return entry.actor_key == user.key or _composes(user, entry.consortium)


may_read = predicate(_reads, "may_read_consortium")
may_compose = predicate(_composes, "may_compose")
may_create_for = predicate(_creates_for, "may_create_consortium_for")
may_decide = predicate(_decides, "may_decide_consortium")
may_answer_seat = predicate(_answers, "may_answer_seat")
may_change_entry = predicate(_changes_entry, "may_change_entry")
may_take_over = predicate(_takes_over, "may_take_over")
