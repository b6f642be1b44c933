"""Who must not see it: what each side is shown before and after both agreed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from kontor.features.matching.models import Introduction
from kontor.features.organisations.actions import withdraw_consent, withdraw_contact_consent
from kontor.features.organisations.tests.factories import ACTOR

from .conftest import SECRET_MAIL, SECRET_NAME, SECRET_TEXT, SECRETS, TEASER

pytestmark = pytest.mark.django_db
Propose = Callable[..., Introduction]
BOARD, MINE = "/matches/introductions/", "/matches/introductions/mine/"


def test_before_both_agree_nothing_betrays_the_partner(
    place: SimpleNamespace, blind: Introduction, say: Propose, signed_in: Callable[..., Client]
) -> None:
    say(blind, "partner", "yes")
    paths = [
        BOARD, f"{BOARD}?view=list", f"{BOARD}export/", f"{BOARD}answers/", MINE, "/",
        blind.get_absolute_url(), f"/directory/{place.asker.key}/", f"{BOARD}seen/{place.asker.key}/",
        "/api/v1/introductions/", f"/api/v1/introductions/{blind.key}/",
    ]  # fmt: skip
    for user in (place.manager, place.asker_owner):
        for path in paths:
            page = signed_in(user).get(path).content.decode()
            for secret in (*SECRETS, place.hidden.key):
                assert secret not in page, (user, path, secret)
    page = signed_in(place.asker_owner).get(blind.get_absolute_url()).content.decode()
    assert "Denmark" in page
    assert TEASER in page
    assert "readiness 7 of 9" in page


def test_the_asker_is_withheld_from_the_partner_too(
    place: SimpleNamespace, blind: Introduction, signed_in: Callable[..., Client]
) -> None:
    for path in (blind.get_absolute_url(), MINE, f"/api/v1/introductions/{blind.key}/"):
        page = signed_in(place.hidden_owner).get(path).content.decode()
        for secret in ("Molenbeek", place.asker.key, "Ans"):
            assert secret not in page, path


def test_after_both_agree_names_and_contacts_with_consent(
    place: SimpleNamespace, blind: Introduction, say: Propose, open_as: Callable[..., str]
) -> None:
    say(blind, "asker", "yes")
    say(blind, "partner", "yes")
    page = open_as(place.asker_owner, blind.get_absolute_url())
    assert SECRET_NAME in page
    assert SECRET_MAIL in page
    assert SECRET_TEXT not in page
    contact = place.hidden.contacts.get()
    withdraw_contact_consent(contact=contact, actor=ACTOR)
    assert SECRET_MAIL not in open_as(place.asker_owner, blind.get_absolute_url())


def test_withdrawn_consent_hides_the_name_again(
    place: SimpleNamespace, blind: Introduction, say: Propose, open_as: Callable[..., str]
) -> None:
    say(blind, "asker", "yes")
    say(blind, "partner", "yes")
    withdraw_consent(organisation=place.hidden, actor=ACTOR)
    for path in (blind.get_absolute_url(), MINE):
        page = open_as(place.asker_owner, path)
        assert SECRET_NAME not in page
        assert SECRET_MAIL not in page
        assert TEASER not in page
