"""Rows to the programme's team and the engine's problem, and the engine's answer to rows: the only place."""

from kontor.features.matching.consortia.problem.answer import filled_as_json, result_as_json
from kontor.features.matching.consortia.problem.facts import Ground, ground_of, partner_of, team_of
from kontor.features.matching.consortia.problem.pool import Member, Pool, pool_for
from kontor.features.matching.consortia.problem.question import WEIGHTS, question_of

__all__ = [
    "WEIGHTS",
    "Ground",
    "Member",
    "Pool",
    "filled_as_json",
    "ground_of",
    "partner_of",
    "pool_for",
    "question_of",
    "result_as_json",
    "team_of",
]
