"""Candidates for each gap, and having whole teams composed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import policy
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.api.reading import answered, composed_by, variant_in
from kontor.features.matching.consortia.api.shown import ConsortiumOut
from kontor.features.matching.consortia.ask import Question
from kontor.features.matching.consortia.queries import board_of
from kontor.features.matching.consortia.rules import may_compose
from kontor.features.matching.consortia.suggestions import AnswerView, answer_view, suggestions_for
from kontor.features.matching.consortia.tasks import ask_composer
from kontor.features.matching.consortia.wording import Named
from kontor.features.matching.models import Composition, Consortium

router = Router("matching")


class NamedOut(Schema):
    """A candidate as you may know it; an anonymous one by its teaser."""

    key: str = Field(description="send it as candidate; empty: no longer listed")
    title: str
    country: str
    kind: str
    size: str
    teaser: str
    anonymous: bool


class SuggestedOut(NamedOut):
    gain: float = Field(description="points of the objective")
    fit: int = Field(description="of the profile to the idea, in percent")
    reasons: list[str]
    also_closes: list[str]
    breaks: list[str]
    needs_reason: bool = Field(description="adding it leaves the composer's proposal")


class GapOut(Schema):
    rule: str
    text: str
    reason: str
    competence: str = Field(description="key; empty where a rule is broken")
    candidates: list[SuggestedOut]


class QuestionIn(Schema):
    fixed: list[str] = Field([], max_length=30, description="keys of candidates that take part")
    excluded: list[str] = Field([], max_length=200)
    lead: str = Field("", max_length=12)
    research: bool = Field(False, description="with a research partner")
    teams: int = Field(5, ge=1, le=10)


class ObjectivePartOut(Schema):
    name: str
    meaning: str = Field(description="what the part counts, in a sentence")
    value: float
    weight: float
    points: float


class MemberOut(NamedOut):
    lead: bool
    brings: list[str]
    points: float
    price: str = Field(description="status of the best team without it; empty where not asked")
    lost: float | None = Field(description="points that the best team without it has less; null: none exists")
    without: list[str] = Field(description="the best team without it")


class TeamOut(Schema):
    number: int
    objective: float = Field(
        description="compares the teams of this answer; below 0 is usual, for every partner takes points off"
    )
    proven: bool
    parts: list[ObjectivePartOut]
    members: list[MemberOut]


class CorrectionOut(Schema):
    changes: list[str]
    team: list[str]


class CompositionOut(Schema):
    key: str
    status: str = Field(description="waiting, optimal, feasible or infeasible")
    job: str = Field(description="of a large question; look at /jobs/")
    teams: list[TeamOut]
    corrections: list[CorrectionOut] = Field(description="where no team exists: smallest sets to change")


class AdoptIn(Schema):
    team: int = Field(ge=0, description="its number in the answer")
    name: str = Field("", max_length=120)


@router.get("/{key}/gaps/", response=list[GapOut])
@policy(may_compose)
def gaps(request: HttpRequest, key: str, variant: str = "") -> list[dict[str, Any]]:
    """What the variant lacks and the five best candidates for each; nothing once it is handed in."""
    consortium = composed_by(request, key)
    board = board_of(consortium, request.user)
    view = board.view(variant_in(consortium, variant).key if variant else "")
    rows = suggestions_for(board, view, request.user) if view else ()
    return [
        {
            "rule": row.rule,
            "text": row.text,
            "reason": row.reason,
            "competence": row.competence,
            "candidates": [
                {
                    **named_out(each.named),
                    "gain": each.gain,
                    "fit": each.fit,
                    "reasons": list(each.reasons),
                    "also_closes": list(each.also),
                    "breaks": list(each.breaks),
                    "needs_reason": each.deviates,
                }
                for each in row.suggested
            ],
        }
        for row in rows
    ]


@router.post("/{key}/compositions/", response={201: CompositionOut})
@policy(may_compose)
def compose(request: HttpRequest, key: str, body: QuestionIn) -> Status[dict[str, Any]]:
    """The best teams at once; among very many candidates a job answers, and the status is `waiting`."""
    consortium = composed_by(request, key)
    question = Question.of(body.dict())
    made = ask_composer(consortium, question, request.user, actor_of(request))
    return Status(201, _answer(request, consortium, made))


@router.get("/{key}/compositions/{answer}/", response=CompositionOut)
@policy(may_compose)
def read_composition(request: HttpRequest, key: str, answer: str) -> dict[str, Any]:
    """An earlier answer, names as you may know them today."""
    consortium = composed_by(request, key)
    return _answer(request, consortium, _composition(consortium, answer))


@router.post("/{key}/compositions/{answer}/adopt/", response={201: ConsortiumOut})
@policy(may_compose)
def adopt(request: HttpRequest, key: str, answer: str, body: AdoptIn) -> Status[dict[str, Any]]:
    """One of the teams as a variant of its own, its members proposed."""
    actions.adopt_team(
        composition=_composition(composed_by(request, key), answer),
        number=body.team,
        name=body.name,
        actor=actor_of(request),
        user=request.user,
    )
    return Status(201, answered(request, key))


def _composition(consortium: Consortium, key: str) -> Composition:
    rows = Composition.objects.filter(consortium=consortium).select_related("consortium__lead")
    composition: Composition = found(rows, key=key)
    return composition


def _answer(request: HttpRequest, consortium: Consortium, made: Composition) -> dict[str, Any]:
    view = answer_view(made, board_of(consortium, request.user), request.user)
    return {"key": made.key, "status": view.status or "waiting", "job": made.job_key, **teams_out(view)}


def teams_out(view: AnswerView) -> dict[str, Any]:
    """Teams or corrections, for programs."""
    return {
        "teams": [
            {
                "number": team.number,
                "objective": team.objective,
                "proven": team.proven,
                "parts": [
                    {
                        "name": part.label,
                        "meaning": part.meaning,
                        "value": part.value,
                        "weight": part.weight,
                        "points": part.points,
                    }
                    for part in team.parts
                ],
                "members": [
                    {
                        **named_out(each.named),
                        "lead": each.lead,
                        "brings": list(each.brings),
                        "points": each.points,
                        "price": each.price,
                        "lost": each.lost,
                        "without": list(each.without),
                    }
                    for each in team.members
                ],
            }
            for team in view.teams
        ],
        "corrections": [
            {"changes": list(each.sentences), "team": list(each.team)} for each in view.corrections
        ],
    }


def named_out(named: Named) -> dict[str, Any]:
    names = ("title", "country", "kind", "size", "teaser", "anonymous")
    told = {name: getattr(named, name) for name in names}
    return {"key": "" if named.gone else named.key, **told}
