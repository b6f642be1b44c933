"""The main job, as a cluster manager does it: from a spreadsheet to explained partners, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.base.audit import verify
from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import cluster

HEADER = "Naam;Land;Plaats;Soort;Grootte;Aanbod 1;Behoefte 1"
MEMBERS = [
    "Veldhoven Warmte BV;NL;Arnhem;bedrijf;klein;;Wij zoeken een warmtewisselaar voor een biogasinstallatie",
    "Gießbach Thermik GmbH;DE;Kleve;bedrijf;klein;Wir bauen Wärmetauscher für Biogas und heiße Abgase;",
    "Atelier Chaleur SARL;FR;Lyon;bedrijf;;Nous fabriquons des échangeurs de chaleur pour le biogaz;",
    "Bakkerij Ochtend BV;NL;Venlo;bedrijf;micro;Wij bakken brood;",
]
BAD_ROW = "Zonder Land BV;Atlantis;;bedrijf;klein;;"
NEED = {"q": "Wij zoeken een warmtewisselaar voor biogas", "origin": "NL", "across": "on"}


@pytest.fixture
def manager(
    db: None, user_with: Callable[..., Any], signed_in: Callable[..., Client]
) -> tuple[Client, Organisation]:
    own = cluster("Cluster Warmte Oost", country="NL")
    return signed_in(user_with("cluster_manager", own.key)), own


def upload(client: Client, own: Organisation, rows: list[str]) -> str:
    """The address of the checked import."""
    file = SimpleUploadedFile("leden.csv", "\n".join([HEADER, *rows]).encode("cp1252"), "text/csv")
    answer = client.post("/directory/import/", {"file": file, "cluster": own.key})
    assert answer.status_code == 302, answer.content.decode()
    columns = client.get(answer["Location"])
    chosen = {bound.html_name: bound.initial or "" for bound in columns.context["form"]}
    checked = client.post(answer["Location"], chosen)
    assert checked.status_code == 302, checked.content.decode()
    run_due_jobs()
    return str(checked["Location"])


def confirm(client: Client, address: str) -> None:
    assert client.post(f"{address}confirm/").status_code == 302
    run_due_jobs()


def test_from_a_spreadsheet_to_explained_partners_and_back(manager: tuple[Client, Organisation]) -> None:
    client, own = manager
    before = Organisation.objects.count()

    # Nothing is written before it is confirmed, and a bad row is said with its remedy.
    refused = upload(client, own, [*MEMBERS, BAD_ROW])
    page = client.get(refused).content.decode()
    assert "Atlantis" in page
    assert Organisation.objects.count() == before

    address = upload(client, own, MEMBERS)
    confirm(client, address)
    assert Organisation.objects.count() == before + 4
    assert own.memberships.count() == 4

    # The same file again changes nothing, not even the log.
    logged = AuditEvent.objects.filter(subject_kind="organisation").count()
    again = upload(client, own, MEMBERS)
    assert "4" in client.get(again).content.decode()
    assert AuditEvent.objects.filter(subject_kind="organisation").count() == logged
    assert Organisation.objects.count() == before + 4

    # Anybody finds the partners across the border, with reasons; the baker and the domestic ones stay out.
    visitor = Client()
    found = visitor.get("/matches/", NEED).content.decode()
    assert "Gießbach Thermik GmbH" in found
    assert "Atelier Chaleur SARL" in found
    assert "Veldhoven Warmte" not in re.sub(r"<textarea.*?</textarea>", "", found, flags=re.S)
    assert found.count("<article") * 3 <= found.count("<li>")

    # For a member: what its own need finds.
    member = Organisation.objects.get(name="Veldhoven Warmte BV")
    asked = client.get("/matches/", {"organisation": member.key, "across": "on"}).content.decode()
    assert "Partners for Veldhoven Warmte BV" in asked
    assert "Gießbach Thermik GmbH" in asked

    # The whole import is taken back: the directory, the index and the matches are as before.
    assert client.post(f"{address}undo/").status_code == 302
    run_due_jobs()
    assert "Gießbach" not in visitor.get("/matches/", NEED).content.decode()
    assert not Organisation.objects.alive().filter(name="Gießbach Thermik GmbH").exists()
    assert verify().ok


def test_a_member_withdraws_and_is_gone_everywhere_at_once(
    manager: tuple[Client, Organisation], user_with: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    client, own = manager
    confirm(client, upload(client, own, MEMBERS))
    german = Organisation.objects.get(name="Gießbach Thermik GmbH")
    visitor = Client()
    pages = ["/directory/?q=Gie%C3%9Fbach", f"/directory/{german.key}/", "/directory/map/?country=DE"]
    assert "Gießbach" in visitor.get(pages[0]).content.decode()
    assert "Gießbach" in visitor.get(pages[1]).content.decode()

    owner = signed_in(user_with("owner", german.key))
    assert owner.post(f"/directory/{german.key}/consent/", {"listing": "withdrawn"}).status_code == 302

    for address in pages:
        assert "Gießbach Thermik" not in visitor.get(address).content.decode()
    assert "Gießbach" not in visitor.get("/matches/", NEED).content.decode()
    answer = visitor.get("/api/v1/organisations/?q=Thermik").content.decode()
    assert "Gießbach" not in answer
    assert "Gießbach" in owner.get(f"/directory/{german.key}/").content.decode()

    owner.post(f"/directory/{german.key}/consent/", {"listing": "listed"})
    assert "Gießbach" in visitor.get("/matches/", NEED).content.decode()


def test_strangers_cannot_import(user_with: Callable[..., Any], signed_in: Callable[..., Client]) -> None:
    assert Client().get("/directory/import/").status_code == 302
    assert signed_in(user_with("owner", "somebody")).get("/directory/import/").status_code == 403
