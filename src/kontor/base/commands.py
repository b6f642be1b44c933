"""`kontor audit` and `kontor jobs`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kontor.base.command import site

audit = typer.Typer(no_args_is_help=True, help="The log of every change.")
jobs = typer.Typer(no_args_is_help=True, help="Long work: run it, list it, try it again.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


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
def retry(key: Annotated[str, typer.Argument(help="The job's key, from `kontor jobs list`.")]) -> None:
    """Queue a failed or cancelled job again; it goes on from its checkpoint."""
    from kontor.base.errors import KontorError
    from kontor.base.jobs import retry_job
    from kontor.base.models import Job

    job = Job.objects.filter(key=key).first()
    try:
        if job is None:
            raise KontorError(
                f"There is no job {key}.", code="no-such-job", path="key", remedy="See `kontor jobs list`."
            )
        retry_job(job)
    except KontorError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from problem
    typer.echo(f"{key} is queued again.")
