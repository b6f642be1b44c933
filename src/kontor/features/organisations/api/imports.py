"""Imports for programs: upload, check, read each row's problems, confirm, take back."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Status
from ninja.files import UploadedFile

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, not_found, paginate
from kontor.base.errors import Conflict, KontorError
from kontor.base.jobs.signals import heard
from kontor.base.permissions import PUBLIC, policy
from kontor.features.accounts.rules import is_administrator
from kontor.features.organisations.api.changes import in_body
from kontor.features.organisations.api.import_schemas import (
    CheckIn,
    ConfirmImportIn,
    FieldOut,
    ProblemOut,
    RowOut,
    RowsQuery,
    RunDetail,
    RunOut,
)
from kontor.features.organisations.imports import actions, queries, runs, tasks
from kontor.features.organisations.imports.catalogue import HEADER_LANGUAGES, label, plain_fields
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.refused import suffix, write_refused
from kontor.features.organisations.models import ImportRow, ImportRun
from kontor.features.organisations.models.imports import ImportState
from kontor.features.organisations.rules import may_import

router = Router("organisations")

COUNTS = ("rows", "new", "change", "same", "refused", "removed", "restored")
TABLES = {
    "text/csv": {"schema": {"type": "string", "format": "binary"}},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
        "schema": {"type": "string", "format": "binary"}
    },
}


@router.get("/fields", response=Page[FieldOut])
@policy(PUBLIC)
def list_fields(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Every field a column can hold, with the headers that are understood."""
    language = get_language() or "en"
    rows = [
        {
            "name": name,
            "label": label(name, language),
            "headers": [label(name, each) for each in HEADER_LANGUAGES],
        }
        for name in plain_fields()
    ]
    return paginate(rows, page)


@router.get("/", response=Page[RunOut])
@policy(may_import)
def list_runs(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Imports that you may see, the latest first."""
    part = paginate(queries.runs_visible_to(request.user), page)
    return {**part, "items": [_out(run) for run in part["items"]]}


@router.post("/", response={201: RunDetail})
@policy(may_import)
def upload(
    request: HttpRequest,
    file: File[UploadedFile],
    cluster: Form[str] = "",
) -> Status[dict[str, Any]]:
    """Upload a CSV or XLSX file; its columns are guessed and nothing is written. Next: check.

    `cluster` is the key of the cluster whose members these are; only administrators may leave it out.
    """
    with in_body():
        _check_cluster(request, cluster)
        run, _table = actions.create_run(
            chunks=file.chunks(),
            filename=file.name or "upload",
            actor=actor_of(request),
            cluster_key=cluster,
        )
    return Status(201, _detail(run))


def _check_cluster(request: HttpRequest, key: str) -> None:
    """An administrator may name any cluster or none, a manager one of their own."""
    if is_administrator(request.user) and not key:
        return
    if not queries.clusters_for(request.user).filter(key=key[:12]).exists():
        raise KontorError(
            _("You may not import into this cluster."),
            code="not-your-cluster",
            path="cluster",
            remedy=_("Name a cluster that you manage."),
            status=422,
        )


@router.get("/{key}", response=RunDetail)
@policy(may_import)
def get_run(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Where the import stands; ask again while it is checking or writing."""
    return _detail(_run_for(request, key))


@router.post("/{key}/check", response={202: RunOut})
@policy(may_import)
def check(request: HttpRequest, key: Path[str], body: CheckIn) -> Status[dict[str, Any]]:
    """Check every row, in a job; nothing is written. Another sheet or encoding guesses the columns anew."""
    run = _run_for(request, key)
    with in_body():
        _at_columns(run)
        actions.request_check(run=run, options=_options(run, body), actor=actor_of(request))
    run.refresh_from_db()
    return Status(202, _out(run))


def _options(run: ImportRun, body: CheckIn) -> Options:
    before = Options.from_json(run.mapping)
    sheet = before.sheet if body.sheet is None else body.sheet
    encoding = before.encoding if body.encoding is None else body.encoding
    if (sheet, encoding) != (before.sheet, before.encoding):
        actions.change_reading(run=run, sheet=sheet, encoding=encoding)
        before = Options.from_json(run.mapping)
    given = body.dict(exclude_none=True, exclude={"sheet", "encoding"})
    if "columns" in given:
        given["columns"] = {index: name for index, name in given["columns"].items() if name}
    return replace(before, **given)


def _at_columns(run: ImportRun) -> None:
    """Refuses to change how a run is read once it is being checked or was confirmed."""
    if run.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        raise Conflict(
            _("This import is %(state)s.") % {"state": run.get_state_display()},
            code="import_moved_on",
            remedy=_("Read it again to see what happened."),
        )


@router.get("/{key}/rows", response=Page[RowOut])
@policy(may_import)
def list_rows(request: HttpRequest, key: Path[str], query: Query[RowsQuery]) -> dict[str, Any]:
    """The rows with a problem, a remark or a change, in the order of the file."""
    rows = _run_for(request, key).rows.order_by("number")
    part = paginate(rows.filter(action=query.action) if query.action else rows, query)
    language = get_language() or "en"
    return {**part, "items": [_row_out(row, language) for row in part["items"]]}


@router.post("/{key}/confirm", response={202: RunOut})
@policy(may_import)
def confirm(request: HttpRequest, key: Path[str], body: ConfirmImportIn) -> Status[dict[str, Any]]:
    """Write what the check said, in a job and in one transaction."""
    run = _run_for(request, key)
    actions.confirm_run(run=run, actor=actor_of(request), skip_bad=body.skip_bad)
    run.refresh_from_db()
    return Status(202, _out(run))


@router.post("/{key}/retry", response=RunDetail)
@policy(may_import)
def retry(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """After a job that failed for good: back to the columns, with nothing written."""
    run = _run_for(request, key)
    if not _out(run)["stuck"]:
        raise Conflict(
            _("This import is %(state)s.") % {"state": run.get_state_display()},
            code="import_moved_on",
            remedy=_("Only an import whose job failed can begin again."),
        )
    actions.release_run(run=run)
    return _detail(run)


@router.post("/{key}/cancel", response=RunOut)
@policy(may_import)
def cancel(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Stop the check or the writing; nothing is left behind."""
    run = _run_for(request, key)
    actions.cancel_run(run=run)
    return _out(run)


@router.post("/{key}/undo", response={202: RunOut})
@policy(may_import)
def undo(request: HttpRequest, key: Path[str]) -> Status[dict[str, Any]]:
    """Take the whole import back, in a job; what others changed since is left and named in `kept`."""
    run = _run_for(request, key)
    tasks.request_undo(run=run, actor=actor_of(request))
    run.refresh_from_db()
    return Status(202, _out(run))


@router.get(
    "/{key}/refused",
    response={200: None},
    openapi_extra={"responses": {200: {"content": TABLES}}},
)
@policy(may_import)
def refused(request: HttpRequest, key: Path[str]) -> FileResponse:
    """The refused rows with their reasons, in the form of the upload, to be corrected and uploaded again."""
    run = _run_for(request, key)
    if not run.path:
        raise not_found()
    with tempfile.TemporaryDirectory() as folder:
        file = FilePath(folder) / f"refused{suffix(run)}"
        write_refused(run, file)
        name = f"{FilePath(run.filename).stem} {_('refused')}{file.suffix}"
        return FileResponse(file.open("rb"), as_attachment=True, filename=name)


def _run_for(request: HttpRequest, key: str) -> ImportRun:
    """A run the caller may see; of others nobody learns that they exist."""
    run: ImportRun = found(queries.runs_visible_to(request.user), key=key)
    return run


def _out(run: ImportRun) -> dict[str, Any]:
    job = queries.job_of(run)
    running = run.state in (ImportState.CHECKING, ImportState.WRITING)
    return {
        "key": run.key,
        "filename": run.filename,
        "cluster": run.cluster_key,
        "state": run.state,
        "problem": run.problem,
        "counts": {name: run.counts[name] for name in COUNTS if name in run.counts},
        "causes": run.counts.get("problems", {}),
        "kept": run.counts.get("kept", {}),
        "stuck": running and job is not None and job.state in ("failed", "cancelled"),
        "progress": heard(job) if running and job is not None else None,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
        "created_by": run.actor_label,
    }


def _detail(run: ImportRun) -> dict[str, Any]:
    at_columns = run.state in (ImportState.UPLOADED, ImportState.CHECKED) and run.path
    return {**_out(run), "reading": _reading(run) if at_columns else None}


def _reading(run: ImportRun) -> dict[str, Any]:
    options = Options.from_json(run.mapping)
    table = runs.table_of(run, options)
    columns = [
        {
            "index": guess.index,
            "letter": guess.letter,
            "header": guess.header,
            "field": options.columns.get(guess.index, ""),
            "how": guess.how,
            "samples": list(guess.samples),
        }
        for guess in runs.guesses(table)
    ]
    return {
        "columns": columns,
        "kind": table.kind,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "encoding": table.encoding,
        "notes": [str(note) for note in table.notes],
    }


def _row_out(row: ImportRow, language: str) -> dict[str, Any]:
    problems = [
        {name: getattr(problem, name) for name in ProblemOut.model_fields}
        for problem in queries.problems_of(row)
    ]
    return {
        "number": row.number,
        "label": row.values.get("label", ""),
        "action": row.action,
        "organisation": row.organisation_key,
        "problems": problems,
        "changes": queries.changes_of(row, language) if row.action == "change" else [],
    }
