"""Learned weights for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.permissions import policy
from kontor.features.accounts.rules import is_administrator
from kontor.features.matching.introductions.rules import may_oversee
from kontor.features.matching.models import LearnedWeights
from kontor.features.matching.weights import actions

router = Router("matching")


class WeightsOut(Schema):
    """One version. `fitted` holds parts, usual and learned weight, standard error and held-out figures."""

    number: int
    made_at: dt.datetime
    made_by: str
    outcomes: int
    questions: int
    seed: int
    holds: bool = Field(description="did no worse than the usual weights where it was not fitted")
    active: bool
    weights: dict[str, float]
    fitted: dict[str, Any]
    small_weights: dict[str, float] | None = Field(
        None, description="for newcomers and small firms; null: all organisations are ranked by `weights`"
    )
    small_fitted: dict[str, Any] | None
    share: float = Field(description="part of the places for newcomers and small firms, 0 to 1")
    bias: dict[str, Any]


class UseIn(Schema):
    number: int | None = Field(None, ge=1, description="the version to use; null: the usual weights")


class LearningOut(Schema):
    job: str


@router.get("/", response=Page[WeightsOut])
@policy(may_oversee)
def list_weights(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """All versions, the latest first."""
    return paginate(LearnedWeights.objects.all(), page)


@router.post("/learn/", response={202: LearningOut})
@policy(may_oversee)
def learn(request: HttpRequest) -> Status[dict[str, str]]:
    """Have weights learned from what became of introductions until today."""
    return Status(202, {"job": actions.learn_weights(actor=actor_of(request)).key})


@router.post("/use/", response={204: None})
@policy(is_administrator)
def use(request: HttpRequest, body: UseIn) -> Status[None]:
    """Use a version in every search, or the usual weights again."""
    if body.number is None:
        actions.use_usual_weights(actor=actor_of(request))
    else:
        actions.use_weights(number=body.number, actor=actor_of(request))
    return Status(204, None)
