"""`kontor index`, and the site's side of `kontor match`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kontor.base.command import site
from kontor.engine.matching.index import Index
from kontor.engine.matching.past import Past

index = typer.Typer(no_args_is_help=True, help="The matchmaker's index.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@index.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@index.command("rebuild")
def rebuild() -> None:
    """Index every organisation anew, showing how far it is. Interrupted, it goes on at the next call."""
    from kontor.base.actor import Actor
    from kontor.features.matching.actions import rebuild_index
    from kontor.features.matching.tasks import index_marked

    rebuild_index(actor=Actor.system("command line"))

    def say(done: int, total: int) -> None:
        typer.echo(f"\r{done:,} of {total:,} organisations", nl=False, err=True)

    indexed = index_marked(say)
    typer.echo(f"\r{indexed:,} organisations indexed.        ", err=True)


@index.command("status")
def status(as_json: AsJson = False) -> None:
    """How many organisations can be found, and how many wait to be indexed."""
    from kontor.features.matching.models import IndexEntry

    found = IndexEntry.objects.filter(gone=False).count()
    waiting = IndexEntry.objects.filter(dirty=True).count()
    if as_json:
        typer.echo(json.dumps({"status": "good", "found": found, "waiting": waiting}))
    else:
        typer.echo(f"{found:,} organisations can be found, {waiting:,} wait to be indexed.")


def site_match() -> tuple[Index, Past | None]:
    """The site's index and earlier projects, for `kontor match`: whoever runs commands may see all of it."""
    site()
    from kontor.features.matching.memory import memory

    return memory.current(), memory.past()
