"""Proposing an introduction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.accounts.rules import edits_organisation
from kontor.features.matching.introductions.actions.locking import announce_answers, checked_words
from kontor.features.matching.introductions.actions.mailing import mail_side
from kontor.features.matching.introductions.progress import state_of_replies
from kontor.features.matching.models import Introduction, Refusal, Side
from kontor.features.matching.models.states import BLOCKING, Reply, Role
from kontor.features.organisations.actions.reminders import recipients_of
from kontor.features.organisations.models import Organisation, Statement

LONGEST_NOTE = 2_000
SHORTEST_DAYS, LONGEST_DAYS = 3, 60


@dataclass(frozen=True)
class Measured:
    """The score of the match, with the value (0 to 1) of each of its parts; empty where it was not scored."""

    score: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)


UNMEASURED = Measured()


def propose_introduction(
    *,
    asker: Organisation,
    partner: Organisation,
    actor: Actor,
    statement: Statement | None = None,
    note: str = "",
    name_asker: bool = False,
    days: int | None = None,
    measured: Measured = UNMEASURED,
) -> Introduction:
    """Ask both sides. Whoever may answer for the asking side has said its yes by proposing.

    `statement`: the anonymous statement the match rests on; the partner's name is then withheld until both
    agree. `name_asker`: the partner reads from the start who asks. `days` until the deadline.

    Raises KontorError `introduction-…` where nobody can be asked, and one and the same where the pair is
    under way and where somebody said no: an anonymous partner must not be found out by asking for others.
    """
    days = _days(days)
    note = checked_words(note, "note", LONGEST_NOTE)
    today = timezone.localdate()
    with transaction.atomic():
        _refuse_unfit(asker, partner)
        own = actor.user is not None and bool(edits_organisation.test(actor.user, asker))
        introduction = _create(
            asker, partner, actor, own=own,
            note=note, measured=measured, deadline=today + dt.timedelta(days=days),
        )  # fmt: skip
        halfway = today + dt.timedelta(days=days // 2)
        _add_side(introduction, asker, Role.ASKER, own=own, by=actor, named=name_asker, remind_on=halfway)
        _add_side(
            introduction, partner, Role.PARTNER,
            statement=statement, named=statement is None, by=actor, remind_on=halfway,
        )  # fmt: skip
        changes = {
            "state": [None, introduction.state],
            "deadline": [None, introduction.deadline_on.isoformat()],
        }
        audit.record(actor=actor, verb="introduction.proposed", subject=introduction, changes=changes)
        for side in introduction.sides.select_related("organisation", "statement"):
            if side.asked_at is not None:
                mail_side(introduction, side, "introduction_asked")
        announce_answers(introduction)
    return introduction


def _create(
    asker: Organisation,
    partner: Organisation,
    actor: Actor,
    *,
    own: bool,
    note: str,
    measured: Measured,
    deadline: dt.date,
) -> Introduction:
    """The row; two people who propose one pair at the same moment make one introduction."""
    try:
        with transaction.atomic():
            return Introduction.objects.create(
                key=new_key(),
                pair=pair_of(asker, partner),
                asker=asker,
                partner=partner,
                state=state_of_replies((Reply.YES if own else Reply.NONE, Reply.NONE)),
                note=note,
                language=actor.language,
                parts=dict(measured.parts),
                score=measured.score,
                proposed_at=timezone.now(),
                proposed_by_key=actor.key,
                proposed_by_label=actor.label[:200],
                deadline_on=deadline,
            )
    except IntegrityError as problem:
        raise _not_now() from problem


def _add_side(
    introduction: Introduction,
    organisation: Organisation,
    role: Role,
    *,
    by: Actor,
    remind_on: dt.date,
    own: bool = False,
    named: bool = False,
    statement: Statement | None = None,
) -> Side:
    values: dict[str, Any] = {"asked_at": introduction.proposed_at, "remind_on": remind_on}
    if own:
        values = {
            "reply": Reply.YES,
            "replied_at": introduction.proposed_at,
            "replied_by": by.label[:200],
        }
    return Side.objects.create(
        introduction=introduction,
        organisation=organisation,
        role=role,
        named_at_start=named,
        statement=statement,
        **values,
    )


def pair_of(one: Organisation, other: Organisation) -> str:
    return " ".join(sorted((one.key, other.key)))


def _days(days: int | None) -> int:
    days = settings.INTRODUCTION_DAYS if days is None else days
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise KontorError(
            _("The deadline is between %(least)s and %(most)s days.")
            % {"least": SHORTEST_DAYS, "most": LONGEST_DAYS},
            code="introduction-days",
            path="days",
            status=422,
        )
    return days


def _refuse_unfit(asker: Organisation, partner: Organisation) -> None:
    """What keeps a pair from being proposed. The texts name nobody: the partner may be anonymous."""
    if asker.pk == partner.pk:
        raise _refused(_("An organisation cannot be introduced to itself."), "self", "partner")
    for organisation, path in ((asker, "asker"), (partner, "partner")):
        if not organisation.findable:
            raise _refused(_("This organisation is not in the directory."), "not-listed", path)
        if not recipients_of(organisation):
            text = _("Nobody can be asked: one of the two has no owner, editor or contact person who agreed.")
            raise _refused(text, "nobody", path, _("Invite one of its people, or add a contact person."))
    if Introduction.objects.filter(pair=pair_of(asker, partner), state__in=BLOCKING).exists():
        raise _not_now()
    if Refusal.objects.filter(both_ways(asker, partner), lifted_at=None).exists():
        raise _not_now()


def both_ways(one: Organisation, other: Organisation) -> Q:
    return Q(by=one, other=other) | Q(by=other, other=one)


def _not_now() -> Conflict:
    return Conflict(
        _(
            "These two cannot be introduced now: they are being introduced already, know each other, "
            "or one of them said no."
        ),
        code="introduction-not-now",
        path="partner",
        remedy=_("Look at your introductions; whoever said no can lift it there."),
    )


def _refused(text: object, code: str, path: str, remedy: object = "") -> KontorError:
    return KontorError(text, code=f"introduction-{code}", path=path, remedy=remedy, status=409)
