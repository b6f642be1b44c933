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
from kontor.features.programmes.models import Commitment, Programme
from kontor.features.programmes.tests.conftest import ACTOR, CASE, EVIDENCE, NOTE, file_of
from kontor.programmes.template import blank

pytestmark = pytest.mark.django_db
BASE = "/programmes/border-light/"


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


def test_faults_are_told_in_the_readers_language(
    place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.manager)
    broken = file_of(version="2").replace("budget = 100000.00", 'budgett = "much"') + "envelope = 1\n"
    told = {
        "de": ("ist kein TOML: ein Wert ist zweimal angegeben.", "Prüfen Sie Anführungszeichen"),
        "nl": ("is geen TOML: een waarde is twee keer opgegeven.", "Controleer aanhalingstekens"),
        "en": ("is not TOML: Cannot overwrite a value.", "Check quotes"),
    }
    for language, sentences in told.items():
        User.objects.filter(pk=place.manager.pk).update(language=language)
        page = client.post("/programmes/check/", {"text": broken})
        assert all(sentence in page.text for sentence in sentences), page.text
    broken = broken.removesuffix("envelope = 1\n") + '[[instrument]]\nkey = "a"\nkind = "gift"\n'
    client.post(f"{BASE}edit/", {"text": broken, "revision": "", "step": "save"})
    User.objects.filter(pk=place.manager.pk).update(language="de")
    page = client.get(f"{BASE}edit/").text
    assert "gehört nicht an diese Stelle. <strong>Meinten Sie &#x27;budget&#x27;?</strong>" in page
    assert "„name“ fehlt. <strong>Ergänzen Sie name; erwartet wird eine Tabelle: [" in page
    assert "ist &#x27;gift&#x27;. <strong>Nehmen Sie eines von diesen: innovation-project, " in page
    refused = client.post(f"{BASE}edit/publish/now/", follow=True).text
    assert "Zeile 7: budgett gehört nicht an diese Stelle." in refused


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
