"""Questions to the composer, answered for one person: who fills a gap, which teams are best."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.engine.consortia.fill import fill
from kontor.engine.consortia.model import Member, Params, Result, Team
from kontor.engine.consortia.solve import solve
from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.stop import Stop
from kontor.features.matching.consortia.actions.overriding import candidate_key
from kontor.features.matching.consortia.problem import (
    Pool,
    filled_as_json,
    ground_of,
    pool_for,
    question_of,
    result_as_json,
)
from kontor.features.matching.models import Consortium, Seat
from kontor.features.matching.models.consortia import SeatRole

TEAMS, DIFFER = 5, 1
# So many times the teams asked for are looked at: those with somebody superfluous are left out.
LOOKED_AT = 3
# Above so many candidates the answer is left to a job.
INLINE = 400
SECONDS = 20.0


@dataclass(frozen=True)
class Question:
    """`fixed` and `excluded` are candidates' keys; `lead` leads; `research`: with a research partner."""

    fixed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    lead: str = ""
    research: bool = False
    teams: int = TEAMS

    def as_dict(self) -> dict[str, Any]:
        return {
            "fixed": list(self.fixed),
            "excluded": list(self.excluded),
            "lead": self.lead,
            "research": self.research,
            "teams": self.teams,
        }

    @classmethod
    def of(cls, told: dict[str, Any]) -> Question:
        return cls(
            tuple(told.get("fixed", ())),
            tuple(told.get("excluded", ())),
            told.get("lead", ""),
            bool(told.get("research")),
            int(told.get("teams", TEAMS)),
        )


@dataclass(frozen=True)
class Solved:
    """`result` as plain JSON with keys; `candidates` is how many were asked about."""

    result: dict[str, Any]
    candidates: int


class Deadline:
    """Seconds from now on, for engines that read no clock."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        return self._until - time.monotonic()


def solved(consortium: Consortium, question: Question, user: Any, pool: Pool | None = None) -> Solved:
    """The best teams for the consortium's product under its instrument, among whom `user` may see.

    KontorError where nobody can be asked, or a fixed member is no candidate.
    """
    pool = pool or pool_for(consortium, user)
    result = found_among(consortium, question, pool, stop=Deadline(SECONDS))
    return Solved(result_as_json(result), len(pool.members))


def found_among(
    consortium: Consortium, question: Question, pool: Pool, *, stop: Stop, seed: int = 0
) -> Result:
    """The engine's answer with minimal teams only. KontorError as `solved` raises it."""
    _refuse_strangers(question, pool)
    try:
        problem = question_of(
            ground_of(consortium),
            pool,
            fixed=question.fixed,
            excluded=question.excluded,
            lead=question.lead,
            research=question.research,
        )
        params = Params(teams=min(100, question.teams * LOOKED_AT), differ=DIFFER)
        result = solve(problem, stop=stop, seed=seed, params=params)
    except InvalidInput as refusal:
        raise KontorError(
            refusal.message, code="problem-invalid", path=refusal.path, remedy=refusal.remedy, status=422
        ) from refusal
    needed = {each.key for each in problem.competences if each.required}
    teams = minimal(result.teams, needed, set(problem.pinned))[: question.teams]
    return replace(result, teams=teams)


def minimal(teams: Sequence[Team], needed: set[str], pinned: set[str]) -> tuple[Team, ...]:
    """The best team, and of the others those in which nobody is superfluous: whoever leaves takes a needed
    competence along or breaks a rule. Members that were asked for count as needed.
    """

    def holds(member: Member) -> bool:
        return member.key in pinned or any(
            reason.code == "rule" or (reason.code == "alone" and reason.params["competence"] in needed)
            for reason in member.brings
        )

    return tuple(team for at, team in enumerate(teams) if not at or all(map(holds, team.members)))


def filled(consortium: Consortium, seats: Iterable[Seat], pool: Pool) -> dict[str, Any]:
    """Who could close each gap of these seats: the five best for each; empty where nobody can be asked."""
    seats = [seat for seat in seats if seat.counts and seat.role != SeatRole.ASSOCIATED]
    fixed = tuple(dict.fromkeys(key for key in map(candidate_key, seats) if key in pool.members))
    if not pool.members:
        return {"objective": 0.0, "verdicts": [], "gaps": []}
    lead = next((candidate_key(seat) for seat in seats if seat.role == SeatRole.LEAD), "")
    problem = question_of(ground_of(consortium), pool, fixed=fixed, lead=lead)
    return filled_as_json(fill(problem))


def _refuse_strangers(question: Question, pool: Pool) -> None:
    for path, keys in (("fixed", question.fixed), ("excluded", question.excluded)):
        for key in keys:
            if key not in pool.members:
                raise _unknown(path, key)
    if question.lead and question.lead not in pool.members:
        raise _unknown("lead", question.lead)
    if not pool.members:
        raise KontorError(
            _("There is nobody to ask: no organisation that you may see fits the product."),
            code="pool-empty",
            path="product",
            remedy=_("State competences in the programme's matrix, or write what the idea is about."),
            status=409,
        )


def _unknown(path: str, key: str) -> KontorError:
    return KontorError(
        _("“%(key)s” is none of the candidates.") % {"key": key},
        code="candidate-unknown",
        path=path,
        remedy=_("Use the key of an organisation that you may see."),
        status=422,
    )
