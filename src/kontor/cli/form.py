"""`kontor form`: what a programme's call asks, and answers checked against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kontor.cli.contract import refusals
from kontor.cli.programme import AsJson, Language, Which, programme_of, spoken_language
from kontor.engine.core.errors import InvalidInput
from kontor.programmes.forms import Fault, Payee, check, form_for, form_json, tidy
from kontor.programmes.schema import Field, Form

app = typer.Typer(help="Forms of programmes.", no_args_is_help=True)
InstrumentKey = Annotated[str, typer.Option("--instrument", help="Its form; needed where there are several.")]


@app.callback()
def form() -> None:
    """Forms of programmes."""


@app.command()
def show(
    which: Which, instrument: InstrumentKey = "", language: Language = "en", as_object: AsJson = False
) -> None:
    """The questions of an instrument's form, in order; with --json the snapshot that a call freezes."""
    with refusals(as_object):
        found = _form(which, instrument)
        spoken = spoken_language(language)
    typer.echo(json.dumps(form_json(found), ensure_ascii=False) if as_object else _outline(found, spoken))


@app.command("check")
def check_answers(
    answers: Annotated[Path, typer.Argument(help="Answers as JSON, see docs/formats/form.md.")],
    programme: Annotated[
        str, typer.Option("--programme", help="A programme file, or the key of a shipped one.")
    ],
    instrument: InstrumentKey = "",
    step: Annotated[int, typer.Option(min=1, max=2, help="Which step's questions.")] = 1,
    language: Language = "en",
    as_object: AsJson = False,
) -> None:
    """Check answers: every fault with its field and the rule behind it. Exit code 0 if complete, 3 if not, 2
    where the input cannot be used.
    """
    with refusals(as_object):
        spoken = spoken_language(language)
        asked = _form(programme, instrument)
        told = _answers(answers, asked)
        found = check(asked, told, step, payees=_payees(asked, told))
    if as_object:
        typer.echo(
            json.dumps(
                {"complete": not found, "faults": [_plain(one, spoken) for one in found]}, ensure_ascii=False
            )
        )
    else:
        lines = [f"{one.field}: {one.text(spoken)} [{one.rule(spoken)}]" for one in found]
        typer.echo("\n".join(lines) if lines else "Complete.")
    if found:
        raise typer.Exit(3)


def _form(which: str, key: str) -> Form:
    found = programme_of(which)
    known = {one.key: one for one in found.instruments}
    if not key and len(known) == 1:
        key = next(iter(known))
    if key not in known:
        message = f"{key!r} is no instrument of {found.key}." if key else "Which instrument?"
        raise InvalidInput("instrument", message, f"Take one of {', '.join(known) or 'none'}.")
    return form_for(found, known[key])


def _answers(path: Path, asked: Form) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput("answers", f"cannot be opened: {error.strerror}.", "Check the path.") from None
    except ValueError as error:
        raise InvalidInput(
            "answers", f"is not JSON: {error}.", "Check quotes, commas and brackets."
        ) from None
    if not isinstance(told, dict):
        raise InvalidInput("answers", "is no object.", "Write {field: answer}.")
    fields = {one.key: one for one in asked.fields()}
    for key in told:
        if key not in fields:
            raise InvalidInput(f"answers.{key}", "is no field of the form.", f"Known: {', '.join(fields)}.")
    return {key: _shaped(fields[key], key, value) for key, value in told.items()}


def _shaped(field: Field, key: str, value: Any) -> Any:
    try:
        return tidy(field, value)
    except TypeError as wrong:
        raise InvalidInput(f"answers.{key}", f"{wrong}.", "docs/formats/form.md shows the shape.") from None


def _payees(asked: Form, told: dict[str, Any]) -> list[Payee]:
    """The partners that the budget names."""
    budgets = [told.get(one.key) or {} for one in asked.fields() if one.kind == "budget"]
    return [Payee(key, key) for budget in budgets for key in budget] or [Payee("lead", "lead")]


def _plain(one: Fault, language: str) -> dict[str, Any]:
    return {
        "field": one.field,
        "row": one.row,
        "column": one.column,
        "code": one.code,
        "text": one.text(language),
        "rule": one.rule(language),
    }


def _outline(found: Form, language: str) -> str:
    lines = [f"{found.key}, version {found.version}"]
    for section in found.sections:
        lines.append(f"\n{section.title.best(language)} (step {section.step})")
        for one in section.fields:
            limit = f", at most {one.words} words" if one.words else ""
            needed = "" if one.required else ", optional"
            lines.append(f"  {one.key}: {one.label.best(language)} [{one.kind}{limit}{needed}]")
    return "\n".join(lines)
