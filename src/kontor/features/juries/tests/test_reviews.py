"""Score sheets: field by field from two devices, nothing lost; handed in; consensus; phases."""

from __future__ import annotations

import contextlib
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.features.calls.models import Application
from kontor.features.juries import actions
from kontor.features.juries.actions.reviews import Change
from kontor.features.juries.models import Assignment, Consensus, Panel, ReviewClash, ReviewValue, Tie
from kontor.features.juries.tests.conftest import CRITERIA, reviewed
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db


def save(row: Assignment, *changes: tuple[str, str, int], device: str = "a") -> Any:
    told = [Change(*each) for each in changes]
    return actions.save_fields(assignment=row, changes=told, device=device, actor=ACTOR)


def test_two_devices_lose_nothing(jury: SimpleNamespace) -> None:
    row = jury.assignments[0]
    assert save(row, ("comment", "On the train", 0)).fields == {"comment": ("On the train", 1)}
    save(row, ("comment", "On the train, better", 1))
    late = save(row, ("comment", "At home", 1), ("notes", "new", 0), device="b")
    assert late.fields == {"comment": ("On the train, better", 2), "notes": ("new", 1)}
    assert [(each.field, each.value) for each in late.clashes] == [("comment", "At home")]
    again = save(row, ("comment", "At home", 1), device="b")
    assert len(again.clashes) == 1, "sent twice is kept once"
    with pytest.raises(KontorError, match="two versions"):
        actions.submit_review(assignment=row, actor=ACTOR)
    actions.settle_clash(clash=late.clashes[0], take=True, actor=ACTOR)
    assert ReviewValue.objects.get(field="comment").value == "At home"
    assert ReviewClash.objects.get().value == "On the train, better", "the other version stays on record"


def test_bad_marks_are_told_and_everything_else_is_stored(jury: SimpleNamespace) -> None:
    saved = save(
        jury.assignments[0],
        ("mark:market", "7", 0), ("mark:innovation", "3,5", 0), ("mark:none", "1", 0), ("notes", "n", 0),
    )  # fmt: skip
    assert saved.fields == {"mark:innovation": ("3.5", 1), "notes": ("n", 1)}
    assert saved.faults["mark:market"].startswith("Give 0 to 5, in steps of a quarter.")
    assert set(saved.faults) == {"mark:market", "mark:none"}


def test_a_sheet_is_handed_in_whole_and_taken_back_before_the_discussion_only(jury: SimpleNamespace) -> None:
    row = jury.assignments[0]
    save(row, *((f"mark:{key}", "4", 0) for key in CRITERIA[:4]))
    with pytest.raises(KontorError) as missing:
        actions.submit_review(assignment=row, actor=ACTOR)
    assert missing.value.path == "mark:budget"
    save(row, ("mark:budget", "4", 0))
    with pytest.raises(KontorError, match="words for the applicants"):
        actions.submit_review(assignment=row, actor=ACTOR)
    save(row, ("comment", "Good.", 0))
    actions.submit_review(assignment=row, actor=ACTOR)
    with pytest.raises(KontorError, match="handed in"):
        save(row, ("comment", "Better.", 1))
    actions.take_back_review(assignment=row, actor=ACTOR)
    save(row, ("comment", "Better.", 1))
    actions.submit_review(assignment=row, actor=ACTOR)
    Panel.objects.update(phase="discussion")
    with pytest.raises(KontorError, match="discussion has begun"):
        actions.take_back_review(assignment=row, actor=ACTOR)


def test_a_sheet_is_not_handed_in_in_a_conflict_that_nothing_told_of(jury: SimpleNamespace) -> None:
    row = jury.assignments[0]
    save(row, *((f"mark:{key}", "4", 0) for key in CRITERIA), ("comment", "Good.", 0))
    Tie.objects.create(expert=row.member.expert, kind="employer", organisation=row.application.lead)
    with pytest.raises(KontorError) as refused:
        actions.submit_review(assignment=row, actor=ACTOR)
    assert refused.value.code == "conflict-of-interest"


def test_the_phase_waits_for_sheets_and_results_for_everything(jury: SimpleNamespace) -> None:
    Panel.objects.update(pitch_share=0)
    jury.panel.refresh_from_db()
    with pytest.raises(KontorError, match="8 score sheets are not handed in"):
        actions.move_phase(panel=jury.panel, to="discussion", revision=None, actor=jury.by)
    for each in jury.assignments[:-1]:
        reviewed(each, "4")
    panel = actions.move_phase(
        panel=jury.panel, to="discussion", revision=None, reason="one is late", actor=jury.by
    )
    jury.applications[0].refresh_from_db()
    assert jury.applications[0].state == "assessed"
    with pytest.raises(KontorError, match="Not everything is in yet: R-4"):
        actions.move_phase(panel=panel, to="closed", revision=None, actor=jury.by)
    reviewed(jury.assignments[-1], "4")
    panel = actions.move_phase(panel=panel, to="closed", revision=panel.revision, actor=jury.by)
    with pytest.raises(Conflict):
        actions.move_phase(panel=panel, to="published", revision=panel.revision - 1, actor=jury.by)
    Application.objects.filter(pk=jury.applications[0].pk).update(state="decided")
    with pytest.raises(KontorError, match="3 applications are not decided yet") as early:
        actions.move_phase(panel=panel, to="published", revision=None, actor=jury.by)
    assert early.value.path == "confirmed"
    panel = actions.move_phase(panel=panel, to="published", revision=None, confirmed=True, actor=jury.by)
    assert AuditEvent.objects.filter(verb="jury.moved").latest("pk").changes["not decided"] == [None, 3]
    with pytest.raises(KontorError, match="nothing goes back"):
        actions.move_phase(panel=panel, to="closed", revision=None, reason="oops", actor=jury.by)


def test_consensus_needs_everybody_and_a_new_version_asks_anew(jury: SimpleNamespace) -> None:
    for each in jury.assignments[:2]:
        reviewed(each, "4")
    Panel.objects.update(phase="discussion")
    told = {
        "panel": jury.panel, "application": jury.applications[0], "text": "We agreed on 3.5.", "comment": "c",
        "language": "en", "actor": ACTOR, "marks": dict.fromkeys(CRITERIA, "3.5"),
    }  # fmt: skip
    report = actions.write_consensus(**told, revision=None)
    yes = {"consensus": report, "agrees": True, "revision": 1, "actor": ACTOR}
    with pytest.raises(KontorError, match="did not assess"):
        actions.answer_consensus(**yes, member=jury.members[2])
    actions.answer_consensus(**yes, member=jury.members[0])
    assert Consensus.objects.get().agreed_at is None
    actions.answer_consensus(**yes, member=jury.members[1])
    assert Consensus.objects.get().agreed_at is not None
    with pytest.raises(Conflict):
        actions.write_consensus(**told, revision=None)
    actions.write_consensus(**told, revision=1)
    assert Consensus.objects.get().agreed_at is None
    with pytest.raises(Conflict, match="changed while you read"):
        actions.answer_consensus(**yes, member=jury.members[1])


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_the_same_moment(jury: SimpleNamespace) -> None:
    """A device that finds the database busy sends again, as the page does."""
    row = jury.assignments[0]
    save(row, ("comment", "first", 0))
    start = threading.Barrier(2)

    def write(text: str) -> None:
        start.wait()
        for _attempt in range(100):
            with contextlib.suppress(OperationalError):
                save(row, ("comment", text, 1), device=text)
                break
            time.sleep(0.02)
        connection.close()

    threads = [threading.Thread(target=write, args=(text,)) for text in ("left", "right")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    kept = {ReviewValue.objects.get(field="comment").value, ReviewClash.objects.get().value}
    assert kept == {"left", "right"}
