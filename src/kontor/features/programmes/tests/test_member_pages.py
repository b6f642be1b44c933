"""Who can do what, and whether a team may apply: cells, tables, partners, three states."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.features.organisations.tests.factories import organisation
from kontor.features.programmes.models import MemberCompetence, ProductStep
from kontor.features.programmes.tests.conftest import EVIDENCE

pytestmark = pytest.mark.django_db
BASE = "/programmes/border-light/"


def test_a_cell_changes_in_place_and_the_second_writer_sees_the_first(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    path = f"{BASE}competences/{place.lumen.key}/optics/"
    manager, owner = signed_in(place.manager), signed_in(place.lumen_owner)
    htmx = {"HX-Request": "true"}
    answer = owner.post(path, {"level": "3", "evidence": "New lens", "revision": "1"}, headers=htmx)
    assert "level-3" in answer.text
    late = manager.post(path, {"level": "1", "evidence": "Mine", "revision": "1"}, headers=htmx)
    assert "it is now 3" in late.text
    assert "New lens" in late.text
    assert ">Mine</textarea>" in late.text
    assert manager.post(path, {"level": "1", "revision": "1"}).status_code == 409
    assert manager.post(path, {"level": "7", "revision": "2"}).status_code == 400
    assert MemberCompetence.objects.get().level == 3
    strange = signed_in(place.rival_owner).post(path, {"level": "0", "revision": "2"})
    assert strange.status_code == 404


def test_the_matrix_goes_out_and_comes_back(place: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    client = signed_in(place.manager)
    text = client.get(f"{BASE}competences/export/?add={place.rival.key}").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "organisation;name;country;competence;text;level;evidence;revision"
    assert lines[1:] == [
        f"{place.lumen.key};Lumen BV;NL;optics;Design lenses;2;{EVIDENCE};1",
        f"{place.rival.key};Rivale GmbH;DE;optics;Design lenses;;;",
    ]

    def bring(client: Client, content: str) -> Any:
        file = SimpleUploadedFile("c.csv", content.encode())
        return client.post(f"{BASE}competences/import/", {"file": file}, follow=True)

    assert "0 cells are changed" in bring(client, text).text
    changed = text.replace(";2;", ";3;").replace("lenses;;;", "lenses;1;Two lamps;")
    assert "2 cells are changed" in bring(client, changed).text
    assert sorted(MemberCompetence.objects.values_list("level", "evidence")) == [
        (1, "Two lamps"), (3, EVIDENCE),
    ]  # fmt: skip
    late = bring(client, text)
    assert (late.status_code, "Line 2" in late.text) == (400, True)
    stolen = bring(signed_in(place.rival_owner), changed.replace("Two lamps", "Ha"))
    assert stolen.status_code == 400
    assert "Ha" not in MemberCompetence.objects.values_list("evidence", flat=True)
    assert "Level and revision" in bring(client, text.replace(";2;", ";two;")).text
    assert "are missing" in bring(client, "a;b\n1;2").text


def test_products_move_on_and_back(place: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    client = signed_in(place.manager)
    client.post(f"{BASE}products/lamp/move/", {"stage": "tested", "note": "Shines"})
    client.post(f"{BASE}products/lamp/move/", {"stage": "prototype", "note": "Broke"})
    assert [step.stage for step in ProductStep.objects.all()] == ["prototype", "tested", "prototype"]
    assert (
        signed_in(place.rival_owner).post(f"{BASE}products/lamp/move/", {"stage": "idea"}).status_code == 403
    )
    assert client.post(f"{BASE}products/lamp/move/", {"stage": "sold"}).status_code == 400
    assert client.get(f"{BASE}products/torch/").status_code == 404


def _team(*partners: dict[str, str], **more: Any) -> dict[str, Any]:
    rows = {f"p{at}-{name}": value for at, row in enumerate(partners) for name, value in row.items()}
    return {"instrument": "project", "count": str(len(partners)), "step": "check", **rows, **more}


GERMAN = {"name": "Licht GmbH", "country": "DE", "kind": "firm", "size": "small"}
DUTCH = {"name": "Licht BV", "country": "NL", "kind": "firm", "size": "small"}


def test_the_self_check_answers_in_three_states(place: SimpleNamespace) -> None:
    path, client = f"{BASE}eligibility/", Client()
    assert "Yes, your team keeps every rule" in client.post(path, _team(GERMAN, DUTCH)).text
    page = client.post(path, _team(GERMAN, {**GERMAN, "name": "Zweite"})).text
    assert "No, not as it stands" in page
    assert page.count('class="change"') >= 2
    assert "Not clear yet" in client.post(path, _team(GERMAN, {"name": "Somebody"})).text
    wrong = client.post(path, _team({**GERMAN, "nuts": "NL226"}, DUTCH)).text
    assert "contradicts itself" in wrong
    client.cookies["django_language"] = "de"
    wrong = client.post(path, _team({**GERMAN, "nuts": "NL226"}, DUTCH)).text
    assert "NL226 liegt nicht in DE. Berichtigen Sie eins von beiden." in wrong
    client.cookies["django_language"] = "en"
    assert "is no NUTS code" in client.post(path, _team({**GERMAN, "nuts": "QQ"}, DUTCH)).text


def test_partners_are_added_and_removed_without_a_script(place: SimpleNamespace) -> None:
    path, client = f"{BASE}eligibility/", Client()
    page = client.post(path, _team(GERMAN, DUTCH, step="remove-0", lead="1")).text
    assert "Licht GmbH" not in page
    assert 'value="Licht BV"' in page
    assert 'name="lead" value="0" checked' in page
    page = client.post(path, _team(GERMAN, {"name": ""}, step="directory", organisation="Lumen BV")).text
    assert 'value="Lumen BV"' in page
    assert client.post(path, _team(GERMAN, step="add")).text.count("<legend>Partner ") == 2
    assert "shows you no organisation" in client.post(path, _team(step="directory", organisation="X")).text


def test_a_hidden_organisation_is_not_found_by_the_self_check(place: SimpleNamespace) -> None:
    organisation("Verborgen BV", "NL", listing="hidden", nuts3="NL226")
    page = Client().post(f"{BASE}eligibility/", _team(step="directory", organisation="Verborgen BV")).text
    assert "shows you no organisation" in page
    assert "NL226" not in page
