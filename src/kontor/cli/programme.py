"""`kontor programme`: programme files, checked, compared, and asked about a team."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kontor import programmes
from kontor.cli.contract import refusals
from kontor.cli.programme_text import assessment_text, rules_text, unfilled
from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.result import EXIT_CODES, Status
from kontor.programmes.as_json import as_json, assessment_json, rule_json
from kontor.programmes.compare import compare
from kontor.programmes.messages import message
from kontor.programmes.rules import RULES, Sentence, State, languages
from kontor.programmes.team_file import parse_team

app = typer.Typer(help="Programme files.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Language = Annotated[str, typer.Option("--language", help="Language of the sentences: en, de or nl.")]
Which = Annotated[str, typer.Argument(help="A programme file, or the key of a programme that is shipped.")]


@app.callback()
def programme() -> None:
    """Programme files."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Programme as TOML, see docs/formats/programme.md.")],
    as_object: AsJson = False,
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


@app.command("rules")
def list_rules(as_object: AsJson = False, language: Language = "en") -> None:
    """List the named rules and their parameters."""
    with refusals(as_object):
        spoken = spoken_language(language)
        if as_object:
            listed = [rule_json(rule, unfilled(rule, spoken)) for rule in RULES]
            typer.echo(json.dumps({"rules": listed}, ensure_ascii=False))
        else:
            typer.echo(rules_text(spoken))


@app.command()
def eligible(
    which: Which,
    instrument: Annotated[str, typer.Argument(help="Key of the instrument.")],
    team: Annotated[Path, typer.Argument(help="Team as JSON, see docs/formats/team.md.")],
    as_object: AsJson = False,
    language: Language = "en",
) -> None:
    """Say of every rule whether the team keeps it, why, and what would change it.

    Exit code 0 for yes and to clarify, 3 for no, 2 where the input cannot be used.
    """
    with refusals(as_object):
        spoken = spoken_language(language)
        found = programme_of(which)
        known = [one.key for one in found.instruments]
        if instrument not in known:
            remedy = f"Take one of {', '.join(known)}." if known else "Add an [[instrument]] to the file."
            raise InvalidInput("instrument", f"{instrument!r} is no instrument of {found.key}.", remedy)
        assessed = programmes.assess(found, found.instrument(instrument), parse_team(_content(team, "team")))
    if as_object:
        typer.echo(json.dumps(assessment_json(assessed, spoken), ensure_ascii=False))
    else:
        typer.echo(assessment_text(assessed, spoken))
    if assessed.state == State.NO:
        raise typer.Exit(EXIT_CODES[Status.INFEASIBLE])


@app.command()
def diff(old: Which, new: Which, as_object: AsJson = False, language: Language = "en") -> None:
    """Say in words what changes from one version of a programme to another."""
    with refusals(as_object):
        spoken = spoken_language(language)
        sentences = [one.text(spoken) for one in compare(programme_of(old, "old"), programme_of(new, "new"))]
    if as_object:
        typer.echo(json.dumps({"changes": sentences}, ensure_ascii=False))
    else:
        typer.echo("\n".join(sentences or [Sentence("diff.same").text(spoken)]))


def spoken_language(language: str) -> str:
    if language not in languages():
        message = f"{language!r} is not spoken here."
        raise InvalidInput("language", message, f"Take one of {', '.join(languages())}.")
    return language


def programme_of(which: str, path: str = "programme") -> programmes.Programme:
    """A shipped programme by its key, else the one in the file of that name."""
    shipped = programmes.shipped()
    if which in shipped:
        return shipped[which]
    if not Path(which).suffix and not Path(which).exists():
        message = f"{which!r} is neither a file nor a programme that is shipped."
        raise InvalidInput(path, message, f"Shipped: {', '.join(shipped)}.")
    try:
        return programmes.parse(_content(Path(which), path), which)
    except programmes.ProgrammeError as error:
        first = error.problems[0]
        remedy = f"Run kontor programme check {which}."
        raise InvalidInput(path, f"has {len(error.problems)} faults, the first: {first}", remedy) from None


def _content(file: Path, path: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"{str(file)!r} cannot be opened: {error.strerror}."
        raise InvalidInput(path, message, "Check the file's name.") from None


def _checked(file: Path) -> tuple[programmes.Programme | None, list[programmes.Problem]]:
    try:
        return programmes.check(file.read_bytes())
    except OSError as error:
        reason = message("cannot be opened: {reason}.", reason=error.strerror)
        problem = programmes.Problem(0, "", reason, message("Check the file's name."))
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
    counts = (
        (len(found.instruments), "instruments"),
        (len(found.themes), "themes"),
        (len(found.products), "target products"),
        (len(found.areas), "areas"),
        (len(found.indicators), "indicators"),
        (len(found.variants), "variants"),
    )
    lines.append(", ".join(f"{count} {name}" for count, name in counts) + ".")
    if found.defaults:
        lines.append("Values that no document states:")
        lines += [f"  {default.path}: {default.reason}" for default in found.defaults]
    return "\n".join(lines)
