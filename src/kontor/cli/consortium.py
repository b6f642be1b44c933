"""`kontor consortium`: who together, under a programme's rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kontor.cli.consortium_output import filled_answer, solved_answer
from kontor.cli.contract import Answer, Clock, OutOfTime, run
from kontor.engine.consortia.fill import fill
from kontor.engine.consortia.read import read_problem
from kontor.engine.consortia.solve import solve

app = typer.Typer(help="Consortia under a programme's rules.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="Problem as JSON, see docs/formats/consortium.md.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Out = Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")]
Seed = Annotated[int, typer.Option(help="Draws lots between equals.")]
Time = Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")]


@app.callback()
def consortium() -> None:
    """Consortia under a programme's rules."""


@app.command("solve")
def solve_command(
    file: File,
    teams: Annotated[int, typer.Option(help="How many teams; 0 for as many as the file says.")] = 0,
    differ: Annotated[int, typer.Option(help="New members in each further team; 0: as the file says.")] = 0,
    seed: Seed = 0,
    time: Time = 0,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """The proven best team, further ones, the price of each member; or what to change where none exists."""
    run(lambda clock: _solved(file, teams, differ, seed, clock), seconds=time, as_json=as_json, out=out)


@app.command("fill")
def fill_command(
    file: File,
    seed: Seed = 0,
    time: Time = 0,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """The best candidates for every gap of a partly built team: the members that the file calls fixed."""
    run(lambda clock: _filled(file, clock), seconds=time, as_json=as_json, out=out)


def _solved(file: Path, teams: int, differ: int, seed: int, clock: Clock) -> Answer:
    problem, params = read_problem(file)
    params = replace(params, teams=teams or params.teams, differ=differ or params.differ)
    result = solve(problem, stop=clock, seed=seed, params=params)
    if result.status is None:
        raise OutOfTime("Allow more with --time, or ask for fewer candidates and competences.")
    return solved_answer(problem, result)


def _filled(file: Path, clock: Clock) -> Answer:
    problem, params = read_problem(file)
    found = fill(problem, params=params)
    clock.check()
    return filled_answer(problem, found)
