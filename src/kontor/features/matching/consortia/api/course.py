"""The consortium as a whole for programs: handing in, deciding, giving up, finishing, passing the lead on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import policy, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.api.reading import answered, composed_by, read_by
from kontor.features.matching.consortia.api.shown import ConsortiumOut
from kontor.features.matching.consortia.rules import may_compose, may_decide, may_take_over
from kontor.features.matching.introductions.actions.locking import LONGEST_WORDS
from kontor.features.organisations.models import Organisation

router = Router("matching")


class DecisionIn(Schema):
    approve: bool
    reason: str = Field(min_length=1, max_length=LONGEST_WORDS, description="the partners read it")


class OfferIn(Schema):
    organisation: str = Field(max_length=12, description="key of a partner that has accepted its seat")


class LeadAnswerIn(Schema):
    accept: bool


@router.post("/{key}/submit/", response=ConsortiumOut)
@policy(may_compose)
def submit(request: HttpRequest, key: str) -> dict[str, Any]:
    """Hand the chosen variant in; 409 says what stands in the way."""
    actions.submit_consortium(consortium=composed_by(request, key), actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/take-back/", response=ConsortiumOut)
@policy(may_compose)
def take_back(request: HttpRequest, key: str) -> dict[str, Any]:
    """Compose on, as long as nothing is decided."""
    actions.take_submission_back(consortium=composed_by(request, key), actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/decide/", response=ConsortiumOut)
@policy(may_decide)
def decide(request: HttpRequest, key: str, body: DecisionIn) -> dict[str, Any]:
    """Approve or reject what was handed in, with a reason; 409 where it is not, or no longer, handed in."""
    consortium = read_by(request, key)
    require(request, may_decide, consortium)
    actions.decide_consortium(
        consortium=consortium, approve=body.approve, reason=body.reason, actor=actor_of(request)
    )
    return answered(request, key)


@router.post("/{key}/close/", response=ConsortiumOut)
@policy(may_compose)
def close(request: HttpRequest, key: str) -> dict[str, Any]:
    """The work of an approved consortium is done; the space stays readable."""
    actions.close_consortium(consortium=composed_by(request, key), actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/give-up/", response=ConsortiumOut)
@policy(may_compose)
def give_up(request: HttpRequest, key: str) -> dict[str, Any]:
    """It can be taken up again."""
    actions.withdraw_consortium(consortium=composed_by(request, key), actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/resume/", response=ConsortiumOut)
@policy(may_compose)
def resume(request: HttpRequest, key: str) -> dict[str, Any]:
    """Compose on after it was given up."""
    actions.resume_consortium(consortium=composed_by(request, key), actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/lead/offer/", response=ConsortiumOut)
@policy(may_compose)
def offer_lead(request: HttpRequest, key: str, body: OfferIn) -> dict[str, Any]:
    """Ask a partner to lead; it decides."""
    consortium = composed_by(request, key)
    organisation: Organisation = found(Organisation.objects.visible_to(request.user), key=body.organisation)
    actions.offer_lead(consortium=consortium, organisation=organisation, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/lead/keep/", response=ConsortiumOut)
@policy(may_compose)
def keep_lead(request: HttpRequest, key: str) -> dict[str, Any]:
    """Take an offer of the lead back."""
    actions.withdraw_offer(consortium=composed_by(request, key), actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/lead/answer/", response=ConsortiumOut)
@policy(may_take_over)
def answer_lead(request: HttpRequest, key: str, body: LeadAnswerIn) -> dict[str, Any]:
    """For the partner that is asked: its people compose from a yes on, the former lead's read."""
    consortium = read_by(request, key)
    require(request, may_take_over, consortium)
    actions.answer_lead(consortium=consortium, accept=body.accept, actor=actor_of(request))
    return answered(request, key)
