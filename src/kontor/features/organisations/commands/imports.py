"""`kontor import`, `kontor export`, `kontor sample` and `kontor regions`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import AsJson, refuse, site

if TYPE_CHECKING:
    from kontor.features.organisations.imports.options import Options
    from kontor.features.organisations.models import ImportRun

Cluster = Annotated[str, typer.Option("--cluster", help="Key of the cluster whose members these are.")]

sample = typer.Typer(no_args_is_help=True, help="The invented sample directory.")
regions = typer.Typer(no_args_is_help=True, help="Outlines of NUTS regions for the map.")


@sample.callback()
@regions.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX; for CORDIS and keep.eu the folder of the extract.")
    ],
    read_as: Annotated[str, typer.Option("--as", help="organisations, cordis or keep")] = "organisations",
    cluster: Cluster = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; write nothing.")] = False,
    skip_bad: Annotated[
        bool,
        typer.Option("--skip-bad", help="Leave refused rows out and write them to a file with the reasons."),
    ] = False,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", help="HEADER=FIELD, or HEADER= to leave a column out; repeatable."),
    ] = None,
    language: Annotated[str, typer.Option(help="Of texts too short to tell theirs.")] = "en",
    listing: Annotated[str, typer.Option(help="Of new organisations: listed, members or hidden.")] = "listed",
    source: Annotated[str, typer.Option(help="Where the numbers in the file come from.")] = "",
    clear_empty: Annotated[bool, typer.Option(help="An empty cell empties the field.")] = False,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; else the best one is taken.")] = "",
    encoding: Annotated[str, typer.Option(help="Of a CSV file; else it is found out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Import a member directory: check every row, then write all of it or nothing."""
    site()
    with _told(as_json, file):
        if read_as in {"cordis", "keep"}:
            answer = _import_projects(file, read_as, dry_run)
        elif read_as == "organisations":
            wanted = {
                "language": language, "listing": listing, "source": source, "clear_empty": clear_empty,
                "sheet": sheet, "encoding": encoding,
            }  # fmt: skip
            answer = _import_table(file, cluster, mapped or [], wanted, dry_run, skip_bad)
        else:
            raise _usage("as", "Choose organisations, cordis or keep.")
        _say(answer, as_json)
    if answer["status"] == "refused":
        raise typer.Exit(2)


def _usage(path: str, remedy: str) -> Exception:
    from kontor.base.errors import KontorError

    return KontorError("This option has a value that is not known.", code="usage", path=path, remedy=remedy)


@contextmanager
def _told(as_json: bool, path: Path) -> Iterator[None]:
    """Turns an error into words and exit code 2."""
    from kontor.base.errors import KontorError
    from kontor.codes import CodesError

    try:
        if not path.exists():
            raise KontorError(
                "There is no such file.", code="no_file", path=str(path), remedy="Check the path."
            )
        yield
    except (KontorError, CodesError) as error:
        refuse(error, getattr(error, "path", "") or str(path), as_json)


def _import_table(
    file: Path, cluster: str, mapped: list[str], wanted: dict[str, Any], dry_run: bool, skip_bad: bool
) -> dict[str, Any]:
    from kontor.base.actor import Actor
    from kontor.features.organisations.imports import actions, files
    from kontor.features.organisations.imports.refused import suffix, write_refused

    _require_file(file)
    actor = Actor.system("import")
    run, table = actions.create_run(
        chunks=files.read_chunks(file), filename=file.name, actor=actor, cluster_key=cluster
    )
    options, unused = _options(run, wanted, mapped)
    actions.start_check(run=run, options=options)
    with _Bar() as bar:
        actions.check_run(run=run, progress=bar.show)
    answer = {**_outcome(run), "notes": [str(note) for note in table.notes], "not_imported": unused}
    if run.counts["refused"]:
        answer["problems"] = _problems(run)
    if dry_run or (run.counts["refused"] and not skip_bad):
        actions.cancel_run(run=run)
        return {**answer, "status": "checked" if dry_run and not run.counts["refused"] else "refused"}
    if run.counts["refused"]:
        path = file.with_name(f"{file.stem}.refused{suffix(run)}")
        answer["refused_rows"], answer["refused_file"] = write_refused(run, path), str(path)
    actions.claim_run(run=run, skip_bad=skip_bad)
    with _Bar() as bar:
        actions.write_run(run=run, actor=actor, progress=bar.show)
    return {**answer, "status": "done"}


def _require_file(path: Path) -> None:
    """A folder is no table; one with projects in it was meant for `--as`."""
    from kontor.base.errors import KontorError

    if not path.is_dir():
        return
    remedy = "Name the CSV or XLSX file in it."
    if any((path / name).is_file() for name in ("projects.csv", "project.csv")):
        kind = "keep" if (path / "partners.csv").is_file() else "cordis"
        remedy = f"It holds projects: add --as {kind} (cordis for CORDIS extracts, keep for keep.eu exports)."
    raise KontorError("This is a folder, not a file.", code="folder", path=str(path), remedy=remedy)


def _options(run: ImportRun, wanted: dict[str, Any], mapped: list[str]) -> tuple[Options, list[str]]:
    """The guess, corrected by `--map`; and the headers of the columns that are not imported."""
    from kontor.features.organisations.imports import runs
    from kontor.features.organisations.imports.options import Options

    table = runs.table_of(run, Options(sheet=wanted["sheet"], encoding=wanted["encoding"]))
    columns = {found.index: found.target for found in runs.guesses(table) if found.target}
    for pair in mapped:
        header, equals, name = pair.rpartition("=")
        index = next(
            (i for i, column in enumerate(table.columns) if column.casefold() == header.casefold()), None
        )
        if not equals or index is None:
            raise _usage(
                f"map {pair}", f"Write HEADER=FIELD with one of the headers: {', '.join(table.columns[:30])}."
            )
        columns = {i: found for i, found in columns.items() if i != index and found != name}
        if name:
            columns[index] = name
    unused = [column for i, column in enumerate(table.columns) if i not in columns and column]
    return Options(columns=columns, **wanted), unused


def _outcome(run: ImportRun) -> dict[str, Any]:
    return {
        "run": run.key,
        **{name: run.counts[name] for name in ("rows", "new", "change", "same", "refused")},
    }


def _problems(run: ImportRun, limit: int = 1_000) -> list[dict[str, Any]]:
    from kontor.features.organisations.imports.queries import problems_of

    return [
        {
            "row": row.number, "path": problem.cell, "column": problem.column, "value": problem.value,
            "message": problem.message, "remedy": problem.remedy,
        }
        for row in run.rows.filter(action="refused").order_by("number")[:limit]
        for problem in problems_of(row)
        if problem.fatal
    ]  # fmt: skip


def _import_projects(path: Path, kind: str, dry_run: bool) -> dict[str, Any]:
    from kontor.base.actor import Actor
    from kontor.features.organisations.imports.projects import import_projects

    with _Bar() as bar:
        counts = import_projects(
            path=path, kind=kind, actor=Actor.system("import"), dry_run=dry_run, progress=bar.show
        )
    return {"status": "checked" if dry_run else "done", **counts}


class _Bar:
    """A progress line on standard error, drawn on a terminal only."""

    def __init__(self) -> None:
        self._shown = False

    def __enter__(self) -> _Bar:
        return self

    def show(self, done: int, total: int, step: str) -> None:
        if sys.stderr.isatty():
            share = min(done / max(total, 1), 1.0)
            filled = "█" * round(share * 30)
            sys.stderr.write(f"\r{step:<20} {filled:░<30} {done:>9,} / {max(total, done):,}")
            sys.stderr.flush()
            self._shown = True

    def __exit__(self, *_error: object) -> None:
        if self._shown:
            sys.stderr.write("\n")


def _say(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    for note in answer.get("notes", ()):
        typer.echo(note, err=True)
    if answer.get("not_imported"):
        typer.echo(f"Not imported: {', '.join(answer['not_imported'])}", err=True)
    for problem in answer.get("problems", ())[:50]:
        typer.echo(f"{problem['path']}  {problem['message']} {problem['remedy']}", err=True)
    counts = ", ".join(
        f"{answer[name]} {name}" for name in ("new", "change", "same", "refused") if name in answer
    )
    typer.echo(f"{answer['status']}: {counts}")
    if answer["status"] == "refused":
        typer.echo("Nothing was imported. Correct the rows, or leave them out with --skip-bad.", err=True)
    if "refused_file" in answer:
        typer.echo(f"The refused rows are in {answer['refused_file']}")


def export(
    file: Annotated[Path, typer.Argument(help="To write: NAME.csv or NAME.xlsx.")],
    cluster: Cluster = "",
    country: Annotated[str, typer.Option(help="Only organisations of this country (two letters).")] = "",
    headers: Annotated[str, typer.Option(help="technical, en, de, nl or fr")] = "technical",
    as_json: AsJson = False,
) -> None:
    """Write the directory as a table that `kontor import` reads back unchanged."""
    site()
    with _told(as_json, file.resolve().parent):
        if file.suffix.lower() not in {".csv", ".xlsx"}:
            raise _usage("file", "Name it .csv or .xlsx.")
        if headers not in {"technical", "en", "de", "nl", "fr"}:
            raise _usage("headers", "Choose technical, en, de, nl or fr.")
        count = _export(file, cluster, country, headers)
    if as_json:
        typer.echo(json.dumps({"status": "done", "organisations": count, "file": str(file)}))
    else:
        typer.echo(f"{count} organisations in {file}")


def _export(file: Path, cluster: str, country: str, headers: str) -> int:
    from kontor.features.organisations.imports import export as exporting
    from kontor.features.organisations.imports.actions import cluster_id_of
    from kontor.features.organisations.models import Organisation

    rows = Organisation.objects.alive().order_by("name", "id")
    if country:
        rows = rows.filter(country=country.upper())
    cluster_id = cluster_id_of(cluster)
    if cluster_id:
        rows = rows.filter(member_of__cluster_id=cluster_id, member_of__until=None)
    scope = exporting.Scope(cluster_id=cluster_id)
    as_xlsx = file.suffix.lower() == ".xlsx"
    return exporting.export(rows, file, scope, language=headers, as_xlsx=as_xlsx)


@sample.command("load")
def load(
    password: Annotated[
        str, typer.Option(help="Of the sample users; without it they sign in by mail link.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Add the sample organisations and users that are not there yet."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.sample.load import load_sample

    counts = load_sample(actor=Actor.system("sample"), password=password or None)
    _say_counts(asdict(counts), "Added", as_json)


@sample.command("remove")
def remove(as_json: AsJson = False) -> None:
    """Delete every sample organisation and sample user."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.sample.load import remove_sample

    _say_counts(asdict(remove_sample(actor=Actor.system("sample"))), "Removed", as_json)


def _say_counts(counts: dict[str, int], verb: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"status": "done", **counts}))
    else:
        typer.echo(f"{verb}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


@regions.command("import")
def import_regions(
    file: Annotated[Path, typer.Argument(help="GeoJSON of NUTS regions, as GISCO publishes it.")],
    level: Annotated[int, typer.Option(min=0, max=3, help="NUTS level to take.")],
    version: Annotated[str, typer.Option(help="NUTS version, such as 2021.")],
    notice: Annotated[
        str, typer.Option(help="Copyright notice that must stand under the map.")
    ] = "© EuroGeographics for the administrative boundaries",
    as_json: AsJson = False,
) -> None:
    """Put the outlines of a file on the map; those of the same version are replaced."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.imports.regions import import_region_shapes

    with _told(as_json, file):
        count = import_region_shapes(
            path=file, level=level, version=version, notice=notice, actor=Actor.system("regions")
        )
        _say_counts({"regions": count}, "Imported", as_json)
