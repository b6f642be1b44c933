"""`kontor weights`: learn weights from earlier projects; with a site also which version it uses."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from kontor.cli.contract import Answer, Clock, Progress, run
from kontor.cli.directories import READERS, Form
from kontor.cli.rankings import answer_of
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import encoder as installed
from kontor.codes import lexicon as shipped
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.partnerships import PARTS, Maker, source_of
from kontor.engine.matching.ranking import fit_what_holds

GROUP = "kontor.weights"
EXTRACTS = (Form.CORDIS, Form.KEEP)

app = typer.Typer(no_args_is_help=True, help="Weights of the score: learn them, see and switch the site's.")


@app.callback()
def weights() -> None:
    """Weights of the score: learn them, see and switch the site's."""
    # without a callback the only command would swallow its own name where the site is not installed


@app.command("fit")
def fit(
    projects: Annotated[Path, typer.Argument(help="Folder or file with projects and who took part.")],
    form: Annotated[Form, typer.Option("--as", help="How they are written: cordis or keep.")] = Form.CORDIS,
    newcomers: Annotated[
        bool | None,
        typer.Option(help="Ask also for those who are in no other project; the usual way with keep."),
    ] = None,
    before: Annotated[str, typer.Option(help="Only projects that began before this date.")] = "",
    seed: Annotated[int, typer.Option(help="Chooses which projects are left out together.")] = 0,
    time: Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write it to this file, for kontor match --weights.")
    ] = None,
) -> None:
    """Learn weights from who worked with whom: each project is asked of a directory that does not know it."""
    new = form == Form.KEEP if newcomers is None else newcomers
    run(
        lambda clock: learned(projects, form, new, before, seed, clock),
        seconds=time,
        as_json=as_json,
        out=out,
    )


def learned(path: Path, form: Form, newcomers: bool, before: str, seed: int, clock: Clock) -> Answer:
    """Reads the projects, asks each of the others, fits, and tells how it did where it was not fitted."""
    if form not in EXTRACTS:
        raise InvalidInput("as", "Weights are learned from projects.", "Name --as cordis or --as keep.")
    encoder = CachedEncoder(installed.load(), cache_folder(), clock.check)
    maker = Maker(source_of(form, READERS[form](path)), shipped.load(), encoder)
    tasks = [task for task in maker.source.tasks if not before or task.started < before]
    progress = Progress("Asking projects", len(tasks))

    def tick(done: int) -> None:
        clock.check()
        progress.show(done)

    questions = maker.ask(tasks, newcomers=newcomers, seed=seed, tick=tick)
    ranking = fit_what_holds(PARTS, [each.asked for each in questions], seed=seed)
    return answer_of(ranking, questions, maker.source.profiles)


for _point in entry_points(group=GROUP):
    try:
        app.registered_commands += _point.load().registered_commands
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("kontor"):
            raise
