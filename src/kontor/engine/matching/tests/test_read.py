"""Readers on small files with the traps of their formats, and on the real data where it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.read import directory_schema, read_cordis, read_directory, read_keep
from kontor.engine.matching.record import profile_as_json, profile_from_json
from kontor.engine.matching.tests.doubles import INSTANCES

SHARED = Path(os.environ.get("KONTOR_SHARED", Path(__file__).parents[6] / "shared" / "data"))

PROJECTS = """id;title;startDate;totalCost;objective
101;"Heat; from waste";01/03/2024;"1199967,5";"We lift heat.
Second line."
102.0;Cold;2023-05-01;0;We cool.
103;Odd;tomorrow;0;
"""
PARTICIPANTS = """projectID;pic;name;shortName;SME;activityType;city;country;organizationURL
101;999868144.0;ACME GMBH;;true;PRC;Wien;AT;http://acme.example
102;999868144;ACME GMBH;ACME;true;PRC;Wien;AT;
102;999868144;Acme;;true;PRC;Wien;AT;
101;111111111;ΠΑΝΕΠΙΣΤΗΜΙΟ;;false;HES;Αθήνα;EL;
102;222222222;Big Ltd;;false;PRC;London;UK;
101;;No Pic;;false;PRC;;DE;
999;333333333;Lost;;false;PRC;;DE;
"""


@pytest.fixture
def cordis(tmp_path: Path) -> Path:
    (tmp_path / "project.csv").write_text(PROJECTS, encoding="utf-8-sig")
    (tmp_path / "organization.csv").write_text(PARTICIPANTS, encoding="utf-8")
    return tmp_path


def test_cordis_merges_on_pic_and_normalises(cordis: Path) -> None:
    directory = read_cordis(cordis)
    by_key = {profile.key: profile for profile in directory.profiles}
    assert list(by_key) == ["pic111111111", "pic222222222", "pic999868144"]
    acme = by_key["pic999868144"]
    assert (acme.name, acme.kind, acme.size, acme.country) == ("ACME GMBH", "firm", "sme", "AT")
    assert [s.text for s in acme.statements] == [
        "Heat; from waste. We lift heat.\nSecond line.",
        "Cold. We cool.",
    ]
    assert [s.confirmed_on for s in acme.statements] == ["2024-03-01", "2023-05-01"]
    assert acme.partners == ("pic111111111", "pic222222222")
    assert by_key["pic111111111"].country == "GR"
    assert (by_key["pic222222222"].country, by_key["pic222222222"].size) == ("GB", "large")
    assert directory.details["pic999868144"].short_name == "ACME"


def test_cordis_tells_what_it_left_out(cordis: Path) -> None:
    told = [(p.file, p.row, p.column, p.fatal) for p in read_cordis(cordis).problems]
    assert told == [
        ("project.csv", 3, "startDate", False),
        ("organization.csv", 6, "pic", True),
        ("organization.csv", 7, "projectID", True),
    ]
    assert all(p.message and p.remedy for p in read_cordis(cordis).problems)


ENGLISH = "Project name in English,Description in English"
ORGANISATION = "Organisation in English,Type of Organisation"
REGION = "NUTS3 code (or equivalent)"
KEEP_PROJECTS = f"""Programme,Project acronym,Project name,Description,Project start,{ENGLISH}
P,ONE,Nom,,2019-11-01,Name,English text
P,TWO,Deux,"PROJECT TYPE: 1 - Thematic projects
~
MAIN INTERVENTION FIELD: 021. SME business
We help\xa0firms.",2020-01-01,,
"""
KEEP_PARTNERS = f"""Programme,Project acronym,{ORGANISATION},Town,Country code,{REGION},Latitude,Legal Status
P,ONE,Université de Lyon (Institute A),N.a.,Lyon,FR,FRK26,"45,7",public
P,TWO,UNIVERSITE DE LYON (N/A),,Lyon,FR,FRK26,45.7,public
P,ONE,Plymouth Lab,,Plymouth,UK,TLK41,,private
P,TWO,Chambre,,Tunis,TN,TN001234567,,public
P,THREE,Lost,,Roma,IT,ITI43,,
P,TWO,Nowhere,,X,,,,
"""


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    (tmp_path / "projects.csv").write_text(KEEP_PROJECTS, encoding="utf-8")
    (tmp_path / "partners.csv").write_text(KEEP_PARTNERS, encoding="utf-8")
    return tmp_path


def test_keep_merges_on_name_country_and_town(keep: Path) -> None:
    directory = read_keep(keep)
    by_name = {profile.name: profile for profile in directory.profiles}
    assert set(by_name) == {"Université de Lyon", "Plymouth Lab", "Chambre"}
    lyon = by_name["Université de Lyon"]
    assert (lyon.kind, lyon.country, lyon.nuts3) == ("research", "FR", "FRK26")
    assert [s.text for s in lyon.statements] == ["Name. English text", "Deux. We help firms."]
    assert directory.details[lyon.key].latitude == 45.7
    assert by_name["Plymouth Lab"].country == "GB"
    assert by_name["Chambre"].nuts3 == ""
    assert [(p.row, p.column) for p in directory.problems] == [(5, "Project acronym"), (6, "Country code")]


def test_instance_is_read_whole() -> None:
    directory = read_directory(INSTANCES / "crossing.json")
    assert len(directory.profiles) == 14
    assert directory.problems == ()
    for profile in directory.profiles:
        assert profile_from_json(json.loads(json.dumps(profile_as_json(profile)))) == profile


CSV = """key,name,country,kind,size,statement,language,text,trl,codes
a,Firm A,DE,firm,small,offer,de,Wir bauen Pumpen,7,nace:28.13 theme:heat
a,Firm A,DE,firm,small,need,de,Wir suchen Stahl,,
b,Firm B,XYZ,firm,small,offer,en,We sell,,
c,Firm C,NL,firm,small,offer,en,We sell,seven,
d,Firm D,NL,,,,,,,
"""


def test_simple_csv(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(CSV, encoding="cp1252")
    directory = read_directory(path)
    assert [(p.key, len(p.statements)) for p in directory.profiles] == [("a", 2), ("d", 0)]
    assert [(p.row, p.column) for p in directory.problems] == [(3, "country"), (4, "trl")]


BROKEN = {
    "no such file": (None, "no such file"),
    "no JSON": ("{", "no JSON"),
    "another format": ('{"format": "x"}', "kontor-directory/1"),
    "no list": ('{"format": "kontor-directory/1", "organisations": 3}', "not a list"),
    "binary": ("\0\0PK", "no text file"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused(tmp_path: Path, name: str) -> None:
    content, message = BROKEN[name]
    path = tmp_path / "d.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidInput, match=message):
        read_directory(path)


RECORDS = {
    "name": {"key": "a"},
    "key": {"name": "A"},
    "nmae": {"key": "a", "name": "A", "nmae": "A"},
    "statements[0].trl": {"key": "a", "name": "A", "statements": [{"kind": "offer", "text": "x", "trl": 12}]},
    "statements[0].kind": {"key": "a", "name": "A", "statements": [{"kind": "wish", "text": "x"}]},
    "introductions": {"key": "a", "name": "A", "introductions": "3"},
    "codes": {"key": "a", "name": "A", "codes": [28]},
    "languages": {"key": "a", "name": "A", "languages": "de"},
}


@pytest.mark.parametrize("path", RECORDS)
def test_broken_records_are_told_with_their_path(tmp_path: Path, path: str) -> None:
    good = {"key": "good", "name": "Good"}
    content = {"format": "kontor-directory/1", "organisations": [good, RECORDS[path]]}
    (tmp_path / "d.json").write_text(json.dumps(content))
    directory = read_directory(tmp_path / "d.json")
    assert [profile.key for profile in directory.profiles] == ["good"]
    assert [(p.row, p.column) for p in directory.problems] == [(2, path)]


def test_schema_names_every_field() -> None:
    organisation = directory_schema()["properties"]["organisations"]["items"]
    assert organisation["required"] == ["key", "name"]
    assert set(organisation["properties"]["statements"]["items"]["properties"]) >= {
        "text",
        "trl",
        "codes",
        "teaser",
    }


@pytest.mark.skipif(
    not (SHARED / "cordis_horizon_europe").is_dir(), reason="needs the CORDIS extract in KONTOR_SHARED"
)
def test_real_cordis_extract() -> None:
    directory = read_cordis(SHARED / "cordis_horizon_europe")
    assert len(directory.profiles) > 4000
    assert all(profile.country != "EL" for profile in directory.profiles)


@pytest.mark.skipif(
    not (SHARED / "interreg_keep").is_dir(), reason="needs the keep.eu export in KONTOR_SHARED"
)
def test_real_keep_export() -> None:
    directory = read_keep(SHARED / "interreg_keep")
    assert len(directory.profiles) > 2000
    assert len(directory.problems) < 10
