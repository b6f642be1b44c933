"""Taking imports back, and what is forgotten so that it cannot be taken back any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from kontor.base import audit
from kontor.base.errors import Conflict, KontorError
from kontor.base.events import OrganisationGone, subscribe, unsubscribe
from kontor.base.jobs import run_due_jobs
from kontor.base.models import Job
from kontor.features.accounts.models import User
from kontor.features.organisations import actions as organisation_actions
from kontor.features.organisations.imports import actions, files
from kontor.features.organisations.imports.tasks import FORGET_JOB, plan_forgetting, request_undo
from kontor.features.organisations.imports.undo import undo_run
from kontor.features.organisations.models import (
    ImportRun,
    Organisation,
)
from kontor.features.organisations.tests.factories import cluster, organisation
from kontor.features.organisations.tests.imports.files import csv_file
from kontor.features.organisations.tests.imports.runs import (
    ACTOR,
    HEADER,
    ROWS,
    check,
    counted,
    everything,
    imported,
)

pytestmark = pytest.mark.django_db


def stripped(rows: list[dict[str, Any]]) -> list[str]:
    """Rows without what an undo may leave different: numbers, moments, origin."""
    left = {"id", "changed_at", "stale", "origin", "revision"}
    return sorted(str({name: value for name, value in row.items() if name not in left}) for row in rows)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return csv_file(tmp_path / "members.csv", [HEADER, *ROWS])


def test_undo_removes_what_was_created(table: Path) -> None:
    home = cluster()
    before = {name: rows for name, rows in everything().items() if name != "AuditEvent"}
    run = imported(table, cluster_key=home.key)
    gone: list[OrganisationGone] = []
    subscribe(OrganisationGone, gone.append)
    try:
        result = undo_run(run=run, actor=ACTOR)
    finally:
        unsubscribe(OrganisationGone, gone.append)
    assert (result.removed, result.restored, result.kept, run.state) == (3, 0, {}, "undone")
    assert {name: rows for name, rows in everything().items() if name != "AuditEvent"} == before
    assert len(gone[0].keys) == 3
    assert audit.verify().ok
    with pytest.raises(Conflict):
        undo_run(run=run, actor=ACTOR)


def test_undo_puts_back_what_was_changed(table: Path, tmp_path: Path) -> None:
    home = cluster()
    imported(table, cluster_key=home.key)
    names = ("OrganisationCode", "YearFigures", "ContactPerson", "Membership", "Text")
    before = everything()
    row = [
        "Wind Neu GmbH", "DE", "Hamburg", "DE136695976", "28.11", "new", "99", "a@a.example",
        "A second offer, for rivers.", "2021-05-05", "Vent Neuf", "1",
    ]  # fmt: skip
    run = imported(csv_file(tmp_path / "g.csv", [HEADER, row]), cluster_key=home.key)
    assert counted(run) == [0, 1, 0, 0]
    assert undo_run(run=run, actor=ACTOR).restored == 1
    after = everything()
    for name in names:
        assert stripped(after[name]) == stripped(before[name]), name
    assert stripped(after["Organisation"]) == stripped(before["Organisation"])
    assert [row["text"] for row in after["Statement"]] == [row["text"] for row in before["Statement"]]
    assert counted(check(table, cluster_key=home.key)) == [0, 0, 3, 0]


def test_undo_leaves_what_somebody_touched_and_says_so(table: Path, user_with: Callable[..., User]) -> None:
    run = imported(table)
    touched = Organisation.objects.get(name="Zon B BV")
    organisation_actions.change_organisation(organisation=touched, values={"summary": "Ours"}, actor=ACTOR)
    held = Organisation.objects.get(name="Eau C")
    user_with("owner", held.key)
    result = undo_run(run=run, actor=ACTOR)
    assert (result.removed, result.kept) == (1, {touched.key: "changed", held.key: "rights"})
    assert set(Organisation.objects.values_list("name", flat=True)) == {"Zon B BV", "Eau C"}


def test_an_upload_that_is_too_large_leaves_no_file(settings: Any) -> None:
    from kontor.features.organisations.imports.tables import Limits

    with pytest.raises(KontorError, match="larger than 1 MB"):
        actions.create_run(
            chunks=[b"x" * 2**20] * 3, filename="f", actor=ACTOR, limits=Limits(file_bytes=2**20)
        )
    assert not any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def test_old_uploads_are_forgotten(table: Path) -> None:
    run = imported(table)
    assert actions.forget_old_files() == 0
    assert actions.forget_old_files(now=timezone.now() + dt.timedelta(days=31)) == 1
    assert not files.folder(run.key).exists()
    run.refresh_from_db()
    assert (run.path, run.rows.count()) == ("", 0)


def test_an_undo_leaves_whose_former_number_another_has_by_now(tmp_path: Path) -> None:
    first = organisation("Wind A", vat="DE136695976")
    second = organisation("Wind B")
    head = ["Key", "Name", "Country", "VAT number", "Place"]
    rows = [[first.key, "Wind A", "DE", "DE811569869", "Kiel"], [second.key, "Wind B", "DE", "", "Bremen"]]
    run = imported(csv_file(tmp_path / "numbers.csv", [head, *rows]))
    assert counted(run) == [0, 2, 0, 0]
    organisation("Wind C", vat="DE136695976")
    done = undo_run(run=run, actor=ACTOR)
    assert (done.restored, done.kept) == (1, {first.key: "number"})
    found = Organisation.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")
    assert list(found.values_list("vat", "place")) == [("DE811569869", "Kiel"), (None, "")]
    assert audit.verify().ok


def test_what_is_forgotten_cannot_be_taken_back(table: Path) -> None:
    """Its rows are gone: an undo would say that it took everything back, and leave all of it."""
    run = imported(table)
    ImportRun.objects.update(created_at=timezone.now() - dt.timedelta(days=31))
    actions.forget_old_files()
    run.refresh_from_db()
    before = everything()
    for take_back in (lambda: undo_run(run=run, actor=ACTOR), lambda: request_undo(run=run, actor=ACTOR)):
        with pytest.raises(Conflict) as error:
            take_back()
        assert error.value.code == "import_too_old"
    run.refresh_from_db()
    assert (run.state, everything()) == ("done", before)


def test_old_uploads_are_deleted_night_by_night() -> None:
    plan_forgetting()
    plan_forgetting()
    (due,) = Job.objects.filter(kind=FORGET_JOB).values_list("run_after", flat=True)
    assert due is not None
    with time_machine.travel(due, tick=False):
        assert run_due_jobs() == 1
    told = Job.objects.filter(kind=FORGET_JOB).order_by("run_after").values_list("state", "result")
    assert list(told) == [("done", {"runs": 0}), ("waiting", {})]
