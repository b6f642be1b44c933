"""Loading the sample as others see it: features that listen, people who sign in, nothing to remove."""

from __future__ import annotations

from typing import Any

import pytest

from kontor.base.events import OrganisationChanged, OrganisationGone, subscribe, unsubscribe
from kontor.base.models import AuditEvent
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import Role
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.sample.load import SampleCounts, load_sample, remove_sample
from kontor.features.organisations.sample.read import read_sample
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_tells_the_features_above() -> None:
    heard: list[Any] = []
    for event in (OrganisationChanged, OrganisationGone):
        subscribe(event, heard.append)
    try:
        load_sample(actor=ACTOR)
        remove_sample(actor=ACTOR)
    finally:
        for event in (OrganisationChanged, OrganisationGone):
            unsubscribe(event, heard.append)
    changed = {key for event in heard if isinstance(event, OrganisationChanged) for key in event.keys}
    gone = {key for event in heard if isinstance(event, OrganisationGone) for key in event.keys}
    assert gone == {told.key for told in read_sample().organisations}
    assert changed < gone


def test_a_password_lets_the_sample_people_in() -> None:
    load_sample(actor=ACTOR, password="grain-amber-tide")
    administrator = User.objects.get(email="administrator@sample.kontor.example")
    assert administrator.is_sample
    assert administrator.check_password("grain-amber-tide")
    assert administrator.holds(Role.ADMINISTRATOR)
    manager = User.objects.get(email="cluster-manager-nl@sample.kontor.example")
    assert Organisation.objects.get(key=manager.roles()[0].scope_key).name == "Energiekring Oostwaal"


def test_removing_nothing_is_no_event() -> None:
    assert remove_sample(actor=ACTOR) == SampleCounts(0, 0, 0)
    assert AuditEvent.objects.count() == 0
