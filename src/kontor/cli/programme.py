"""`kontor programme`: programme files, checked before anybody relies on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kontor import programmes
from kontor.programmes.as_json import as_json

app = typer.Typer(help="Programme files.", no_args_is_help=True)


@app.callback()
def programme() -> None:
    """Programme files."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Programme as TOML, see docs/formats/programme.md.")],
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a programme file and explain every fault with its line. Exit code 0 if sound, 2 if not."""
    found, problems = _checked(file)
    if as_object:
        typer.echo(json.dumps(_object(found, problems), ensure_ascii=False))
    elif found is not None and not problems:
        typer.echo(_summary(file, found))
    for problem in [] if as_object else problems:
        typer.echo(f"{file}: {problem}", err=True)
    if problems:
        raise typer.Exit(2)


def _checked(file: Path) -> tuple[programmes.Programme | None, list[programmes.Problem]]:
    try:
        return programmes.check(file.read_bytes())
    except OSError as error:
        problem = programmes.Problem(0, "", f"cannot be opened: {error.strerror}.", "Check the file's name.")
        return None, [problem]


def _object(found: programmes.Programme | None, problems: list[programmes.Problem]) -> dict[str, Any]:
    if problems or found is None:
        listed = [
            {"line": p.line, "path": p.path, "message": p.message, "remedy": p.remedy} for p in problems
        ]
        first = {key: listed[0][key] for key in ("path", "message", "remedy")}
        return {"error": first, "problems": listed}
    return {"status": "sound", "programme": as_json(found)}


def _summary(file: Path, found: programmes.Programme) -> str:
    lines = [f"{file}: sound. {found.name.best('en')}, version {found.version}:"]
    lines.append(
        f"{len(found.themes)} themes, {len(found.products)} target products, {len(found.areas)} areas."
    )
    if found.defaults:
        lines.append("Values that no document states:")
        lines += [f"  {default.path}: {default.reason}" for default in found.defaults]
    return "\n".join(lines)
