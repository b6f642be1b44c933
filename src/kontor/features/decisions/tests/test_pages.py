"""The pages as people use them, who may see them, and what nobody else learns."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.base.tests.pages import text_of
from kontor.features.accounts.models import User
from kontor.features.decisions import actions
from kontor.features.decisions.models import Decision, Letter
from kontor.features.decisions.tests.conftest import SECRET, actor, adopted, decided

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def pages(place: SimpleNamespace) -> list[str]:
    key = place.round.key
    names = ("board", "scenarios", "protocol", "reserve", "letters", "record", "minutes")
    found = [reverse(f"decisions:{name}", args=[key]) for name in names]
    found.append(reverse("decisions:proposal", args=[key, place.rows[0].key]))
    scenario = place.round.scenarios.first()
    letter = Letter.objects.first()
    more = [(name, scenario) for name in ("scenario", "problem", "protocol-pdf")]
    more += [(name, letter) for name in ("letter", "letter-pdf")]
    return [*found, *(reverse(f"decisions:{name}", args=[key, one.key]) for name, one in more)]


def settled(place: SimpleNamespace) -> SimpleNamespace:
    """Scenario adopted, everything decided, letters prepared; nothing published."""
    adopted(place)
    decided(place, 1, "conditions", conditions="Name a second customer.")
    actions.decide_as_adopted(round=place.round, actor=place.by)
    actions.prepare_letters(round=place.round, actor=place.by)
    return place


def published(place: SimpleNamespace) -> SimpleNamespace:
    settled(place)
    held = Decision.objects.live().filter(round=place.round)
    actions.confirm_decisions(round=place.round, decisions=held, actor=actor(place.second))
    actions.publish_decisions(round=place.round, actor=place.by)
    return place


def test_managers_and_controllers_read_nobody_else_does(rocket: SimpleNamespace, signed_in: SignedIn) -> None:
    settled(rocket)
    addresses = pages(rocket)
    for who in ("manager", "controller"):
        client = signed_in(getattr(rocket, who))
        found = {address: client.get(address).status_code for address in addresses}
        assert found == dict.fromkeys(addresses, 200), who
    for who in ("applicant", "rival", "juror", "stranger", "nobody"):
        client = signed_in(getattr(rocket, who))
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 404, (who, address)
            assert SECRET not in answer.content.decode()
    assert {Client().get(address).status_code for address in addresses} <= {302, 404}


def test_a_controller_reads_and_changes_nothing(rocket: SimpleNamespace, signed_in: SignedIn) -> None:
    settled(rocket)
    client, key = signed_in(rocket.controller), rocket.round.key
    scenario, letter = rocket.round.scenarios.first(), Letter.objects.first()
    posts = [
        reverse("decisions:proposal", args=[key, rocket.rows[0].key]),
        reverse("decisions:undo", args=[key, Decision.objects.live().first().key]),
        reverse("decisions:adopt", args=[key, scenario.key]),
        reverse("decisions:letter", args=[key, letter.key]),
        *(reverse(f"decisions:{name}", args=[key]) for name in (
            "as-adopted", "confirm", "publish", "move-up", "prepare", "send", "scenario-new", "settings",
        )),
    ]  # fmt: skip
    before = AuditEvent.objects.count()
    assert {client.post(address, {"reason": "x"}).status_code for address in posts} == {403}
    assert AuditEvent.objects.count() == before
    page = client.get(reverse("decisions:board", args=[key])).content.decode()
    assert "Publish decisions" not in page


def test_applicants_learn_their_own_decision_once_published(
    rocket: SimpleNamespace, signed_in: SignedIn
) -> None:
    settled(rocket)
    mine = reverse("decisions:told", args=[rocket.rows[0].key])
    applicant, rival = signed_in(rocket.applicant), signed_in(rocket.rival)
    assert applicant.get(mine).status_code == 404
    published_after(rocket)
    page = applicant.get(mine)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Name a second customer." in text
    assert SECRET in text
    assert rival.get(mine).status_code == 404
    assert signed_in(rocket.juror).get(mine).status_code == 404
    assert applicant.get(reverse("decisions:told", args=[rocket.rows[1].key])).status_code == 404
    letter = reverse("decisions:told-letter", args=[rocket.rows[0].key])
    assert applicant.get(letter).status_code == 404, "a letter that is not sent is nobody's"
    decided(rocket, 1, "reject", reason="A second thought nobody knows of")
    assert "second thought" not in applicant.get(mine).content.decode(), "still the published one"


def published_after(place: SimpleNamespace) -> None:
    held = Decision.objects.live().filter(round=place.round)
    actions.confirm_decisions(round=place.round, decisions=held, actor=actor(place.second))
    actions.publish_decisions(round=place.round, actor=place.by)


def test_from_scenario_to_sent_letters_on_the_pages(rocket: SimpleNamespace, signed_in: SignedIn) -> None:
    client, second, key = signed_in(rocket.manager), signed_in(rocket.second), rocket.round.key
    at: Callable[..., str] = lambda name, *more: reverse(f"decisions:{name}", args=[key, *more])  # noqa: E731
    form = {"name": "Ranking", "rule": "skip", "pot": "virtual", "min_score": "60", "exclusive": "R-1"}
    answer = client.post(at("scenario-new"), form)
    assert "“R-1” names only one proposal." in answer.content.decode()
    for wrong, words in (
        ({"exclusive": "", "requires": "R-1, r-1"}, "“R-1, r-1” names only one proposal."),
        ({"requires": "", "countries": "XX 10"}, "is not like NL 30 70"),
        ({"countries": "NL 70\nDE 31"}, "The least shares of all countries together are 101 % of the money."),
        ({"countries": "NL 10\nNL 20"}, "NL stands twice."),
        ({"countries": "", "min_score": "101"}, "less than or equal to 100"),
    ):
        form |= wrong
        assert words in client.post(at("scenario-new"), form).content.decode()
    form |= {"min_score": "60", "name_de": "Rangfolge", "name_nl": " "}
    assert client.post(at("scenario-new"), form).status_code == 302
    scenario = rocket.round.scenarios.get()
    assert scenario.names == {"en": "Ranking", "de": "Rangfolge"}
    page = client.get(scenario.get_absolute_url()).content.decode()
    assert "R-4 has 50 points, below the 60 that are needed." in page
    assert "From 60 points on" not in page, "the money would not reach it there"
    client.post(at("adopt", scenario.key), {"reason": "As the call says"})
    verdict = {"kind": "reject", "percent": "100", "seen": "", "language": "en"}
    verdict["reason"] = "Place 1 of 4 with 90 points: the money reaches this far."
    page = client.post(at("proposal", rocket.rows[0].key), verdict).content.decode()
    assert "These words explain another decision." in page, "the scenario's reason to fund is none to reject"
    verdict |= {"kind": "approve", "reason": "Best", "seen": "somebody-elses"}
    page = client.post(at("proposal", rocket.rows[0].key), verdict).content.decode()
    assert "Somebody else decided on this proposal" in page
    assert "Seen" not in page, "a field that nobody sees has no name"
    verdict["seen"] = ""
    client.post(at("proposal", rocket.rows[0].key), verdict)
    client.post(at("as-adopted"))
    held = {row.application.number: row for row in Decision.objects.live().select_related("application")}
    assert {number: row.kind for number, row in held.items()} == {
        "R-1": "approve", "R-2": "approve", "R-3": "reserve", "R-4": "reject"
    }  # fmt: skip
    client.post(at("confirm"), {"decision": [held["R-1"].key]})
    assert Decision.objects.filter(confirmed_at=None, kind="approve").count() == 2
    second.post(at("confirm"), {"decision": [held["R-1"].key, held["R-2"].key]})
    client.post(at("undo", held["R-2"].key))
    verdict |= {"kind": "conditions", "percent": "80", "conditions": "Find a tester"}
    client.post(at("proposal", rocket.rows[1].key), verdict)
    held = {row.application.number: row for row in Decision.objects.live().select_related("application")}
    assert held["R-2"].amount == 80_000
    second.post(at("confirm"), {"decision": [held["R-2"].key]})
    assert client.post(at("publish"), {"note": "Committee"}).status_code == 302
    kept = client.get(at("kept-minutes", 1))
    text = text_of(b"".join(kept.streaming_content))
    assert "Minutes: ROCKET: last round" in text
    assert "Find a tester" in text
    client.post(at("prepare"))
    letters = {row.decision.application.number: row for row in Letter.objects.all()}
    assert (letters["R-4"].language, letters["R-1"].language) == ("nl", "de")
    client.post(at("send"), {"letter": [letters["R-1"].key, letters["R-2"].key]})
    run_due_jobs()
    assert [sent.to for sent in mail.outbox] == [[rocket.applicant.email], [rocket.rival.email]]
    assert mail.outbox[0].body.startswith("Sehr geehrte Antragstellerinnen und Antragsteller")
    told = signed_in(rocket.applicant).get(reverse("decisions:told-letter", args=[rocket.rows[0].key]))
    assert "R-1" in text_of(told.content)
    page = client.post(at("send"), {"letter": [letters["R-4"].key]}, follow=True).content.decode()
    assert "has nobody on the site who could get the letter" in page
    verbs = set(AuditEvent.objects.filter(subject_key=rocket.rows[1].key).values_list("verb", flat=True))
    told_by_log = {"taken", "undone", "confirmed", "told"}
    assert {f"decision.{verb}" for verb in told_by_log} | {"letter.sent"} <= verbs


@pytest.mark.parametrize("name", ["board", "letters", "scenarios"])
def test_lists_cost_the_same_for_one_and_for_many(
    rocket: SimpleNamespace, signed_in: SignedIn, name: str, django_assert_num_queries: Any
) -> None:
    settled(rocket)
    client = signed_in(rocket.manager)
    address = reverse(f"decisions:{name}", args=[rocket.round.key])
    client.get(address)
    with django_assert_num_queries(QUERIES[name]):
        client.get(address)
    for row in rocket.rows[1:]:
        row.delete()
    with django_assert_num_queries(QUERIES[name]):
        client.get(address)


QUERIES = {"board": 14, "letters": 7, "scenarios": 14}
