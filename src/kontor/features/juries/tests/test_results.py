"""What the assessments come to: exact totals, thresholds, consensus, pitch."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kontor.base.keys import new_key
from kontor.engine.juries.sheets import judge, read_scores
from kontor.features.juries.actions import open_panel
from kontor.features.juries.marking import Scale, rounded, scale_of
from kontor.features.juries.models import (
    Consensus,
    LiveScore,
    Panel,
    PitchDay,
    PitchSlot,
    Review,
    ReviewState,
    ReviewValue,
)
from kontor.features.juries.outcomes import read_round
from kontor.features.juries.queries import results, results_of
from kontor.features.juries.tests.conftest import (
    CRITERIA,
    application,
    assigned,
    call_of,
    expert,
    published,
    reviewed,
    seat,
)
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db


def test_totals_are_weighted_means_and_wait_for_every_sheet(jury: SimpleNamespace) -> None:
    Panel.objects.update(pitch_share=0)
    first, second = jury.assignments[:2]
    reviewed(first, "4", "4", "3", "5", "2", comment="Good market.")
    assert [each.total for each in results(jury.call)] == [None] * 4, "one sheet is missing"
    reviewed(second, "3", "5", "2", "4", "4", comment="Klarer Plan.")
    found = results(jury.call)[0]
    # (25*3.5 + 25*4.5 + 20*2.5 + 20*4.5 + 10*3) / 5 = 74
    assert found.total == Decimal("74.00")
    assert found.per_criterion == {
        "innovation": Decimal("70.00"), "market": Decimal("90.00"), "cross-border": Decimal("50.00"),
        "consortium": Decimal("90.00"), "budget": Decimal("60.00"),
    }  # fmt: skip
    assert (found.passes, found.below, found.rank) == (True, [], 1)
    assert found.comments == {"en": ["Good market.", "Klarer Plan."]}


def test_a_part_below_half_fails_whatever_the_total(jury: SimpleNamespace) -> None:
    Panel.objects.update(pitch_share=0)
    reviewed(jury.assignments[0], "5", "5", "2", "5", "5")
    reviewed(jury.assignments[1], "5", "5", "2.5", "5", "5")
    found = results(jury.call)[0]
    assert (found.total, found.passes, found.below) == (Decimal("89.00"), False, ["cross-border"])


def test_raw_totals_rank_unless_the_panel_says_otherwise(jury: SimpleNamespace) -> None:
    reviewed(jury.assignments[0], "4")
    reviewed(jury.assignments[1], "4")
    Panel.objects.update(pitch_share=0)
    jury.panel.refresh_from_db()
    found = read_round(jury.panel)
    outcome = replace(found.outcomes[0], shift=Fraction(-5))
    found.__dict__["outcomes"] = (outcome,)
    assert [(each.total, each.adjusted, each.counts) for each in results_of(found)] == [(80, 75, 80)]
    jury.panel.adjusted = True
    assert [each.counts for each in results_of(found)] == [75]


def test_two_far_apart_call_for_a_third_and_the_mean_of_three_counts(jury: SimpleNamespace) -> None:
    Panel.objects.update(pitch_share=0)
    jury.panel.refresh_from_db()
    reviewed(jury.assignments[0], "5")
    reviewed(jury.assignments[1], "3")
    outcome = read_round(jury.panel).outcomes[0]
    assert outcome.third is not None
    assert outcome.third.params == {"points": "40", "limit": "25"}
    third = assigned(jury.members[2], jury.applications[0], kind="third")
    assert results(jury.call)[0].total is None
    reviewed(third, "4")
    outcome = read_round(jury.panel).outcomes[0]
    assert (outcome.third, outcome.total) == (None, 80)


def test_the_consensus_counts_once_all_agree(jury: SimpleNamespace) -> None:
    Panel.objects.update(pitch_share=0)
    reviewed(jury.assignments[0], "5")
    reviewed(jury.assignments[1], "3")
    report = Consensus.objects.create(
        key=new_key(), panel=jury.panel, application=jury.applications[0], comment="Joint words",
        language="de", marks=dict.fromkeys(CRITERIA, "4.5"),
    )  # fmt: skip
    assert results(jury.call)[0].total == Decimal("80.00")
    Consensus.objects.filter(pk=report.pk).update(agreed_at=timezone.now())
    found = results(jury.call)[0]
    assert (found.total, found.comments) == (Decimal("90.00"), {"de": ["Joint words"]})


def test_the_pitch_counts_with_its_share_when_every_listener_has_scored(jury: SimpleNamespace) -> None:
    assert jury.panel.pitch_share == 50, "ROCKET's projects pitch"
    reviewed(jury.assignments[0], "4")
    reviewed(jury.assignments[1], "4")
    day = PitchDay.objects.create(key=new_key(), panel=jury.panel, day=timezone.localdate())
    slot = PitchSlot.objects.create(key=new_key(), day=day, application=jury.applications[0])
    slot.present.set(jury.members[:2])
    marks = dict.fromkeys(CRITERIA, "5")
    LiveScore.objects.create(slot=slot, member=jury.members[0], marks=marks, submitted_at=timezone.now())
    assert results(jury.call)[0].total is None
    LiveScore.objects.create(slot=slot, member=jury.members[1], marks=marks, submitted_at=timezone.now())
    assert results(jury.call)[0].total == Decimal("90.00")


def test_reading_a_round_takes_the_same_queries_for_one_and_for_many(jury: SimpleNamespace) -> None:
    reviewed(jury.assignments[0], "4")
    read_round(jury.panel)  # the programme's file is parsed once
    with CaptureQueriesContext(connection) as few:
        read_round(jury.panel)
    for each in jury.assignments[1:]:
        reviewed(each, "3")
    with CaptureQueriesContext(connection) as many:
        read_round(jury.panel)
    assert len(few) == len(many) == 5


def test_verdicts_are_worth_points_that_rank(place: SimpleNamespace) -> None:
    call = call_of(published("scale-up"), key="words", instrument="transnational-service")
    scale = scale_of(Panel(call=call))
    assert scale.worth("nl") == [
        ("Sterk", Decimal(100)), ("Voldoende", Decimal("66.67")), ("Zwak", Decimal("33.33")),
        ("Onvoldoende", Decimal(0)),
    ]  # fmt: skip
    marks = dict.fromkeys(scale.keys, "sufficient")
    judged = scale.joint([marks, marks | {scale.keys[0]: "strong"}])
    assert (judged.verdict, judged.passed, rounded(judged.total)) == ("sufficient", True, Decimal("66.67"))
    best = scale.judge(dict.fromkeys(scale.keys, "strong"))
    assert best.total == 100
    told = replace(scale.assessment.verdicts[1], points=Decimal(80))
    verdicts = (scale.assessment.verdicts[0], told, *scale.assessment.verdicts[2:])
    own = Scale(replace(scale.assessment, verdicts=verdicts))
    assert own.judge(marks).total == 80


LEVELS = {"strong": "strong", "sufficient": "good", "weak": "moderate", "insufficient": "insufficient"}


def test_the_site_and_the_command_line_rank_verdicts_alike(place: SimpleNamespace, tmp_path: Path) -> None:
    """Two of equal worth, one that a knock-out excludes although its points are more, one below both."""
    programme = published("scale-up")
    call = call_of(programme, key="words", instrument="transnational-service")
    panel = open_panel(call=call, values={"reviews": 1}, actor=ACTOR)
    member, scale = seat(panel, expert(programme, "Vera V")), scale_of(panel)
    knocking = [each.key for each in scale.criteria if each.knock_out]
    knock, usual = knocking[0], [key for key in scale.keys if key not in knocking]
    told = {
        "W-3": dict.fromkeys(scale.keys, "strong") | {knock: "insufficient"},
        "W-4": dict.fromkeys(scale.keys, "sufficient") | {usual[0]: "strong", usual[1]: "weak"},
        "W-1": dict.fromkeys(scale.keys, "sufficient"),
        "W-2": dict.fromkeys(scale.keys, "sufficient") | {usual[0]: "weak"},
    }
    for number, marks in told.items():
        given = assigned(member, application(call, place.firms[0], title=number, number=number))
        review = Review.objects.create(assignment=given, state=ReviewState.SUBMITTED)
        ReviewValue.objects.bulk_create(
            ReviewValue(review=review, field=f"mark:{key}", value=mark) for key, mark in marks.items()
        )
    read = read_round(panel)
    shown = [(rank, each.application.number, each.total) for rank, each in read.ranked(adjusted=False)]
    sheet = {
        "format": "kontor-scores/1",
        "verdicts": {"criteria": list(scale.keys), "knock_out": knocking, "least": "good"},
        "assessments": [
            {"application": n, "juror": "v", "levels": {key: LEVELS[mark] for key, mark in marks.items()}}
            for n, marks in told.items()
        ],
    }
    file = tmp_path / "sheet.json"
    file.write_text(json.dumps(sheet))
    found = judge(read_scores(file))
    assert shown == [(each.rank, each.application, each.common.total) for each in found]
    assert [(rank, number) for rank, number, _total in shown] == [
        (1, "W-1"),
        (1, "W-4"),
        (3, "W-2"),
        (4, "W-3"),
    ]
    assert {each.application_key: each.rank for each in results_of(read)} == {
        each.application.key: rank for rank, each in read.ranked(adjusted=False)
    }
