"""`kontor suggest`: everyone against everyone, whom each should meet across the border."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from kontor.cli.contract import Answer, Clock, Progress, run
from kontor.cli.directories import Form, open_file, open_site
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import encoder as installed
from kontor.codes import lexicon as shipped
from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.result import Status
from kontor.engine.matching.index import Index
from kontor.engine.matching.suggest import Suggested, Suggestion, SuggestParams, suggest

WORTH_PROCESSES = 3000
"""Organisations from which a second process pays for its start."""

STEPS = {"read": "Reading profiles", "compare": "Comparing blocks", "allot": "Giving out places"}
Json = dict[str, Any]


def suggest_command(
    everyone: Annotated[bool, typer.Option("--all", help="For every organisation.")] = False,
    organisation: Annotated[
        list[str] | None, typer.Option(help="Only the list of this key; repeat for more.")
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="File or folder; without it the site's own directory.")
    ] = None,
    form: Annotated[Form, typer.Option("--as", help="How the directory is written.")] = Form.DIRECTORY,
    top: Annotated[int, typer.Option(help="How many for each.")] = 20,
    home: Annotated[bool, typer.Option(help="Partners in the same country too.")] = False,
    processes: Annotated[int, typer.Option(help="Processes that compare; 0: one for each core.")] = 0,
    resume: Annotated[Path | None, typer.Option(help="Folder to keep what was found and go on from.")] = None,
    today: Annotated[str, typer.Option(help="Date from which freshness counts; today if left out.")] = "",
    seed: Annotated[int, typer.Option(help="Draws lots between equals.")] = 0,
    time: Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")] = None,
) -> None:
    """Whom each organisation should meet: everyone is compared with everyone at once."""
    wanted = tuple(organisation or ())

    def solve(clock: Clock) -> Answer:
        if not (everyone or wanted):
            raise InvalidInput("all", "For whom is not said.", "Add --all, or --organisation KEY.")
        params = SuggestParams(top=top, across=not home)
        index = _index(directory, form, clock)
        for key in wanted:
            index.place(key)
        cores = processes or (os.cpu_count() or 1)
        found = suggest(
            index,
            params=params,
            seed=seed,
            today=today or dt.datetime.now(tz=dt.UTC).date().isoformat(),
            progress=_Steps(clock),
            resume_from=resume,
            processes=cores if len(index) >= WORTH_PROCESSES or processes else 1,
        )
        return answer_of([each for each in found if everyone or each.organisation in wanted], index)

    run(solve, seconds=time, as_json=as_json, out=out)


class _Steps:
    """One line of progress for each step; looks at the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[str, Progress] = {}

    def __call__(self, done: int, total: int, step: str) -> None:
        self._clock.check()
        self._lines.setdefault(step, Progress(STEPS[step], total)).show(done)


def _index(directory: Path | None, form: Form, clock: Clock) -> Index:
    if directory is None:
        return open_site().index
    encoder = CachedEncoder(installed.load(), cache_folder(), clock.check)
    return open_file(directory, form, shipped.load(), encoder, clock).index


def answer_of(found: list[Suggested], index: Index) -> Answer:
    """The lists as JSON and as text. `objective` is the mean score of all places that were given out."""
    scores = [told.score for each in found for told in each.suggestions]
    return Answer(
        status=Status.FEASIBLE,
        objective=round(sum(scores) / len(scores), 6) if scores else None,
        bound=1.0,
        solution={
            "suggestions": [
                {
                    "organisation": each.organisation,
                    "partners": [_as_json(told) for told in each.suggestions],
                }
                for each in found
            ]
        },
        explanation={
            "organisations": len(found),
            "places": len(scores),
            "without": sum(not each.suggestions for each in found),
        },
        text="\n".join(line for each in found for line in _lines(each, index)),
    )


def _as_json(told: Suggestion) -> Json:
    return {
        "partner": told.partner,
        "rank": told.rank,
        "score": round(told.score, 6),
        "direction": told.direction,
        "statement": told.statement,
        "answer": told.answer,
        "reasons": list(told.reasons),
        "newcomer": told.newcomer,
        "reserved": told.reserved,
    }


def _lines(each: Suggested, index: Index) -> list[str]:
    lines = [f"{index.profile(each.organisation)[0].name} [{each.organisation}]"]
    for told in each.suggestions:
        profile = index.profile(told.partner)[0]
        who = f"{profile.name} ({profile.country})  [{told.partner}]"
        lines.append(f"{told.rank:4}. {100 * told.score:3.0f}  {who}  {', '.join(told.reasons)}")
    return [*lines, ""] if each.suggestions else [*lines, "      nobody", ""]
