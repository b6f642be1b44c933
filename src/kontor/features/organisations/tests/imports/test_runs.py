"""From upload to confirmed rows and back, on the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from kontor.base import audit
from kontor.base.errors import Conflict, KontorError
from kontor.base.events import OrganisationChanged, subscribe, unsubscribe
from kontor.base.jobs import Cancelled, JobContext, run_due_jobs
from kontor.base.models import Text
from kontor.features.accounts.models import User
from kontor.features.organisations.imports import actions, files
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.queries import changes_of, problems_of
from kontor.features.organisations.imports.refused import write_refused
from kontor.features.organisations.models import (
    ImportRun,
    Organisation,
    YearFigures,
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


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return csv_file(tmp_path / "members.csv", [HEADER, *ROWS])


def test_nothing_is_written_before_it_is_confirmed(table: Path) -> None:
    run = check(table)
    assert (run.state, counted(run), Organisation.objects.count()) == ("checked", [3, 0, 0, 0], 0)


def test_a_row_becomes_a_whole_organisation(table: Path) -> None:
    home = cluster()
    imported(table, cluster_key=home.key)
    found = Organisation.objects.get(vat="DE136695976")
    assert (found.name, found.nuts3, found.place, found.tags) == (
        "Wind A GmbH",
        "DE501",
        "Bremen",
        ["wind", "sea"],
    )
    assert (found.name_key, found.language, found.revision) == ("wind a", "en", 1)
    assert (found.source, found.external_id) == (f"cluster {home.key}", "1")
    assert [(c.scheme, c.code) for c in found.codes.all()] == [("nace", "27.11")]
    assert [(f.year, str(f.staff)) for f in found.figures.all()] == [(2024, "12.50")]
    assert [(c.email, c.may_be_shown) for c in found.contacts.all()] == [("a@a.example", False)]
    assert [(s.kind, s.text, s.language) for s in found.statements.all()] == [
        ("offer", "Rotors for sea winds.", "en")
    ]
    assert [str(m.since) for m in found.member_of.filter(cluster=home)] == ["2020-01-01"]
    assert [(t.field, t.language, t.text) for t in Text.objects.all()] == [("name", "fr", "Vent A")]
    assert home.memberships.count() == 3
    assert audit.verify().ok


def test_the_same_file_again_changes_nothing(table: Path) -> None:
    home = cluster()
    imported(table, cluster_key=home.key)
    before = everything()
    run = imported(table, cluster_key=home.key)
    assert counted(run) == [0, 0, 3, 0]
    assert everything() == before
    assert audit.verify().ok


def test_the_same_file_as_workbook_changes_nothing(table: Path, tmp_path: Path) -> None:
    imported(table)
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append([12.5 if cell == "12,5" else 3 if cell == "3" else cell for cell in row])
    book.save(tmp_path / "members.xlsx")
    before = everything()
    assert counted(imported(tmp_path / "members.xlsx")) == [0, 0, 3, 0]
    assert everything() == before


@pytest.mark.parametrize(
    ("stored", "row"),
    [
        ({"vat": "DE136695976"}, ["Other name", "DE", "", "DE136695976"]),
        ({"place": "Bremen"}, ["WIND-A G.m.b.H.", "DE", "Bremen", ""]),
        ({}, ["Wind A GmbH", "DE", "Bremen", ""]),
    ],
)
def test_what_is_there_is_recognised(tmp_path: Path, stored: dict[str, Any], row: list[str]) -> None:
    organisation("Wind A GmbH", **stored)
    run = check(csv_file(tmp_path / "f", [HEADER[:4], row]))
    assert run.counts["new"] == 0


def test_same_name_but_another_vat_number_is_another_firm(tmp_path: Path) -> None:
    organisation("Wind A GmbH", vat="DE136695976", place="Bremen")
    run = check(csv_file(tmp_path / "f", [HEADER[:4], ["Wind A GmbH", "DE", "Bremen", "DE129273398"]]))
    assert counted(run) == [1, 0, 0, 0]


def test_a_change_is_shown_before_and_after_then_written_once(table: Path, tmp_path: Path) -> None:
    imported(table)
    changed = [ROWS[0].copy(), *ROWS[1:]]
    changed[0][2], changed[0][4], changed[0][6] = "Hamburg", "28.11", "13"
    path = csv_file(tmp_path / "again.csv", [HEADER, *changed])
    run = check(path)
    (row,) = run.rows.all()
    shown = {each["label"]: (each["before"], each["after"]) for each in changes_of(row, "en")}
    assert {"Place", "NACE", "Staff 2024", "NUTS 3 region"} <= shown.keys()
    assert (shown["Place"], shown["NACE"]) == (("Bremen", "Hamburg"), ("27.11", "28.11"))
    assert shown["Staff 2024"] == ("12.50", "13.00")
    actions.claim_run(run=run, skip_bad=False)
    actions.write_run(run=run, actor=ACTOR)
    found = Organisation.objects.get(vat="DE136695976")
    assert (found.place, found.nuts3, found.revision) == ("Hamburg", "DE600", 2)
    assert [code.code for code in found.codes.all()] == ["28.11"]
    assert counted(check(path)) == [0, 0, 3, 0]


def test_all_or_nothing_and_skipping_the_refused(tmp_path: Path) -> None:
    rows = [ROWS[0], ["Bad", "Lala", "", "DE1", "1", *[""] * 7], ROWS[1]]
    path = csv_file(tmp_path / "f.csv", [HEADER, *rows])
    run = check(path)
    assert counted(run) == [2, 0, 0, 1]
    with pytest.raises(KontorError, match="1 rows have problems"):
        actions.claim_run(run=run, skip_bad=False)
    assert Organisation.objects.count() == 0
    (bad,) = run.rows.filter(action="refused")
    assert [(p.code, p.cell) for p in problems_of(bad)] == [
        ("country_unknown", "B3"), ("nace_unknown", "E3"), ("vat_bad", "D3"),
    ]  # fmt: skip
    actions.claim_run(run=run, skip_bad=True)
    actions.write_run(run=run, actor=ACTOR)
    assert Organisation.objects.count() == 2
    assert write_refused(run, tmp_path / "refused.csv") == 1
    assert "“Lala” is not a country" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    text = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "mended.csv").write_text(
        text.replace(";Lala;", ";NL;").replace("DE1;1", ";"), encoding="utf-8"
    )
    assert counted(check(tmp_path / "mended.csv")) == [1, 0, 0, 0]


def test_twins_in_the_file_are_refused(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[0][:3] + [""] * 9, ["Else", "DE", "Kiel", "DE136695976", *[""] * 8]]
    run = check(csv_file(tmp_path / "f", [HEADER, *rows]))
    assert counted(run) == [1, 0, 0, 2]
    found = [problems_of(row)[0] for row in run.rows.filter(action="refused")]
    assert [(p.code, p.message) for p in found] == [
        ("twice_name", "The same name and place stand in row 2."),
        ("twice_vat", "The same VAT number stands in row 2."),
    ]


def test_a_row_that_fits_two_organisations_is_refused(tmp_path: Path) -> None:
    one = organisation("Wind A", vat="DE136695976")
    organisation("Zon B", country="NL", pic="999868144")
    path = csv_file(
        tmp_path / "f", [["Name", "Country", "VAT", "PIC"], ["X", "DE", "DE136695976", "999868144"]]
    )
    run = check(path)
    assert [problem.code for row in run.rows.all() for problem in problems_of(row)] == ["two_matches"]
    path = csv_file(tmp_path / "g", [["key", "Name"], ["nonsense", "X"], [one.key, "Wind A plus"]])
    assert counted(check(path)) == [0, 1, 0, 1]


def test_a_run_that_is_being_checked_is_not_checked_a_second_time_beside_it(tmp_path: Path) -> None:
    run, _table = actions.create_run(
        chunks=files.read_chunks(csv_file(tmp_path / "f", [HEADER, *ROWS])), filename="f", actor=ACTOR
    )
    options = Options.from_json(run.mapping)
    actions.start_check(run=run, options=options)
    with pytest.raises(Conflict):
        actions.start_check(run=run, options=options)
    with pytest.raises(Conflict):
        actions.change_reading(run=run, sheet="", encoding="cp1252")
    actions.check_run(run=run)
    assert counted(run) == [3, 0, 0, 0]


def test_figures_with_and_without_a_year_are_kept_together(tmp_path: Path) -> None:
    last = timezone.localdate().year - 1
    header = ["Naam", "Land", "Aantal medewerkers", f"Omzet {last}"]
    path = csv_file(tmp_path / "f.csv", [header, ["Zon B", "NL", "12", "500000"]])
    assert counted(imported(path)) == [1, 0, 0, 0]
    stored = YearFigures.objects.get()
    assert (stored.year, stored.staff, stored.turnover) == (last, 12, 500_000)
    assert counted(check(path)) == [0, 0, 1, 0]
    edited = csv_file(tmp_path / "g.csv", [header, ["Zon B", "NL", "13", "600000"]])
    assert counted(imported(edited)) == [0, 1, 0, 0]
    stored.refresh_from_db()
    assert (stored.staff, stored.turnover) == (13, 600_000)


def test_withdrawn_consent_is_never_overwritten(tmp_path: Path, user_with: Callable[..., User]) -> None:
    gone = organisation("Gone GmbH", vat="DE136695976")
    Organisation.objects.filter(pk=gone.pk).update(listing="withdrawn")
    path = csv_file(tmp_path / "f", [["Name", "Country", "VAT"], ["Back again", "DE", "DE136695976"]])
    assert counted(check(path)) == [0, 0, 0, 1]
    assert counted(check(path, user=user_with("administrator"))) == [0, 0, 0, 1]


def test_of_two_who_confirm_one_wins(table: Path) -> None:
    run = check(table)
    twin = ImportRun.objects.get(pk=run.pk)
    actions.claim_run(run=run, skip_bad=False)
    with pytest.raises(Conflict):
        actions.claim_run(run=twin, skip_bad=False)
    actions.write_run(run=run, actor=ACTOR)
    actions.write_run(run=twin, actor=ACTOR)
    assert Organisation.objects.count() == 3


def test_a_directory_that_changed_since_the_preview_is_not_written_to(table: Path) -> None:
    run = check(table)
    organisation("Eau C", country="FR", place="Brest")
    actions.claim_run(run=run, skip_bad=False)
    with pytest.raises(Conflict):
        actions.write_run(run=run, actor=ACTOR)
    run.refresh_from_db()
    assert (run.state, Organisation.objects.count()) == ("uploaded", 1)
    assert audit.verify().ok


def test_cancelling_while_it_writes_rolls_everything_back(table: Path) -> None:
    run = check(table)
    actions.claim_run(run=run, skip_bad=False)

    def stop(_done: int, _total: int, _step: str) -> None:
        raise Cancelled(run.key)

    before = everything()
    with pytest.raises(Cancelled):
        actions.write_run(run=run, actor=ACTOR, progress=stop)
    assert everything() == before
    actions.mark_cancelled(run=run)
    assert run.state == "cancelled"


@pytest.mark.parametrize("when", ["at its next look", "before it is noted"])
def test_cancelling_while_it_checks_cancels_the_job_too(
    table: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = check(table)
    job = actions.request_check(run=run, options=Options.from_json(run.mapping), actor=ACTOR)
    look, cancelled = JobContext.progress, []

    def looked(context: JobContext, *said: Any) -> None:
        if not cancelled:
            cancelled.append(True)
            actions.cancel_run(run=ImportRun.objects.get(pk=run.pk))
        if when == "at its next look":
            look(context, *said)

    monkeypatch.setattr(JobContext, "progress", looked)
    assert run_due_jobs() == 1
    job.refresh_from_db()
    run.refresh_from_db()
    assert (job.state, job.error, run.state) == ("cancelled", "", "cancelled")


def test_a_dead_worker_leaves_nothing_and_the_next_attempt_writes(table: Path) -> None:
    run = check(table)
    actions.claim_run(run=run, skip_bad=False)

    def die(_done: int, _total: int, _step: str) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        actions.write_run(run=run, actor=ACTOR, progress=die)
    assert Organisation.objects.count() == 0
    actions.write_run(run=run, actor=ACTOR)
    assert (run.state, Organisation.objects.count()) == ("done", 3)


def test_one_event_for_the_whole_run(table: Path) -> None:
    heard: list[OrganisationChanged] = []
    subscribe(OrganisationChanged, heard.append)
    try:
        imported(table)
    finally:
        unsubscribe(OrganisationChanged, heard.append)
    assert [(event.kind, len(event.keys)) for event in heard] == [("import", 3)]
