"""`kontor import`, `export`, `sample` and `regions` on the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from kontor.base.models import AuditEvent
from kontor.features.organisations import commands
from kontor.features.organisations.models import Organisation, RegionShape, Statement
from kontor.features.organisations.tests.factories import cluster, organisation

pytestmark = pytest.mark.django_db

app = typer.Typer()
app.command("import")(commands.import_)
app.command("export")(commands.export)
app.add_typer(commands.sample, name="sample")
app.add_typer(commands.regions, name="regions")


def run(*arguments: object, code: int = 0) -> Any:
    """The JSON that the command prints."""
    result = CliRunner().invoke(app, [str(each) for each in (*arguments, "--json")])
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout)


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_import_dry_run_then_for_real_then_again(tmp_path: Path) -> None:
    home = cluster()
    path = table(tmp_path / "f.csv", "Name;Country;Mood", "A;DE;good", "B;NL;")
    options = ("--cluster", home.key)
    answer = run("import", path, *options, "--dry-run")
    assert (answer["status"], answer["new"], answer["not_imported"]) == ("checked", 2, ["Mood"])
    assert Organisation.objects.count() == 1
    assert run("import", path, *options)["status"] == "done"
    assert home.memberships.count() == 2
    again = run("import", path, *options)
    assert [again[name] for name in ("new", "change", "same", "refused")] == [0, 0, 2, 0]


def test_refused_rows_stop_everything_or_go_to_a_file(tmp_path: Path) -> None:
    path = table(tmp_path / "f.csv", "Name;Country", "A;DE", "B;Lala")
    answer = run("import", path, code=2)
    assert answer["status"] == "refused"
    assert answer["problems"][0]["path"] == "B3"
    assert "Lala" in answer["problems"][0]["message"]
    assert Organisation.objects.count() == 0
    answer = run("import", path, "--skip-bad")
    assert (answer["status"], answer["refused_rows"]) == ("done", 1)
    refused = Path(answer["refused_file"])
    assert refused.name == "f.refused.csv"
    mended = refused.read_text(encoding="utf-8-sig").replace(";Lala;", ";NL;")
    assert run("import", table(tmp_path / "g.csv", *mended.splitlines()))["new"] == 1


def test_columns_can_be_mapped_by_hand(tmp_path: Path) -> None:
    path = table(tmp_path / "f.csv", "Who;Where;Name", "A;DE;nobody")
    run("import", path, "--map", "Name=", "--map", "Who=name", "--map", "Where=country")
    assert Organisation.objects.get().name == "A"


@pytest.mark.parametrize(
    ("options", "path"),
    [
        (("--map", "Nothing=name"), "map Nothing=name"),
        (("--map", "Name=nonsense"), "columns"),
        (("--as", "magic"), "as"),
        (("--cluster", "nowhere"), "cluster"),
        (("--listing", "loud"), "listing"),
    ],
)
def test_wrong_options_are_told_with_a_remedy(tmp_path: Path, options: tuple[str, ...], path: str) -> None:
    error = run("import", table(tmp_path / "f.csv", "Name;Country", "A;DE"), *options, code=2)["error"]
    assert error["path"] == path
    assert error["message"]
    assert error["remedy"]


def test_a_file_that_is_missing_or_no_table(tmp_path: Path) -> None:
    assert run("import", tmp_path / "none.csv", code=2)["error"]["message"] == "There is no such file."
    (tmp_path / "f.xlsx").write_bytes(b"%PDF-1.7")
    assert "PDF" in run("import", tmp_path / "f.xlsx", code=2)["error"]["message"]


@pytest.mark.parametrize("name", ["f.csv", "f.xlsx"])
def test_export_and_import_again_changes_nothing(tmp_path: Path, name: str) -> None:
    organisation("Wind A GmbH", place="Bremen")
    organisation("Zon B", country="NL")
    assert run("export", tmp_path / name, "--headers", "nl")["organisations"] == 2
    events = AuditEvent.objects.count()
    assert run("import", tmp_path / name)["same"] == 2
    assert AuditEvent.objects.count() == events
    assert run("export", tmp_path / name, "--country", "nl")["organisations"] == 1
    assert run("export", tmp_path / "f.doc", code=2)["error"]["path"] == "file"


def square(code: str, level: int = 2) -> dict[str, Any]:
    ring = [[8, 53], [9, 53], [9, 54], [8, 54], [8, 53]]
    properties = {"NUTS_ID": code, "LEVL_CODE": level, "NAME_LATN": f"Region {code}"}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_regions_are_imported_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "nuts.geojson"
    features = [square("DE50"), square("EL30"), square("DE501", 3)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    options = ("--level", 2, "--version", "2021", "--notice", "© EuroGeographics")
    for _time in range(2):
        assert run("regions", "import", path, *options)["regions"] == 2
    shapes = RegionShape.objects.order_by("code").values_list("code", "country", "level", "notice")
    assert list(shapes) == [("DE50", "DE", 2, "© EuroGeographics"), ("EL30", "GR", 2, "© EuroGeographics")]
    assert RegionShape.objects.first().path.startswith("M")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content",
    ["no json", "[]", '{"type": "FeatureCollection", "features": []}', '{"features": [{"properties": {}}]}'],
)
def test_files_that_are_no_regions_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "f.geojson"
    path.write_text(content)
    error = run("regions", "import", path, "--level", 2, "--version", "2021", code=2)["error"]
    assert error["remedy"]
    assert RegionShape.objects.count() == 0


@pytest.mark.parametrize(
    ("names", "remedy"),
    [
        (("members.csv",), "Name the CSV or XLSX file in it."),
        (("projects.csv", "participations.csv"), "add --as cordis"),
        (("project.csv", "organization.csv"), "add --as cordis"),
        (("projects.csv", "partners.csv"), "add --as keep"),
    ],
)
def test_a_folder_is_refused_with_the_way_on(tmp_path: Path, names: tuple[str, ...], remedy: str) -> None:
    for name in names:
        table(tmp_path / name, "Name;Country", "A;DE")
    error = run("import", tmp_path, code=2)["error"]
    assert error["path"] == str(tmp_path)
    assert error["message"] == "This is a folder, not a file."
    assert remedy in error["remedy"]


CORDIS_PROJECTS = """id,acronym,title,startDate,endDate,objective
1,WIND,Rotors for the sea,2024-01-01,2026-01-01,We test rotor blades in salt water.
"""
CORDIS_PARTNERS = """projectID,name,shortName,SME,activityType,city,country,organizationURL,pic
1,WIND A GMBH,WA,True,PRC,Bremen,DE,http://wind.example,999999999
1,UNIVERSITY OF B,UB,False,HES,Groningen,NL,,888888888
1,NO PIC,,False,HES,Groningen,NL,,
"""


def test_cordis_becomes_organisations_with_competences(tmp_path: Path) -> None:
    (tmp_path / "projects.csv").write_text(CORDIS_PROJECTS)
    (tmp_path / "participations.csv").write_text(CORDIS_PARTNERS)
    answer = run("import", tmp_path, "--as", "cordis")
    assert (answer["new"], answer["refused"], answer["left_out"]) == (2, 0, 1)
    found = Organisation.objects.get(pic="999999999")
    assert (found.country, found.place, found.source, found.kind) == ("DE", "Bremen", "cordis", "firm")
    statement = Statement.objects.get(organisation=found)
    assert (statement.kind, statement.text) == (
        "competence",
        "Rotors for the sea. We test rotor blades in salt water.",
    )
    assert statement.confirmed_at.year == 2024
    events = AuditEvent.objects.count()
    again = run("import", tmp_path, "--as", "cordis")
    assert [again[name] for name in ("new", "change", "same")] == [0, 0, 2]
    assert AuditEvent.objects.count() == events
    assert "error" in run("import", tmp_path / "projects.csv", "--as", "keep", code=2)


SHARED = Path(os.environ.get("KONTOR_SHARED", Path(__file__).resolve().parents[7] / "shared" / "data"))


@pytest.mark.slow
@pytest.mark.skipif(
    not SHARED.is_dir(), reason="real extracts are not here; set KONTOR_SHARED to their folder"
)
def test_real_keep_export_is_idempotent() -> None:
    folder = SHARED / "interreg_keep"
    first = run("import", folder, "--as", "keep")
    assert first["new"] > 1_000
    again = run("import", folder, "--as", "keep")
    assert (again["new"], again["change"]) == (0, 0)


@pytest.mark.one_database
def test_sample_is_loaded_and_removed() -> None:
    loaded = run("sample", "load")["organisations"]
    assert loaded > 200
    assert run("sample", "load")["organisations"] == 0
    assert run("sample", "remove")["organisations"] == loaded
    assert Organisation.objects.count() == 0
