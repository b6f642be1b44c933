"""A synchronised call: one text with regional annexes, joint ranking, three ways to hold the money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kontor import programmes
from kontor.base.tests.pages import text_of
from kontor.features.accounts.models import User
from kontor.features.calls.actions import begin_application
from kontor.features.calls.models import Application, ApplicationPartner, Call
from kontor.features.decisions.models import Decision, Round
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR, organisation
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.features.programmes.models import Programme

pytestmark = pytest.mark.django_db
REGIONS = (
    ("bw", "Baden-Württemberg", 300, "DE1", "DE"),
    ("ooe", "Oberösterreich", 200, "AT31", "AT"),
    ("si", "Slovenia", 100, "SI", "SI"),
    ("fc", "Franche-Comté", 100, "FRC2", "FR"),
)
RANKED = (
    ("P1", "88", {"bw": 120, "si": 60}),
    ("P2", "84", {"ooe": 90, "si": 60}),
    ("P3", "80", {"bw": 100, "fc": 80}),
    ("P4", "77", {"bw": 60, "ooe": 70}),
    ("P5", "71", {"si": 40, "fc": 20}),
)


def synchronised(user_with: Callable[..., User]) -> SimpleNamespace:
    programme: Programme = add_programme(text=programmes.shipped_texts()["s3-4alpclusters"], actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    now = timezone.now()
    call = Call.objects.create(
        key="alps", programme=programme, version=programme.current, definition=programme.key, mode="mixed",
        instrument="synchronised-call", title={"en": "Synchronised call"}, languages=["en"],
        state="published", opens_at=now - dt.timedelta(days=90), closes_at=now - dt.timedelta(days=9),
        regions=[
            {"key": key, "name": {"en": name}, "budget": f"{budget}000.00", "nuts": [nuts]}
            for key, name, budget, nuts, _country in REGIONS
        ],
    )  # fmt: skip
    homes = {key: country for key, _name, _budget, _nuts, country in REGIONS}
    for number, _score, asked in RANKED:
        members: list[tuple[Organisation, str, int]] = [
            (organisation(f"{number} {region}", homes[region]), region, amount)
            for region, amount in asked.items()
        ]
        made = begin_application(call=call, lead=members[0][0], title=number, is_sample=True, actor=ACTOR)
        for position, (who, region, amount) in enumerate(members):
            ApplicationPartner.objects.update_or_create(
                application=made, organisation=who,
                defaults={
                    "key": f"{number}{region}", "position": position, "region": region,
                    "grant": amount * 1000,
                },
            )  # fmt: skip
        Application.objects.filter(pk=made.pk).update(number=number, state="eligible", submitted_at=now)
    return SimpleNamespace(call=call, manager=user_with("programme_manager", "s3-4alpclusters"))


def test_a_synchronised_call(user_with: Callable[..., User], signed_in: Callable[[User], Client]) -> None:
    place = synchronised(user_with)
    manager = signed_in(place.manager)
    manager.post(reverse("decisions:open"), {"call": "alps", "balancing": "30000"})
    round = Round.objects.get()

    def at(name: str, *more: str) -> str:
        return reverse(f"decisions:{name}", args=[round.key, *more])

    keys = dict(place.call.applications.values_list("number", "key"))
    for number, score, _asked in RANKED:
        manager.post(at("score", keys[number]), {"score": score, "source": "Joint experts, Linz"})
    funded = {}
    for pot in ("virtual", "balancing", "real"):
        told = {"name": pot, "rule": "skip", "pot": pot, "balancing": "30000"}
        assert manager.post(at("scenario-new"), told).status_code == 302
        granted = round.scenarios.get(name=pot).result["granted"]
        numbers = {key: number for number, key in keys.items()}
        funded[pot] = " ".join(numbers[one["application"]] for one in granted)
    assert funded == {"virtual": "P1 P3 P4 P5", "balancing": "P1 P2 P3 P4", "real": "P1 P2 P3 P4 P5"}
    page = manager.get(at("protocol")).content.decode()
    assert "1.6" in page, "Slovenia's money is asked for 1.6 times"
    chosen = round.scenarios.get(name="balancing")
    manager.post(at("adopt", chosen.key), {"reason": "Brussels adds 30,000"})
    manager.post(at("as-adopted"))
    board = manager.get(at("board")).content.decode()
    assert "640,000.00 are granted" in board
    left = {row.key: row.left for row in round.envelopes.select_related("envelope")}
    assert left == {"bw": 20_000, "ooe": 40_000, "si": 0, "fc": 20_000, "balancing": 10_000}
    protocol = text_of(manager.get(at("protocol-pdf", chosen.key)).content)
    assert "20,000.00 from the pot" in protocol
    assert manager.post(at("publish"), {}).status_code == 302
    assert Decision.objects.live().published().count() == 5
