"""From an uploaded spreadsheet to confirmed organisations, and the way back; export of the directory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.jobs.signals import heard
from kontor.base.permissions import PUBLIC, SIGNED_IN, policy
from kontor.features.accounts.rules import is_administrator
from kontor.features.organisations.directory.filters import Filters
from kontor.features.organisations.directory.listing import scope_of
from kontor.features.organisations.imports import actions, queries, runs, tasks
from kontor.features.organisations.imports import export as exporting
from kontor.features.organisations.imports.catalogue import HEADER_LANGUAGES, choices, label, plain_fields
from kontor.features.organisations.imports.forms import ColumnsForm, UploadForm
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.plan import CHANGE, NEW, REFUSED
from kontor.features.organisations.imports.problems import MESSAGES
from kontor.features.organisations.imports.refused import suffix, write_refused
from kontor.features.organisations.imports.tables import Table
from kontor.features.organisations.models import ImportRow, ImportRun, Organisation
from kontor.features.organisations.models.imports import ImportState
from kontor.features.organisations.rules import may_import

_PAGE = 50
# What problems name: the single value is left out where they are counted.
_PARTS = (
    "value column country found scheme near date choices length limit number row first second kept expected"
)
_RUNNING = (ImportState.CHECKING, ImportState.WRITING)


def _run_for(request: HttpRequest, key: str) -> ImportRun:
    """A run the person may see; of others nobody learns that they exist."""
    return get_object_or_404(queries.runs_visible_to(request.user), key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_import)
def import_start(request: HttpRequest) -> HttpResponse:
    """Upload a file, or open an earlier import."""
    clusters = list(
        queries.clusters_for(request.user).order_by("name", "id").values_list("key", "name")[:500]
    )
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        clusters=clusters,
        may_choose_none=is_administrator(request.user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            run = _upload(request, form)
            return redirect("organisations:import_columns", run.key)
        except KontorError as error:
            form.add_error("file", str(error))
    page = Paginator(queries.runs_visible_to(request.user), 20).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "organisations/import.html", context, status=422 if form.errors else 200)


def _upload(request: HttpRequest, form: UploadForm) -> ImportRun:
    file: UploadedFile[Any] = form.cleaned_data["file"]
    run, _table = actions.create_run(
        chunks=file.chunks(),
        filename=file.name or "upload",
        actor=actor_of(request),
        cluster_key=form.cleaned_data["cluster"],
    )
    return run


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_import)
def import_columns(request: HttpRequest, key: str) -> HttpResponse:
    """Which column holds what: the guess with three values of each, to be corrected."""
    run = _run_for(request, key)
    if run.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        return redirect("organisations:import_run", run.key)
    options = Options.from_json(run.mapping)
    table = runs.table_of(run, options)
    form = ColumnsForm(request.POST or None, table=table, guesses=runs.guesses(table), options=options)
    if request.method == "POST" and form.is_valid():
        chosen = form.options(options)
        if _reads_otherwise(chosen, table):
            return _reread(run, chosen)
        actions.request_check(run=run, options=chosen, actor=actor_of(request))
        return redirect("organisations:import_run", run.key)
    context = {"run": run, "table": table, "form": form}
    return render(request, "organisations/import_columns.html", context)


def _reads_otherwise(chosen: Options, table: Table) -> bool:
    """Whether another sheet or encoding is asked for; "" is no choice, as of a workbook with one sheet."""
    wanted = (chosen.sheet or table.sheet, chosen.encoding or table.encoding)
    return wanted != (table.sheet, table.encoding)


def _reread(run: ImportRun, chosen: Options) -> HttpResponse:
    """Another sheet or encoding: the columns are guessed anew and shown again."""
    actions.change_reading(run=run, sheet=chosen.sheet, encoding=chosen.encoding)
    return redirect("organisations:import_columns", run.key)


@require_safe
@policy(may_import)
def import_run(request: HttpRequest, key: str) -> HttpResponse:
    """Where the import stands: progress, preview to confirm, or result with the way back."""
    run = _run_for(request, key)
    if run.state == ImportState.UPLOADED and not run.problem:
        return redirect("organisations:import_columns", run.key)
    context = {"run": run, **_progress(run)}
    if run.state in _RUNNING and not context["stuck"]:
        fragment = request.htmx  # type: ignore[attr-defined]
        template = "organisations/_import_progress.html" if fragment else "organisations/import_running.html"
        return render(request, template, context)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": reverse("organisations:import_run", args=[run.key])})
    return render(request, "organisations/import_run.html", context | _preview(request, run))


def _progress(run: ImportRun) -> dict[str, Any]:
    """What the job says of itself; `stuck` where it failed and will not go on."""
    job = queries.job_of(run)
    if job is None:
        return {"stuck": False, "said": {"done": 0, "total": 0, "step": ""}}
    stuck = run.state in _RUNNING and job.state in ("failed", "cancelled")
    return {"stuck": stuck, "said": heard(job), "job": job}


def _preview(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """One page of the rows with something to say, filtered by what happens to them."""
    shown = request.GET.get("show", "")
    rows = run.rows.order_by("number")
    if shown in (REFUSED, CHANGE, NEW):
        rows = rows.filter(action=shown)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    counts = {name: run.counts.get(name, 0) for name in ("rows", "new", "change", "same", "refused")}
    return {
        "counts": counts,
        "writes": counts["new"] + counts["change"],
        "shown": shown,
        "page": page,
        "details": [_detail(row) for row in page],
        "causes": _causes(run),
        "has_file": bool(run.path),
        "kept": _kept(run),
    }


def _detail(row: ImportRow) -> dict[str, Any]:
    return {
        "row": row,
        "problems": queries.problems_of(row),
        "changes": queries.changes_of(row, get_language() or "en") if row.action == CHANGE else (),
    }


def _causes(run: ImportRun) -> list[tuple[str, int]]:
    """How often each kind of problem occurs, most frequent first, in words without the single value."""
    found = run.counts.get("problems", {})
    blank = dict.fromkeys(_PARTS.split(), "…")
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return [(str(MESSAGES[code][0]) % blank, count) for code, count in ordered if code in MESSAGES]


def _kept(run: ImportRun) -> list[Organisation]:
    """What an undo had to leave."""
    keys = list(run.counts.get("kept", {}))[:200]
    return list(Organisation.objects.filter(key__in=keys)) if keys else []


@require_POST
@policy(may_import)
def import_confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Writes what the preview said."""
    run = _run_for(request, key)
    actions.confirm_run(run=run, actor=actor_of(request), skip_bad="skip_bad" in request.POST)
    return redirect("organisations:import_run", run.key)


@require_POST
@policy(may_import)
def import_retry(request: HttpRequest, key: str) -> HttpResponse:
    """After a job that failed for good: back to the columns, with nothing written."""
    run = _run_for(request, key)
    if not _progress(run)["stuck"]:
        raise Http404
    actions.release_run(run=run)
    return redirect("organisations:import_columns", run.key)


@require_POST
@policy(may_import)
def import_cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Stops the check or the writing; nothing is left behind."""
    run = _run_for(request, key)
    actions.cancel_run(run=run)
    return redirect("organisations:import_run", run.key)


@require_POST
@policy(may_import)
def import_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Takes the whole import back."""
    run = _run_for(request, key)
    tasks.request_undo(run=run, actor=actor_of(request))
    return redirect("organisations:import_run", run.key)


@require_safe
@policy(may_import)
def import_refused(request: HttpRequest, key: str) -> FileResponse:
    """The refused rows with their reasons, in the form of the upload."""
    run = _run_for(request, key)
    if not run.path:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"refused{suffix(run)}"
        write_refused(run, file)
        name = f"{Path(run.filename).stem} {_('refused')}{file.suffix}"
        return FileResponse(file.open("rb"), as_attachment=True, filename=name)


@require_safe
@policy(PUBLIC)
def import_format(request: HttpRequest) -> HttpResponse:
    """Every column with the headers and words that are understood."""
    language = get_language() or "en"
    rows = [
        {
            "name": name,
            "label": label(name, language),
            "headers": [label(name, each) for each in HEADER_LANGUAGES[:4]],
        }
        for name in plain_fields()
    ]
    words = [(label(name, language), choices(name)) for name in ("kind", "size", "listing")]
    return render(request, "organisations/import_format.html", {"rows": rows, "words": words})


@require_safe
@policy(PUBLIC)
def import_template(request: HttpRequest, kind: str) -> FileResponse:
    """An empty table with one example row, its headers in the reader's language."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"template.{kind}"
        exporting.write_template(file, language=get_language() or "en", as_xlsx=kind == "xlsx")
        return FileResponse(file.open("rb"), as_attachment=True, filename=f"kontor-{_('template')}.{kind}")


@require_safe
@policy(SIGNED_IN)
def export(request: HttpRequest) -> FileResponse:
    """The directory as it is filtered, as far as the person may see it:
    `?format=csv|xlsx&headers=technical`.
    """
    kind = request.GET.get("format", "xlsx")
    if kind not in ("csv", "xlsx"):
        raise Http404
    rows = Organisation.objects.visible_to(request.user)
    rows = exporting.exportable(Filters.read(request.GET).apply(rows, scope_of(request)))
    language = request.GET.get("headers") or get_language() or "en"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"export.{kind}"
        scope = exporting.Scope(user=request.user)
        exporting.export(rows, file, scope, language=language, as_xlsx=kind == "xlsx")
        return FileResponse(file.open("rb"), as_attachment=True, filename=f"kontor-{_('directory')}.{kind}")


urlpatterns = [
    path("import/", import_start, name="import"),
    path("import/format/", import_format, name="import_format"),
    path("import/template.<str:kind>", import_template, name="import_template"),
    path("import/<slug:key>/", import_run, name="import_run"),
    path("import/<slug:key>/columns/", import_columns, name="import_columns"),
    path("import/<slug:key>/confirm/", import_confirm, name="import_confirm"),
    path("import/<slug:key>/retry/", import_retry, name="import_retry"),
    path("import/<slug:key>/cancel/", import_cancel, name="import_cancel"),
    path("import/<slug:key>/undo/", import_undo, name="import_undo"),
    path("import/<slug:key>/refused/", import_refused, name="import_refused"),
    path("export/", export, name="export"),
]
