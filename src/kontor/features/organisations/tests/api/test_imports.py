"""Imports and exports through the API: from the upload to the undo, and who may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.base.jobs import run_due_jobs
from kontor.features.organisations import actions
from kontor.features.organisations.models import ImportRun, Organisation
from kontor.features.organisations.tests.api.conftest import SCOPES, Place, call, failure
from kontor.features.organisations.tests.factories import ACTOR, organisation
from kontor.features.organisations.tests.imports.files import xlsx_file

pytestmark = pytest.mark.django_db
PATH = "/api/v1/imports/"
CSV = "Firma;Land;Ort;Was\nWind A GmbH;DE;Bremen;x\nZon B;Lala;;y\n"


@pytest.fixture(autouse=True)
def queued(settings: Any) -> None:
    """Jobs wait until a test runs them."""
    settings.JOBS = "worker"


def upload(client: Client, cluster: str, content: bytes = CSV.encode(), name: str = "m.csv") -> Any:
    return client.post(PATH, {"file": SimpleUploadedFile(name, content), "cluster": cluster})


def test_from_upload_to_undo(place: Place) -> None:
    made = upload(place.manager, place.home.key)
    assert made.status_code == 201, made.content
    run = made.json()
    assert [(each["header"], each["field"]) for each in run["reading"]["columns"]] == [
        ("Firma", "name"),
        ("Land", "country"),
        ("Ort", "place"),
        ("Was", ""),
    ]
    path = f"{PATH}{run['key']}"
    assert call(place.manager, "post", f"{path}/check", listing="members").json()["state"] == "checking"
    run_due_jobs()
    checked = place.manager.get(path).json()
    assert (checked["state"], checked["counts"]["new"], checked["counts"]["refused"]) == ("checked", 1, 1)
    assert checked["causes"] == {"country_unknown": 1}
    (row,) = place.manager.get(f"{path}/rows?action=refused").json()["items"]
    (problem,) = row["problems"]
    assert (row["number"], problem["cell"], problem["code"]) == (3, "B3", "country_unknown")
    assert problem["remedy"].startswith("Write the two-letter code")
    whole = call(place.manager, "post", f"{path}/confirm")
    assert failure(whole) == (400, "rows_refused", "")
    assert call(place.manager, "post", f"{path}/confirm", skip_bad=True).status_code == 202
    run_due_jobs()
    assert place.manager.get(path).json()["state"] == "done"
    found = Organisation.objects.get(name="Wind A GmbH")
    assert (found.listing, found.member_of.get().cluster) == ("members", place.home)
    refused = b"".join(place.manager.get(f"{path}/refused").streaming_content).decode("utf-8-sig")
    assert "Zon B;Lala" in refused
    assert place.manager.post(f"{path}/undo").status_code == 202
    run_due_jobs()
    undone = place.manager.get(path).json()
    assert (undone["state"], undone["counts"]["removed"], undone["kept"]) == ("undone", 1, {})
    assert not Organisation.objects.filter(name="Wind A GmbH").exists()
    assert failure(place.manager.post(f"{path}/undo")) == (409, "import_not_done", "")


def test_columns_are_corrected_and_a_change_is_shown_before_it_is_made(place: Place) -> None:
    content = f"key;Town\n{place.firm.key};Kiel\n".encode()
    run = upload(place.manager, place.home.key, content).json()
    path = f"{PATH}{run['key']}"
    twice = call(place.manager, "post", f"{path}/check", columns={"0": "key", "1": "key"})
    assert failure(twice) == (400, "bad_columns", "body.columns")
    unknown = call(place.manager, "post", f"{path}/check", columns={"0": "colour"})
    assert failure(unknown) == (400, "bad_columns", "body.columns")
    call(place.manager, "post", f"{path}/check", columns={"0": "key", "1": "place"})
    run_due_jobs()
    (row,) = place.manager.get(f"{path}/rows").json()["items"]
    assert (row["action"], row["organisation"]) == ("change", place.firm.key)
    assert row["changes"] == [{"label": "Place", "before": "", "after": "Kiel"}]
    place.firm.refresh_from_db()
    assert place.firm.place == ""
    assert place.manager.post(f"{path}/cancel").json()["state"] == "cancelled"
    moved_on = call(place.manager, "post", f"{path}/check")
    assert failure(moved_on) == (409, "import_moved_on", "")


def test_another_sheet_guesses_the_columns_anew(place: Place, tmp_path: Path) -> None:
    file = xlsx_file(tmp_path / "m.xlsx", [["Name", "Country"], ["Wind A", "DE"]])
    run = upload(place.manager, place.home.key, file.read_bytes(), "m.xlsx").json()
    answer = call(place.manager, "post", f"{PATH}{run['key']}/check", sheet="Missing")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "no_sheet")
    assert place.manager.get(f"{PATH}{run['key']}").json()["state"] == "uploaded"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [(b"", "m.csv", "empty"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "m.xls", "old_excel")],
)
def test_a_file_that_cannot_be_used(place: Place, content: bytes, name: str, code: str) -> None:
    answer = upload(place.manager, place.home.key, content, name)
    assert answer.status_code in (400, 422), answer.content
    assert answer.json()["error"]["message"]
    assert not ImportRun.objects.exists()


def test_others_neither_see_nor_confirm_a_run(place: Place, api_client: Any, user_with: Any) -> None:
    key = upload(place.manager, place.home.key, b"Name;Country\nGeheime GmbH;DE\n").json()["key"]
    elsewhere = api_client(*SCOPES, user=user_with("cluster_manager", "other"))
    for client in (elsewhere, place.owner, place.nobody):
        for path in ("", f"{key}", f"{key}/rows", f"{key}/refused"):
            answer = client.get(f"{PATH}{path}")
            assert (path == "" or answer.status_code >= 400, "Geheime" in answer.content.decode()) == (
                True,
                False,
            )
        for verb in ("check", "confirm", "undo", "cancel", "retry"):
            assert call(client, "post", f"{PATH}{key}/{verb}").status_code in (401, 403, 404)
    assert ImportRun.objects.get().state == "uploaded"


def test_a_manager_imports_into_no_other_cluster(place: Place) -> None:
    for cluster in ("", "other", place.firm.key):
        assert failure(upload(place.manager, cluster)) == (422, "not-your-cluster", "body.cluster")
    assert not ImportRun.objects.exists()


def test_fields_are_listed_for_everybody(place: Place) -> None:
    rows = place.nobody.get(f"{PATH}fields?page_size=100", headers={"Accept-Language": "de"}).json()["items"]
    names = {row["name"]: row["label"] for row in rows}
    assert names["country"] == "Land"


class TestExport:
    def test_what_is_exported_is_imported_without_a_change(self, place: Place) -> None:
        answer = place.manager.get("/api/v1/export/?country=DE")
        assert answer["Content-Type"] == "text/csv"
        content = b"".join(answer.streaming_content)
        run = upload(place.manager, place.home.key, content).json()
        call(place.manager, "post", f"{PATH}{run['key']}/check")
        run_due_jobs()
        counts = place.manager.get(f"{PATH}{run['key']}").json()["counts"]
        assert (counts["new"], counts["change"], counts["refused"], counts["same"]) == (0, 0, 0, 2)

    def test_a_workbook_begins_like_one(self, place: Place) -> None:
        answer = place.manager.get("/api/v1/export/?format=xlsx&headers=de")
        assert b"".join(answer.streaming_content)[:2] == b"PK"

    def test_what_may_not_be_seen_is_not_exported(self, place: Place) -> None:
        organisation("Geheime AG", listing="hidden")
        actions.change_organisation(
            organisation=place.firm, values={"register_number": "HRB 4711"}, actor=ACTOR
        )
        actions.add_contact(organisation=place.firm, name="Geheime Person", actor=ACTOR)
        seen = b"".join(place.stranger.get("/api/v1/export/").streaming_content).decode()
        assert ("Nordwind" in seen, "Geheime" in seen, "4711" in seen) == (True, False, False)
        assert place.nobody.get("/api/v1/export/").status_code == 401

    def test_a_filter_that_means_nothing_is_named(self, place: Place) -> None:
        answer = place.manager.get("/api/v1/export/?nace=99.99")
        assert failure(answer) == (422, "bad-filter", "query.nace")
