"""The pages of an import, and who may open them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.base.jobs import run_due_jobs
from kontor.features.accounts.models import User
from kontor.features.organisations.imports.export import Scope as ExportScope
from kontor.features.organisations.imports.export import export
from kontor.features.organisations.models import ImportRun, Organisation
from kontor.features.organisations.tests.factories import cluster, organisation
from kontor.features.organisations.tests.imports.files import xlsx_file
from kontor.features.organisations.tests.imports.runs import check, counted, imported

pytestmark = pytest.mark.django_db
START = "/directory/import/"
CSV = "Firma;Land;Ort;Was\nWind A GmbH;DE;Bremen;x\nZon B;Lala;;y\n"


@pytest.fixture(autouse=True)
def queued(settings: Any) -> None:
    """Jobs wait until a test runs them."""
    settings.JOBS = "worker"


def upload(client: Client, cluster_key: str, content: str = CSV) -> ImportRun:
    file = SimpleUploadedFile("members.csv", content.encode())
    answer = client.post(START, {"file": file, "cluster": cluster_key})
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.get()


def columns(**changes: str) -> dict[str, str]:
    found = {"column_0": "name", "column_1": "country", "column_2": "place", "column_3": ""}
    return {**found, "listing": "listed", "encoding": "utf-8-sig", **changes}


def test_from_upload_to_undo(user_with: Callable[..., User], signed_in: Callable[[User], Client]) -> None:
    home = cluster()
    client = signed_in(user_with("cluster_manager", home.key))
    run = upload(client, home.key)
    page = client.get(f"{START}{run.key}/columns/").content.decode()
    for text in ("Firma", "Wind A GmbH", "by its header", "not recognised"):
        assert text in page
    assert client.post(f"{START}{run.key}/columns/", columns()).status_code == 302
    assert "progress" in client.get(f"{START}{run.key}/").content.decode()
    run_due_jobs()
    preview = client.get(f"{START}{run.key}/").content.decode()
    for text in (
        "To be created: 1, to be changed: 0.",
        "“Lala” is not a country",
        "B3",
        "Import without the refused rows",
    ):
        assert text in preview
    assert Organisation.objects.count() == 1
    client.post(f"{START}{run.key}/confirm/", {"skip_bad": "yes"})
    run_due_jobs()
    assert home.memberships.get().member.name == "Wind A GmbH"
    assert "Take this import back" in client.get(f"{START}{run.key}/").content.decode()
    refused = client.get(f"{START}{run.key}/refused/")
    assert "Zon B;Lala" in b"".join(refused.streaming_content).decode("utf-8-sig")
    client.post(f"{START}{run.key}/undo/")
    run_due_jobs()
    assert Organisation.objects.count() == 1
    assert "This import was taken back" in client.get(f"{START}{run.key}/").content.decode()


@pytest.mark.parametrize("own_export", [False, True])
def test_a_workbook_of_one_sheet_is_imported(
    own_export: bool, tmp_path: Path, user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    path = tmp_path / "members.xlsx"
    if own_export:
        organisation("Wind A GmbH")
        export(Organisation.objects.all(), path, ExportScope(), language="en", as_xlsx=True)
    else:
        xlsx_file(path, [["Name", "Country"], ["Wind A GmbH", "DE"]])
    client = signed_in(user_with("administrator"))
    file = SimpleUploadedFile(path.name, path.read_bytes())
    client.post(START, {"file": file, "cluster": ""})
    run = ImportRun.objects.get()
    page = client.get(f"{START}{run.key}/columns/")
    posted = {bound.html_name: bound.value() or "" for bound in page.context["form"]}
    assert "sheet" not in posted
    del posted["clear_empty"]
    answer = client.post(f"{START}{run.key}/columns/", posted)
    assert answer["Location"] == f"{START}{run.key}/"
    run_due_jobs()
    run.refresh_from_db()
    assert (run.state, counted(run)) == ("checked", [0, 0, 1, 0] if own_export else [1, 0, 0, 0])


def test_another_sheet_is_read_anew(
    tmp_path: Path, user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    path = xlsx_file(tmp_path / "members.xlsx", [["Name", "Country"], ["Wind A GmbH", "DE"]])
    book = openpyxl.load_workbook(path)
    for row in (["Name", "Country"], ["Zon B", "NL"]):
        (book["Former"] if "Former" in book.sheetnames else book.create_sheet("Former")).append(row)
    book.save(path)
    client = signed_in(user_with("administrator"))
    client.post(START, {"file": SimpleUploadedFile(path.name, path.read_bytes()), "cluster": ""})
    run = ImportRun.objects.get()
    address = f"{START}{run.key}/columns/"
    chosen = {"column_0": "name", "column_1": "country", "listing": "listed", "sheet": "Former"}
    assert client.post(address, chosen)["Location"] == address
    assert "Zon B" in client.get(address).content.decode()
    assert client.post(address, chosen)["Location"] == f"{START}{run.key}/"


@pytest.mark.parametrize("role", ["cluster_manager", "administrator"])
def test_the_list_shows_runs_that_were_never_checked(
    role: str, user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    home = cluster()
    client = signed_in(user_with(role, home.key) if role == "cluster_manager" else user_with(role))
    run = upload(client, home.key)
    assert run.counts == {}
    for state in ("uploaded", "cancelled"):
        page = client.get(START)
        assert page.status_code == 200
        assert 'data-label="New">–</td>' in page.content.decode()
        run.refresh_from_db()
        assert run.state == state
        client.post(f"{START}{run.key}/cancel/")
    assert client.get(f"{START}{run.key}/").status_code == 200


def test_progress_is_a_fragment_for_htmx_and_ends_by_moving_on(
    user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    home = cluster()
    client = signed_in(user_with("cluster_manager", home.key))
    run = upload(client, home.key)
    client.post(f"{START}{run.key}/columns/", columns())
    fragment = client.get(f"{START}{run.key}/", headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<div class="progress"')
    run_due_jobs()
    done = client.get(f"{START}{run.key}/", headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == f"{START}{run.key}/"


def test_a_file_that_is_no_table_is_told_at_the_field(
    user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(user_with("administrator"))
    file = SimpleUploadedFile("members.xlsx", b"%PDF-1.7")
    answer = client.post(START, {"file": file, "cluster": ""})
    assert answer.status_code == 422
    assert "This is a PDF document, not a spreadsheet." in answer.content.decode()
    assert ImportRun.objects.count() == 0


def test_two_columns_for_one_field_are_refused(
    user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    home = cluster()
    client = signed_in(user_with("cluster_manager", home.key))
    run = upload(client, home.key)
    answer = client.post(f"{START}{run.key}/columns/", columns(column_3="name"))
    assert "Column A is taken for this already" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "uploaded"


def test_without_a_column_for_the_name_the_check_stops_with_a_remedy(
    user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    home = cluster()
    client = signed_in(user_with("cluster_manager", home.key))
    run = upload(client, home.key)
    client.post(f"{START}{run.key}/columns/", columns(column_0=""))
    run_due_jobs()
    page = client.get(f"{START}{run.key}/", follow=True).content.decode()
    assert "No column holds the organisation" in page


@pytest.mark.parametrize("role", ["", "owner", "juror", "controller"])
def test_others_are_denied(
    role: str, tmp_path: Path, user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Name;Country\nSecret member;DE\n")
    run = check(path)
    own = organisation("Own")
    client = signed_in(user_with(role, own.key) if role else user_with())
    for address in ("", f"{run.key}/", f"{run.key}/columns/", f"{run.key}/refused/"):
        answer = client.get(START + address)
        assert answer.status_code == 403, address
        assert "Secret member" not in answer.content.decode()
    for address in ("confirm", "cancel", "undo", "retry"):
        assert client.post(f"{START}{run.key}/{address}/").status_code == 403
    assert Client().get(START).status_code == 302
    assert Organisation.objects.count() == 1


def test_a_manager_sees_the_runs_of_own_clusters_only(
    tmp_path: Path, user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    home, other = cluster("Home"), cluster("Other")
    path = tmp_path / "secret list.csv"
    path.write_text("Name;Country\nA;DE\n")
    theirs = imported(path, cluster_key=other.key)
    client = signed_in(user_with("cluster_manager", home.key))
    assert "secret list" not in client.get(START).content.decode()
    for address in ("", "columns/", "refused/"):
        assert client.get(f"{START}{theirs.key}/{address}").status_code == 404
    for address in ("confirm", "cancel", "undo", "retry"):
        assert client.post(f"{START}{theirs.key}/{address}/").status_code == 404
    file = SimpleUploadedFile("f.csv", b"Name;Country\nB;DE\n")
    assert client.post(START, {"file": file, "cluster": other.key}).status_code == 422
    admin = signed_in(user_with("administrator"))
    assert "secret list" in admin.get(START).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    count: int,
    tmp_path: Path,
    user_with: Callable[..., User],
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(count):
        path = tmp_path / f"f{number}.csv"
        path.write_text(f"Name;Country\nA{number};DE\n")
        check(path)
    client = signed_in(user_with("administrator"))
    client.get(START)
    with django_assert_max_num_queries(8):
        assert client.get(START).status_code == 200


def test_format_page_templates_and_export(
    user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    organisation("Wind A GmbH")
    organisation("Zon B", country="NL")
    assert "Btw-nummer" in Client().get(f"{START}format/").content.decode()
    for kind in ("csv", "xlsx"):
        assert Client().get(f"{START}template.{kind}").status_code == 200
    assert Client().get(f"{START}template.exe").status_code == 404
    client = signed_in(user_with())
    answer = client.get("/directory/export/?format=csv&headers=technical&country=NL")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert ("Zon B" in text, "Wind A" in text, text.startswith("key;name;")) == (True, False, True)
    assert Client().get("/directory/export/").status_code == 302
