"""The reserve list moves up when money frees up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.cli.contract import Clock
from kontor.engine.portfolio.model import Rule
from kontor.features.accounts.queries import people_in
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.calls.models import Application, ApplicationState
from kontor.features.decisions.actions.deciding import Verdict, decide
from kontor.features.decisions.actions.placing import release_decision
from kontor.features.decisions.actions.rounds import locked_round, touch
from kontor.features.decisions.book import read_book
from kontor.features.decisions.grounds import names_of
from kontor.features.decisions.models import Decision, DecisionKind, Round
from kontor.features.decisions.problem import Question, answer_to, question_of
from kontor.features.decisions.settings import settings_of
from kontor.features.decisions.wording import said

#: The order of the reserve list; who has no place comes last, in every database.
WAITING = (F("reserve_place").asc(nulls_last=True), "application__number")
#: So long the engine may look, for whoever moves the list up holds the round.
SECONDS = 20.0
#: Apart by so many points are two places of the list; so finely points may be told.
STEP = Decimal("0.0001")
MOVED_UP = gettext_noop("Moved up from place %(place)s of the reserve list: money has become free.")


@dataclass(frozen=True)
class Preview:
    """What moving up would do: grants whose applications were withdrawn give their money back, then the
    rule of the adopted scenario goes on down the places of the reserve list. `left` is what remains by
    envelope.
    """

    withdrawn: tuple[Decision, ...]
    granted: tuple[tuple[Decision, int], ...]
    waiting: tuple[Decision, ...]
    left: dict[str, Decimal]


def preview(round: Round) -> Preview:
    """The engine's answer with everything granted as it is and only the reserve list as candidates."""
    held = list(
        Decision.objects.live()
        .filter(round=round)
        .select_related("application__lead", "round", "publication")
        .order_by(*WAITING)
    )
    withdrawn = tuple(
        one for one in held if one.grants and one.application.state == ApplicationState.WITHDRAWN
    )
    reserve = {
        one.application.key: one
        for one in held
        if one.kind == DecisionKind.RESERVE and one.application.state != ApplicationState.WITHDRAWN
    }
    result = _solved(round, reserve)
    granted = tuple(
        (reserve[one["application"]], one["percent"])
        for one in result["granted"]
        if one["application"] in reserve
    )
    moving = {one.pk for one, _percent in granted}
    waiting = tuple(one for one in reserve.values() if one.pk not in moving)
    left = {key: Decimal(amount) for key, amount in result["left"].items()}
    return Preview(withdrawn, granted, waiting, left)


def _solved(round: Round, reserve: dict[str, Decision]) -> dict[str, Any]:
    wanted = settings_of(round.adopted.settings) if round.adopted else settings_of({"pot": round.pot})
    question = _by_place(question_of(read_book(round), wanted, only=reserve), reserve)
    return answer_to(question, seed=round.seed, stop=Clock(SECONDS))


def _by_place(question: Question, reserve: Iterable[str]) -> Question:
    """Where the rule ranks, the places (keys in their order) are the ranking, for applicants were told these;
    the best total is asked for by points.
    """
    problem = question.problem
    if problem.rule == Rule.BEST:
        return question
    points = {key: 100 - place * STEP for place, key in enumerate(reserve)}
    proposals = [replace(one, score=points.get(one.key, one.score)) for one in problem.proposals]
    return replace(question, problem=replace(problem, proposals=tuple(proposals)))


@transaction.atomic
def move_up(*, round: Round, actor: Actor) -> list[Decision]:
    """Release what withdrawn proposals held, and grant the next places of the reserve list by the rule of
    the adopted scenario. What was granted stays. KontorError (409) where nothing would change.
    """
    row = locked_round(round)
    plan = preview(row)
    if not plan.withdrawn and not plan.granted:
        raise KontorError(
            _("No proposal of the reserve list fits into the money that is free."),
            code="nothing-moves",
            remedy=_("Wait for money to become free, or set more aside."),
            status=409,
        )
    for one in plan.withdrawn:
        release_decision(one, actor)
    names = names_of(row)
    made = []
    for one, percent in plan.granted:
        grounds = {
            "code": "decision.moved_up",
            "template": MOVED_UP,
            "params": {"place": str(one.reserve_place or "–")},
        }
        reason = said(grounds, names, actor.language)
        verdict = Verdict(DecisionKind.APPROVE, reason, percent=percent, grounds=grounds)
        made.append(
            decide(round=row, application=one.application, verdict=verdict, seen=one.key, actor=actor)
        )
    _renumber(row, actor)
    touch(row, actor)
    return made


@transaction.atomic
def release_withdrawn(*, application: Application, actor: Actor) -> bool:
    """End the decision on an application that its lead withdrew; a grant's money is free again, and whoever
    manages the programme is told where the reserve list stands. False where nothing holds any more.
    """
    held = Decision.objects.live().filter(application=application).select_related("round").first()
    if held is None:
        return False
    row = locked_round(held.round)
    known = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    rows = Decision.objects.live().filter(round=row, application=known)
    held = rows.select_related("application", "round").first()
    if held is None or known.state != ApplicationState.WITHDRAWN:
        return False
    release_decision(held, actor)
    touch(row, actor)
    if held.grants:
        _tell_managers(row, held)
    return True


def _tell_managers(row: Round, freed: Decision) -> None:
    people = people_in(Scope(ScopeKind.PROGRAMME, row.call.programme.key))
    people = people.filter(role=Role.PROGRAMME_MANAGER, user__is_active=True, user__is_sample=False)
    waiting = Decision.objects.live().filter(round=row, kind=DecisionKind.RESERVE).count()
    for held in people:
        context = {
            "application": freed.application,
            "call": row.call,
            "amount": freed.amount,
            "currency": row.call.definition_of_programme.currency,
            "waiting": waiting,
            "page_url": f"{settings.SITE_URL}{reverse('decisions:reserve', args=[row.key])}",
        }
        language = held.user.language
        mail.send(to=held.user.email, language=language, template="grant_freed", context=context)


def _renumber(row: Round, actor: Actor) -> None:
    """Those who still wait count from 1 again."""
    waiting = Decision.objects.live().filter(round=row, kind=DecisionKind.RESERVE)
    waiting = waiting.select_related("application").order_by(*WAITING)
    for place, one in enumerate(waiting, 1):
        if one.reserve_place != place:
            changes = {"place": [one.reserve_place, place]}
            Decision.objects.filter(pk=one.pk).update(reserve_place=place)
            record(actor=actor, verb="decision.place_moved", subject=one.application, changes=changes)
