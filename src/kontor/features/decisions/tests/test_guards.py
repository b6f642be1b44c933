"""What must not happen: money for what is withdrawn or not eligible, deciding on one's own, a second person
done away with; and money that several themes pay, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest

from kontor.base.errors import KontorError
from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.base.permissions import allowed
from kontor.features.accounts.models import User
from kontor.features.calls.actions import undo_withdrawal, withdraw_application
from kontor.features.calls.models import Application
from kontor.features.decisions import actions
from kontor.features.decisions.actions.deciding import Verdict
from kontor.features.decisions.book import read_book
from kontor.features.decisions.models import Decision, RoundEnvelope
from kontor.features.decisions.money import split_of
from kontor.features.decisions.rules import may_decide
from kontor.features.decisions.settings import Settings
from kontor.features.decisions.tests.conftest import K, actor, adopted, computed, decided, funded, money
from kontor.features.juries.tests.conftest import application, call_of, published
from kontor.features.organisations.tests.factories import organisation

pytestmark = pytest.mark.django_db


def turn(place: SimpleNamespace, number: int, state: str) -> None:
    Application.objects.filter(pk=place.rows[number - 1].pk).update(state=state)


def test_what_was_withdrawn_before_the_publication_is_not_told_and_holds_no_money(
    rocket: SimpleNamespace,
) -> None:
    decided(rocket, 1, "approve")
    decided(rocket, 2, "reject")
    actions.confirm_decisions(
        round=rocket.round, decisions=Decision.objects.live(), actor=actor(rocket.second)
    )
    turn(rocket, 1, "withdrawn")
    made = actions.publish_decisions(round=rocket.round, partial=True, actor=rocket.by)
    assert [one.application.number for one in made.decisions.all()] == ["R-2"]
    ended = Decision.objects.get(application=rocket.rows[0])
    assert (ended.ending, ended.publication, ended.commitment.released_at is None) == (
        "withdrawn", None, False
    )  # fmt: skip
    assert RoundEnvelope.objects.get(round=rocket.round, key="call").committed == 0


def test_a_grant_to_what_was_found_ineligible_since_is_not_published(rocket: SimpleNamespace) -> None:
    decided(rocket, 1, "approve")
    actions.confirm_decisions(
        round=rocket.round, decisions=Decision.objects.live(), actor=actor(rocket.second)
    )
    turn(rocket, 1, "ineligible")
    with pytest.raises(KontorError, match="not found eligible: R-1"):
        actions.publish_decisions(round=rocket.round, partial=True, actor=rocket.by)
    assert not Decision.objects.published().exists()


def test_nothing_is_granted_before_the_eligibility_is_decided(rocket: SimpleNamespace) -> None:
    turn(rocket, 1, "submitted")
    with pytest.raises(KontorError, match="is not decided yet"):
        decided(rocket, 1, "approve")
    decided(rocket, 1, "redirect", redirect_to="EnerPRO")
    actions.publish_decisions(round=rocket.round, partial=True, actor=rocket.by)
    moves = AuditEvent.objects.filter(verb="application.moved", subject_key=rocket.rows[0].key)
    assert [row.changes["state"] for row in moves] == [["submitted", "decided"]]


def test_nobody_decides_on_or_confirms_an_application_of_their_own(
    rocket: SimpleNamespace, user_with: Callable[..., User]
) -> None:
    own = user_with("owner", rocket.firms[0].key, name="Both Roles")
    own.assignments.create(role="programme_manager", scope_kind="programme", scope_key="rocket")
    own.forget_roles()
    assert may_decide.test(own, rocket.round)
    told = {"round": rocket.round, "verdict": Verdict("approve", "Good"), "actor": actor(own)}
    with pytest.raises(KontorError, match="You stand for an organisation in R-1") as refused:
        actions.decide(application=rocket.rows[0], **told)
    assert refused.value.code == "conflict-of-interest"
    assert actions.decide(application=rocket.rows[1], **told).grants
    made = decided(rocket, 1, "approve")
    with pytest.raises(KontorError, match="You stand for an organisation in R-1"):
        actions.confirm_decisions(round=rocket.round, decisions=[made], actor=actor(own))
    with pytest.raises(KontorError, match="You stand for an organisation in R-1"):
        actions.undo_decision(decision=made, actor=actor(own))
    with pytest.raises(KontorError, match="You stand for an organisation in R-1"):
        actions.score_by_hand(
            round=rocket.round, application=rocket.rows[0], score=K, source="Me", actor=actor(own)
        )
    assert rocket.round.hand_scores.get(application=rocket.rows[0]).score == 90
    assert allowed(rocket.second, may_decide, rocket.round)


def test_among_equals_who_did_not_lead_before_comes_first(rocket: SimpleNamespace) -> None:
    first, second = rocket.rows[:2]
    actions.score_by_hand(
        round=rocket.round, application=second, score=Decimal(90), source="Again", actor=rocket.by
    )
    for led, expected in ((first, ["R-2", "R-1"]), (second, ["R-1", "R-2"])):
        for row in (first, second):
            row.partners.filter(role="lead").update(led_before=row == led)
        ranking = computed(rocket, f"Without {led.number}").result["ranking"][:2]
        assert [Application.objects.get(key=key).number for key in ranking] == expected


def test_the_second_person_stays_while_grants_wait(rocket: SimpleNamespace) -> None:
    made = decided(rocket, 1, "approve")
    change = {"round": rocket.round, "values": {"four_eyes": False}, "revision": None, "actor": rocket.by}
    with pytest.raises(KontorError, match="Grants wait for a second person"):
        actions.change_round(**change)
    actions.undo_decision(decision=made, actor=rocket.by)
    assert actions.change_round(**change).four_eyes is False


def test_who_is_reserved_without_a_place_waits_last(rocket: SimpleNamespace) -> None:
    first = Verdict("reserve", "Good", place=4)
    told = {"round": rocket.round, "actor": rocket.by}
    places = [
        actions.decide(application=rocket.rows[0], verdict=first, **told),
        actions.decide(application=rocket.rows[1], verdict=Verdict("reserve", "Good"), **told),
    ]
    assert [one.reserve_place for one in places] == [4, 5]


def test_an_applicant_declines_the_grant_and_the_reserve_list_moves_up(rocket: SimpleNamespace) -> None:
    adopted(rocket)
    actions.decide_as_adopted(round=rocket.round, actor=rocket.by)
    actions.confirm_decisions(
        round=rocket.round, decisions=Decision.objects.live(), actor=actor(rocket.second)
    )
    actions.publish_decisions(round=rocket.round, actor=rocket.by)
    row = Application.objects.get(pk=rocket.rows[1].pk)
    by = actor(rocket.rival)
    with pytest.raises(KontorError, match="A reason is missing"):
        withdraw_application(application=row, actor=by)
    withdraw_application(application=row, reason="Our partner was sold.", actor=by)
    run_due_jobs()
    held = Decision.objects.get(application=row)
    assert (held.ending, held.commitment.released_by) == ("withdrawn", "Kontor (decisions)")
    told = AuditEvent.objects.get(verb="application.withdrawn")
    assert (told.changes, told.reason) == ({"state": ["decided", "withdrawn"]}, "Our partner was sold.")
    with pytest.raises(KontorError):
        undo_withdrawal(application=row, actor=by)
    (moved,) = actions.move_up(round=rocket.round, actor=rocket.by)
    assert (moved.application.number, moved.amount) == ("R-3", 150 * K)


def test_a_partner_without_a_region_does_not_close_the_board(alps: SimpleNamespace) -> None:
    partner = alps.rows[0].partners.current().first()
    partner.region = ""
    partner.save()
    assert read_book(alps.round).of(alps.rows[0].key).homeless == "P1 bw"
    assert funded(computed(alps)) == ["P2", "P3", "P4", "P5"]
    with pytest.raises(KontorError, match="P1 bw of P1 belongs to no region of the call"):
        actions.decide(
            round=alps.round, application=alps.rows[0], verdict=Verdict("approve", "Good"), actor=alps.by
        )


def test_a_commitment_is_what_the_regions_pay_together(alps: SimpleNamespace) -> None:
    verdict = Verdict("approve", "Good")
    made = actions.decide(round=alps.round, application=alps.rows[0], verdict=verdict, actor=alps.by)
    assert (made.amount, made.commitment.amount) == (180 * K, 180 * K)
    assert sorted(draw.amount for draw in made.commitment.draws.all()) == [60 * K, 120 * K]


def test_several_themes_pay_even_shares_to_the_cent(user_with: Callable[..., User]) -> None:
    """100,000.00 of three themes: the cent that is left goes to the programme's first one, in the board, the
    engine's question and the decision alike; the whole budget pays it once.
    """
    programme = published("cleantech-energy-crossing")
    call = call_of(programme, key="cec", instrument="sub-project")
    themes = ["micro-grid-storage", "smart-at-home", "heating-cooling"]
    firm = organisation("Warmte BV", "NL", size="small")
    row = application(call, firm, title="Heat", number="C-1", themes=themes)
    money(row, (firm, 100, ""))
    by = actor(user_with("programme_manager", programme.key))
    round = actions.open_round(call=call, four_eyes=False, actor=by)
    third = Decimal("33333.33")
    shares = {
        "budget": 100 * K, "theme:heating-cooling": third + Decimal("0.01"), "theme:smart-at-home": third,
        "theme:micro-grid-storage": third,
    }  # fmt: skip
    assert read_book(round).of(row.key).split == shares
    made = actions.decide(
        round=round, application=row, verdict=Verdict("approve", "Good", percent=50), actor=by
    )
    half = {draw.envelope.key: draw.amount for draw in made.draws.select_related("envelope")}
    assert (made.amount, made.commitment.amount, half.pop("budget")) == (50 * K, 50 * K, 50 * K)
    assert sum(half.values()) == 50 * K
    assert set(half.values()) == {Decimal("16666.66"), Decimal("16666.67")}


@pytest.mark.parametrize(("asked", "count"), [("100000.01", 3), ("100000.03", 2)])
def test_a_part_of_several_themes_is_the_same_in_the_engine_and_in_the_decision(
    user_with: Callable[..., User], asked: str, count: int
) -> None:
    """Half of what themes pay together: rounded once, in the whole, and equal cent by cent."""
    programme = published("cleantech-energy-crossing")
    call = call_of(programme, key="cec", instrument="sub-project")
    firm = organisation("Warmte BV", "NL", size="small")
    by = actor(user_with("programme_manager", programme.key))
    themes = ["micro-grid-storage", "smart-at-home", "heating-cooling"][:count]
    row = application(call, firm, title="Heat", number="C-1", themes=themes)
    row.partners.update(grant=Decimal(asked), cost=Decimal(asked))
    round = actions.open_round(call=call, four_eyes=False, ceiling=75 * K, actor=by)
    actions.score_by_hand(round=round, application=row, score=Decimal(80), source="Meeting", actor=by)
    scenario = actions.compute_scenario(round=round, name="Half", settings=Settings(partial=(50,)), actor=by)
    (granted,) = scenario.result["granted"]
    round = actions.adopt_scenario(scenario=scenario, reason="Agreed", actor=by)
    (made,) = actions.decide_as_adopted(round=round, actor=by)
    draws = {draw.envelope.key: str(draw.amount) for draw in made.draws.select_related("envelope")}
    assert (granted["percent"], draws) == (50, granted["draws"])
    themed = [Decimal(amount) for key, amount in draws.items() if key.startswith("theme:")]
    assert len(themed) == count
    assert sum(themed) == made.amount == Decimal(draws["call"]) == Decimal(draws["budget"])


def test_a_programme_may_let_the_first_theme_pay(rocket: SimpleNamespace) -> None:
    envelopes = [
        RoundEnvelope(key=key, kind="programme") for key in ("budget", "theme:health", "theme:energy")
    ]
    row = rocket.rows[0]
    row.themes = ["energy", "health"]
    partners = list(row.partners.current())
    even = {"budget": 200 * K, "theme:health": 100 * K, "theme:energy": 100 * K}
    assert split_of(row, partners, envelopes, rocket.call) == even
    first = SimpleNamespace(regions=[], definition_of_programme=SimpleNamespace(several_themes="first"))
    assert split_of(row, partners, envelopes, first) == {"budget": 200 * K, "theme:energy": 200 * K}  # type: ignore[arg-type]


def test_the_applicant_may_say_which_theme_pays(rocket: SimpleNamespace) -> None:
    """The main theme alone, or stated percentages of 200,000.01: the odd cent goes where most was lost."""
    keys = ("budget", "theme:health", "theme:energy")
    envelopes = [RoundEnvelope(key=key, kind="programme") for key in keys]
    row = rocket.rows[0]
    row.themes, row.main_theme = ["energy", "health"], "health"
    partners = list(row.partners.current())
    partners[0].grant += Decimal("0.01")
    whole = 200 * K + Decimal("0.01")

    def split(rule: str) -> dict[str, Decimal]:
        call = SimpleNamespace(regions=[], definition_of_programme=SimpleNamespace(several_themes=rule))
        return split_of(row, partners, envelopes, call)  # type: ignore[arg-type]

    assert split("main") == {"budget": whole, "theme:health": whole}
    row.theme_shares = {"energy": "33.33", "health": "66.67"}
    health, energy = Decimal("133340.01"), Decimal("66660.00")
    assert split("stated") == {"budget": whole, "theme:health": health, "theme:energy": energy}
    row.main_theme, row.theme_shares = "", {}
    even = {"budget": whole, "theme:health": Decimal("100000.01"), "theme:energy": 100 * K}
    assert (split("main"), split("stated")) == (even, even)
