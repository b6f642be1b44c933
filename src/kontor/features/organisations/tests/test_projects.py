"""Earlier projects: who sees which partner, merges and parting, what an import brings and takes back."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from kontor.base.models import AuditEvent
from kontor.features.organisations import actions
from kontor.features.organisations.earlier import lines_of, parts_of
from kontor.features.organisations.imports import files
from kontor.features.organisations.imports.actions import forget_old_files
from kontor.features.organisations.imports.projects import import_projects
from kontor.features.organisations.imports.undo import undo_run
from kontor.features.organisations.models import EarlierProject, ImportRun, Organisation, Participation
from kontor.features.organisations.queries import export_of
from kontor.features.organisations.tests.factories import ACTOR, organisation, project

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead = organisation("Lampo Kvark Oy", "FI")
    open_ = organisation("Nordwind Rotor GmbH", "DE")
    members = organisation("Scambiatori Lecco SRL", "IT", listing="members")
    hidden = organisation("Skjult Varme ApS", "DK", listing="hidden")
    shared = project("Rotors for the sea", lead, open_, members, hidden, programme="Horizon Europe")
    older = project("Warm milk", open_, year=2015)
    return SimpleNamespace(lead=lead, open=open_, members=members, hidden=hidden, shared=shared, older=older)


def partners(of: Organisation, user: Any) -> list[list[str]]:
    return [
        [each.organisation.name for each in line.partners]
        for line in lines_of(list(parts_of(of)), user, "en")
    ]


def test_the_latest_project_comes_first_and_the_lead_is_named_first(world: SimpleNamespace) -> None:
    lines = lines_of(list(parts_of(world.open)), AnonymousUser(), "en")
    assert [(line.project.title, line.when, line.leads) for line in lines] == [
        ("Rotors for the sea", "2022–2024", False),
        ("Warm milk", "2015–2017", True),
    ]
    assert [(each.organisation.name, each.country, each.leads) for each in lines[0].partners] == [
        ("Lampo Kvark Oy", "Finland", True)
    ]


def test_partners_are_named_only_to_those_who_may_see_them(world: SimpleNamespace, user_with: Any) -> None:
    assert partners(world.open, AnonymousUser())[0] == ["Lampo Kvark Oy"]
    assert partners(world.open, user_with("reader", world.lead.key))[0] == [
        "Lampo Kvark Oy",
        "Scambiatori Lecco SRL",
    ]
    assert partners(world.open, user_with("administrator"))[0] == [
        "Lampo Kvark Oy",
        "Scambiatori Lecco SRL",
        "Skjult Varme ApS",
    ]


@pytest.mark.parametrize("path", ["", "projects/", "projects.csv"])
def test_no_page_counts_or_names_a_hidden_partner(client: Client, world: SimpleNamespace, path: str) -> None:
    answer = client.get(f"/directory/{world.open.key}/{path}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Rotors for the sea" in text
    assert "Lampo Kvark Oy" in text
    assert "Skjult" not in text
    assert "Scambiatori" not in text
    assert "With 3 partners" not in text


@pytest.mark.parametrize("path", ["projects/", "projects.csv"])
def test_projects_of_a_hidden_organisation_do_not_exist_for_strangers(
    client: Client, world: SimpleNamespace, path: str
) -> None:
    assert client.get(f"/directory/{world.hidden.key}/{path}").status_code == 404
    assert client.get(f"/api/v1/organisations/{world.hidden.key}/projects/").status_code == 404


def test_whoever_withdraws_vanishes_from_the_projects_of_others(world: SimpleNamespace) -> None:
    actions.withdraw_consent(organisation=world.lead, actor=ACTOR)
    assert partners(world.open, AnonymousUser()) == [[], []]


def test_the_api_gives_projects_with_visible_partners(client: Client, world: SimpleNamespace) -> None:
    answer = client.get(f"/api/v1/organisations/{world.open.key}/projects/").json()
    assert [(each["title"], each["role"]) for each in answer["items"]] == [
        ("Rotors for the sea", "partner"),
        ("Warm milk", "lead"),
    ]
    assert answer["items"][0]["partners"] == [
        {"key": world.lead.key, "name": "Lampo Kvark Oy", "country": "FI", "lead": True}
    ]


def test_a_long_list_has_pages_and_each_project_its_page(client: Client, world: SimpleNamespace) -> None:
    for number in range(25):
        project(f"Later {number:02}", world.open, year=2023)
    page = client.get(f"/directory/{world.open.key}/projects/?show={world.older.key}").content.decode()
    assert f'id="project-{world.older.key}"' in page
    assert "Later 00" not in page
    profile = client.get(f"/directory/{world.open.key}/").content.decode()
    assert "All 27 projects" in profile


def test_the_table_is_harmless_in_a_spreadsheet(client: Client, world: SimpleNamespace) -> None:
    project("=HYPERLINK(1)", world.open, year=2023)
    text = client.get(f"/directory/{world.open.key}/projects.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["title"] for row in rows] == ["'=HYPERLINK(1)", "Rotors for the sea", "Warm milk"]
    assert rows[1]["partners"] == "Lampo Kvark Oy (FI)"


def test_the_owners_file_tells_the_part_and_nobody_else(world: SimpleNamespace) -> None:
    told = export_of(world.open)["earlier_projects"]
    assert [(each["title"], each["role"]) for each in told] == [
        ("Rotors for the sea", "partner"),
        ("Warm milk", "lead"),
    ]
    assert "Lampo" not in str(told)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_projects_runs_on_few_queries(
    client: Client, world: SimpleNamespace, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        project(f"One more {number}", world.open, world.lead)
    with django_assert_num_queries(4):
        client.get(f"/directory/{world.open.key}/projects/")


def test_a_merge_moves_parts_and_parting_brings_them_back(world: SimpleNamespace) -> None:
    twin = organisation("Nordwind Rotor", "DE")
    only = project("Cold storage", twin, year=2020)
    Participation.objects.create(project=world.shared, organisation=twin)
    merge = actions.merge_organisations(kept=world.open, gone=twin, actor=ACTOR)
    assert [part.project for part in parts_of(world.open)] == [world.shared, only, world.older]
    assert partners(world.lead, AnonymousUser()) == [["Nordwind Rotor GmbH"]]
    actions.unmerge_organisations(merge=merge, actor=ACTOR)
    assert [part.project for part in parts_of(twin)] == [world.shared, only]
    assert [part.project for part in parts_of(world.open)] == [world.shared, world.older]


def test_a_merge_of_two_in_one_project_keeps_the_lead(world: SimpleNamespace) -> None:
    twin = organisation("Nordwind Rotor", "DE")
    both = project("Cold storage", twin, world.open, year=2020)

    def roles() -> dict[str, str]:
        return dict(Participation.objects.filter(project=both).values_list("organisation__key", "role"))

    assert roles() == {twin.key: "lead", world.open.key: "partner"}
    merge = actions.merge_organisations(kept=world.open, gone=twin, actor=ACTOR)
    assert roles()[world.open.key] == "lead"
    actions.unmerge_organisations(merge=merge, actor=ACTOR)
    assert roles() == {twin.key: "lead", world.open.key: "partner"}


def test_a_lead_stays_when_a_partner_is_merged_into_it(world: SimpleNamespace) -> None:
    twin = organisation("Nordwind Rotor", "DE")
    both = project("Cold storage", world.open, twin, year=2020)
    merge = actions.merge_organisations(kept=world.open, gone=twin, actor=ACTOR)
    actions.unmerge_organisations(merge=merge, actor=ACTOR)
    rows = Participation.objects.filter(project=both)
    assert dict(rows.values_list("organisation__key", "role")) == {
        world.open.key: "lead",
        twin.key: "partner",
    }


def test_parting_a_merge_minds_what_was_imported_meanwhile(world: SimpleNamespace) -> None:
    twin = organisation("Nordwind Rotor", "DE")
    only = project("Cold storage", twin, year=2020)
    merge = actions.merge_organisations(kept=world.open, gone=twin, actor=ACTOR)
    Participation.objects.create(project=only, organisation=twin)
    actions.unmerge_organisations(merge=merge, actor=ACTOR)
    assert list(
        Participation.objects.filter(project=only, organisation=twin).values_list("role", flat=True)
    ) == ["partner"]


PROJECTS = """id,acronym,title,startDate,endDate,fundingScheme,objective
1,WIND,{title},2024-01-01,2026-01-01,HORIZON-RIA,We test rotor blades in salt water.
2,OLD,Ropes of hemp,2025-01-01,2024-01-01,HORIZON-RIA,The end lies before the beginning.
"""
PARTNERS = """projectID,name,shortName,SME,activityType,city,country,role,pic
1,WIND A GMBH,WA,True,PRC,Bremen,DE,coordinator,999999999
1,UNIVERSITY OF B,UB,False,HES,Groningen,NL,participant,888888888
2,UNIVERSITY OF B,UB,False,HES,Groningen,NL,participant,888888888
"""


def write(folder: Path, title: str = "Rotors for the sea", more: str = "") -> Path:
    (folder / "projects.csv").write_text(PROJECTS.format(title=title), encoding="utf-8")
    (folder / "participations.csv").write_text(PARTNERS + more, encoding="utf-8")
    return folder


def load(folder: Path) -> ImportRun:
    answer = import_projects(path=folder, kind="cordis", actor=ACTOR)
    assert not files.folder(answer["run"]).exists()
    return ImportRun.objects.get(key=answer["run"])


def stored() -> list[tuple[str, str, str, str]]:
    rows = Participation.objects.order_by("project__external_id", "organisation__pic")
    return list(rows.values_list("project__title", "project__programme", "organisation__pic", "role"))


BOTH = [
    ("Rotors for the sea", "HORIZON-RIA", "888888888", "partner"),
    ("Rotors for the sea", "HORIZON-RIA", "999999999", "lead"),
    ("Ropes of hemp", "HORIZON-RIA", "888888888", "partner"),
]


def test_an_import_brings_projects_and_parts_once(tmp_path: Path) -> None:
    load(write(tmp_path))
    assert stored() == BOTH
    first = EarlierProject.objects.get(external_id="1")
    assert (str(first.started_on), str(first.ended_on), first.language) == ("2024-01-01", "2026-01-01", "en")
    assert EarlierProject.objects.get(external_id="2").ended_on is None
    events = AuditEvent.objects.count()
    load(tmp_path)
    assert stored() == BOTH
    assert AuditEvent.objects.count() == events


def test_a_dry_run_writes_no_projects(tmp_path: Path) -> None:
    answer = import_projects(path=write(tmp_path), kind="cordis", actor=ACTOR, dry_run=True)
    assert (answer["projects"], answer["parts"]) == (2, 0)
    assert not files.folder(answer["run"]).exists()
    assert not EarlierProject.objects.exists()


def test_its_rows_are_forgotten_like_those_of_a_spreadsheet(tmp_path: Path) -> None:
    run = load(write(tmp_path))
    assert run.rows.count() > 0
    assert forget_old_files(now=run.created_at + dt.timedelta(days=31)) == 1
    assert (run.rows.count(), forget_old_files(now=run.created_at + dt.timedelta(days=31))) == (0, 0)


def test_an_import_is_taken_back_with_its_projects(tmp_path: Path) -> None:
    run = load(write(tmp_path))
    undo_run(run=run, actor=ACTOR)
    assert not Participation.objects.exists()
    assert not EarlierProject.objects.exists()


def test_taking_back_restores_what_was_known_before(tmp_path: Path) -> None:
    load(write(tmp_path))
    third = "1,FIRM C BV,FC,True,PRC,Delft,NL,participant,777777777\n"
    more = f"{third}2,WIND A GMBH,WA,True,PRC,Bremen,DE,coordinator,999999999\n"
    later = load(write(tmp_path, "Rotors for all seas", more))
    assert len(stored()) == 5
    assert EarlierProject.objects.get(external_id="1").title == "Rotors for all seas"
    undo_run(run=later, actor=ACTOR)
    assert stored() == BOTH
    assert not Organisation.objects.filter(pic="777777777").exists()


def test_what_a_later_import_told_of_a_project_stays(tmp_path: Path) -> None:
    load(write(tmp_path))
    older = load(write(tmp_path, "Rotors for all seas"))
    later = load(write(tmp_path, "Rotors for calm seas"))
    undone = undo_run(run=older, actor=ACTOR)
    calm = [("Rotors for calm seas", *row[1:]) if row[0] != "Ropes of hemp" else row for row in BOTH]
    assert stored() == calm
    firm, university = (Organisation.objects.get(pic=pic).key for pic in ("999999999", "888888888"))
    assert undone.kept == {firm: "changed", university: "changed"}
    assert undo_run(run=later, actor=ACTOR).kept == {}
    assert EarlierProject.objects.get(external_id="1").title == "Rotors for all seas"


def test_a_part_whose_role_a_later_import_told_stays(tmp_path: Path) -> None:
    load(write(tmp_path))
    second = "2,WIND A GMBH,WA,True,PRC,Bremen,DE,participant,999999999\n"
    older = load(write(tmp_path, more=second))
    later = load(write(tmp_path, more=second.replace("participant", "coordinator")))
    firm = Organisation.objects.get(pic="999999999")
    assert undo_run(run=older, actor=ACTOR).kept == {firm.key: "projects"}
    led = ("Ropes of hemp", "HORIZON-RIA", "999999999", "lead")
    assert set(stored()) == {*BOTH, led}
    undo_run(run=later, actor=ACTOR)
    assert set(stored()) == {*BOTH, (*led[:3], "partner")}


def test_whoever_was_changed_since_keeps_its_part(tmp_path: Path) -> None:
    run = load(write(tmp_path))
    touched = Organisation.objects.get(pic="888888888")
    values = {"summary": "Written by hand."}
    actions.change_organisation(
        organisation=touched, values=values, base=actions.snapshot(touched), actor=ACTOR
    )
    undo_run(run=run, actor=ACTOR)
    assert [row[0] for row in stored()] == ["Rotors for the sea", "Ropes of hemp"]


def test_a_project_without_a_member_in_the_directory_is_left_out(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "projects.csv").write_text(
        "id,acronym,title\n1,,Known\n2,,Other\n3,,Alone\n", encoding="utf-8"
    )
    load(tmp_path)
    assert sorted(EarlierProject.objects.values_list("title", flat=True)) == ["Known", "Other"]
