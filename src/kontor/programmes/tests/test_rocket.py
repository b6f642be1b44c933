"""ROCKET as documented: money, figures, and who may apply."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.programmes import Assessment, Partner, State, Team, assess, shipped
from kontor.programmes.tests.teams import large, sme

ROCKET, RELOADED = shipped()["rocket"], shipped()["rocket-reloaded"]
GERMAN = sme("huber", "DE", name="Huber", nuts="DEA1B")


def study(*partners: Partner) -> Assessment:
    about = Team(
        partners,
        themes=("energy",),
        kets=("photonics",),
        months=10,
        cost=Decimal("40000"),
        grant=Decimal("20000"),
    )
    return assess(ROCKET, ROCKET.instrument("feasibility-study"), about)


def test_closed_and_open_part() -> None:
    assert [part.amount for part in ROCKET.parts] == [Decimal("3997947.50"), Decimal("5996921.26")]
    assert sum(part.amount or 0 for part in ROCKET.parts) == ROCKET.budget == Decimal("9994868.76")


def test_grant_ceiling_of_the_successor_is_rate_times_project_ceiling() -> None:
    project = RELOADED.instrument("innovation-project")
    assert project.project_ceiling is not None
    assert project.rate is not None
    assert project.project_ceiling * project.rate / 100 == project.grant_ceiling == Decimal("165000.00")


def test_organisations_add_up() -> None:
    source = "Interreg V A Deutschland-Nederland, project page"
    whole = ROCKET.indicator("organisations")
    parts = [ROCKET.indicator(key).reading(source) for key in whole.sum_of]
    assert [part.amount for part in parts if part] == [112, 15, 26]
    assert whole.reading(source).amount == 153  # type: ignore[union-attr]


def test_targets_and_readings() -> None:
    told = {i.key: (i.target, [r.amount for r in i.readings]) for i in ROCKET.indicators}
    assert told["innovation-projects"] == (10, [11])
    assert told["feasibility-studies"] == (15, [6, 7])
    assert told["products"] == (40, [69])
    assert told["smes"] == (None, [112, 127])


def test_single_country_team_is_refused_with_both_rules_named() -> None:
    refused = study(sme("a", lead=True), sme("b"))
    assert refused.state == State.NO
    assert refused.broken == ("minimum-countries", "smes-per-side")
    assert [change.sentence.text("en") for change in refused.changes()] == [
        "Add one partner from another country: Germany.",
        "Add one SME from Germany.",
    ]


def test_adding_one_german_sme_turns_it_to_yes() -> None:
    assert study(sme("a", lead=True), sme("b"), GERMAN).state == State.YES


def test_study_led_by_a_large_firm_is_refused() -> None:
    refused = study(large("big", lead=True), sme("a", name="Aa"), GERMAN)
    assert refused.broken == ("lead-type",)
    assert refused.changes()[0].sentence.text("en") == "Let Aa lead."
    assert study(dataclasses.replace(GERMAN, lead=True), large("big"), sme("a")).state == State.YES


def test_usable_before_anything_is_written() -> None:
    early = assess(ROCKET, ROCKET.instrument("innovation-project"), Team((sme("a"),)))
    states = {answer.use.key: answer.state for answer in early.answers}
    assert states == {
        "mandatory-kets": State.CLARIFY,
        "mandatory-themes": State.CLARIFY,
        "minimum-countries": State.NO,
        "smes-per-side": State.NO,
        "grant-ceiling": State.CLARIFY,
        "rate": State.CLARIFY,
        "duration": State.CLARIFY,
    }


def test_variant_inherits_and_changes() -> None:
    assert (RELOADED.extends, RELOADED.budget, RELOADED.starts) == ("rocket", None, None)
    assert RELOADED.themes == ROCKET.themes
    ours, theirs = ROCKET.instrument("innovation-project"), RELOADED.instrument("innovation-project")
    assert (ours.grant_ceiling, theirs.grant_ceiling) == (Decimal("300000.00"), Decimal("165000.00"))
    assert (ours.rate, ours.most_months) == (theirs.rate, theirs.most_months)
    assert {use.key for use in theirs.rules} - {use.key for use in ours.rules} == {
        "lead-region",
        "not-previously-lead",
        "new-partner-share",
        "project-ceiling",
    }
    call = theirs.calls[0]
    assert (call.closes - call.opens).days == 37
    assert ours.calls == ()


def test_preference_is_told_but_never_refuses() -> None:
    instrument = RELOADED.instrument("innovation-project")
    lead = sme("a", nuts="NL226", lead=True, led_before=True)
    found = assess(RELOADED, instrument, Team((lead, GERMAN)))
    assert "not-previously-lead" in found.broken
    assert found.state == State.CLARIFY


def test_jury_and_reporting() -> None:
    assessment = ROCKET.instrument("innovation-project").assessment
    assert assessment is not None
    assert {c.key: c.weight for c in assessment.criteria} == {
        "innovation": 25,
        "market": 25,
        "cross-border": 20,
        "consortium": 20,
        "budget": 10,
    }
    assert (assessment.threshold, assessment.each, assessment.pitch, assessment.questions) == (60, 50, 10, 10)
    assert [anchor.value for anchor in assessment.anchors_of(assessment.criteria[0])] == ["0", "1", "3", "5"]
    assert ROCKET.reporting is not None
    assert ROCKET.starts is not None
    assert ROCKET.ends is not None
    periods = list(ROCKET.reporting.periods(ROCKET.starts, ROCKET.ends))
    assert (len(periods), periods[0].ends, periods[-1].ends) == (8, date(2016, 9, 30), date(2020, 3, 31))
    assert periods[0].joint_due == date(2016, 12, 29)


def test_theme_of_another_programme_is_invalid() -> None:
    with pytest.raises(InvalidInput, match="'space' is no theme of the programme"):
        assess(ROCKET, ROCKET.instrument("feasibility-study"), Team(themes=("space",)))
