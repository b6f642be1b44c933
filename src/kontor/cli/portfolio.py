"""`kontor portfolio`: which proposals under which money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from kontor.cli.contract import Answer, Clock, Json, OutOfTime, run
from kontor.engine.core import errors
from kontor.engine.core.errors import InvalidInput
from kontor.engine.portfolio.explain import smallest_extra
from kontor.engine.portfolio.model import Broken, Granted, Pot, Problem, Result, Rule, Tie, Unfunded
from kontor.engine.portfolio.read import read_portfolio, read_promotion
from kontor.engine.portfolio.solve import decided
from kontor.engine.portfolio.solve import promote as engine_promote
from kontor.engine.portfolio.solve import solve as engine_solve

app = typer.Typer(help="Portfolios: which proposals under which money.", no_args_is_help=True)


@app.callback()
def portfolio() -> None:
    """Portfolios: which proposals under which money."""


@app.command()
def solve(
    file: Annotated[Path, typer.Argument(help="Portfolio as JSON, see docs/formats/portfolio.md.")],
    why: Annotated[
        list[str] | None, typer.Option(help="Proposal whose smallest extra money is worked out; repeat.")
    ] = None,
    time: Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")] = 60,
    seed: Annotated[int, typer.Option(help="Draws lots between equals.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")] = None,
) -> None:
    """Decide by the rule of the file, and by each of its scenarios beside it."""
    run(lambda clock: _answer(file, why or [], seed, clock), seconds=time, as_json=as_json, out=out)


@app.command()
def promote(
    file: Annotated[Path, typer.Argument(help="Promotion as JSON, see docs/formats/promotion.md.")],
    time: Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")] = 60,
    seed: Annotated[int, typer.Option(help="Draws lots between equals.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")] = None,
) -> None:
    """Move the reserve list up: what is granted stays, money that is free is given by the same rule."""
    run(lambda clock: _promoted(file, seed, clock), seconds=time, as_json=as_json, out=out)


def _promoted(file: Path, seed: int, clock: Clock) -> Answer:
    asked = read_promotion(file)
    try:
        clock.check()
        if asked.granted is None:
            before = engine_solve(asked.problem, stop=clock, seed=seed)
        else:
            before = decided(asked.problem, {each.proposal: each.percent for each in asked.granted})
        result = before
        if before.status != "infeasible":
            result = engine_promote(
                asked.problem, before, withdrawn=asked.withdrawn, extra=asked.extra, stop=clock, seed=seed
            )
    except (errors.OutOfTime, OutOfTime):
        raise OutOfTime("Allow more with --time.") from None
    held = {each.key for each in before.granted}
    found = result.status != "infeasible"
    promoted = [each.key for each in result.granted if each.key not in held]
    text = _text(asked.problem, result, {}, {})
    return Answer(
        status=result.status,
        objective=float(result.value) if found else None,
        bound=float(result.bound) if found else None,
        solution={**_solution(result), "promoted": promoted},
        explanation={"blocked": [_broken(each) for each in result.blocked]},
        text=f"Moves up: {', '.join(promoted) or 'nobody'}.\n{text}" if found else text,
    )


def _answer(file: Path, why: list[str], seed: int, clock: Clock) -> Answer:
    problem, scenarios = read_portfolio(file)
    extra = {key: _extra(problem, key, seed) for key in why}
    try:
        result = engine_solve(problem, stop=clock, seed=seed)
        others = {name: engine_solve(each, stop=clock, seed=seed) for name, each in scenarios}
    except errors.OutOfTime:
        raise OutOfTime("Allow more with --time.") from None
    found = result.status != "infeasible"
    return Answer(
        status=result.status,
        objective=float(result.value) if found else None,
        bound=float(result.bound) if found else None,
        solution=_solution(result),
        explanation={
            "blocked": [_broken(each) for each in result.blocked],
            "extra": extra,
            "scenarios": {name: _scenario(each) for name, each in others.items()},
        },
        text=_text(problem, result, others, extra),
    )


def _extra(problem: Problem, key: str, seed: int) -> dict[str, str | None]:
    """The smallest extra money per envelope with which the ranking would have funded a proposal."""
    if key not in problem.by_key:
        raise InvalidInput("why", f"There is no proposal “{key}”.", "Use a key of proposals.")
    if problem.rule == Rule.BEST:
        raise InvalidInput("why", "Extra money is worked out for rankings.", "Use the rule skip or strict.")
    asked = ["balancing"] if problem.pot == Pot.BALANCING else list(problem.by_key[key].draws)
    found = {envelope: smallest_extra(problem, key, envelope, seed) for envelope in asked}
    return {envelope: None if amount is None else str(amount) for envelope, amount in found.items()}


def _solution(result: Result) -> Json:
    return {
        "granted": [_granted(each) for each in result.granted],
        "unfunded": [_unfunded(each) for each in result.unfunded],
        "left": _money(result.left),
        "ties": [_tie(each) for each in result.ties],
        "ties_complete": result.ties_complete,
    }


def _granted(granted: Granted) -> Json:
    return {
        "proposal": granted.key,
        "percent": granted.percent,
        "draws": _money(granted.draws),
        "balanced": str(granted.balanced),
        "left": _money(granted.left),
    }


def _unfunded(entry: Unfunded) -> Json:
    return {
        "proposal": entry.key,
        "reserve": entry.reserve,
        "code": entry.reason.code,
        "text": entry.reason.text(),
        "top_up": _money(entry.top_up),
        "score_needed": None if entry.score_needed is None else f"{entry.score_needed.normalize():f}",
    }


def _tie(tie: Tie) -> Json:
    return {"chosen": list(tie.chosen), "others": list(tie.others)}


def _broken(broken: Broken) -> Json:
    return {"rule": broken.rule, "subject": list(broken.subject), "text": broken.reason.text()}


def _scenario(result: Result) -> Json:
    return {
        "status": str(result.status),
        "value": float(result.value),
        "granted": [each.key for each in result.granted],
        "left": _money(result.left),
        "blocked": [_broken(each) for each in result.blocked],
    }


def _money(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    """As text, so that no cent is lost."""
    return {key: f"{amount:.2f}" for key, amount in amounts.items()}


def _text(problem: Problem, result: Result, others: Mapping[str, Result], extra: Json) -> str:
    lines = [*_blocked_lines(result)]
    for each in result.granted:
        share = "" if each.percent == 100 else f" at {each.percent} %"
        lines.append(f"funded  {each.key}{share}: {_listed(each.draws)}; left {_listed(each.left)}")
    for entry in result.unfunded:
        place = f"reserve {entry.reserve}" if entry.reserve else "out"
        needed = "" if entry.score_needed is None else f" Score needed: {entry.score_needed.normalize():f}."
        lines.append(f"{place}  {entry.key}: {entry.reason.text()}{needed}")
    if not result.blocked:
        proof = "proven" if result.value == result.bound else f"at most {result.bound}"
        lines.append(f"Value {result.value.normalize():f} ({proof}), by the rule {problem.rule}.")
    lines += [f"Tie: {', '.join(t.chosen)} or {', '.join(t.others)}." for t in result.ties]
    if not result.ties_complete:
        lines.append("There may be further ties.")
    for key, amounts in extra.items():
        lines += [f"{key} needs {amount or 'more than money'} in {name}." for name, amount in amounts.items()]
    for name, other in others.items():
        keys = ", ".join(each.key for each in other.granted) or "nobody"
        lines.append(f"{name}: {keys}; value {other.value.normalize():f}")
    return "\n".join(lines)


def _blocked_lines(result: Result) -> list[str]:
    if not result.blocked:
        return []
    return ["No choice keeps all rules. These cannot be kept together:"] + [
        f"  {each.reason.text()}" for each in result.blocked
    ]


def _listed(amounts: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{key} {amount:,.2f}" for key, amount in amounts.items())
