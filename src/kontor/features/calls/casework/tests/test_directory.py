"""Organisations in applications that are merged, leave the directory, or lose what a rule rests on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.features.accounts.models import User
from kontor.features.calls.actions.submitting import record_submission
from kontor.features.calls.casework.actions import add_call_contact, remove_call_contact
from kontor.features.calls.casework.rules import may_sit_at_a_desk
from kontor.features.calls.casework.words import notice_line
from kontor.features.calls.completeness import state_of
from kontor.features.calls.models import Application, OrganisationNotice
from kontor.features.calls.rules import may_read_application, may_submit_application
from kontor.features.organisations.actions import (
    give_consent,
    merge_organisations,
    unmerge_organisations,
    withdraw_consent,
)
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR, organisation

pytestmark = pytest.mark.django_db
Make = Callable[..., Application]
Signed = Callable[[User], Client]


def fresh(row: Application) -> Application:
    return Application.objects.get(pk=row.pk)


def notices(row: Application) -> list[tuple[str, str]]:
    return list(row.organisation_notices.waiting().values_list("kind", "name"))


def frozen(row: Application) -> None:
    """Handed in as it stands, with its snapshot."""
    made = record_submission(row, state_of(row), row.submitted_at, ACTOR)  # type: ignore[arg-type]
    Application.objects.filter(pk=row.pk).update(receipt=made.receipt)


def test_an_application_follows_its_lead_into_a_merge_and_back(
    place: SimpleNamespace, handed_in: Make
) -> None:
    row = handed_in()
    frozen(row)
    kept = organisation("Lumen Europe BV", "NL", nuts3="NL221")
    merge = merge_organisations(kept=kept, gone=place.lead, actor=ACTOR)
    now = fresh(row)
    assert now.lead == kept
    assert set(now.partners.current().values_list("organisation__name", flat=True)) == {
        "Lumen Europe BV", "Licht GmbH"
    }  # fmt: skip
    owner = User.objects.get(pk=place.owner.pk)
    assert may_submit_application.test(owner, now), "its people have their rights in the other one now"
    assert not may_read_application.test(place.competitor, now)
    assert now.snapshot["lead"]["name"] == "Lumen BV", "what was handed in keeps the name"
    assert notices(row) == [("merged", "Lumen BV")]
    event = AuditEvent.objects.get(verb="application.organisation_merged")
    assert event.changes == {"organisation": [place.lead.key, kept.key]}
    unmerge_organisations(merge=merge, actor=ACTOR)
    assert fresh(row).lead == place.lead
    assert fresh(row).partners.get(role="lead").organisation == place.lead
    assert may_submit_application.test(User.objects.get(pk=place.owner.pk), fresh(row))
    assert notices(row) == []


def test_two_partners_of_one_application_stay_two_and_the_lead_is_the_one_that_stays(
    place: SimpleNamespace, handed_in: Make
) -> None:
    row = handed_in()
    money = dict(row.partners.values_list("role", "grant"))
    merge = merge_organisations(kept=place.partner, gone=place.lead, actor=ACTOR)
    assert fresh(row).lead == place.partner
    assert dict(row.partners.current().values_list("role", "organisation__name")) == {
        "lead": "Licht GmbH", "partner": "Lumen BV"
    }  # fmt: skip
    assert dict(row.partners.values_list("role", "grant")) == money
    unmerge_organisations(merge=merge, actor=ACTOR)
    assert dict(row.partners.current().values_list("role", "organisation__name")) == {
        "lead": "Lumen BV", "partner": "Licht GmbH"
    }  # fmt: skip


def test_the_desk_is_told_of_a_partner_that_left_and_it_cannot_be_deleted(
    place: SimpleNamespace, handed_in: Make, signed_in: Signed
) -> None:
    row = handed_in()
    withdraw_consent(organisation=Organisation.objects.get(pk=place.partner.pk), actor=ACTOR)
    assert notices(row) == [("left", "Licht GmbH")]
    desk = reverse("calls:desk", args=[place.call.key])
    page = signed_in(place.mona).get(desk).content.decode()
    assert "Licht GmbH left the directory. What was handed in stays as it was." in page
    notice = OrganisationNotice.objects.get()
    address = reverse("calls:settle-notice", args=[place.call.key, notice.pk])
    for stranger in (place.competitor, place.other_manager, place.controller):
        assert signed_in(stranger).post(address).status_code in (403, 404)
    assert signed_in(place.nel).post(address).status_code == 302
    notice.refresh_from_db()
    assert (notice.settled_by, notices(row)) == ("Nel Contact", [])
    give_consent(organisation=Organisation.objects.get(pk=place.partner.pk), listing="listed", actor=ACTOR)
    withdraw_consent(organisation=Organisation.objects.get(pk=place.partner.pk), actor=ACTOR)
    assert notices(row) == [("left", "Licht GmbH")]
    give_consent(organisation=Organisation.objects.get(pk=place.partner.pk), listing="listed", actor=ACTOR)
    assert notices(row) == [], "back again"
    with pytest.raises(ProtectedError):
        Organisation.objects.filter(pk=place.partner.pk).delete()


def test_a_rule_that_is_answered_worse_since_the_handing_in_is_told(
    place: SimpleNamespace, handed_in: Make
) -> None:
    row = handed_in()
    frozen(row)
    other = organisation("Licht Holding BV", "NL", nuts3="NL221")
    merge_organisations(
        kept=other, gone=place.partner, choices={}, actor=ACTOR
    )  # both partners are Dutch now
    run_due_jobs()
    told = row.organisation_notices.get(kind="rules")
    rule = told.details["minimum-countries"]
    assert (rule["was"], rule["now"]) == ("yes", "no")
    assert notice_line(told).startswith("Licht Holding BV changed. Answered worse than at the handing in: ")
    assert row.snapshot["partners"][1]["country"] == "DE"


def test_a_contact_person_finds_the_cases_in_the_menu_without_a_question_to_calls(
    place: SimpleNamespace, django_assert_num_queries: Callable[..., object]
) -> None:
    anna = User.objects.get(pk=place.dirk.pk)
    anna.roles()
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert may_sit_at_a_desk.test(anna)
    assert not may_sit_at_a_desk.test(place.nobody)
    contact = place.call.contacts.get(user=place.dirk)
    remove_call_contact(contact=contact, actor=ACTOR)
    assert not may_sit_at_a_desk.test(User.objects.get(pk=place.dirk.pk))
    add_call_contact(call=place.call, user=place.dirk, values={}, actor=ACTOR)
    assert may_sit_at_a_desk.test(User.objects.get(pk=place.dirk.pk))
