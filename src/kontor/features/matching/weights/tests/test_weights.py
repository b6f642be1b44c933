"""Learned weights: from outcomes to versions, never from too few, switched on and off by the right people."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent, Job
from kontor.engine.matching import learn as engine
from kontor.engine.matching.model import Weights
from kontor.features.matching.actions import index_organisations
from kontor.features.matching.ask import Ask
from kontor.features.matching.memory import memory
from kontor.features.matching.models import Introduction, LearnedWeights, Outcome
from kontor.features.matching.queries import find_partners
from kontor.features.matching.tasks import lexicon
from kontor.features.matching.weights import actions, problem, tasks
from kontor.features.matching.weights.queries import active_weights
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR, cluster, organisation, statement

pytestmark = pytest.mark.django_db
FEW = 5
THINGS = [
    "gearboxes",
    "heat exchangers",
    "rotor blades",
    "hemp panels",
    "lasers for moulds",
    "flow batteries",
]


def introduce(
    asker: Organisation, partner: Organisation, state: str = "agreed", **values: Any
) -> Introduction:
    pair = " ".join(sorted([asker.key, partner.key]))
    now = timezone.now()
    return Introduction.objects.create(
        key=f"{asker.key[:6]}{partner.key[:6]}",
        pair=pair,
        asker=asker,
        partner=partner,
        state=state,
        proposed_at=now,
        proposed_by_key="test",
        proposed_by_label="test",
        deadline_on=timezone.localdate(),
        agreed_at=now if state == "agreed" else None,
        **values,
    )


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Six who need something and six who offer it: five found each other, one said no. Five do here."""
    monkeypatch.setattr(engine, "FEWEST", FEW)
    monkeypatch.setattr(tasks, "FEWEST", FEW)
    askers, makers = [], []
    for number, thing in enumerate(THINGS):
        asker = organisation(f"Asker {number}", "NL", size="small")
        statement(asker, f"We look for a maker of {thing}.", kind="need")
        maker = organisation(f"Maker {number}", "DE", size="medium")
        statement(maker, f"We build {thing} for customers.")
        askers.append(asker)
        makers.append(maker)
    for asker, maker in zip(askers[:FEW], makers, strict=False):
        introduce(asker, maker)
    introduce(askers[FEW], makers[FEW], "declined")
    index_organisations([each.key for each in (*askers, *makers)], lexicon=lexicon(), encoder=None)
    return SimpleNamespace(askers=askers, makers=makers)


def run() -> dict[str, int]:
    job = actions.learn_weights(actor=ACTOR)
    run_due_jobs()
    result: dict[str, int] = Job.objects.get(pk=job.pk).result
    return result


def test_too_few_outcomes_change_nothing(market: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert run() == {"questions": FEW, "needed": 20}
    assert not LearnedWeights.objects.exists()
    assert active_weights() == Weights()


def test_a_fit_is_a_version_that_is_not_in_use_before_somebody_says_so(market: SimpleNamespace) -> None:
    assert run() == {"questions": FEW, "version": 1, "rows": 1}
    made = LearnedWeights.objects.get()
    assert (made.number, made.questions, made.outcomes, made.active) == (1, FEW, FEW + 1, False)
    assert {row["part"] for row in made.fitted["rows"]} == set(problem.PARTS)
    assert made.weights["novelty"] == Weights().novelty
    assert made.weights["answer_rate"] == Weights().answer_rate
    learned = sum(made.weights[part] for part in problem.PARTS)
    assert learned == pytest.approx(sum(getattr(Weights(), part) for part in problem.PARTS), abs=0.6)
    assert sorted(row["group"] for row in made.bias["country"]) == ["DE", "NL"]
    assert sum(row["learned"] for row in made.bias["size"]) == pytest.approx(1, abs=0.001)
    assert active_weights() == Weights()


def test_the_same_outcomes_and_seed_give_the_same_weights(market: SimpleNamespace) -> None:
    run()
    run()
    first, second = LearnedWeights.objects.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert (first.fitted, first.weights, first.bias) == (second.fitted, second.weights, second.bias)


def test_what_came_to_nothing_is_no_partner(market: SimpleNamespace) -> None:
    told = Introduction.objects.get(asker=market.askers[0])
    values = {"introduction": told, "organisation": told.asker, "month": 3, "at": timezone.now()}
    Outcome.objects.create(kind="talk", actor_key="t", actor_label="t", **values)
    assert market.askers[0].key in problem.partners_by_asker()
    Outcome.objects.create(kind="nothing", actor_key="t", actor_label="t", **values)
    partners = problem.partners_by_asker()
    assert market.askers[0].key not in partners
    assert partners[market.askers[1].key] == {market.makers[1].key}
    assert market.askers[FEW].key not in partners


def test_the_outcome_is_not_learned_from_the_outcome(market: SimpleNamespace) -> None:
    known = memory.current()
    assert known.profile(market.askers[0].key)[0].partners == (market.makers[0].key,)
    plain = problem.without_history(known)
    profile = plain.profile(market.askers[0].key)[0]
    assert (profile.partners, profile.introductions, profile.answer_rate) == ((), 0, None)


def version(number: int, *, holds: bool = True, **weights: float) -> LearnedWeights:
    fitted = {"rows": [], "gain": [0.1 if holds else -0.1, -0.2, 0.3], "learned_hits": 0.5, "usual_hits": 0.4}
    fitted["questions"] = 20
    return LearnedWeights.objects.create(
        number=number,
        fitted=fitted,
        weights={"fit": 3.0, "border": 5.0, **weights},
        outcomes=30,
        questions=20,
        holds=holds,
        made_at=timezone.now(),
        made_by="test",
    )


def test_versions_are_used_left_and_used_again(market: SimpleNamespace) -> None:
    version(1)
    version(2, border=0.0)
    actions.use_weights(number=1, actor=ACTOR)
    assert (active_weights().fit, active_weights().border) == (3.0, 5.0)
    actions.use_weights(number=2, actor=ACTOR)
    assert active_weights().border == 0.0
    actions.use_weights(number=1, actor=ACTOR)
    assert list(LearnedWeights.objects.filter(active=True).values_list("number", flat=True)) == [1]
    actions.use_usual_weights(actor=ACTOR)
    assert active_weights() == Weights()
    told = AuditEvent.objects.filter(subject_kind="learnedweights").order_by("seq")
    assert [(row.verb, row.changes["version"]) for row in told] == [
        ("weights.used", [None, 1]),
        ("weights.used", [1, 2]),
        ("weights.used", [2, 1]),
        ("weights.left", [1, None]),
    ]


def test_the_weights_in_use_are_those_of_every_search(market: SimpleNamespace, user_with: Any) -> None:
    version(1, border=0.0)
    ask = Ask(text="gearboxes", language="en", origin="NL", read_codes=False)
    user = user_with("administrator")
    before = find_partners(ask, user).partners[0].match
    actions.use_weights(number=1, actor=ACTOR)
    after = find_partners(ask, user).partners[0].match
    assert "border" in {part.name for part in before.parts}
    assert "border" not in {part.name for part in after.parts}


def test_what_did_worse_is_not_used() -> None:
    version(1, holds=False)
    with pytest.raises(KontorError, match="worse"):
        actions.use_weights(number=1, actor=ACTOR)
    with pytest.raises(KontorError, match="no such version"):
        actions.use_weights(number=9, actor=ACTOR)
    assert active_weights() == Weights()


def test_the_database_lets_only_one_version_be_in_use() -> None:
    version(1)
    version(2)
    actions.use_weights(number=1, actor=ACTOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        LearnedWeights.objects.filter(number=2).update(active=True)


def test_who_may_see_and_who_may_switch(
    user_with: Callable[..., Any], signed_in: Callable[[Any], Client]
) -> None:
    version(1)
    owner = user_with("owner", organisation("Eins GmbH", "DE").key)
    manager = user_with("cluster_manager", cluster().key)
    assert signed_in(owner).get("/matches/weights/").status_code == 403
    assert signed_in(owner).post("/matches/weights/learn/").status_code == 403
    assert signed_in(manager).get("/matches/weights/").status_code == 200
    assert signed_in(manager).post("/matches/weights/switch/", {"version": "1"}).status_code == 403
    assert active_weights() == Weights()
    administrator = signed_in(user_with("administrator"))
    administrator.post("/matches/weights/switch/", {"version": "1"})
    assert active_weights().border == 5.0
    administrator.post("/matches/weights/switch/", {"version": "nonsense"})
    assert active_weights().border == 5.0
    administrator.post("/matches/weights/switch/")
    assert active_weights() == Weights()


def test_the_page_shows_the_table_the_check_and_who_gains(
    market: SimpleNamespace, user_with: Callable[..., Any], signed_in: Callable[[Any], Client]
) -> None:
    client = signed_in(user_with("administrator"))
    assert "The usual weights." in client.get("/matches/weights/").content.decode()
    run()
    page = client.get("/matches/weights/").content.decode()
    assert "Fit of need and offer" in page
    assert "not learned: it comes from introductions themselves" in page
    assert "never introduced" in page
    assert "Checked on 5 questions" in page
    assert client.get("/matches/weights/?version=7").status_code == 404


def test_the_api_lists_learns_and_switches(
    user_with: Callable[..., Any], signed_in: Callable[[Any], Client]
) -> None:
    version(1)
    client = signed_in(user_with("administrator"))
    (row,) = client.get("/api/v1/matches/weights/").json()["items"]
    assert (row["number"], row["active"], row["weights"]["border"]) == (1, False, 5.0)

    def use(number: int | None) -> int:
        body = {"number": number}
        return client.post("/api/v1/matches/weights/use/", body, content_type="application/json").status_code

    assert use(1) == 204
    assert active_weights().border == 5.0
    assert use(9) == 404
    assert use(None) == 204
    assert active_weights() == Weights()
    assert client.post("/api/v1/matches/weights/learn/").status_code == 202
    stranger = signed_in(user_with("owner", organisation("Eins GmbH", "DE").key))
    assert stranger.get("/api/v1/matches/weights/").status_code == 403


def test_the_wish_to_learn_is_in_the_log() -> None:
    actions.learn_weights(actor=Actor.system("test"))
    assert AuditEvent.objects.filter(verb="weights.asked").count() == 1
