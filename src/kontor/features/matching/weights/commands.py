"""The site's side of `kontor weights`: which versions there are, which one is used, have one learned."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kontor.base.command import site

commands = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """The versions that the site learned, the latest first."""
    site()
    from kontor.features.matching.models import LearnedWeights

    rows = [
        {
            "number": row.number,
            "made_at": row.made_at.isoformat(timespec="minutes"),
            "questions": row.questions,
            "rows": 2 if row.small_weights else 1,
            "share": row.share,
            "holds": row.holds,
            "active": row.active,
        }
        for row in LearnedWeights.objects.defer("bias", "fitted", "small_fitted")
    ]
    if as_json:
        typer.echo(json.dumps({"status": "good", "versions": rows}))
        return
    for row in rows:
        state = "in use" if row["active"] else "" if row["holds"] else "worse than usual"
        tables = "one table" if row["rows"] == 1 else f"two tables, {row['share']:.0%} of the places shared"
        typer.echo(
            f"{row['number']:4}  {row['made_at']}  {row['questions']} questions, {tables}  {state}".rstrip()
        )
    if not any(row["active"] for row in rows):
        typer.echo("The usual weights are in use.")


@commands.command("use")
def use(number: Annotated[int, typer.Argument(help="The version, as kontor weights list shows it.")]) -> None:
    """Count with a version in every search from now on."""
    site()
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.matching.weights.actions import use_weights

    try:
        used = use_weights(number=number, actor=Actor.system("command line"))
    except KontorError as refusal:
        typer.echo(f"{refusal.message} {refusal.remedy}".rstrip(), err=True)
        raise typer.Exit(2) from refusal
    typer.echo(f"Every search uses version {used.number} now.", err=True)


@commands.command("off")
def off() -> None:
    """Count with the usual weights again; the versions stay."""
    site()
    from kontor.base.actor import Actor
    from kontor.features.matching.weights.actions import use_usual_weights

    use_usual_weights(actor=Actor.system("command line"))
    typer.echo("Every search uses the usual weights.", err=True)


@commands.command("learn")
def learn() -> None:
    """Have the site learn from what became of introductions; the jobs of the site do it."""
    site()
    from kontor.base.actor import Actor
    from kontor.features.matching.weights.actions import learn_weights

    learn_weights(actor=Actor.system("command line"))
    typer.echo("Queued. kontor weights list shows the version when it is learned.", err=True)
