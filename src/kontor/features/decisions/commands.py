"""`kontor decision`: decisions of the site; `kontor portfolio` solves files without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told

if TYPE_CHECKING:
    from kontor.features.decisions.models import Round, Scenario

decision = typer.Typer(no_args_is_help=True, help="Decisions on the applications of calls.")
Key = Annotated[
    str, typer.Argument(help="Key of a call whose decisions have begun, see `kontor decision list`.")
]


@decision.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@decision.command("list")
def list_rounds(as_json: AsJson = False) -> None:
    """Every call whose decisions have begun, with how many are taken."""
    from kontor.features.decisions.models import Decision, Round

    rows = []
    for one in Round.objects.select_related("call__programme", "adopted"):
        held = Decision.objects.live().filter(round=one)
        rows.append(
            {
                "call": one.call.key,
                "programme": one.call.programme.key,
                "decided": held.count(),
                "granted": held.granting().count(),
                "published": held.published().count(),
                "scenario": one.adopted.name if one.adopted else None,
            }
        )
    lines = [
        f"{row['call']:<30} {row['decided']:>4} decided {row['granted']:>4} granted "
        f"{row['published']:>4} published  {row['scenario'] or '–'}"
        for row in rows
    ]
    answer({"rounds": rows}, as_json, "\n".join(lines) or "No decisions have begun.")


@decision.command("board")
def board(key: Key, as_json: AsJson = False) -> None:
    """Envelopes with what is left, and every proposal in the order of the ranking."""
    from kontor.features.decisions.queries import board_of

    with told(as_json):
        shown = board_of(_round(key))
    envelopes = [
        {"key": row.key, "limit": str(row.limit), "committed": str(row.committed), "left": str(row.left)}
        for row in shown.envelopes
    ]
    rows = [_row(row) for row in shown.rows]
    lines = [f"{one['key']:<30} of {one['limit']:>14}  left {one['left']:>14}" for one in envelopes]
    lines += [
        f"{row['place'] or '–':>4}  {row['number']:<28} {row['score'] or '–':>8} {row['asked']:>14}  "
        f"{row['decision'] or 'open'}"
        for row in rows
    ]
    answer({"call": key, "envelopes": envelopes, "proposals": rows}, as_json, "\n".join(lines))


def _row(row: Any) -> dict[str, Any]:
    score = row.candidate.standing.raw
    return {
        "place": row.place,
        "number": row.application.number,
        "title": row.application.title,
        "score": None if score is None else str(score),
        "asked": str(row.candidate.asked),
        "decision": row.decision.kind if row.decision else None,
        "amount": str(row.decision.amount) if row.decision else "0.00",
    }


@decision.command("portfolio")
def portfolio(
    key: Key,
    scenario: Annotated[str, typer.Option(help="Name of a scenario; the adopted one without it.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
) -> None:
    """The question of a scenario as a file for `kontor portfolio solve`, which answers it in the same way."""
    from kontor.base.errors import KontorError

    with told(as_json=False):
        found = _scenario(_round(key), scenario)
        text = json.dumps(found.problem, indent=2, ensure_ascii=False)
        if out is None:
            typer.echo(text)
            return
        try:
            out.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise KontorError(
                f"{str(out)!r} cannot be written: {error.strerror}.",
                code="unwritable",
                path="out",
                remedy="Name a file in a folder that exists.",
            ) from error


@decision.command("minutes")
def minutes(
    key: Key,
    out: Annotated[Path, typer.Option(help="Write the PDF to this file.")],
    language: Annotated[str, typer.Option(help="en, de or nl.")] = "en",
) -> None:
    """The minutes as they stand, as PDF."""
    from kontor.base.errors import KontorError
    from kontor.features.decisions.papers import minutes as paper

    with told(as_json=False):
        if language not in ("en", "de", "nl"):
            raise KontorError(
                f"There are no minutes in {language!r}.",
                code="language-unknown",
                path="language",
                remedy="Use en, de or nl.",
            )
        out.write_bytes(paper.pdf(_round(key), None, language=language))


def _round(key: str) -> Round:
    from kontor.base.errors import KontorError
    from kontor.features.decisions.models import Round

    rows = Round.objects.select_related("call__programme", "call__version", "adopted")
    found = rows.filter(call__key=key).first()
    if found is None:
        raise KontorError(
            f"No decisions have begun on a call {key!r}.",
            code="round-unknown",
            path="key",
            remedy="See `kontor decision list`.",
        )
    return found


def _scenario(round: Round, name: str) -> Scenario:
    from kontor.base.errors import KontorError

    found = round.scenarios.filter(name=name).first() if name else round.adopted
    if found is None:
        names = ", ".join(round.scenarios.values_list("name", flat=True)) or "none yet"
        raise KontorError(
            f"There is no scenario {name!r}." if name else "No scenario is adopted.",
            code="scenario-unknown",
            path="scenario",
            remedy=f"Name one of: {names}.",
        )
    return found
