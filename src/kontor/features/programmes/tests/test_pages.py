"""The pages: who may open them, what they show and must not show, two writers, bad input, taking back."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor import programmes as files
from kontor.features.accounts.models import User
from kontor.features.organisations.tests.factories import organisation
from kontor.features.programmes.actions import (
    add_programme,
    commit_money,
    move_product,
    publish_draft,
    state_competence,
)
from kontor.features.programmes.models import Commitment, MemberCompetence, ProductStep, Programme
from kontor.features.programmes.tests.conftest import ACTOR, file_of
from kontor.features.programmes.tests.test_products import COMPETENCE
from kontor.programmes.template import blank

pytestmark = pytest.mark.django_db
BASE = "/programmes/border-light/"
CASE = "Secret case of Lumen"
EVIDENCE = "Secret evidence of Lumen"
NOTE = "Secret note about the lamp"
RULED = """
[[side]]
key = "de"
countries = ["DE"]
name = { en = "Germany" }

[[side]]
key = "nl"
countries = ["NL"]
name = { en = "the Netherlands" }

[[instrument]]
key = "project"
kind = "innovation-project"
name = { en = "Project" }

[[instrument.rule]]
rule = "minimum-countries"
minimum = 2
source = "Handbook, page 4"

[[instrument.rule]]
rule = "smes-per-side"
minimum = 1
"""


@pytest.fixture
def place(user_with: Callable[..., User]) -> SimpleNamespace:
    """A published programme with a case, a stated competence and a moved product; and people around it."""
    programme = add_programme(text=file_of() + COMPETENCE + RULED, actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    lumen, rival = organisation("Lumen BV", "NL"), organisation("Rivale GmbH", "DE")
    state_competence(
        programme=programme, organisation=lumen, competence="optics", level=2, evidence=EVIDENCE,
        revision=None, actor=ACTOR,
    )  # fmt: skip
    commit_money(
        programme=programme, draws={"budget": Decimal("10.10"), "theme:energy": Decimal("10.10")},
        reference=CASE, actor=ACTOR,
    )  # fmt: skip
    move_product(programme=programme, product="lamp", stage="prototype", note=NOTE, actor=ACTOR)
    return SimpleNamespace(
        programme=programme,
        lumen=lumen,
        rival=rival,
        manager=user_with("programme_manager", "border-light", name="Mia Manager"),
        other_manager=user_with("programme_manager", "rocket"),
        administrator=user_with("administrator"),
        lumen_owner=user_with("owner", lumen.key),
        rival_owner=user_with("owner", rival.key),
        nobody=user_with(),
    )


def test_who_may_open_what(place: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    commitment = Commitment.objects.get().key
    everybody = {"manager", "other_manager", "administrator", "lumen_owner", "rival_owner", "nobody"}
    decide = {"manager", "administrator"}
    allowed = {
        "/programmes/": everybody, BASE: everybody, f"{BASE}money/": everybody, f"{BASE}products/": everybody,
        f"{BASE}products/lamp/": everybody, f"{BASE}eligibility/": everybody, f"{BASE}versions/": everybody,
        f"{BASE}versions/1/": everybody, f"{BASE}versions/1/file/": everybody,
        f"{BASE}versions/compare/": everybody, f"{BASE}money/export/": everybody,
        f"{BASE}money/export/?what=cases": decide, f"{BASE}money/commit/": decide,
        f"{BASE}money/move/": decide, f"{BASE}money/release/{commitment}/": decide,
        f"{BASE}edit/": decide, f"{BASE}edit/publish/": decide, f"{BASE}edit/discard/": decide,
        f"{BASE}competences/": decide | {"lumen_owner", "rival_owner"},
        f"{BASE}competences/{place.lumen.key}/optics/": decide | {"lumen_owner"},
        "/programmes/add/": {"administrator"},
    }  # fmt: skip
    for path, may in allowed.items():
        found = {name for name in everybody if signed_in(getattr(place, name)).get(path).status_code == 200}
        assert found == may, path
        assert (Client().get(path).status_code == 200) == (may == everybody), path


def test_what_only_those_who_decide_may_read(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    pages = {CASE: f"{BASE}money/", NOTE: f"{BASE}products/lamp/"}
    for secret, path in pages.items():
        assert secret in signed_in(place.manager).get(path).text
        for other in (place.rival_owner, place.other_manager):
            page = signed_in(other).get(path)
            assert page.status_code == 200
            assert secret not in page.text
    assert "99,989.90" in Client().get(f"{BASE}money/").text
    assert CASE not in Client().get(f"{BASE}money/export/").text


def test_competitors_see_neither_rows_nor_evidence_nor_coverage_of_each_other(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    rival = signed_in(place.rival_owner)
    page = rival.get(f"{BASE}competences/").text
    assert "Rivale GmbH" in page
    for told in ("Lumen BV", EVIDENCE, "Members that reach"):
        assert told not in page
        assert told not in rival.get(f"{BASE}competences/export/").text
    own = signed_in(place.lumen_owner).get(f"{BASE}competences/{place.lumen.key}/optics/")
    assert EVIDENCE in own.text
    whole = signed_in(place.manager).get(f"{BASE}competences/").text
    assert "Members that reach" in whole
    assert "Lumen BV (NL, 2)" in whole


def test_a_draft_of_a_new_programme_is_seen_by_those_who_edit_it_only(
    user_with: Callable[..., User], signed_in: Callable[..., Client]
) -> None:
    add_programme(text=file_of("new-one"), actor=ACTOR)
    manager = signed_in(user_with("programme_manager", "new-one"))
    assert "This is a draft" in manager.get("/programmes/new-one/").text
    assert manager.get("/programmes/new-one/money/").status_code == 404
    assert Client().get("/programmes/new-one/").status_code == 404
    assert "new-one" not in Client().get("/programmes/").text
    assert "No programmes yet" in Client().get("/programmes/").text


def test_search_and_nothing_found(place: SimpleNamespace) -> None:
    assert "Border light" in Client().get("/programmes/?q=small+grants").text
    assert "Nothing found" in Client().get("/programmes/?q=volcano").text


def test_the_page_tells_rules_with_source_in_the_readers_language(place: SimpleNamespace) -> None:
    page = Client(headers={"accept-language": "de"}).get(BASE).text
    assert "Handbook, page 4" in page
    assert "Partner aus mindestens 2 Ländern" in page


@pytest.mark.parametrize("key", sorted(files.shipped_texts()))
def test_every_programme_of_the_library_shows_with_its_variants(key: str) -> None:
    made = add_programme(text=files.shipped_texts()[key], actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    definition = files.shipped()[key]
    for language in ("en", "nl"):
        page = Client(headers={"accept-language": language}).get(f"/programmes/{key}/")
        assert page.status_code == 200
    for variant in definition.variants:
        page = Client().get(f"/programmes/{key}/versions/1/?variant={variant.key}")
        assert variant.name.best("en") in page.text
    assert Client().get(f"/programmes/{key}/?variant=none").status_code == 404


def test_saving_keeps_faults_and_shows_them_with_line_and_remedy(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.manager)
    broken = file_of(version="2").replace("budget = 100000.00", 'budgett = "much"')
    page = client.post(f"{BASE}edit/", {"text": broken, "revision": "", "step": "save"}, follow=True).text
    assert place.programme.draft.text == broken
    assert "#line-" in page
    assert "Did you mean" in page
    assert "A draft with faults cannot be published" in client.get(f"{BASE}edit/publish/").text
    answer = client.post(f"{BASE}edit/publish/now/", follow=True)
    assert "Line " in answer.text
    assert Programme.objects.get().current.number == 1


def test_the_second_writer_of_a_draft_sees_both_texts_and_loses_neither(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.manager)
    mine, theirs = file_of(version="mine"), file_of(version="theirs", budget="90000.00")
    client.post(f"{BASE}edit/", {"text": theirs, "revision": "", "step": "save"})
    page = client.post(f"{BASE}edit/", {"text": mine, "revision": "", "step": "save"})
    assert page.status_code == 409
    assert "version = &quot;mine&quot;" in page.text
    assert "version = &quot;theirs&quot;" in page.text
    assert "Mia Manager saved before you" in page.text
    assert place.programme.draft.text == theirs
    client.post(f"{BASE}edit/", {"text": mine, "revision": "1", "step": "save"})
    assert place.programme.draft.text == mine


def test_looking_saves_nothing_and_tells_what_changes(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    new = place.programme.current.text.replace("100000.00", "120000.00")
    page = signed_in(place.manager).post(f"{BASE}edit/", {"text": new, "revision": "", "step": "look"})
    assert "120,000" in page.text
    assert place.programme.draft is None


def test_publish_compare_and_take_back_a_thrown_away_draft(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.manager)
    new = place.programme.current.text.replace("100000.00", "120000.00")
    client.post(f"{BASE}edit/", {"text": new, "revision": "", "note": "More money", "step": "save"})
    page = client.post(f"{BASE}edit/discard/")
    assert "Take it back" in page.text
    assert place.programme.draft is None
    client.post(f"{BASE}edit/", {"text": new, "revision": "", "note": "More money", "step": "save"})
    assert "120,000" in client.get(f"{BASE}edit/publish/").text
    client.post(f"{BASE}edit/publish/now/")
    assert Programme.objects.get().current.text == new
    assert "120,000" in Client().get(f"{BASE}versions/compare/?from=1&to=2").text
    assert "More money" in Client().get(f"{BASE}versions/").text
    assert Client().get(f"{BASE}versions/compare/?from=1&to=9").status_code == 404


def test_an_uploaded_file_replaces_the_text_and_comes_back_as_it_was(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.manager)
    text = file_of(version="uploaded")
    given = SimpleUploadedFile("p.toml", b"\xef\xbb\xbf" + text.encode())
    client.post(f"{BASE}edit/", {"text": "", "upload": given, "revision": "", "step": "save"})
    assert place.programme.draft.text == text
    assert client.get(f"{BASE}versions/2/file/").content.decode() == text
    assert Client().get(f"{BASE}versions/2/file/").status_code == 404
    latin = SimpleUploadedFile("p.toml", "key = 'é'".encode("latin-1"))
    page = client.post(f"{BASE}edit/", {"text": "", "upload": latin, "revision": "1", "step": "save"})
    assert "not written in UTF-8" in page.text


def test_the_live_check_needs_a_programme_manager(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    page = signed_in(place.manager).post("/programmes/check/", {"text": "schema = 1\nkey = 3"})
    assert "Line 2" in page.text
    assert signed_in(place.rival_owner).post("/programmes/check/", {"text": ""}).status_code == 403


def test_a_new_programme_from_the_template_or_a_copy(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.administrator)
    assert files.check(blank().encode())[1] == []
    assert "new-programme" in client.get("/programmes/add/").text
    assert "border-light" in client.get("/programmes/add/?copy=border-light").text
    page = client.post("/programmes/add/", {"text": file_of()})
    assert "exists already" in page.text
    client.post("/programmes/add/", {"text": blank()})
    assert Programme.objects.get(key="new-programme").draft.text.strip() == blank().strip()


def test_money_is_committed_moved_and_released_with_reasons(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.manager)
    given: dict[str, Any] = {
        "reference": "Case 2",
        "amount": "49,989.90",
        "envelopes": ["budget", "theme:energy"],
    }
    client.post(f"{BASE}money/commit/", given)
    energy = place.programme.envelopes.get(key="theme:energy")
    assert energy.remaining == Decimal("10000.00")
    page = client.post(f"{BASE}money/commit/", {**given, "amount": "10000.01"})
    assert page.status_code == 400
    assert "has 10000.00 EUR left" in page.text
    page = client.post(f"{BASE}money/move/", {"source": "theme:energy", "target": "budget", "amount": "1"})
    assert page.status_code == 400
    client.post(
        f"{BASE}money/move/",
        {"source": "theme:energy", "target": "budget", "amount": "0.50", "reason": "Rounding"},
    )
    assert place.programme.reallocations.get().amount == Decimal("0.50")
    case = Commitment.objects.get(reference="Case 2")
    client.post(f"{BASE}money/release/{case.key}/", {"reason": "Withdrawn"})
    case.refresh_from_db()
    assert case.release_reason == "Withdrawn"
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{BASE}money/export/?what=cases&format=xlsx").content)
    )
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert [(row[1], row[2], row[3]) for row in rows] == [
        ("committed", "Case 2", 49989.9), ("committed", CASE, 10.1), ("moved", None, 0.5),
    ]  # fmt: skip


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


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_run_under_one_number_of_queries(
    rows: int,
    place: SimpleNamespace,
    signed_in: Callable[..., Client],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number in range(rows - 1):
        more = add_programme(text=file_of(f"more-{number}"), actor=ACTOR)
        publish_draft(programme=more, actor=ACTOR)
        commit_money(
            programme=place.programme, draws={"budget": Decimal(1)}, reference=f"C{number}", actor=ACTOR
        )
        state_competence(
            programme=place.programme, organisation=organisation(f"Firm {number}", "DE"), competence="optics",
            level=1, revision=None, actor=ACTOR,
        )  # fmt: skip
        move_product(programme=place.programme, product="lamp", stage="tested", actor=ACTOR)
    client = signed_in(place.manager)
    client.get("/programmes/")
    for path, count in (
        ("/programmes/", 5),
        (f"{BASE}money/", 10),
        (f"{BASE}competences/", 6),
        (f"{BASE}products/", 6),
        (f"{BASE}versions/", 5),
    ):
        with django_assert_num_queries(count):
            client.get(path)
