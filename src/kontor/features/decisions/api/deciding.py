"""Taking, undoing, confirming and publishing decisions, and the reserve list."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.features.calls.models import Application
from kontor.features.decisions import actions
from kontor.features.decisions.actions.deciding import Verdict
from kontor.features.decisions.api.shown import (
    CountOut,
    DecisionOut,
    decided,
    decision_in,
    decision_told,
    router,
)
from kontor.features.decisions.models import Decision, Round
from kontor.features.decisions.rules import may_decide


class DecideIn(Schema):
    application: str = Field(description="its key")
    kind: Literal["approve", "conditions", "reserve", "postpone", "redirect", "reject"]
    reason: str = Field(max_length=4000)
    conditions: str = Field("", max_length=4000)
    redirect_to: str = Field("", max_length=300)
    percent: Annotated[int, Field(ge=1, le=100)] = 100
    language: Literal["", "en", "de", "nl"] = Field("", description="of the reason; empty: your own")
    seen: str | None = Field(
        None, description="key of the decision last read, empty for none; 409 if another holds"
    )


class UndoIn(Schema):
    reason: str = Field("", max_length=1000)


class KeysIn(Schema):
    decisions: list[str] = Field(max_length=1000, description="keys of decisions")


class PublishIn(Schema):
    partial: bool = Field(False, description="publish though some applications have no decision")
    note: str = Field("", max_length=300)


class PublicationOut(Schema):
    number: int
    decisions: int


@router.post("/rounds/{key}/decisions/", response={201: DecisionOut})
@policy(may_decide)
def decide(request: HttpRequest, key: str, body: DecideIn) -> Status[dict[str, Any]]:
    """Decide on a proposal. A grant commits its money or is refused with 409."""
    round = decided(request, key)
    application = Application.objects.filter(call=round.call, key=body.application).first()
    if application is None:
        raise Http404
    verdict = Verdict(**body.dict(exclude={"application", "seen"}))
    made = actions.decide(
        round=round, application=application, verdict=verdict, seen=body.seen, actor=actor_of(request)
    )
    return Status(201, decision_told(decision_in(round, made.key)))


@router.post("/rounds/{key}/decisions/as-adopted/", response=CountOut)
@policy(may_decide)
def as_adopted(request: HttpRequest, key: str) -> dict[str, int]:
    """Decide on the rest as the adopted scenario says."""
    made = actions.decide_as_adopted(round=decided(request, key), actor=actor_of(request))
    return {"count": len(made)}


@router.post("/rounds/{key}/decisions/confirm/", response=CountOut)
@policy(may_decide)
def confirm(request: HttpRequest, key: str, body: KeysIn) -> dict[str, int]:
    """The second person's yes to grants."""
    round = decided(request, key)
    chosen = list(Decision.objects.live().filter(round=round, key__in=body.decisions))
    count = actions.confirm_decisions(round=round, decisions=chosen, actor=actor_of(request))
    return {"count": count}


@router.post("/rounds/{key}/decisions/{decision}/undo/", response={204: None})
@policy(may_decide)
def undo(request: HttpRequest, key: str, decision: str, body: UndoIn) -> Status[None]:
    """Take it back before it is published; what held before holds again."""
    round = decided(request, key)
    actions.undo_decision(decision=decision_in(round, decision), reason=body.reason, actor=actor_of(request))
    return Status(204, None)


@router.post("/rounds/{key}/publish/", response=PublicationOut)
@policy(may_decide)
def publish(request: HttpRequest, key: str, body: PublishIn) -> dict[str, int]:
    """From now on applicants know."""
    made = actions.publish_decisions(
        round=decided(request, key), partial=body.partial, note=body.note, actor=actor_of(request)
    )
    return {"number": made.number, "decisions": made.decisions.count()}


@router.post("/rounds/{key}/reserve/move-up/", response=list[DecisionOut])
@policy(may_decide)
def move_up(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Grant the next of the reserve list with the money that became free."""
    round: Round = decided(request, key)
    made = actions.move_up(round=round, actor=actor_of(request))
    return [decision_told(decision_in(round, one.key)) for one in made]
