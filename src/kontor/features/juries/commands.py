"""The site's side of `kontor jury`: which juries there are, their conflicts, their results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import site

if TYPE_CHECKING:
    from kontor.features.juries.models import Panel

commands = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Key = Annotated[str, typer.Argument(help="Key of the jury, as kontor jury list shows it.")]


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """The juries of the site, the latest first."""
    site()
    from kontor.features.juries.models import Panel

    rows = [
        {"key": row.key, "call": row.call.key, "step": row.step, "phase": row.phase}
        for row in Panel.objects.select_related("call")
    ]
    if as_json:
        typer.echo(json.dumps({"status": "good", "juries": rows}))
        return
    for row in rows:
        typer.echo(f"{row['key']}  {row['call']}, step {row['step']}  {row['phase']}")
    if not rows:
        typer.echo("There is no jury. Open one on the site.")


@commands.command("conflicts")
def conflicts(key: Key, as_json: AsJson = False) -> None:
    """Every conflict of interest between assessors and applications, and who waived it."""
    panel = _panel(key)
    from kontor.features.juries.conflicts import assessable, conflicts_of

    experts = {each.expert_id: each.expert for each in panel.members.select_related("expert")}
    numbers = dict(assessable(panel).values_list("pk", "number"))
    found = conflicts_of(panel, experts.values())
    rows: list[dict[str, Any]] = [
        {
            "expert": experts[expert].name,
            "application": numbers[application],
            "kinds": list(dict.fromkeys(each.kind.value for each in listed)),
            "sentences": [each.sentence() for each in listed],
            "waived": (expert, application) in found.waived,
        }
        for (expert, application), listed in sorted(found.found.items())
    ]
    if as_json:
        typer.echo(json.dumps({"status": "good", "conflicts": rows}, ensure_ascii=False))
        return
    for row in rows:
        state = "waived" if row["waived"] else "blocked"
        typer.echo(f"{row['application']}  {row['expert']}  {state}: {' '.join(row['sentences'])}")
    if not rows:
        typer.echo("Nobody is in conflict.")


@commands.command("results")
def results(key: Key, as_json: AsJson = False) -> None:
    """Totals and ranks; none where something is still missing."""
    panel = _panel(key)
    from kontor.features.calls.models import Application
    from kontor.features.juries.outcomes import read_round
    from kontor.features.juries.queries import results_of

    numbers = dict(Application.objects.filter(call=panel.call).values_list("key", "number"))
    found = results_of(read_round(panel))
    rows: list[dict[str, Any]] = [
        {
            "application": numbers[each.application_key],
            "rank": each.rank,
            "total": None if each.total is None else str(each.total),
            "adjusted": None if each.adjusted is None else str(each.adjusted),
            "passes": each.passes,
            "below": each.below,
            "verdict": each.verdict,
        }
        for each in sorted(
            found, key=lambda one: (one.rank is None, one.rank or 0, numbers[one.application_key])
        )
    ]
    if as_json:
        typer.echo(json.dumps({"status": "good", "results": rows}))
        return
    for row in rows:
        told = "not everything is in" if row["total"] is None else f"{row['total']} of 100"
        below = f"  below in: {', '.join(row['below'])}" if row["below"] else ""
        typer.echo(f"{row['rank'] or '-':>3}  {row['application']}  {told}{below}")


@commands.command("progress")
def progress(key: Key, as_json: AsJson = False) -> None:
    """How far each assessor is, and which sheets are missing: whom to remind."""
    panel = _panel(key)
    from kontor.features.juries.models import Assignment, AssignmentState, ReviewState

    active = Assignment.objects.filter(panel=panel, state=AssignmentState.ACTIVE)
    given: dict[int, list[Any]] = {}
    for one in active.select_related("member__expert", "application", "review"):
        given.setdefault(one.member_id, []).append(one)
    rows: list[dict[str, Any]] = []
    for member in panel.members.select_related("expert"):
        mine = given.get(member.pk, [])
        open_ones = [
            each.application.number
            for each in mine
            if getattr(each, "review", None) is None or each.review.state != ReviewState.SUBMITTED
        ]
        rows.append(
            {
                "name": member.expert.name,
                "email": member.expert.email,
                "state": member.state,
                "assigned": len(mine),
                "missing": open_ones,
            }
        )
    told = {"status": "good", "phase": panel.phase, "due_on": panel.due_on, "assessors": rows}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    for row in rows:
        words = f"missing: {', '.join(row['missing'])}" if row["missing"] else "nothing is missing"
        typer.echo(f"{row['name']}  {row['state']}  {row['assigned']} assigned, {words}")
    if not rows:
        typer.echo("Nobody is invited.")


@commands.command("order")
def order(key: Key, as_json: AsJson = False) -> None:
    """The running order of the pitch day: when, who, and how far it is. No score is told."""
    panel = _panel(key)
    from kontor.engine.juries.pitches.model import clock
    from kontor.features.juries.pitching import day_of, slots_of

    day = day_of(panel)
    if day is None:
        typer.echo(f"The jury {key!r} has no pitch day. Plan one on the site.", err=True)
        raise typer.Exit(2)
    rows: list[dict[str, Any]] = [
        {
            "begins": None if slot.begins is None else clock(slot.begins),
            "ends": None if slot.ends is None else clock(slot.ends),
            "application": slot.application.number,
            "title": slot.application.title,
            "lead": slot.application.lead.name,
            "state": slot.state,
            "present": [each.expert.name for each in slot.present.all()],
        }
        for slot in slots_of(day)
    ]
    told = {"status": "good", "day": day.day, "place": day.place, "state": day.state, "slots": rows}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    typer.echo(f"{day.day} {day.place}".rstrip())
    for row in rows:
        typer.echo(f"{row['begins'] or '–':>5}  {row['application']}  {row['title']}  ({row['lead']})")


@commands.command("remind")
def remind(key: Key) -> None:
    """Write to the assessors who have not handed in; at most once a day."""
    panel = _panel(key)
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.juries.actions import remind_assessors

    try:
        count = remind_assessors(panel=panel, actor=Actor.system("command line"))
    except KontorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"Reminded: {count}")


def _panel(key: str) -> Panel:
    site()
    from kontor.features.juries.models import Panel

    found = Panel.objects.select_related("call__programme", "call__version").filter(key=key).first()
    if found is None:
        typer.echo(f"There is no jury {key!r}. See them with: kontor jury list.", err=True)
        raise typer.Exit(2)
    return found
