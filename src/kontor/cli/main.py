"""`kontor`: one command line for engines and site."""

from __future__ import annotations

import typer

from kontor.cli.lazy import LazyGroup

app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    help="Partners across borders: match organisations, build consortia, run programmes.",
)


@app.callback()
def kontor() -> None:
    """Where companies from different countries meet and work together."""
