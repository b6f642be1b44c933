"""A large upload read by several processes gives what one process gives, whatever happens to them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from kontor.base import audit
from kontor.base.errors import KontorError
from kontor.features.organisations.imports import pipes
from kontor.features.organisations.imports.columns import guess, is_known
from kontor.features.organisations.imports.pipes import Job, read_lines, worthwhile
from kontor.features.organisations.imports.reading import Manner, entry_of
from kontor.features.organisations.imports.sheets import write_xlsx
from kontor.features.organisations.imports.tables import Table, open_table
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.imports.files import csv_file
from kontor.features.organisations.tests.imports.runs import HEADER, counted, imported

# Rows in a batch here: few, so that several batches are soon read.
BATCH = 20


def rows(count: int) -> list[list[str]]:
    """Some of them with problems: an unknown country, a VAT number that is none."""
    return [
        [f"Wind Ä{number} GmbH", "DE" if number % 7 else "Atlantis", "Bremen", "" if number % 5 else "DE1",
         "27.11", "wind; sea", "12,5", f"a{number}@a.example", f"Rotors for the sea, series {number}.",
         "2020-01-01", "", str(number)]
        for number in range(count)
    ]  # fmt: skip


def opened(path: Path) -> tuple[Table, Manner]:
    table = open_table(path, is_known)
    columns = {found.index: found.target for found in guess(table.columns, table.sample()) if found.target}
    return table, Manner(columns, "en", "import")


@pytest.mark.parametrize("count", [3, 2 * BATCH, 2 * BATCH + 7])
def test_helpers_deliver_what_one_process_reads_in_its_order(tmp_path: Path, count: int) -> None:
    path = csv_file(tmp_path / "members.csv", [HEADER, *rows(count)])
    table, manner = opened(path)
    alone = list(read_lines(path, table, manner, helpers=0))
    assert [entry_of(line).number for line in alone] == list(range(2, count + 2))
    assert list(read_lines(path, table, manner, helpers=2, size=BATCH)) == alone


def test_a_workbook_is_read_by_helpers_too(tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    write_xlsx(path, iter([HEADER, *rows(BATCH + 10)]))
    table, manner = opened(path)
    alone = list(read_lines(path, table, manner, helpers=0))
    assert len(alone) == BATCH + 10
    assert list(read_lines(path, table, manner, helpers=3, size=BATCH)) == alone


def test_what_a_dead_helper_leaves_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path / "members.csv", [HEADER, *rows(2 * BATCH + 7)])
    table, manner = opened(path)
    alone = list(read_lines(path, table, manner, helpers=0))
    delivered = pipes._Helper.batch
    calls: list[int] = []

    def dies_at_the_second(helper: Any) -> list[bytes] | None:
        calls.append(1)
        if len(calls) == 2:
            helper.process.kill()
            helper.process.wait()
            helper.process.stdout.read()
        return delivered(helper)

    monkeypatch.setattr(pipes._Helper, "batch", dies_at_the_second)
    assert list(read_lines(path, table, manner, helpers=2, size=BATCH)) == alone
    assert len(calls) == 2


def test_helpers_that_cannot_start_cost_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv_file(tmp_path / "members.csv", [HEADER, *rows(3)])
    table, manner = opened(path)
    monkeypatch.setattr(pipes, "_READER", "kontor.no_such_module")
    assert list(read_lines(path, table, manner, helpers=2, size=BATCH)) == list(
        read_lines(path, table, manner, helpers=0)
    )


@pytest.mark.parametrize("how", ["killed before it heard its job", "no memory for a second one"])
def test_helpers_that_end_before_they_begin_are_done_without(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv_file(tmp_path / "members.csv", [HEADER, *rows(3)])
    table, manner = opened(path)
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def begun(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        if started and how.startswith("no memory"):
            raise OSError(12, "Cannot allocate memory")
        started.append(begin(*args, **options))
        if how.startswith("killed"):
            started[-1].kill()
            started[-1].wait()
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", begun)
    read = list(read_lines(path, table, manner, helpers=2))
    assert read == list(read_lines(path, table, manner, helpers=0))
    assert [process.returncode for process in started] == [-9] * len(started)


def test_a_file_that_breaks_off_is_told_in_the_readers_language(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "members.csv", [HEADER, *rows(pipes.BATCH + 1)])
    with path.open("a", encoding="utf-8") as file:
        file.write('"open;DE\n')
    table, manner = opened(path)
    read: list[bytes] = []
    with override("de"), pytest.raises(KontorError) as caught:
        read.extend(iter(read_lines(path, table, manner, helpers=2)))
    assert (caught.value.code, caught.value.path) == ("bad_quotes", f"row {pipes.BATCH + 3}")
    assert "Anführungszeichen" in str(caught.value.message)


def test_nobody_goes_on_reading_for_a_reader_who_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv_file(tmp_path / "members.csv", [HEADER, *rows(2_000)])
    table, manner = opened(path)
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def noted(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(begin(*args, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    lines = read_lines(path, table, manner, helpers=2)
    assert entry_of(next(lines)).number == 2
    assert [process.poll() for process in started] == [None, None]
    lines.close()
    assert [process.returncode for process in started] == [-9, -9]


def test_a_job_survives_its_way_to_the_helper() -> None:
    job = Job(
        "/a", "Sheet", "utf-8", Manner({0: "name", 12: "country"}, "de", "import", clear_empty=True), 1, 2, 30
    )
    assert Job.from_json(job.to_json()) == job


def test_helpers_are_for_large_files_on_several_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for cores in (1, 2, 64):
        monkeypatch.setattr(pipes, "_cores", lambda cores=cores: cores)
        found.append((worthwhile(pipes.LARGE - 1), worthwhile(pipes.LARGE)))
    assert found == [(0, 0), (0, 2), (0, 4)]


@pytest.mark.django_db
def test_a_large_import_runs_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "LARGE", 10)
    monkeypatch.setattr(pipes, "_cores", lambda: 2)
    count = pipes.BATCH + 30
    path = csv_file(tmp_path / "members.csv", [HEADER, *rows(count)])
    good = sum(1 for number in range(count) if number % 7 and number % 5)
    assert counted(imported(path, skip_bad=True)) == [good, 0, 0, count - good]
    assert Organisation.objects.count() == good
    assert counted(imported(path, skip_bad=True)) == [0, 0, good, count - good]
    assert audit.verify().ok
