"""A decision and its money: never more than there is, taken back together, and nobody overrules anybody
unseen.
"""

from __future__ import annotations

import time
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.own_site import OwnSite

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.engine.portfolio.model import Pot, Rule
from kontor.features.calls.actions import move_application
from kontor.features.calls.models import Application, EligibilityDecision
from kontor.features.decisions import actions
from kontor.features.decisions.actions.deciding import Verdict
from kontor.features.decisions.models import Decision, RoundEnvelope
from kontor.features.decisions.queries import board_of
from kontor.features.decisions.sides import side_by_side
from kontor.features.decisions.tests.conftest import K, actor, adopted, computed, decided, funded
from kontor.features.programmes.models import Commitment

pytestmark = pytest.mark.django_db


def left(place: SimpleNamespace, key: str = "call") -> Decimal:
    return place.round.envelopes.select_related("envelope").get(key=key).left


def test_a_round_draws_on_what_its_instrument_belongs_to(rocket: SimpleNamespace) -> None:
    rows = {row.key: row.limit for row in rocket.round.envelopes.select_related("envelope")}
    assert rows == {
        "budget": Decimal("9994868.76"), "part:open": Decimal("5996921.26"), "call": 350 * K
    }  # fmt: skip


def test_a_grant_commits_once_in_each_envelope(rocket: SimpleNamespace) -> None:
    made = decided(rocket, 1, "approve")
    assert (made.amount, made.commitment.amount) == (200 * K, 200 * K)
    assert {draw.envelope.key: draw.amount for draw in made.commitment.draws.all()} == {
        "budget": 200 * K, "part:open": 200 * K
    }  # fmt: skip
    assert left(rocket) == 150 * K
    row = AuditEvent.objects.get(verb="decision.taken")
    assert (row.subject_key, row.changes["amount"]) == (rocket.rows[0].key, [None, "200000.00"])


def test_what_does_not_fit_is_refused_and_nothing_is_written(rocket: SimpleNamespace) -> None:
    decided(rocket, 1, "approve")
    decided(rocket, 2, "approve")
    with pytest.raises(KontorError, match=r"“Set aside for this call” has 50000\.00 left, 150000\.00 are"):
        decided(rocket, 3, "approve")
    assert not Decision.objects.filter(application=rocket.rows[2]).exists()
    assert Commitment.objects.live().count() == 2
    made = decided(rocket, 3, "approve", percent=33)
    assert (made.amount, left(rocket)) == (Decimal("49500.00"), Decimal("500.00"))


def test_the_database_refuses_what_code_might_forget(rocket: SimpleNamespace) -> None:
    rows = RoundEnvelope.objects.filter(round=rocket.round, key="call")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(committed=350 * K + 1)
    decided(rocket, 1, "approve")
    held = Decision.objects.live().get()
    held.pk, held.key = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save()


@pytest.mark.parametrize(
    ("kind", "more", "path"),
    [
        ("conditions", {}, "conditions"),
        ("redirect", {}, "redirect_to"),
        ("approve", {"reason": " "}, "reason"),
        ("approve", {"percent": 0}, "percent"),
        ("perhaps", {}, "kind"),
    ],
)
def test_a_decision_says_what_it_needs(
    rocket: SimpleNamespace, kind: str, more: dict[str, object], path: str
) -> None:
    with pytest.raises(KontorError) as refused:
        decided(rocket, 1, kind, **more)
    assert refused.value.path == path


def test_an_ineligible_proposal_gets_no_money(rocket: SimpleNamespace) -> None:
    Application.objects.filter(pk=rocket.rows[0].pk).update(state="ineligible")
    with pytest.raises(KontorError, match="not eligible gets no money"):
        decided(rocket, 1, "approve")
    with pytest.raises(KontorError, match="not eligible gets no money"):
        decided(rocket, 1, "reserve")
    assert decided(rocket, 1, "reject").kind == "reject"
    EligibilityDecision.objects.create(
        application=rocket.rows[0], number=1, verdict="ineligible", reason="One country", computed="no",
        decided_at=timezone.now(), actor_key="x", actor_label="Officer",
    )  # fmt: skip
    Application.objects.filter(pk=rocket.rows[0].pk).update(state="decided")
    with pytest.raises(KontorError, match="not eligible gets no money"):
        decided(rocket, 1, "approve")


def test_undo_gives_the_money_back_and_revives_what_held_before(rocket: SimpleNamespace) -> None:
    decided(rocket, 1, "approve", percent=50)
    second = decided(rocket, 1, "reject")
    assert left(rocket) == 350 * K
    before = actions.undo_decision(decision=second, actor=rocket.by)
    assert before is not None
    assert (before.kind, before.amount, left(rocket)) == ("approve", 100 * K, 250 * K)
    assert before.commitment.released_at is None
    assert actions.undo_decision(decision=before, actor=rocket.by) is None
    assert left(rocket) == left(rocket, "call") == 350 * K
    assert left(rocket, "part:open") == Decimal("5996921.26")
    assert [row.ending for row in Decision.objects.order_by("pk")] == ["undone", "undone"]


def test_undo_cannot_bring_back_money_that_is_gone(rocket: SimpleNamespace) -> None:
    decided(rocket, 1, "approve")
    second = decided(rocket, 1, "reserve")
    decided(rocket, 2, "approve")
    decided(rocket, 3, "approve")
    with pytest.raises(KontorError, match=r"has 100000\.00 left, 200000.00 are asked for"):
        actions.undo_decision(decision=second, actor=rocket.by)
    assert Decision.objects.live().get(application=rocket.rows[0]).kind == "reserve"


def test_nobody_overrules_anybody_unseen(rocket: SimpleNamespace) -> None:
    first = decided(rocket, 1, "approve")
    verdict = Verdict("reject", "Not read")
    told = {"round": rocket.round, "application": rocket.rows[0], "actor": actor(rocket.second)}
    with pytest.raises(Conflict, match="Somebody else decided"):
        actions.decide(verdict=verdict, seen="", **told)
    assert Decision.objects.live().get() == first
    assert actions.decide(verdict=verdict, seen=first.key, **told).replaces == first


def test_strict_skip_and_best_and_why_not(rocket: SimpleNamespace) -> None:
    """350 thousand: strict stops at R-3, skipping passes over it; R-4 has too few points."""
    assert funded(computed(rocket, "skip", min_score=Decimal(60))) == ["R-1", "R-2"]
    scenario = computed(rocket, "all may")
    assert funded(scenario) == ["R-1", "R-2"]
    assert funded(computed(rocket, "part", partial=(30,))) == ["R-1", "R-2", "R-3"]
    below = computed(rocket, "least", min_score=Decimal("85"))
    assert funded(below) == ["R-1"]
    exclusive = computed(rocket, "one", exclusive=((rocket.rows[0].key, rocket.rows[1].key),))
    assert funded(exclusive) == ["R-1", "R-3"]
    needs = computed(rocket, "needs", requires=((rocket.rows[1].key, rocket.rows[3].key),))
    assert funded(needs) == ["R-1", "R-3"]
    new = computed(rocket, "new", new_share=Decimal(40))
    assert funded(new) == ["R-1", "R-3"]
    dutch = computed(rocket, "rich", extra={"call": 100 * K})
    assert funded(dutch) == ["R-1", "R-2", "R-3"]


def test_a_trial_and_an_outdated_scenario_are_not_adopted(rocket: SimpleNamespace) -> None:
    with pytest.raises(KontorError, match="tries other money"):
        adopted(rocket, "trial", extra={"call": K})
    scenario = computed(rocket)
    actions.score_by_hand(
        round=rocket.round, application=rocket.rows[3], score=Decimal(95), source="Again", actor=rocket.by
    )
    with pytest.raises(KontorError, match="have changed since"):
        actions.adopt_scenario(scenario=scenario, reason="x", actor=rocket.by)
    with pytest.raises(KontorError, match="scenario “Ranking” already"):
        computed(rocket)


def test_the_share_of_new_partners_has_a_decimal_and_is_not_rounded_up(rocket: SimpleNamespace) -> None:
    scenario = computed(rocket, extra={"call": 150 * K})
    assert funded(scenario) == ["R-1", "R-2", "R-3"]
    assert side_by_side(board_of(rocket.round), [scenario]).columns[0].share_new == "33.3", "two of six"


def test_a_scenario_that_decisions_rest_on_is_not_thrown_away(rocket: SimpleNamespace) -> None:
    first, idle = adopted(rocket, "First").adopted, computed(rocket, "Idle")
    assert first is not None
    made = decided(rocket, 1, "approve")
    adopted(rocket, "Second")
    with pytest.raises(KontorError, match="Decisions rest on this scenario"):
        actions.discard_scenario(scenario=first, actor=rocket.by)
    actions.discard_scenario(scenario=idle, actor=rocket.by)
    made.refresh_from_db()
    assert made.scenario == first


def test_the_reserve_list_moves_up_when_money_frees_up(rocket: SimpleNamespace) -> None:
    adopted(rocket)
    actions.decide_as_adopted(round=rocket.round, actor=rocket.by)
    kinds = {row.application.number: (row.kind, row.reserve_place) for row in Decision.objects.live()}
    assert kinds == {
        "R-1": ("approve", None), "R-2": ("approve", None), "R-3": ("reserve", 1), "R-4": ("reserve", 2)
    }  # fmt: skip
    with pytest.raises(KontorError, match="No proposal of the reserve list fits"):
        actions.move_up(round=rocket.round, actor=rocket.by)
    Application.objects.filter(pk=rocket.rows[1].pk).update(state="withdrawn", withdrawn_from="ranked")
    (moved,) = actions.move_up(round=rocket.round, actor=rocket.by)
    assert (moved.application.number, moved.amount) == ("R-3", 150 * K)
    assert moved.reason == "Moved up from place 1 of the reserve list: money has become free."
    assert Decision.objects.live().get(application=rocket.rows[3]).reserve_place == 1
    assert left(rocket) == 0
    assert Decision.objects.get(application=rocket.rows[1]).ending == "withdrawn"
    shown = {row.application.number: (row.place, row.withdrawn) for row in board_of(rocket.round).rows}
    assert shown["R-2"] == (2, True), "who declined stays on the board"
    assert funded(computed(rocket, "again")) == ["R-1", "R-3"]


@pytest.mark.parametrize(("rule", "first"), [(Rule.SKIP, "R-4"), (Rule.STRICT, "R-4"), (Rule.BEST, "R-1")])
def test_whoever_was_told_the_first_place_moves_up_first(
    rocket: SimpleNamespace, rule: Rule, first: str
) -> None:
    """Where the rule ranks; the best total goes by points."""
    decided(rocket, 4, "reserve")
    adopted(rocket, rule=rule)
    actions.decide_as_adopted(round=rocket.round, actor=rocket.by)
    assert Decision.objects.live().get(reserve_place=1).application.number == "R-4"
    Application.objects.filter(pk=rocket.rows[1].pk).update(state="withdrawn", withdrawn_from="ranked")
    (moved,) = actions.move_up(round=rocket.round, actor=rocket.by)
    assert moved.application.number == first


def test_money_set_aside_later_counts_what_is_granted_already(rocket: SimpleNamespace) -> None:
    """Also what is taken back and holds again after that."""
    rocket.round.envelopes.filter(key="call").delete()
    decided(rocket, 1, "approve")
    second = decided(rocket, 1, "reject")
    made = decided(rocket, 2, "approve")

    def set_aside(amount: Decimal) -> None:
        actions.change_round(round=rocket.round, values={}, revision=None, ceiling=amount, actor=rocket.by)

    with pytest.raises(KontorError, match=r"100000\.00 of it are placed already"):
        set_aside(100 * K - Decimal("0.01"))
    set_aside(250 * K)
    assert (left(rocket), made.draws.get(envelope__key="call").amount) == (150 * K, 100 * K)
    with pytest.raises(KontorError, match=r"has 150000\.00 left, 200000\.00 are asked for"):
        actions.undo_decision(decision=second, actor=rocket.by)
    set_aside(300 * K)
    actions.undo_decision(decision=second, actor=rocket.by)
    assert left(rocket) == 0
    actions.undo_decision(decision=made, actor=rocket.by)
    assert left(rocket) == 100 * K


def test_two_never_wait_at_the_same_place(rocket: SimpleNamespace) -> None:
    """Whoever was put on the list by hand keeps the place; the scenario's go behind."""
    adopted(rocket)
    first = decided(rocket, 4, "reserve")
    actions.decide_as_adopted(round=rocket.round, actor=rocket.by)
    third = Decision.objects.live().get(application=rocket.rows[2])
    assert (first.reserve_place, third.reserve_place) == (1, 2)
    replaced = decided(rocket, 4, "reject")
    assert decided(rocket, 2, "reserve").reserve_place == 3
    Decision.objects.filter(pk=third.pk).update(reserve_place=1)
    before = actions.undo_decision(decision=replaced, actor=rocket.by)
    assert before is not None
    assert before.reserve_place == 4, "its own is taken by now"


def test_a_scenario_says_real_scores_and_regions_alone_share_pots(rocket: SimpleNamespace) -> None:
    decided(rocket, 4, "approve")
    scenario = computed(rocket, min_score=Decimal(75))
    assert scenario.result["scores"][rocket.rows[3].key] == "50.0000"
    for path, settings in (
        ("pot", {"pot": Pot.REAL}),
        ("min_score", {"min_score": Decimal(101)}),
    ):
        with pytest.raises(KontorError) as refused:
            computed(rocket, "no", **settings)
        assert refused.value.path == path


def test_a_second_person_confirms_before_the_publication(rocket: SimpleNamespace) -> None:
    decided(rocket, 1, "approve")
    for number in (2, 3, 4):
        decided(rocket, number, "reject")
    with pytest.raises(KontorError, match="Grants wait for a second person: R-1"):
        actions.publish_decisions(round=rocket.round, actor=rocket.by)
    held = list(Decision.objects.live())
    with pytest.raises(KontorError, match="You took the decision on R-1 yourself"):
        actions.confirm_decisions(round=rocket.round, decisions=held, actor=rocket.by)
    assert actions.confirm_decisions(round=rocket.round, decisions=held, actor=actor(rocket.second)) == 1
    made = actions.publish_decisions(round=rocket.round, actor=rocket.by)
    assert made.decisions.count() == 4
    assert set(Application.objects.filter(call=rocket.call).values_list("state", flat=True)) == {"decided"}
    with pytest.raises(KontorError, match="published or no longer holds"):
        actions.undo_decision(decision=held[0], actor=rocket.by)


def test_undecided_applications_hold_a_publication_unless_it_is_partial(rocket: SimpleNamespace) -> None:
    decided(rocket, 1, "reject")
    with pytest.raises(KontorError, match="No decision yet: R-2, R-3, R-4"):
        actions.publish_decisions(round=rocket.round, actor=rocket.by)
    made = actions.publish_decisions(round=rocket.round, partial=True, actor=rocket.by)
    assert made.decisions.count() == 1


def test_moving_on_is_the_calls_own_business(rocket: SimpleNamespace) -> None:
    adopted(rocket)
    assert set(Application.objects.filter(call=rocket.call).values_list("state", flat=True)) == {"ranked"}
    move_application(application=rocket.rows[0], to="eligible", reason="back", actor=rocket.by)


_RACE = """
from kontor.base.command import site
site()
import sys, time
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.decisions import actions
from kontor.features.decisions.actions.deciding import Verdict
from kontor.features.decisions.models import Round
round = Round.objects.get()
application = round.call.applications.get(number="R-{number}")
time.sleep(max(0, {begin} - time.time()))
try:
    actions.decide(round=round, application=application, verdict=Verdict("approve", "Good"),
                   actor=Actor.system("race"))
except KontorError as refused:
    sys.exit(0 if refused.code == "envelope-exceeded" else 9)
sys.exit(7)
"""
_PREPARE = """
from kontor.base.command import site
site()
from decimal import Decimal
from kontor.features.decisions import actions
from kontor.features.decisions.tests.conftest import K, money, rocket_call
from kontor.features.juries.tests.conftest import ACTOR, application
from kontor.features.organisations.tests.factories import organisation
call = rocket_call()
for number in (1, 2):
    firm = organisation(f"Firm {number}", "NL")
    row = application(call, firm, title="T", number=f"R-{number}", language="en")
    money(row, (firm, 60, ""))
actions.open_round(call=call, ceiling=100 * K, actor=ACTOR)
"""


@pytest.mark.slow
def test_two_people_place_the_last_money_at_once(own_site: OwnSite) -> None:
    own_site.python(_PREPARE)
    begin = time.time() + 5
    racers = [own_site.start(_RACE.format(begin=begin, number=number)) for number in (1, 2)]
    assert sorted(racer.wait(timeout=90) for racer in racers) == [0, 7]
