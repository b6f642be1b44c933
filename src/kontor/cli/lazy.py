"""A command group that knows its commands by name and imports one only when it is called.

So `kontor --help` and every engine command run where the site is not installed, and start in a moment where
it is.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

GROUP = "kontor.commands"

OWN = {
    "match": ("kontor.cli.match:match", "Who fits a need, an idea or an organisation."),
    "suggest": ("kontor.cli.suggest:suggest_command", "Whom everyone should meet across the border."),
    "weights": ("kontor.cli.weights:app", "Weights of the score: learned, used."),
    "consortium": ("kontor.cli.consortium:app", "Consortia under a programme's rules."),
    "jury": ("kontor.cli.jury:app", "Juries: who assesses what."),
    "portfolio": ("kontor.cli.portfolio:app", "Portfolios: which proposals under which money."),
    "form": ("kontor.cli.form:app", "Forms of programmes: what a call asks, answers checked."),
    "schema": ("kontor.cli.schema:schema", "JSON Schema of a format."),
    "programme": ("kontor.cli.programme:app", "Programme files."),
}
"""Commands that need no site: where they are, and one line of help."""

SITE = {
    "application": "The papers of one application: signatures, Word file, dossier.",
    "audit": "The log of what was done: read it, verify its chain.",
    "call": "Calls: list, show, export, add, publish, withdraw.",
    "compose": "The smallest teams of the directory for a target product.",
    "decision": "Funding decisions: board, scenarios, protocol, minutes.",
    "demo": "Load the sample, print the log-ins, serve.",
    "duplicates": "Records that may be one: find, merge, part.",
    "export": "The directory as a spreadsheet.",
    "import": "Members from a spreadsheet, a CORDIS or a keep.eu extract.",
    "imports": "Earlier imports: list, take back.",
    "index": "The matchmaker's index: rebuild, status.",
    "jobs": "Long work: do it, list, retry, cancel.",
    "migrate": "Create the database or bring it up to date.",
    "organisations": "Organisations: list, show, confirm, archive.",
    "programmes": "Programmes of the site: publish, money, results.",
    "regions": "Outlines of regions for the map.",
    "sample": "The invented sample: load, remove.",
    "serve": "The web server with a worker for jobs.",
    "users": "People and their roles.",
}
"""One line of help for each command of the site, told without importing it."""


class LazyGroup(TyperGroup):
    """Own commands and those that installed packages register in the entry point group `kontor.commands`.

    Contexts and commands are `Any`: which click they come from is the command line library's own affair.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted({*OWN, *registered()})

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in with a line of help: enough to list it."""
        if cmd_name in OWN:
            return TyperCommand(cmd_name, help=OWN[cmd_name][1])
        if cmd_name in registered():
            return TyperCommand(cmd_name, help=SITE.get(cmd_name, "Command of an installed package."))
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command itself, imported now."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and stand_in else stand_in, rest


def registered() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def load(name: str) -> Any:
    """Imports a command. Ends with a plain message where it needs the site and that is not installed."""
    try:
        found = _import(OWN[name][0]) if name in OWN else registered()[name].load()
    except ModuleNotFoundError as error:
        typer.echo(f"kontor {name} needs {error.name}: install kontor[site].", err=True)
        raise typer.Exit(2) from error
    return as_command(name, found)


def as_command(name: str, found: typer.Typer | Callable[..., Any]) -> Any:
    """A Typer application or a plain function as a command."""
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    app = typer.Typer(add_completion=False)
    app.command(name)(found)
    return typer.main.get_command(app)


def _import(path: str) -> Any:
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)
