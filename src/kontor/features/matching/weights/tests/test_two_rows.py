"""Two rows of learned weights on the site: fitted where both groups found partners, shown, used, told."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from kontor.base.jobs import run_due_jobs
from kontor.base.models import Job
from kontor.engine.matching import learn as engine
from kontor.engine.matching import ranking
from kontor.engine.matching.model import Weights
from kontor.features.matching.actions import index_organisations
from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import cards_of
from kontor.features.matching.models import LearnedWeights
from kontor.features.matching.queries import Answer, find_partners
from kontor.features.matching.tasks import lexicon
from kontor.features.matching.weights import actions, tasks
from kontor.features.matching.weights.commands import commands
from kontor.features.matching.weights.queries import active_rows
from kontor.features.matching.weights.tests.test_weights import FEW, THINGS, introduce
from kontor.features.organisations.tests.factories import ACTOR, organisation, project, statement

pytestmark = pytest.mark.django_db
ASK = Ask(
    text="We look for makers of gearboxes and rotor blades.", language="en", origin="NL", read_codes=False
)


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Six who need something; each found one maker with earlier projects and one that is new."""
    for module in (engine, tasks, ranking):
        monkeypatch.setattr(module, "FEWEST", FEW)
    askers, elders, newcomers = [], [], []
    for number, thing in enumerate(THINGS):
        asker = organisation(f"Asker {number}", "NL", size="large")
        statement(asker, f"We look for a maker of {thing}.", kind="need")
        elder = organisation(f"Maker {number}", "DE", size="large")
        statement(elder, f"We build {thing} for customers.")
        project(f"Better {thing}", elder, text=f"Research on {thing}.", language="en")
        newcomer = organisation(f"Newcomer {number}", "DE", size="large")
        statement(newcomer, f"We make {thing} by hand.")
        introduce(asker, elder)
        introduce(asker, newcomer)
        askers.append(asker)
        elders.append(elder)
        newcomers.append(newcomer)
    everybody = [each.key for each in (*askers, *elders, *newcomers)]
    index_organisations(everybody, lexicon=lexicon(), encoder=None)
    return SimpleNamespace(askers=askers, elders=elders, newcomers=newcomers)


def learn() -> dict[str, int]:
    job = actions.learn_weights(actor=ACTOR)
    run_due_jobs()
    result: dict[str, int] = Job.objects.get(pk=job.pk).result
    return result


def two_rows(share: float = 0.5) -> LearnedWeights:
    """A version made by hand: of the known their past counts, of the others the fit alone."""
    from django.utils import timezone

    rows = [{"part": "fit", "usual": 12.0, "weight": 9.0, "error": 0.1}]
    fitted = {"format": 1, "rows": rows, "questions": 30, "ridge": 1.0, "seed": 0}
    fitted |= {"learned_hits": 0.5, "usual_hits": 0.4, "gain": [0.1, 0.02, 0.2]}
    nothing = dict.fromkeys(("projects", "works", "ties", "popularity", "lands", "beside", "named"), 0.0)
    return LearnedWeights.objects.create(
        number=1,
        fitted=fitted,
        weights={"fit": 6.0, "projects": 8.0, "popularity": 4.0},
        small_fitted=fitted | {"questions": 21},
        small_weights={"fit": 9.0, **nothing, "name": 0.0, "alike": 0.0, "kin": 0.0},
        share=share,
        outcomes=60,
        questions=30,
        holds=True,
        made_at=timezone.now(),
        made_by="test",
    )


def test_two_rows_are_fitted_where_both_groups_found_partners(market: SimpleNamespace) -> None:
    assert learn() == {"questions": 6, "version": 1, "rows": 2}
    made = LearnedWeights.objects.get()
    assert made.share == 0.5
    assert made.small_fitted["questions"] == made.fitted["questions"] == 6
    assert made.small_weights["projects"] == 0.0
    assert made.small_weights["novelty"] == made.weights["novelty"] == Weights().novelty
    actions.use_weights(number=1, actor=ACTOR)
    assert active_rows().small == Weights(**made.small_weights)
    assert (active_rows().share, active_rows().known) == (0.5, Weights(**made.weights))


def test_one_row_where_too_few_newcomers_found_a_partner(
    market: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "FEWEST", 7)
    assert learn() == {"questions": 6, "version": 1, "rows": 1}
    made = LearnedWeights.objects.get()
    assert (made.small_fitted, made.small_weights, made.share) == (None, None, 0.0)


def answer(user: Any) -> Answer:
    return find_partners(ASK, user)


def test_the_search_shares_places_marks_them_and_points_add_up(
    market: SimpleNamespace, user_with: Callable[..., Any]
) -> None:
    user = user_with("administrator")
    assert not any(card.shared for card in cards_of(answer(user)))
    two_rows()
    actions.use_weights(number=1, actor=ACTOR)
    cards = cards_of(answer(user))
    new = {each.name for each in (*market.newcomers, *market.askers)}
    assert [card.shared for card in cards][:4] == [False, True, False, True]
    assert {card.title for card in cards[1:4:2]} <= new
    assert {card.title for card in cards[:3:2]} <= {each.name for each in market.elders}
    for card in cards:
        assert card.points == pytest.approx(sum(part.value for part in card.parts), abs=0.001)
        assert sum(part.maximum for part in card.parts) == pytest.approx(100)
        assert not (card.newcomer and card.shared)
    past = {card.title: next((p.maximum for p in card.parts if p.name == "past"), 0.0) for card in cards}
    assert past[cards[0].title] > 50
    assert past[cards[1].title] == 0


def test_the_page_of_the_search_says_why_fewer_points_stand_above(
    market: SimpleNamespace, user_with: Callable[..., Any], signed_in: Callable[[Any], Client]
) -> None:
    client = signed_in(user_with("administrator"))
    two_rows()
    question = {"q": ASK.text, "language": "en", "origin": "NL", "read_codes": "no"}
    assert "place for newcomers" not in client.get("/matches/", question).content.decode()
    actions.use_weights(number=1, actor=ACTOR)
    page = client.get("/matches/", question).content.decode()
    assert "place for newcomers and small firms" in page
    assert "50 % of the places are kept for newcomers and small firms" in page
    body = {"text": ASK.text, "language": "en", "origin": "NL", "read_codes": False}
    found = client.post("/api/v1/matches/", body, content_type="application/json").json()["matches"]
    assert [each["shared"] for each in found][:4] == [False, True, False, True]


def test_an_askers_own_slider_goes_before_both_rows(
    market: SimpleNamespace, user_with: Callable[..., Any]
) -> None:
    from dataclasses import replace

    two_rows()
    actions.use_weights(number=1, actor=ACTOR)
    cards = cards_of(find_partners(replace(ASK, weights={"border": 0.0}), user_with("administrator")))
    assert cards
    assert not any(part.name == "border" for card in cards for part in card.parts)


def test_the_command_line_lists_uses_and_leaves_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kontor.features.matching.weights.commands.site", lambda: None)

    def call(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(commands, list(arguments))
        return result.exit_code, result.stdout, result.stderr

    two_rows(0.3)
    assert "two tables, 30% of the places shared" in call("list")[1]
    assert "The usual weights are in use." in call("list")[1]
    assert call("use", "1")[0] == 0
    (row,) = json.loads(call("list", "--json")[1])["versions"]
    assert (row["number"], row["active"], row["rows"], row["share"]) == (1, True, 2, 0.3)
    assert call("use", "7")[::2] == (2, "There is no such version.\n")
    assert call("off")[0] == 0
    assert active_rows().small is None
    assert call("learn")[0] == 0
    assert Job.objects.filter(kind=actions.LEARN).count() == 1


def test_both_tables_are_shown_in_words(
    user_with: Callable[..., Any], signed_in: Callable[[Any], Client]
) -> None:
    two_rows(0.3)
    client = signed_in(user_with("administrator"))
    page = client.get("/matches/weights/").content.decode()
    assert "who have 30 % of the places" in page
    assert "Organisations with earlier projects" in page
    assert "Checked on 21 questions" in page
    (row,) = client.get("/api/v1/matches/weights/").json()["items"]
    assert (row["share"], row["small_weights"]["fit"], row["small_fitted"]["questions"]) == (0.3, 9.0, 21)
