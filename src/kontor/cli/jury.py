"""`kontor jury`: who assesses what, and the order of a pitch day."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from kontor.cli.contract import Answer, Clock, Json, OutOfTime, run
from kontor.cli.jury_fit import fit_of_texts
from kontor.cli.jury_pitches import order_answer
from kontor.cli.jury_scores import calibrate_answer, score_answer
from kontor.engine.core import errors
from kontor.engine.juries.explain import passed_over
from kontor.engine.juries.model import Blocked, Named, Params, Problem, Result, Value
from kontor.engine.juries.read import read_jury
from kontor.engine.juries.solve import repair as engine_repair
from kontor.engine.juries.solve import solve

GROUP = "kontor.jury"
"""Where an installed site registers what `kontor jury` can do with its juries."""

app = typer.Typer(help="Juries: who assesses what.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="Jury as JSON, see docs/formats/jury.md.")]
Seconds = Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")]
Seed = Annotated[int, typer.Option(help="Draws lots between equals.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Out = Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")]


@app.callback()
def jury() -> None:
    """Juries: who assesses what."""


@app.command()
def assign(file: File, time: Seconds = 60, seed: Seed = 0, as_json: AsJson = False, out: Out = None) -> None:
    """Assign experts: first the worst-served application as well as possible, then the total."""
    run(lambda clock: _answer(file, solve, seed, clock), seconds=time, as_json=as_json, out=out)


@app.command()
def repair(file: File, time: Seconds = 60, seed: Seed = 0, as_json: AsJson = False, out: Out = None) -> None:
    """Change an earlier assignment (“previous” in the file) in as few places as possible."""
    run(lambda clock: _answer(file, engine_repair, seed, clock), seconds=time, as_json=as_json, out=out)


@app.command()
def pitches(
    file: Annotated[Path, typer.Argument(help="Pitch day as JSON, see docs/formats/pitches.md.")],
    time: Seconds = 60,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """The running order of a pitch day: slots that respect travel and conflicts."""
    run(lambda clock: order_answer(file, seed, clock), seconds=time, as_json=as_json, out=out)


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="Assessments as JSON, see docs/formats/scores.md.")],
    time: Seconds = 60,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Totals or verdicts of every application, the ranking, and where a third assessor is due."""
    run(lambda clock: score_answer(file, clock), seconds=time, as_json=as_json, out=out)


@app.command()
def calibrate(
    file: Annotated[Path, typer.Argument(help="Ratings as JSON, see docs/formats/ratings.md.")],
    time: Seconds = 60,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """How severe jurors are, and the ranking raw and adjusted; raw counts unless somebody decides else."""
    run(lambda clock: calibrate_answer(file, clock), seconds=time, as_json=as_json, out=out)


def _answer(file: Path, work: Callable[..., Result], seed: int, clock: Clock) -> Answer:
    problem, params = read_jury(file, fit_of_texts)
    try:
        result = work(problem, stop=clock, seed=seed, params=params)
    except errors.OutOfTime:
        raise OutOfTime("Allow more with --time.") from None
    return Answer(
        status=result.status,
        objective=result.total.reached if result.total else None,
        bound=result.total.bound if result.total else None,
        solution=_solution(problem, result),
        explanation=_explanation(problem, result, params),
        text=_text(problem, result, params),
    )


def _solution(problem: Problem, result: Result) -> Json:
    return {
        "assigned": [
            {"application": a.application, "expert": a.expert, "fit": a.fit, "fixed": a.fixed, "kept": a.kept}
            for a in result.assigned
        ],
        "worst": _value(result.worst),
        "worst_served": result.worst_served,
        "total": _value(result.total),
        "changes": _value(result.changes),
        "dropped": dropped(problem, result) if result.changes else [],
    }


def dropped(problem: Problem, result: Result) -> list[Json]:
    """Pairs of the earlier assignment that are gone."""
    kept = {(each.expert, each.application) for each in result.assigned}
    return [
        {"application": pair.application, "expert": pair.expert}
        for pair in problem.previous
        if (pair.expert, pair.application) not in kept
    ]


def _value(value: Value | None) -> Json | None:
    return None if value is None else {"reached": value.reached, "bound": value.bound}


def _explanation(problem: Problem, result: Result, params: Params) -> Json:
    better = passed_over(problem, result, params) if result.assigned else {}
    return {
        "passed_over": [
            {"application": key, "code": reason.code, "text": reason.text()} for key, reason in better.items()
        ],
        "blocked": None if result.blocked is None else _blocked(result.blocked),
    }


def _blocked(blocked: Blocked) -> Json:
    return {
        "rules": [_named(each) for each in blocked.rules],
        "applications": list(blocked.applications),
        "experts": list(blocked.experts),
        "need": blocked.need,
        "capacity": blocked.capacity,
        "remedies": [
            {
                "rules": list(each.rules),
                "amount": each.amount,
                "proven": each.proven,
                "changes": [_named(change) for change in each.changes],
            }
            for each in blocked.remedies
        ],
    }


def _named(named: Named) -> Json:
    return {"rule": named.rule, "subject": list(named.subject), "text": named.reason.text()}


def _text(problem: Problem, result: Result, params: Params) -> str:
    if result.blocked is not None:
        return _blocked_text(result.blocked)
    assert result.total is not None
    assert result.worst is not None
    lines = []
    for application in problem.applications:
        mine = [each for each in result.assigned if each.application == application.key]
        lines.append(f"{application.key}: " + ", ".join(f"{each.expert} ({each.fit:.2f})" for each in mine))
    lines.append("")
    lines.append(f"Worst served: {result.worst_served} with {_proof(result.worst)}.")
    lines.append(f"Total: {_proof(result.total)}.")
    if result.changes is not None:
        lines.append(f"Changes: {_proof(result.changes, '.0f')}.")
    return "\n".join(lines)


def _proof(value: Value, form: str = ".4f") -> str:
    if value.reached == value.bound:
        return f"{value.reached:{form}}, proven best"
    return f"{value.reached:{form}}, at best {value.bound:{form}}"


def _blocked_text(blocked: Blocked) -> str:
    lines = ["No assignment keeps all rules."]
    if blocked.need:
        lines.append(
            f"{', '.join(blocked.applications)}: {blocked.need} reviews needed; those who may, "
            f"{', '.join(blocked.experts) or 'nobody'}, give {blocked.capacity}."
        )
    if blocked.rules:
        lines.append("These cannot be kept together:")
        lines += [f"  {each.reason.text()}" for each in blocked.rules]
    for remedy in blocked.remedies:
        lines.append(f"Would help ({', '.join(remedy.rules)}, changes: {remedy.amount}):")
        lines += [f"  {each.reason.text()}" for each in remedy.changes]
    return "\n".join(lines)


for _point in entry_points(group=GROUP):
    try:
        app.registered_commands += _point.load().registered_commands
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("kontor"):
            raise
