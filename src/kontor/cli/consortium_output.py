"""The composer's answer as JSON and as text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from kontor.cli.contract import Answer
from kontor.engine.consortia.model import (
    Correction,
    Filled,
    Gap,
    Member,
    Part,
    Price,
    Problem,
    Proposal,
    Result,
    Team,
    Verdict,
)
from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status

WIDTH = 100
Json = dict[str, Any]


def solved_answer(problem: Problem, result: Result) -> Answer:
    labels = {each.key: each.label for each in problem.candidates}
    status = result.status or Status.INFEASIBLE
    return Answer(
        status=status,
        objective=result.objective,
        bound=result.bound,
        solution={"teams": [_team(team, labels) for team in result.teams]},
        explanation={
            "figures": dict(result.figures or {}),
            "complete": result.complete,
            "out_of_time": result.out_of_time,
            "corrections": [_correction(each, labels) for each in result.corrections],
        },
        text="\n".join(_teams_text(result, labels) if result.teams else _corrections_text(result, labels)),
    )


def filled_answer(problem: Problem, filled: Filled) -> Answer:
    """Infeasible where a required gap has nobody who could close it."""
    labels = {each.key: each.label for each in problem.candidates}
    required = {each.rule for each in filled.verdicts if not each.kept}
    open_ = [gap for gap in filled.gaps if gap.rule in required and not gap.proposals]
    return Answer(
        status=Status.INFEASIBLE if open_ else Status.OPTIMAL,
        objective=filled.objective,
        bound=None,
        solution={"gaps": [_gap(gap, labels) for gap in filled.gaps]},
        explanation={
            "parts": [_part(part) for part in filled.parts],
            "rules": [_verdict(each) for each in filled.verdicts],
        },
        text="\n".join(_gaps_text(filled, labels)),
    )


def _team(team: Team, labels: dict[str, str]) -> Json:
    return {
        "status": str(team.status),
        "objective": team.objective,
        "bound": team.bound,
        "gap": round(max(0.0, team.bound - team.objective) / max(1e-9, abs(team.objective)), 6),
        "lead": team.lead,
        "members": [_member(each, labels) for each in team.members],
        "parts": [_part(part) for part in team.parts],
        "rules": [_verdict(each) for each in team.verdicts],
    }


def _member(member: Member, labels: dict[str, str]) -> Json:
    return {
        "key": member.key,
        "name": labels[member.key],
        "points": member.points,
        "brings": _reasons(member.brings),
        "price": None if member.price is None else _price(member.price),
    }


def _price(price: Price) -> Json:
    return {
        "status": str(price.status),
        "lost": price.lost,
        "objective": price.objective,
        "bound": price.bound,
        "team": list(price.team),
    }


def _part(part: Part) -> Json:
    return {
        "name": part.name,
        "value": round(part.value, 6),
        "weight": part.weight,
        "points": round(part.points, 6),
    }


def _verdict(verdict: Verdict) -> Json:
    return {
        "rule": verdict.rule,
        "text": verdict.text,
        "kept": verdict.kept,
        "reason": verdict.reason.text(),
    }


def _reasons(reasons: Sequence[Reason]) -> list[Json]:
    return [{"code": reason.code, "text": reason.text()} for reason in reasons]


def _correction(correction: Correction, labels: dict[str, str]) -> Json:
    return {
        "rules": list(correction.rules),
        "weight": correction.weight,
        "changes": [
            {
                "rule": change.rule,
                "text": change.text,
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "reason": change.reason.text(),
            }
            for change in correction.changes
        ],
        "team": list(correction.team),
    }


def _gap(gap: Gap, labels: dict[str, str]) -> Json:
    return {
        "rule": gap.rule,
        "text": gap.text,
        "reason": gap.reason.text(),
        "proposals": [_proposal(each, labels) for each in gap.proposals],
    }


def _proposal(proposal: Proposal, labels: dict[str, str]) -> Json:
    return {
        "key": proposal.key,
        "name": labels[proposal.key],
        "gain": proposal.gain,
        "closes": list(proposal.closes),
        "breaks": list(proposal.breaks),
        "reasons": _reasons(proposal.reasons),
    }


def _teams_text(result: Result, labels: dict[str, str]) -> list[str]:
    lines = []
    for number, team in enumerate(result.teams, start=1):
        proof = "proven best" if team.status == Status.OPTIMAL else f"at most {team.bound:g} is possible"
        lines += ["", f"{number}. {team.objective:g} points, {proof}", f"   {_sum(team.parts)}"]
        for member in team.members:
            lines += _member_text(member, team, labels)
    if result.out_of_time:
        lines += ["", "The time ended before everything was found."]
    return lines


def _member_text(member: Member, team: Team, labels: dict[str, str]) -> list[str]:
    lead = ", leads" if member.key == team.lead else ""
    lines = [f"   {labels[member.key]} [{member.key}]{lead}"]
    for reason in member.brings:
        lines += _wrapped("+ ", reason.text())
    if member.price is not None:
        lines += _wrapped("- ", _price_text(member.price))
    return lines


def _price_text(price: Price) -> str:
    if price.lost is None:
        return "Without it there is no team."
    if price.lost < 0:
        return f"The best team without it has {-price.lost:g} points more."
    exact = "" if price.status == Status.OPTIMAL else " at most"
    return f"The best team without it has{exact} {price.lost:g} points less."


def _sum(parts: Sequence[Part]) -> str:
    shown = [f"{part.name} {part.points:+g}" for part in parts if part.points]
    return ", ".join(shown) or "no points"


def _corrections_text(result: Result, labels: dict[str, str]) -> list[str]:
    if not result.corrections:
        return ["No team keeps the rules, and no change of rules that may change makes one possible."]
    lines = ["No team keeps all rules. Each of these sets of changes makes one possible:"]
    for number, correction in enumerate(result.corrections, start=1):
        lines.append(f"{number}.")
        for change in correction.changes:
            lines += _wrapped("- ", change.reason.text())
        team = ", ".join(labels[key] for key in correction.team)
        lines += _wrapped("  ", f"Then possible: {team}.")
    if not result.complete:
        lines.append("There may be more; ask for more corrections in the file's params.")
    return lines


def _gaps_text(filled: Filled, labels: dict[str, str]) -> list[str]:
    if not filled.gaps:
        return ["Nothing is missing."]
    lines = []
    for gap in filled.gaps:
        lines += ["", f"{gap.text or gap.rule}: {gap.reason.text()}"]
        for number, proposal in enumerate(gap.proposals, start=1):
            lines.append(f"{number:3}. {labels[proposal.key]} [{proposal.key}] {proposal.gain:+g}")
            for reason in proposal.reasons:
                lines += _wrapped("! " if reason.code == "breaks" else "+ ", reason.text())
        if not gap.proposals:
            lines.append("     Nobody who joins can close this.")
    return lines


def _wrapped(mark: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"     {mark}", subsequent_indent="       ")
