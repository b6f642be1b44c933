"""A round of ROCKET, from twelve consortia that ask for five million to their letters, as the people do it.

Teams and their short applications come by the actions behind the pages; from the invitation to the full
application on, everything goes through the pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kontor import programmes
from kontor.base.audit.verify import verify
from kontor.base.jobs.run import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.base.tests.pages import text_of
from kontor.features.accounts.models import User
from kontor.features.calls.actions import begin_application
from kontor.features.calls.checking.actions import keep_check
from kontor.features.calls.models import Application, ApplicationPartner, Call
from kontor.features.calls.problem import eligibility
from kontor.features.calls.sample.read import variant_text
from kontor.features.decisions.models import Decision, Letter, Round
from kontor.features.juries import tasks
from kontor.features.juries.models import Assignment, AssignmentState, Member, Panel, PitchDay, PitchSlot
from kontor.features.juries.tests.conftest import CRITERIA, expert
from kontor.features.organisations.tests.factories import ACTOR, organisation
from kontor.features.programmes.actions import add_programme, commit_money, publish_draft
from kontor.programmes.forms import form_for, form_json
from tests.journeys.full_application import write_in_full

pytestmark = pytest.mark.django_db
#: What each team asks for, in EUR, split over a Dutch lead and a German partner: 5,000,000.00 in all.
ASKED = tuple(
    Decimal(amount)
    for amount in (
        "498000.00", "467400.00", "485100.00", "421500.00", "499800.00", "476250.60", "389949.40",
        "452400.00", "436800.00", "402600.00", "445200.00", "25000.00",
    )
)  # fmt: skip
#: Marks of the ten eligible teams: the better, the higher up.
MARKS = ("4.75", "4.5", "4.25", "4", "3.75", "3.5", "3.25", "3", "3", "1.5")
ALONE, STUDY = 10, 11
THEMES = ("health", "energy", "production")


def world(user_with: Callable[..., User]) -> SimpleNamespace:
    """ROCKET with 3,000,000.00 left in its open part, a closed call, twelve teams that handed in."""
    text = programmes.shipped_texts()["rocket"] + variant_text()
    programme = add_programme(text=text, actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    for amount, part in (("2996921.26", "open"), ("3997947.50", "closed")):
        draws = dict.fromkeys(("budget", f"part:{part}"), Decimal(amount))
        commit_money(programme=programme, draws=draws, reference=f"Earlier, {part}", actor=ACTOR)
    now = timezone.now()
    call = Call.objects.create(
        key="rocket-4", programme=programme, version=programme.current, definition="rocket-last-round",
        instrument="innovation-project", more=["feasibility-study"], title={"en": "ROCKET, round 4"},
        languages=["en", "de", "nl"], state="published", opens_at=now - dt.timedelta(days=60),
        closes_at=now - dt.timedelta(days=9), steps=2, second_closes_at=now + dt.timedelta(days=9),
    )  # fmt: skip
    call.form = form_json(form_for(call.definition_of_programme, call.instrument_of_programme))
    call.save(update_fields=["form"])
    teams = [_team(call, number) for number in range(12)]
    people = {
        "manager": user_with("programme_manager", "rocket", name="Mona Manager"),
        "second": user_with("programme_manager", "rocket", name="Sven Second"),
    }
    owners = [user_with("owner", team.lead.key, name=f"Owner {team.number}") for team in teams]
    return SimpleNamespace(programme=programme, call=call, teams=teams, owners=owners, **people)


def _team(call: Call, number: int) -> Application:
    large = "large" if number == STUDY else "small"
    lead = organisation(f"Lead {number + 1} BV", "NL", size=large, kind="firm", nuts3="NL225")
    home = "NL" if number == ALONE else "DE"
    nuts = "NL226" if number == ALONE else "DEA1B"
    partner = organisation(f"Partner {number + 1}", home, size="small", kind="firm", nuts3=nuts)
    made = begin_application(call=call, lead=lead, title=f"Product {number + 1}", is_sample=True, actor=ACTOR)
    study = number == STUDY
    half = (ASKED[number] / 2).quantize(Decimal("0.01"))
    parts = [(lead, half), (partner, ASKED[number] - half)]
    if study:
        second = organisation("Small firm of the study", "NL", size="small", kind="firm", nuts3="NL226")
        parts = [(lead, Decimal("10000.00")), (partner, Decimal("8000.00")), (second, Decimal("7000.00"))]
    rate = 2 if study else Decimal(5) / 3
    for position, (who, grant) in enumerate(parts):
        ApplicationPartner.objects.update_or_create(
            application=made, organisation=who,
            defaults={
                "key": f"p{number:02d}x{position}", "position": position, "grant": grant,
                "cost": (grant * rate).quantize(Decimal("0.01")) + Decimal("0.01"), "new": True,
                "led_before": False, "in_difficulty": False, "role": "partner" if position else "lead",
            },
        )  # fmt: skip
    Application.objects.filter(pk=made.pk).update(
        number=f"R4-{number + 1:02d}", state="submitted", submitted_at=timezone.now(),
        months=12 if study else 24, themes=[THEMES[number % 3]], kets=["photonics"],
        language=("nl", "de", "en")[number % 3],
        instrument="feasibility-study" if study else "",
    )  # fmt: skip
    made.refresh_from_db()
    return made


def quick_checks(place: SimpleNamespace) -> dict[str, str]:
    """What the self-check tells each team before anybody assesses it."""
    told = {}
    for team in place.teams:
        partners = [
            {
                "key": row.key, "name": row.organisation.name, "country": row.organisation.country,
                "nuts": row.organisation.nuts3, "kind": "firm", "size": row.organisation.size,
                "cost": str(row.cost), "lead": row.role == "lead", "led_before": False, "new": True,
                "in_difficulty": False,
            }
            for row in team.partners.current().select_related("organisation")
        ]  # fmt: skip
        answers = {
            "instrument": team.instrument, "themes": team.themes, "kets": team.kets, "months": team.months,
            "grant": str(team.requested.quantize(Decimal("0.01"))), "partners": partners,
        }  # fmt: skip
        told[team.number] = keep_check(call=place.call, answers=answers, actor=ACTOR).verdict
    return told


def decide_who_is_eligible(place: SimpleNamespace, officer: Client) -> dict[str, list[str]]:
    """The officer follows the rules; answers the rules that each refused team breaks."""
    broken: dict[str, list[str]] = {}
    for team in place.teams:
        found = eligibility(team)
        if rules := list(found.broken):
            broken[team.number] = rules
        told = {"verdict": "ineligible" if rules else "eligible", "seen": "0", "reason": ""}
        if rules:
            told["reason"] = "A rule of the call is not kept."
        officer.post(reverse("calls:eligibility", args=[team.key]), told)
        team.refresh_from_db()
        assert team.state == told["verdict"], team.number
    return broken


class Jury:
    """Five experts with their own clients; the manager runs the pages."""

    def __init__(
        self, place: SimpleNamespace, signed_in: Callable[[User], Client], users: list[User]
    ) -> None:
        self.place, self.manager = place, signed_in(place.manager)
        self.panel = Panel.objects.get()
        self.clients = {user.name: signed_in(user) for user in users}

    def at(self, name: str, *more: str) -> str:
        return reverse(f"juries:{name}", args=[self.panel.key, *more])

    def member(self, name: str) -> Member:
        return Member.objects.get(expert__name=name)

    def invite_and_accept(self, known: list[Any], declared: dict[str, Application]) -> None:
        for one in known:
            self.manager.post(self.at("members"), {"expert": one.key})
            seat = self.member(one.name)
            answer = {"answer": "yes", "signed_as": one.name}
            if one.name in declared:
                answer |= {"declared": [declared[one.name].key], "reason": "My brother leads it"}
            self.clients[one.name].post(reverse("juries:invitation", args=[seat.key]), answer)
            assert self.member(one.name).state == "accepted", one.name

    def assign(self, kind: str = "assign") -> None:
        self.manager.post(self.at("assignment"), {"kind": kind})
        run_due_jobs()
        plan = self.panel.plans.first()
        assert plan is not None
        assert plan.status == "optimal", plan.result
        self.manager.post(self.at("plan-do", plan.key, "adopt"))

    def turn(self, to: str) -> None:
        self.panel.refresh_from_db()
        self.manager.post(
            self.at("phase"), {"to": to, "revision": str(self.panel.revision), "reason": "Done"}
        )
        self.panel.refresh_from_db()
        assert self.panel.phase == to

    def pairs(self) -> set[tuple[str, str]]:
        rows = Assignment.objects.filter(state=AssignmentState.ACTIVE)
        return set(rows.values_list("member__expert__name", "application__number"))

    def write_sheets(self, mark: Callable[[str], str]) -> None:
        rows = Assignment.objects.filter(state=AssignmentState.ACTIVE, review=None)
        for row in rows.select_related("member__expert", "application"):
            sheet = {f"mark:{key}": mark(row.application.number) for key in CRITERIA}
            sheet |= {"comment": f"Words on {row.application.number}", "language": "en", "hand_in": "1"}
            client = self.clients[row.member.expert.name]
            client.post(reverse("juries:sheet", args=[row.key]), sheet)
            row.refresh_from_db()
            assert row.review.state == "submitted", row


def jury_of(place: SimpleNamespace, signed_in: Callable[[User], Client], user_with: Any) -> Jury:
    """The manager opens the jury on its page; the pool is known."""
    names = ("Anna A", "Bert B", "Cleo C", "Dirk D", "Emma E", "Finn F")
    pool = [expert(place.programme, name, fields=list(THEMES)) for name in names]
    users = []
    for one in pool:
        one.user = user_with("juror", "rocket", email=one.email, name=one.name)
        one.save()
        users.append(one.user)
    manager = signed_in(place.manager)
    manager.post(reverse("juries:new"), {"call": place.call.key, "step": "2"})
    jury = Jury(place, signed_in, users)
    jury.invite_and_accept(pool, {"Anna A": place.teams[0]})
    return jury


@pytest.fixture(autouse=True)
def fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """All fit alike: no encoder is loaded."""
    monkeypatch.setattr(
        tasks, "fit_of_texts", lambda applications, experts: np.full((len(applications), len(experts)), 0.5)
    )


def hear_pitches(jury: Jury) -> None:
    """One day with all ten consortia, ten minutes each and ten of questions; every juror scores live."""
    form = jury.manager.get(jury.at("pitch-plan")).context["form"]
    told = {
        name: form[name].value() for name in form.fields if name not in ("applications", "breaks_told")
    } | {
        "day": "2027-03-03", "place": "Kleve", "begins": "09:00", "ends": "17:00", "pitch": "10",
        "questions": "10", "change": "5", "breaks_told": "12:00-13:00", "quorum": "2",
        "applications": [key for key, _label in form.fields["applications"].choices],
    }  # fmt: skip
    told = {name: value for name, value in told.items() if value is not None}
    jury.manager.post(jury.at("pitch-plan"), told)
    day = PitchDay.objects.get()
    assert day.slots.count() == 10
    assert not day.blocked
    jury.manager.post(jury.at("pitch-turn"), {"to": "running"})
    for slot in PitchSlot.objects.order_by("begins"):
        for state in ("pitching", "questions"):
            jury.manager.post(jury.at("pitch-move", slot.key), {"to": state})
        heard = [each.expert.name for each in slot.present.select_related("expert")]
        assert "Anna A" not in heard or slot.application.number != "R4-01", "a juror in conflict is sent out"
        for name in heard:
            marks = {f"mark:{key}": "4" for key in CRITERIA}
            answer = jury.clients[name].post(jury.at("live", slot.key), {**marks, "verb": "hand_in"})
            assert answer.status_code == 302
        jury.manager.post(jury.at("pitch-move", slot.key), {"to": "over"})
    jury.manager.post(jury.at("pitch-turn"), {"to": "over"})


def test_a_rocket_round(user_with: Callable[..., User], signed_in: Callable[[User], Client]) -> None:
    place = world(user_with)
    total = sum((team.requested for team in place.teams), Decimal(0))
    left = place.programme.envelopes.get(key="part:open").remaining
    assert (total.quantize(Decimal("0.01")), left) == (Decimal("5000000.00"), Decimal("3000000.00"))
    checks = quick_checks(place)
    assert {number for number, verdict in checks.items() if verdict == "no"} == {"R4-11", "R4-12"}
    broken = decide_who_is_eligible(place, signed_in(place.manager))
    assert {number: set(rules) for number, rules in broken.items()} == {
        "R4-11": {"minimum-countries", "smes-per-side"}, "R4-12": {"lead-type"}
    }  # fmt: skip
    mail.outbox.clear()
    invited = write_in_full(place, signed_in(place.manager), signed_in, user_with)
    assert len(invited) == 10
    told = [sent.subject for sent in mail.outbox if sent.to == [place.owners[0].email]]
    assert len(told) == 2, "the invitation and the receipt"

    jury = jury_of(place, signed_in, user_with)
    jury.assign()
    assert len(jury.pairs()) == 20
    assert ("Anna A", "R4-01") not in jury.pairs(), "declared, so blocked"
    jury.manager.post(
        jury.at("assignment-hand"),
        {"member": jury.member("Anna A").key, "application": place.teams[0].key, "reason": "I insist"},
    )
    assert ("Anna A", "R4-01") not in jury.pairs(), "not by hand either"
    jury.turn("reviewing")
    before = jury.pairs()
    jury.manager.post(jury.at("member-do", jury.member("Bert B").key, "ill"), {"reason": "Influenza"})
    jury.assign("repair")
    kept = {pair for pair in before if pair[0] != "Bert B"}
    assert kept <= jury.pairs(), "nobody else's work moves"
    assert len(jury.pairs()) == 20
    assert "Bert B" not in {name for name, _number in jury.pairs()}
    jury.write_sheets(lambda number: MARKS[int(number[-2:]) - 1])
    jury.turn("discussion")
    jury.turn("pitches")
    hear_pitches(jury)
    jury.turn("closed")

    round, board = decide(place, signed_in)
    publish_and_write(place, round, board)
    applicants_read(place, signed_in)
    assert verify().ok


def decide(place: SimpleNamespace, signed_in: Callable[[User], Client]) -> tuple[Round, SimpleNamespace]:
    """Strict ranking and skipping side by side; the committee adopts skipping and follows it."""
    manager, second = signed_in(place.manager), signed_in(place.second)
    manager.post(reverse("decisions:open"), {"call": place.call.key, "four_eyes": "on"})
    round = Round.objects.get()

    def at(name: str, *more: str) -> str:
        return reverse(f"decisions:{name}", args=[round.key, *more])

    for name, rule in (("Strict", "strict"), ("Skipping", "skip"), ("Best value", "best")):
        answer = manager.post(
            at("scenario-new"), {"name": name, "rule": rule, "pot": "virtual", "min_score": "60"}
        )
        assert answer.status_code == 302, answer.context["form"].errors
    numbers = dict(place.call.applications.values_list("key", "number"))
    funded = {
        row.name: [numbers[one["application"]][-2:] for one in row.result["granted"]]
        for row in round.scenarios.all()
    }
    assert funded["Strict"] == ["01", "02", "03", "04", "05", "06"]
    assert funded["Skipping"] == ["01", "02", "03", "04", "05", "06"], (
        "151,949.40 are too little for any other"
    )
    strict, skipping = (round.scenarios.get(name=name) for name in ("Strict", "Skipping"))
    assert strict.result["left"]["part:open"] == skipping.result["left"]["part:open"] == "151949.40"
    page = manager.get(skipping.get_absolute_url()).content.decode()
    assert "Money is short: ROCKET 238,000.00, Open calls 238,000.00." in page, "R4-07 asks for 389,949.40"
    manager.post(at("adopt", skipping.key), {"reason": "As the call announced"})
    manager.post(at("as-adopted"))
    held = Decision.objects.live().filter(round=round)
    assert {row.application.number: row.kind for row in held} == {
        **{f"R4-{n:02d}": "approve" for n in range(1, 7)},
        **{f"R4-{n:02d}": "reserve" for n in range(7, 10)},
        **{f"R4-{n:02d}": "reject" for n in range(10, 13)},
    }
    second.post(at("confirm"), {"decision": [row.key for row in held]})
    envelope = place.programme.envelopes.get(key="part:open")
    assert envelope.remaining == Decimal("151949.40")
    return round, SimpleNamespace(at=at, manager=manager, second=second)


def publish_and_write(place: SimpleNamespace, round: Round, board: SimpleNamespace) -> None:
    """Published, minutes kept, one winner gives up, the first of the reserve moves up, letters go out."""
    assert board.manager.post(board.at("publish"), {}).status_code == 302
    kept = board.manager.get(board.at("kept-minutes", 1))
    minutes = text_of(b"".join(kept.streaming_content))
    assert "R4-01" in minutes
    assert "151,949.40" in minutes
    held = Decision.objects.live().get(application=place.teams[5])
    given_up = {
        "kind": "reject",
        "reason": "The team gives its grant back.",
        "percent": "100",
        "language": "en",
        "seen": held.key,
    }
    board.manager.post(board.at("proposal", place.teams[5].key), given_up)
    page = board.manager.get(board.at("reserve")).content.decode()
    assert "Would move up now" in page
    board.manager.post(board.at("move-up"))
    moved = Decision.objects.live().granting().get(publication=None)
    assert moved.application.number == "R4-07"
    board.second.post(board.at("confirm"), {"decision": [moved.key]})
    board.manager.post(board.at("publish"), {"note": "Moved up"})
    board.manager.post(board.at("prepare"))
    letters = list(Letter.objects.all())
    assert len(letters) == 12
    mail.outbox.clear()
    board.manager.post(board.at("send"), {"letter": [row.key for row in letters]})
    run_due_jobs()
    told = {sent.to[0]: sent for sent in mail.outbox}
    first, refused = told[place.owners[0].email], told[place.owners[STUDY].email]
    assert first.subject == "Besluit over “Product 1” (R4-01)"
    assert "498.000,00 EUR" in first.body
    assert "De jury gaf uw voorstel 87,5 van 100 punten; 60 zijn er nodig." in first.body
    assert "– Words on R4-01" in first.body
    assert "R4-12" in refused.subject


def applicants_read(place: SimpleNamespace, signed_in: Callable[[User], Client]) -> None:
    """Each reads its own decision and nobody else's."""
    own = [reverse("decisions:told", args=[team.key]) for team in place.teams]
    client = signed_in(place.owners[8])
    page = client.get(reverse("calls:application", args=[place.teams[8].key])).content.decode()
    assert own[8] in page, "the application leads to its decision"
    assert [client.get(address).status_code for address in own] == [404] * 8 + [200] + [404] * 3
    assert "on the reserve list" in client.get(own[8]).content.decode()
    verbs = set(AuditEvent.objects.filter(subject_key=place.teams[6].key).values_list("verb", flat=True))
    assert {"decision.taken", "decision.confirmed", "decision.told", "letter.sent"} <= verbs
