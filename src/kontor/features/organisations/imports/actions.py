"""Everything that happens to an import run, from upload to undo."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, beside
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.bulk import fewer_collections, insert_values, widen_cache
from kontor.base.errors import Conflict, KontorError
from kontor.base.events import OrganisationChanged, emit
from kontor.base.jobs import cancel_job, enqueue
from kontor.base.keys import new_key
from kontor.base.models import Job
from kontor.features.organisations.imports import files, notes, parts, runs
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.plan import CHANGE, NEW, REFUSED, SAME, Planner, Step
from kontor.features.organisations.imports.tables import Limits, Table
from kontor.features.organisations.imports.write import Writer, Written
from kontor.features.organisations.models import ImportRow, ImportRun, Organisation, OrganisationKind
from kontor.features.organisations.models.imports import KEPT, ImportState

CHECK_JOB = "organisations.import.check"
WRITE_JOB = "organisations.import.write"
_OPEN = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED)
# A second check beside a running one would write the same files.
_AT_REST = (ImportState.UPLOADED, ImportState.CHECKED)
# done rows, all rows, what is being done
Progress = Callable[[int, int, str], None]


def no_progress(_done: int, _total: int, _step: str) -> None:
    """For callers that show none."""


def create_run(
    *,
    chunks: Iterable[bytes],
    filename: str,
    actor: Actor,
    cluster_key: str = "",
    limits: Limits | None = None,
) -> tuple[ImportRun, Table]:
    """Stores an upload as it arrives, opens it and guesses its columns.

    Raises KontorError, and keeps nothing, where the file cannot be used or `cluster_key` is no cluster.
    """
    cluster_id_of(cluster_key)
    key = new_key()
    try:
        path, size, digest = files.store(key, chunks, limits or Limits())
        run = ImportRun(
            key=key,
            filename=Path(filename).name[:300],
            path=str(path),
            sha256=digest,
            size=size,
            cluster_key=cluster_key,
            actor_key=actor.key,
            actor_label=actor.label[:200],
        )
        table = runs.table_of(run, Options())
    except KontorError:
        files.forget(key)
        raise
    columns = {found.index: found.target for found in runs.guesses(table) if found.target}
    run.mapping = Options(columns=columns, language=_language(actor)).to_json()
    run.save()
    return run, table


def _language(actor: Actor) -> str:
    return actor.language if len(actor.language) == 2 else "en"


def cluster_id_of(key: str) -> int:
    """The primary key of a cluster, 0 for "". Raises KontorError where there is none of that key."""
    if not key:
        return 0
    row = (
        Organisation.objects.alive().filter(key=key, kind=OrganisationKind.CLUSTER).values_list("pk").first()
    )
    if row is None:
        raise KontorError(
            _("There is no cluster with the key %(key)s.") % {"key": key},
            code="unknown_cluster",
            path="cluster",
            remedy=_("Look the key up on the cluster's page in the directory."),
        )
    return int(row[0])


def change_reading(*, run: ImportRun, sheet: str, encoding: str) -> None:
    """Reads the upload as another sheet or encoding and guesses its columns anew."""
    before = Options.from_json(run.mapping)
    options = replace(before, columns={}, sheet=sheet, encoding=encoding)
    columns = {
        found.index: found.target for found in runs.guesses(runs.table_of(run, options)) if found.target
    }
    mapping = replace(options, columns=columns).to_json()
    move_run(run, _AT_REST, ImportState.UPLOADED, mapping=mapping, problem="", counts={})


def start_check(*, run: ImportRun, options: Options) -> None:
    """Keeps the mapping; `check_run` comes next. Raises Conflict for a run that is being checked
    or was confirmed.
    """
    move_run(run, _AT_REST, ImportState.CHECKING, mapping=options.to_json(), problem="", counts={})


def request_check(*, run: ImportRun, options: Options, actor: Actor) -> Job:
    """`start_check`, and queues the check of all rows."""
    with transaction.atomic():
        start_check(run=run, options=options)
        job = enqueue(CHECK_JOB, {"run": run.key}, actor=actor, dedup_key=f"{run.key} {new_key()}")
        _note_job(run, job)
    return job


def check_run(*, run: ImportRun, user: Any = None, progress: Progress = no_progress) -> None:
    """Reads every row, notes its problems and what it would do. Doing it twice gives the same.

    `user` None may change every organisation. Raises KontorError where the file cannot be read to its end.
    """
    options = Options.from_json(run.mapping)
    try:
        table = runs.table_of(run, options)
        _require_name(options)
        with closing(runs.lines(run, table, options)) as lines:
            check_lines(run=run, lines=lines, total=table.estimate, user=user, progress=progress)
    except KontorError as error:
        move_run(run, _OPEN, ImportState.UPLOADED, problem=str(error))
        raise


def check_lines(
    *,
    run: ImportRun,
    lines: Iterable[bytes],
    total: int,
    user: Any = None,
    progress: Progress = no_progress,
) -> None:
    """Spools the rows of a run, given as lines of the spool, and notes what each would do."""
    planner = Planner(user=user, cluster_id=cluster_id_of(run.cluster_key), with_new=False)
    problems: Counter[str] = Counter()
    run.rows.all().delete()
    done = 0
    with fewer_collections():
        for steps in planner.plan(files.spooled(lines, run.key)):
            problems.update(problem.code for step in steps for problem in step.entry.problems)
            insert_values(ImportRow, [_shown_row(run, step) for step in steps if _worth_showing(step)])
            done += len(steps)
            progress(done, max(total, done), str(_("Checking rows")))
    move_run(run, _OPEN, ImportState.CHECKED, counts=_counts(planner.counts, problems), problem="")


def _require_name(options: Options) -> None:
    named = set(options.columns.values())
    if not named & {"name", "key"}:
        raise KontorError(
            _("No column holds the organisation's name."),
            code="no_name_column",
            path="columns",
            remedy=_("Choose the column with the name; without it nothing can be imported."),
        )


def _counts(actions: Counter[str], problems: Counter[str]) -> dict[str, Any]:
    counts: dict[str, Any] = {name: actions[name] for name in (NEW, CHANGE, SAME, REFUSED)}
    return {**counts, "rows": sum(actions.values()), "problems": dict(problems)}


def _worth_showing(step: Step) -> bool:
    return step.action in {REFUSED, CHANGE} or bool(step.entry.problems)


def _shown_row(run: ImportRun, step: Step) -> dict[str, Any]:
    return {
        "run_id": run.pk,
        "number": step.entry.number,
        "action": step.action,
        "values": {
            "label": step.entry.label,
            "change": step.change.to_json() if step.action == CHANGE else {},
        },
        "problems": [problem.to_json() for problem in step.entry.problems],
        "organisation_key": step.current.key,
    }


def confirm_run(*, run: ImportRun, actor: Actor, skip_bad: bool = False) -> Job:
    """Queues the writing of a checked run. Of two who confirm, one wins; the other gets a Conflict.

    Raises KontorError where rows are refused and `skip_bad` is not set.
    """
    with transaction.atomic():
        claim_run(run=run, skip_bad=skip_bad)
        job = enqueue(WRITE_JOB, {"run": run.key}, actor=actor, dedup_key=run.key)
        _note_job(run, job)
    return job


def claim_run(*, run: ImportRun, skip_bad: bool) -> None:
    """Moves a checked run to being written, or says why not."""
    if run.counts.get(REFUSED) and not skip_bad:
        raise KontorError(
            _("%(count)s rows have problems, so nothing is imported.") % {"count": run.counts[REFUSED]},
            code="rows_refused",
            remedy=_("Correct them in the file and upload it again, or leave them out."),
        )
    move_run(run, (ImportState.CHECKED,), ImportState.WRITING, skip_bad=skip_bad, problem="")


def write_run(*, run: ImportRun, actor: Actor, user: Any = None, progress: Progress = no_progress) -> None:
    """Writes a confirmed run in one transaction: all of it or nothing. A run already written is left alone.

    Raises Conflict, with nothing written and the run checked again, where the directory changed since the
    preview.
    """
    try:
        with fewer_collections(), transaction.atomic():
            stored = ImportRun.objects.select_for_update().get(pk=run.pk)
            if stored.state != ImportState.WRITING:
                return
            widen_cache()
            with beside.inserting():
                _write(stored, actor, user, progress)
    except IntegrityError as error:
        _back_to_preview(run)
        raise _directory_changed() from error
    except Conflict:
        _back_to_preview(run)
        raise
    run.refresh_from_db()


def _back_to_preview(run: ImportRun) -> None:
    message = _("The directory changed since the preview, so nothing was written. Check the rows again.")
    move_run(run, (ImportState.WRITING,), ImportState.UPLOADED, problem=str(message))


def _directory_changed() -> Conflict:
    return Conflict(
        _("The directory changed since the preview, so nothing was written."),
        code="directory_changed",
        remedy=_("Check the rows again and confirm the new preview."),
    )


def _write(run: ImportRun, actor: Actor, user: Any, progress: Progress) -> None:
    cluster_id = cluster_id_of(run.cluster_key)
    options = Options.from_json(run.mapping)
    planner = Planner(user=user, cluster_id=cluster_id)
    defaults = {"listing": options.listing, "source": runs.source_of(run)}
    writer = Writer(actor, cluster_id, run.cluster_key, defaults, timezone.now())
    log_path = files.folder(run.key) / "log.jsonl"
    keys: list[str] = []
    owners: dict[str, int] = {}
    done, total = 0, run.counts["rows"]
    run.rows.filter(action__in=[NEW, CHANGE]).delete()
    with log_path.open("wb") as log:
        for steps in planner.plan(files.read_spool(run.key)):
            written, noted = writer.write(steps)
            planner.created.update(each.organisation.pk for each in written if each.step.action == NEW)
            insert_values(ImportRow, [_undo_row(run, each) for each in written])
            keys += [each.organisation.key for each in written]
            owners |= parts.owners_of(steps, written)
            for note in noted:
                notes.spool(log, note)
            done += len(steps)
            progress(done, total, str(_("Writing rows")))
        beside.settle()
        took_part, noted = parts.write_projects(run, run.reader, owners)
        for note in noted:
            notes.spool(log, note)
        keys = list(dict.fromkeys([*keys, *took_part]))
    if any(planner.counts[name] != run.counts[name] for name in (NEW, CHANGE, SAME, REFUSED)):
        raise _directory_changed()
    _finish(run, actor, keys, log_path, progress)


def _undo_row(run: ImportRun, each: Written) -> dict[str, Any]:
    """What taking the row back needs: what changed, and the revision that an untouched organisation still
    has.
    """
    values: dict[str, Any] = {"label": each.step.entry.label, "revision": each.organisation.revision}
    if each.step.action == CHANGE:
        values["change"] = each.step.change.to_json()
    return {
        "run_id": run.pk,
        "number": each.step.entry.number,
        "action": each.step.action,
        "values": values,
        "problems": [problem.to_json() for problem in each.step.entry.problems],
        "organisation_key": each.organisation.key,
    }


def _finish(run: ImportRun, actor: Actor, keys: list[str], log_path: Path, progress: Progress) -> None:
    """The log last: its chain is locked for everybody from its first row to the commit."""
    if keys:
        progress(run.counts["rows"], run.counts["rows"], str(_("Writing the log")))
        reason = f"import {run.key}: {run.filename}"
        notes.record_all(actor, log_path, reason)
        summary = {name: [0, run.counts[name]] for name in (NEW, CHANGE, SAME, REFUSED)}
        audit.record(
            actor=actor,
            verb="import.done",
            subject=SubjectRef("importrun", run.key, run.filename),
            changes=summary,
        )
        emit(OrganisationChanged(keys=tuple(keys), kind="import"))
        # After the commit: what came in may describe somebody who is there already under another spelling.
        enqueue("organisations.duplicates", {}, actor=actor, dedup_key="all")
    log_path.unlink(missing_ok=True)
    move_run(run, (ImportState.WRITING,), ImportState.DONE, finished_at=timezone.now())


def release_run(*, run: ImportRun) -> None:
    """A run whose job failed for good goes back to its columns; its transaction wrote nothing."""
    move_run(run, (ImportState.CHECKING, ImportState.WRITING), ImportState.UPLOADED, problem="", counts={})


def cancel_run(*, run: ImportRun) -> None:
    """Stops a run that is not done yet; what it was writing is rolled back."""
    job = Job.objects.filter(key=run.job_key).first() if run.job_key else None
    if job is not None:
        cancel_job(job)
    if run.state != ImportState.WRITING or job is None or job.state != "running":
        move_run(run, (*_OPEN, ImportState.WRITING), ImportState.CANCELLED, finished_at=timezone.now())


def mark_cancelled(*, run: ImportRun) -> None:
    """The worker noticed the wish to stop and rolled back; the run may say already that it was cancelled."""
    run.refresh_from_db()
    if run.state != ImportState.CANCELLED:
        move_run(run, (*_OPEN, ImportState.WRITING), ImportState.CANCELLED, finished_at=timezone.now())


def forget_old_files(*, now: dt.datetime | None = None) -> int:
    """Deletes uploads and row details of runs older than KEPT; how many runs. The runs themselves stay
    listed.
    """
    old = ImportRun.objects.filter(created_at__lt=(now or timezone.now()) - KEPT)
    # a run that was read from project data has rows, but no upload
    kept = list(old.filter(~Q(path="") | Exists(ImportRow.objects.filter(run=OuterRef("pk")))))
    for run in kept:
        files.forget(run.key)
        run.rows.all().delete()
        ImportRun.objects.filter(pk=run.pk).update(path="")
    return len(kept)


def _note_job(run: ImportRun, job: Job) -> None:
    ImportRun.objects.filter(pk=run.pk).update(job_key=job.key)
    run.job_key = job.key


def move_run(run: ImportRun, allowed: Iterable[str], state: str, **values: Any) -> None:
    """Changes the state if it is one of `allowed`; of two who try at once, one wins."""
    moved = ImportRun.objects.filter(pk=run.pk, state__in=list(allowed)).update(state=state, **values)
    if not moved:
        run.refresh_from_db()
        raise Conflict(
            _("This import is %(state)s.") % {"state": run.get_state_display()},
            code="import_moved_on",
            remedy=_("Open its page to see what happened."),
        )
    run.state = state
    for name, value in values.items():
        setattr(run, name, value)
