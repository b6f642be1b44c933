"""`kontor decision`: decisions of the site; `kontor portfolio` solves files without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told, write_out

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
        "decision": "withdrawn" if row.withdrawn else row.decision.kind if row.decision else None,
        "amount": str(row.decision.amount) if row.decision else "0.00",
    }


@decision.command("portfolio")
def portfolio(
    key: Key,
    scenario: Annotated[str, typer.Option(help="Name of a scenario; the adopted one without it.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
) -> None:
    """The question of a scenario as a file for `kontor portfolio solve`, which answers it in the same way."""
    with told(as_json=False):
        found = _scenario(_round(key), scenario)
        text = json.dumps(found.problem, indent=2, ensure_ascii=False)
        if out is None:
            typer.echo(text)
            return
        write_out(out, f"{text}\n".encode())


@decision.command("scenarios")
def list_scenarios(key: Key, as_json: AsJson = False) -> None:
    """The scenarios kept: who is funded in each, and what is left."""
    with told(as_json):
        round = _round(key)
    numbers = dict(round.call.applications.values_list("key", "number"))
    rows = [
        {
            "name": one.name,
            "status": one.result["status"],
            "adopted": one.pk == round.adopted_id,
            "funded": [numbers.get(each["application"], "") for each in one.result["granted"]],
            "left": one.result["left"],
        }
        for one in round.scenarios.all()
    ]
    lines = [
        f"{'*' if row['adopted'] else ' '} {row['name']:<30} {row['status']:<10} {', '.join(row['funded'])}"
        for row in rows
    ]
    answer({"call": key, "scenarios": rows}, as_json, "\n".join(lines) or "No scenario is kept.")


@decision.command("protocol")
def protocol(
    key: Key,
    scenario: Annotated[str, typer.Option(help="Name of a scenario; the adopted one without it.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write the PDF to this file.")] = None,
    language: Annotated[str, typer.Option(help="en, de or nl.")] = "en",
    as_json: AsJson = False,
) -> None:
    """The joint ranking with whose money pays what, and how often each envelope was asked."""
    from django.utils.translation import override

    from kontor.features.decisions.papers import protocol as paper
    from kontor.features.decisions.queries import board_of

    with told(as_json):
        round = _round(key)
        found = _scenario(round, scenario)
        with override(_language(language)):
            shown = paper.protocol_of(board_of(round), found)
        if out is not None:
            write_out(out, paper.pdf(round, found, language=language))
    envelopes = [column for column, _name in shown.columns]
    lines = [_line(one, envelopes) for one in shown.lines]
    demand = [
        {"envelope": one.envelope.key, "limit": one.envelope.limit, "asked": one.asked, "times": one.times}
        for one in shown.demand
    ]
    left = dict(shown.left)
    text = [
        f"{one['place']:>3}  {one['number']:<28} {one['score']:>8}  {'funded' if one['funded'] else '–':<7} "
        + " ".join(f"{name} {amount}" for name, amount in one["asked"].items())
        for one in lines
    ]
    text += [f"left in {name}: {amount}" for name, amount in left.items()]
    told_ = {"call": key, "scenario": found.name, "lines": lines, "left": left, "demand": demand}
    answer(told_, as_json, "\n".join(text))


def _line(one: Any, envelopes: list[str]) -> dict[str, Any]:
    parts = zip(envelopes, one.parts, strict=True)
    return {
        "place": one.place,
        "number": one.number,
        "title": one.title,
        "score": one.score,
        "asked": {name: part for name, part in parts if part is not None},
        "funded": one.funded,
        "percent": one.percent,
        "from_pot": one.balanced,
        "reserve": one.reserve,
        "reason": one.reason,
    }


@decision.command("minutes")
def minutes(
    key: Key,
    out: Annotated[Path, typer.Option(help="Write the PDF to this file.")],
    language: Annotated[str, typer.Option(help="en, de or nl.")] = "en",
) -> None:
    """The minutes as they stand, as PDF."""
    from kontor.features.decisions.papers import minutes as paper

    with told(as_json=False):
        write_out(out, paper.pdf(_round(key), None, language=_language(language)))


def _language(wanted: str) -> str:
    from kontor.base.errors import KontorError

    if wanted not in ("en", "de", "nl"):
        raise KontorError(
            f"There are no papers in {wanted!r}.",
            code="language-unknown",
            path="language",
            remedy="Use en, de or nl.",
        )
    return wanted


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
