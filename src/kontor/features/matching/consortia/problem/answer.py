"""The engine's answer as plain JSON that holds keys only."""

from __future__ import annotations

from typing import Any

from kontor.engine.consortia.model import Correction, Filled, Member, Result, Team, Verdict
from kontor.engine.core.explanation import Reason

Json = dict[str, Any]


def result_as_json(result: Result) -> Json:
    """Teams, best first, or corrections, lightest first."""
    return {
        "status": result.status.value if result.status else "unknown",
        "teams": [_team(team) for team in result.teams],
        "corrections": [_correction(each) for each in result.corrections],
        "complete": result.complete,
        "out_of_time": result.out_of_time,
        "figures": dict(result.figures or {}),
    }


def filled_as_json(filled: Filled) -> Json:
    """Gaps with their candidates, and the parts of the objective as it is."""
    return {
        "objective": filled.objective,
        "verdicts": [_verdict(each) for each in filled.verdicts],
        "gaps": [
            {
                "rule": gap.rule,
                "reason": reason_as_json(gap.reason),
                "proposals": [
                    {
                        "key": each.key,
                        "gain": each.gain,
                        "closes": list(each.closes),
                        "breaks": list(each.breaks),
                        "reasons": [reason_as_json(reason) for reason in each.reasons],
                    }
                    for each in gap.proposals
                ],
            }
            for gap in filled.gaps
        ],
    }


def reason_as_json(reason: Reason) -> Json:
    params = {
        name: list(value) if isinstance(value, tuple) else value for name, value in reason.params.items()
    }
    return {"code": reason.code, "template": reason.template, "params": params}


def _team(team: Team) -> Json:
    return {
        "status": team.status.value,
        "lead": team.lead,
        "objective": team.objective,
        "bound": team.bound,
        "parts": [
            {"name": part.name, "value": part.value, "weight": part.weight, "points": part.points}
            for part in team.parts
        ],
        "members": [_member(each) for each in team.members],
        "verdicts": [_verdict(each) for each in team.verdicts],
    }


def _member(member: Member) -> Json:
    price = member.price
    return {
        "key": member.key,
        "points": member.points,
        "brings": [reason_as_json(each) for each in member.brings],
        "price": price and {"status": price.status.value, "team": list(price.team), "lost": price.lost},
    }


def _verdict(verdict: Verdict) -> Json:
    return {"rule": verdict.rule, "kept": verdict.kept, "reason": reason_as_json(verdict.reason)}


def _correction(correction: Correction) -> Json:
    return {
        "weight": correction.weight,
        "team": list(correction.team),
        "changes": [
            {
                "rule": each.rule,
                "field": each.field,
                "before": each.before,
                "after": each.after,
                "reason": reason_as_json(each.reason),
            }
            for each in correction.changes
        ],
    }
