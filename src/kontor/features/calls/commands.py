"""`kontor call`: the calls of the site, their money, their desk and what is due."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told, write_out

if TYPE_CHECKING:
    from kontor.features.calls.models import Call

call = typer.Typer(
    no_args_is_help=True, help="Calls of the site: what is open, what is handed in, what is due."
)
Key = Annotated[str, typer.Argument(help="Key of a call, see `kontor call list`.")]


@call.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@call.command("list")
def list_calls(as_json: AsJson = False) -> None:
    """Every call with its phase and deadline."""
    from kontor.features.calls.models import Call

    rows = [_listed(one) for one in Call.objects.select_related("programme", "version")]
    lines = [
        f"{row['key']:<40} {row['phase']:<10} closes {row['closes_at']:%Y-%m-%d %H:%M} {row['time_zone']}"
        for row in rows
    ]
    none = "No calls yet. Begin one: kontor call add PROGRAMME INSTRUMENT"
    answer({"calls": rows}, as_json, "\n".join(lines) or none)


@call.command("show")
def show(key: Key, as_json: AsJson = False) -> None:
    """One call: dates, what money is left, what is handed in, and what is due first."""
    with told(as_json):
        row = _call(key)
        found = {**_listed(row), **_figures(row)}
    lines = [
        f"{found['title']}",
        f"{found['phase']}, opens {found['opens_at']:%Y-%m-%d %H:%M}, "
        f"closes {found['closes_at']:%Y-%m-%d %H:%M} {found['time_zone']}",
        f"{found['handed_in']} handed in, {found['requested']} {found['currency']} asked for, "
        f"{found['being_written']} being written",
        *(f"left in {name}: {amount}" for name, amount in found["left"].items()),
        *(f"{one['number']}: due {one['due_on']}, {one['days_left']} days left" for one in found["due"]),
    ]
    answer(found, as_json, "\n".join(lines))


@call.command("add")
def add(
    programme: Annotated[str, typer.Argument(help="Key of a programme, see `kontor programmes list`.")],
    instrument: Annotated[str, typer.Argument(help="Key of one of its instruments.")],
    definition: Annotated[str, typer.Option("--variant", help="Key of a variant of the programme.")] = "",
    key: Annotated[str, typer.Option("--key", help="Key of the new call.")] = "",
    as_json: AsJson = False,
) -> None:
    """Begin the draft of a call; the programme's file fills what it knows."""
    with told(as_json):
        from kontor.base.actor import Actor
        from kontor.features.calls.announcing.actions import add_call

        made = add_call(
            programme=_programme(programme),
            instrument=instrument,
            definition=definition,
            key=key,
            actor=Actor.system("command line"),
        )
    answer({"status": "added", "key": made.key}, as_json, f"{made.key}: the draft is begun.")


@call.command("export")
def export(
    key: Key,
    out: Annotated[
        Path | None, typer.Option(help="A .csv or .json file; CSV on standard output without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What was handed in, a row for each application, for a spreadsheet or another program."""
    with told(as_json):
        from kontor.base.errors import KontorError
        from kontor.features.calls.casework.exporting import csv_of, rows_of

        row = _call(key)
        rows = rows_of(row)
        told_ = {"call": key, "currency": row.definition_of_programme.currency, "applications": rows}
        if out is not None and out.suffix.lower() not in (".csv", ".json"):
            raise KontorError(
                f"{out.name!r} ends in neither .csv nor .json.",
                code="ending-unknown",
                path="out",
                remedy="Name the file so that its ending says what it shall be.",
            )
        if out is None:
            answer(told_, as_json, csv_of(rows).rstrip("\n"))
            return
        if out.suffix.lower() == ".json":
            write_out(out, json.dumps(told_, ensure_ascii=False, indent=2, default=str).encode())
        else:
            # the mark tells spreadsheet programs that it is UTF-8
            write_out(out, f"\ufeff{csv_of(rows)}".encode())
    answer({"status": "written", "file": str(out), "rows": len(rows)}, as_json, f"{out}: {len(rows)} rows.")


@call.command("publish")
def publish(key: Key, as_json: AsJson = False) -> None:
    """Publish a draft: freezes the programme's version and the form under it."""
    with told(as_json):
        from kontor.base.actor import Actor
        from kontor.features.calls.announcing.actions import publish_call

        publish_call(call=_call(key), actor=Actor.system("command line"))
    answer({"status": "published", "key": key}, as_json, f"{key}: published.")


@call.command("deadline")
def deadline(
    key: Key,
    to: Annotated[str, typer.Option("--to", help="In the call's time zone, like 2027-03-01T17:00.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; those who write read it.")],
    step: Annotated[int, typer.Option("--step", help="1 or 2.")] = 1,
    region: Annotated[str, typer.Option("--region", help="Key of a region: its own deadline alone.")] = "",
    as_json: AsJson = False,
) -> None:
    """Move a deadline to a later time: of a step, or of one region of a synchronised call."""
    with told(as_json):
        from kontor.base.actor import Actor
        from kontor.base.local_time import instant
        from kontor.features.calls.announcing.actions import move_deadline

        row = _call(key)
        actor = Actor.system("command line")
        move_deadline(
            call=row,
            step=step,
            region=region,
            to=instant(_local(to), row.zone, "to"),
            reason=reason,
            actor=actor,
        )
    found = {
        "status": "moved",
        "key": key,
        "step": step,
        "region": region,
        "to": to,
        "time_zone": row.time_zone,
    }
    answer(found, as_json, f"{key}: closes {to} {row.time_zone}{f' for {region}' if region else ''}.")


@call.command("withdraw")
def withdraw(
    key: Key,
    reason: Annotated[str, typer.Option("--reason", help="Why; those who write read it.")],
    as_json: AsJson = False,
) -> None:
    """Take a published call back; what was handed in stays."""
    with told(as_json):
        from kontor.base.actor import Actor
        from kontor.features.calls.announcing.actions import withdraw_call

        withdraw_call(call=_call(key), reason=reason, actor=Actor.system("command line"))
    answer({"status": "withdrawn", "key": key}, as_json, f"{key}: withdrawn.")


def _local(text: str) -> dt.datetime:
    from kontor.base.errors import KontorError

    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise KontorError(
            f"{text!r} is no day with a time.",
            code="time-unreadable",
            path="to",
            remedy="Write it like 2027-03-01T17:00.",
        ) from None


def _listed(row: Call) -> dict[str, Any]:
    from django.utils import timezone

    from kontor.features.calls.announcing.queries import phase_of

    return {
        "key": row.key,
        "title": str(row),
        "programme": row.programme.key,
        "instrument": row.instrument,
        "phase": phase_of(row, timezone.now()).key,
        "opens_at": row.opens_at.astimezone(row.zone),
        "closes_at": row.closes_at.astimezone(row.zone),
        "time_zone": row.time_zone,
    }


def _figures(row: Call) -> dict[str, Any]:
    from kontor.features.calls.announcing.queries import money_left
    from kontor.features.calls.casework.queries import desk_of

    desk = desk_of(row)
    due = sorted((one for one in desk.rows if one.clock), key=lambda one: one.left or 0)
    return {
        "currency": row.definition_of_programme.currency,
        "handed_in": len(desk.rows),
        "being_written": desk.drafts,
        "requested": f"{desk.requested:.2f}",
        "left": {one.envelope.key: str(one.envelope.remaining) for one in money_left(row)},
        "due": [
            {"number": one.application.number, "due_on": one.clock.due_on, "days_left": one.left}
            for one in due[:5]
            if one.clock
        ],
    }


def _call(key: str) -> Call:
    from kontor.base.errors import KontorError
    from kontor.features.calls.models import Call

    found = Call.objects.select_related("programme", "version").filter(key=key).first()
    if found is None:
        raise KontorError(
            f"There is no call {key!r}.", code="call-unknown", path="key", remedy="See `kontor call list`."
        )
    return found


def _programme(key: str) -> Any:
    from kontor.base.errors import KontorError
    from kontor.features.programmes.models import Programme

    found = Programme.objects.alive().filter(key=key).first()
    if found is None:
        raise KontorError(
            f"There is no programme {key!r}.",
            code="programme-unknown",
            path="programme",
            remedy="See `kontor programmes list`.",
        )
    return found
