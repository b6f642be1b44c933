"""The sample introductions: every state, loaded with the sample, gone with it."""

from __future__ import annotations

import pytest

from kontor.base.actor import Actor
from kontor.features.matching.introductions.sample.load import read_introductions
from kontor.features.matching.models import Disclosure, Introduction, Outcome, Refusal, Side
from kontor.features.matching.models.states import State
from kontor.features.organisations.sample.load import load_sample, remove_sample

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.mark.one_database
def test_loaded_once_in_every_state_and_removed_with_the_sample() -> None:
    load_sample(actor=SYSTEM)
    told = read_introductions()
    assert len(told) >= 25
    assert Introduction.objects.count() == len(told)
    assert set(Introduction.objects.values_list("state", flat=True)) == set(State)
    assert Refusal.objects.filter(lifted_at=None).count() == 5
    load_sample(actor=SYSTEM)
    assert Introduction.objects.count() == len(told)
    remove_sample(actor=SYSTEM)
    for model in (Introduction, Side, Outcome, Refusal, Disclosure):
        assert not model.objects.exists(), model
