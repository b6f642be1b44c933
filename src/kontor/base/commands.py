"""`kontor audit` and `kontor jobs`."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told

audit = typer.Typer(no_args_is_help=True, help="The log of every change.")
jobs = typer.Typer(no_args_is_help=True, help="Long work: run it, list it, try it again.")


@audit.callback()
@jobs.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@audit.command("verify")
def verify_audit(
    expect: Annotated[
        str, typer.Option(help="An end noted earlier, as SEQ:HASH; it must be in the chain.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Walk the whole chain; exit code 1 names the first row that was changed, deleted or moved."""
    from kontor.base.audit import verify

    result = verify(expect)
    if as_json:
        typer.echo(json.dumps({"status": "good" if result.ok else "bad", **vars(result)}))
    elif result.ok:
        typer.echo(
            f"{result.checked} rows, none changed. Note this end elsewhere: {result.checked}:{result.head}"
        )
    else:
        typer.echo(
            f"Row {result.first_bad_seq}: {result.problem}. The {result.checked} rows before it are good.",
            err=True,
        )
    raise typer.Exit(0 if result.ok else 1)


@jobs.command("work")
def work_jobs(
    once: Annotated[bool, typer.Option("--once", help="Stop when no job is due.")] = False,
    interval: Annotated[
        float, typer.Option(min=0.05, help="Seconds between looks into an empty queue.")
    ] = 1.0,
) -> None:
    """Run jobs as they come. Any number of workers may run at once, on any machine that reaches the
    database.
    """
    from kontor.base.jobs.worker import work

    work(batch=once, interval=interval)


@jobs.command("list")
def list_jobs(
    state: Annotated[str, typer.Option(help="waiting, running, retrying, done, failed or cancelled")] = "",
    limit: Annotated[int, typer.Option(min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """The newest jobs first."""
    from kontor.base.models import Job

    rows = Job.objects.order_by("-created_at", "-id")
    rows = rows.filter(state=state) if state else rows
    fields = ("key", "kind", "state", "done", "total", "attempts", "error")
    found = list(rows.values(*fields)[:limit])
    if as_json:
        typer.echo(json.dumps({"jobs": found}, ensure_ascii=False))
        return
    for job in found:
        typer.echo("{key}  {state:9}  {done}/{total}  {kind}  {error:.80}".format(**job))


@jobs.command("retry")
def retry(
    key: Annotated[str, typer.Argument(help="The job's key, from `kontor jobs list`.")],
    as_json: AsJson = False,
) -> None:
    """Queue a failed or cancelled job again; it goes on from its checkpoint."""
    from kontor.base.jobs import retry_job

    with told(as_json):
        retry_job(_job(key))
        answer({"status": "done", "job": key}, as_json, f"{key} is queued again.")


@jobs.command("cancel")
def cancel(
    key: Annotated[str, typer.Argument(help="The job's key, from `kontor jobs list`.")],
    as_json: AsJson = False,
) -> None:
    """Stop a job: a waiting one at once, a running one at its next step."""
    from kontor.base.jobs import cancel_job

    with told(as_json):
        cancel_job(_job(key))
        answer({"status": "done", "job": key}, as_json, f"{key} will stop.")


def _job(key: str) -> Any:
    from kontor.base.errors import KontorError
    from kontor.base.models import Job

    found = Job.objects.filter(key=key).first()
    if found is None:
        raise KontorError(
            f"There is no job {key}.", code="no-such-job", path="key", remedy="See `kontor jobs list`."
        )
    return found


@audit.command("list")
def list_events(
    actor: Annotated[str, typer.Option(help="Part of the name of who did it.")] = "",
    verb: Annotated[str, typer.Option(help="What was done, such as organisation.merged.")] = "",
    kind: Annotated[str, typer.Option(help="Kind of thing, such as organisation.")] = "",
    subject: Annotated[str, typer.Option(help="Part of the thing's name, or its key.")] = "",
    since: Annotated[str, typer.Option(help="First day, as 2026-03-09.")] = "",
    until: Annotated[str, typer.Option(help="Last day, as 2026-03-09.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Rows of the log, the latest first."""
    from kontor.base.audit.read import narrowed
    from kontor.base.models import AuditEvent

    with told(as_json):
        days = {"since": _day("since", since), "until": _day("until", until)}
        rows = narrowed(
            AuditEvent.objects.order_by("-seq"), actor=actor, verb=verb, kind=kind, subject=subject, **days
        )
        fields = (
            "seq",
            "at",
            "actor_label",
            "verb",
            "subject_kind",
            "subject_key",
            "subject_label",
            "changes",
        )
        found = list(rows.values(*fields, "reason")[:limit])
    lines = [
        "{seq}  {at:%Y-%m-%d %H:%M}  {actor_label}  {verb}  {subject_label}".format(**row) for row in found
    ]
    answer({"events": found}, as_json, "\n".join(lines) or "Nothing found.")


def _day(path: str, text: str) -> dt.date | None:
    from kontor.base.errors import KontorError

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise KontorError(
            f"{text} is not a day.", code="bad-day", path=path, remedy="Write it like 2026-03-09."
        ) from error
