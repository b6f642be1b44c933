"""The invented calls: exact in money, eligible as told, assigned to people, and gone with the sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from kontor.base.attachments import place_of
from kontor.base.events import SampleLoaded, SampleRemoved
from kontor.base.models import Attachment
from kontor.features.calls.casework.clocks import Level
from kontor.features.calls.casework.problem import clocks
from kontor.features.calls.dossier.signing import missing_signatures, signatories, standings
from kontor.features.calls.models import Amendment, Application, Call, Case, EligibilityDecision, PartnerWish
from kontor.features.calls.problem import eligibility
from kontor.features.calls.sample import forget_sample_papers, load_calls
from kontor.features.calls.sample.read import CALLS, read_call
from kontor.features.calls.snapshot import digest_of
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.sample import rows
from kontor.features.organisations.sample.read import read_sample
from kontor.features.programmes.models import Programme
from kontor.features.programmes.sample import load_programmes, remove_programmes

pytestmark = pytest.mark.django_db


def _needed() -> set[str]:
    told = [read_call(name) for name in CALLS]
    partners = {
        one["organisation"] for call in told for each in call["application"] for one in each["partners"]
    }
    others = {one["organisation"] for call in told for one in (*call.get("wish", ()), *call.get("case", ()))}
    return partners | others


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Loaded once for all tests here, in a transaction that is taken back at the end; where its files lie."""
    files = tmp_path_factory.mktemp("files")
    now = timezone.now()
    told = [each for each in read_sample().organisations if each.key in _needed()]
    assert {each.key for each in told} == _needed()
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        Organisation.objects.bulk_create(rows.organisation(each, now, "test") for each in told)
        load_programmes(SampleLoaded())
        load_calls(SampleLoaded())
        yield files
        transaction.set_rollback(True)


def test_twelve_teams_ask_for_five_million_of_which_three_are_left(loaded: Path) -> None:
    call = Call.objects.get(key="rocket-last-round")
    rows_of_call = call.applications.with_requested().order_by("number")
    assert [row.requested for row in rows_of_call] == [
        Decimal(amount) for amount in (
            "498000", "467400", "485100", "421500", "499800", "476250.60", "389949.40", "452400", "436800",
            "402600", "445200", "25000",
        )
    ]  # fmt: skip
    assert sum(row.requested for row in rows_of_call) == Decimal("5000000.00")
    left = {
        row.key: row.remaining for row in call.programme.envelopes.filter(key__in=["part:open", "budget"])
    }
    assert left["part:open"] == Decimal("3000000.00")
    assert left["budget"] >= Decimal("3000000.00")


def test_two_are_not_eligible_and_the_decision_tells_why(loaded: Path) -> None:
    broken = {
        row.number: (row.state, eligibility(row).broken)
        for row in Application.objects.filter(call__key="rocket-last-round")
    }
    assert {number: found for number, found in broken.items() if found[0] != "eligible"} == {
        "R4-11": ("ineligible", ("minimum-countries", "smes-per-side")),
        "R4-12": ("ineligible", ("lead-type",)),
    }
    assert sum(found == ("eligible", ()) for found in broken.values()) == 10
    decided = EligibilityDecision.objects.get(application__number="R4-11")
    states = {one["rule"]: one["state"] for one in decided.answers}
    assert (decided.verdict, states["minimum-countries"], states["rate"]) == ("ineligible", "no", "yes")


def test_the_four_months_run_out_soon(loaded: Path) -> None:
    application = Application.objects.get(number="R4-06")
    (clock,) = clocks(application)
    assert (clock.phase, clock.days, clock.left(timezone.localdate())) == ("decision", 120, 23)
    assert clock.level(timezone.localdate()) == Level.SOON


def test_the_synchronised_call_is_the_worked_example(loaded: Path) -> None:
    call = Call.objects.get(key="alps-synchronised")
    assert {one["key"]: one["budget"] for one in call.regions} == {
        "baden-wuerttemberg": "300000.00",
        "upper-austria": "200000.00",
        "slovenia": "100000.00",
        "franche-comte": "100000.00",
    }
    asked = {
        row.number: {one.region: one.grant for one in row.partners.all()}
        for row in call.applications.order_by("number")
    }
    thousand = Decimal(1000)
    assert asked == {
        "ALP-01": {"baden-wuerttemberg": 120 * thousand, "slovenia": 60 * thousand},
        "ALP-02": {"upper-austria": 90 * thousand, "slovenia": 60 * thousand},
        "ALP-03": {"baden-wuerttemberg": 100 * thousand, "franche-comte": 80 * thousand},
        "ALP-04": {"baden-wuerttemberg": 60 * thousand, "upper-austria": 70 * thousand},
        "ALP-05": {"slovenia": 40 * thousand, "franche-comte": 20 * thousand},
    }
    assert set(call.applications.values_list("state", flat=True)) == {"eligible"}
    assert call.closes_in(1, "slovenia") - call.closes_at == dt.timedelta(days=7)


def test_every_case_has_the_contact_person_of_its_region(loaded: Path) -> None:
    held = dict(
        Case.objects.filter(call__key="rocket-last-round").values_list(
            "application__number", "contact__user__name"
        )
    )
    assert held["R4-01"] == "Sjoerd Lampenier"
    assert held["R4-03"] == "Torben Uhlenbruch"
    assert None not in held.values()
    assert len(held) == 12


def test_what_was_handed_in_is_signed_and_has_its_papers(loaded: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = loaded
    for row in Application.objects.handed_in():
        assert missing_signatures(row) == [], row.number
        assert signatories([row.lead.key]), "letters have somebody to go to"
    assert [one.partner.organisation.name for one in missing_signatures_of("RS-01")] == [
        "Sonnentau Solarthermie GmbH"
    ]
    letters = Application.objects.get(number="R4-02").answers.get(field="letters")
    assert [one["name"] for one in letters.value] == [
        "Absichtserklärung Klinikverbund Hase-Vechte.pdf",
        "Absichtserklärung Rodewyk Medizintechnik.pdf",
        "Intentieverklaring Zorggroep De Stroom.pdf",
    ]
    kept = Attachment.objects.get(key=letters.value[0]["key"])
    assert place_of(kept.key).read_bytes()[:5] == b"%PDF-"
    assert Attachment.objects.filter(subject_kind="signature").count() == 2
    summary = Application.objects.get(number="R4-12").answers.get(field="summary").value
    assert sorted(summary) == ["de", "nl"]
    asked = dict(Amendment.objects.values_list("application__number", "state"))
    assert asked == {"R4-03": "asked", "R4-05": "answered", "R4-08": "answered"}
    changed = Amendment.objects.get(application__number="R4-08")
    assert changed.submission is not None
    assert (changed.submission.receipt, changed.submission.by) == ("R4-08/1.2", "Farid Pilmans")
    assert "640" in changed.submission.snapshot["answers"]["market"]
    for made in changed.application.submissions.all():
        assert digest_of(made.snapshot) == made.sha256


def missing_signatures_of(number: str) -> list[Any]:
    return [one for one in standings(Application.objects.get(number=number)) if one.is_missing]


def test_loaded_twice_nothing_changes_and_it_goes_with_the_sample(loaded: Path) -> None:
    counts = (Call.objects.count(), Application.objects.count(), PartnerWish.objects.count())
    load_calls(SampleLoaded())
    assert counts == (3, 19, 3)
    assert counts == (Call.objects.count(), Application.objects.count(), PartnerWish.objects.count())
    forget_sample_papers(SampleRemoved())
    assert Attachment.objects.count() == 0
    remove_programmes(SampleRemoved())
    assert (Programme.objects.count(), Call.objects.count(), Application.objects.count()) == (0, 0, 0)
