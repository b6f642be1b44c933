"""Composing as a job: it starts, tells how far it is, dies, is done again, and is cancelled."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kontor.base.actor import Actor
from kontor.base.jobs import cancel_job, retry_job, run_due_jobs
from kontor.base.jobs.lost import take_over_lost_jobs
from kontor.base.jobs.run import claim
from kontor.base.jobs.signals import heard
from kontor.base.models import Job, JobState
from kontor.features.matching.consortia import actions, tasks
from kontor.features.matching.consortia.ask import Question
from kontor.features.matching.models import Composition, Consortium

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(place: SimpleNamespace, board: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Composition:
    """A question that is left to a job, however few candidates there are."""
    monkeypatch.setattr(tasks, "INLINE", 0)
    question = Question(fixed=(place.lead.key,), lead=place.lead.key)
    return tasks.ask_composer(board.consortium, question, place.composer, Actor.of_user(place.composer))


def job_of(composition: Composition) -> Job:
    return Job.objects.get(key=composition.job_key)


def answered(composition: Composition) -> Composition:
    composition.refresh_from_db()
    return composition


def test_many_candidates_are_left_to_a_job_that_tells_how_far_it_is(
    asked: Composition, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (asked.status, job_of(asked).state) == ("", JobState.WAITING)
    steps: list[tuple[int, int, str]] = []
    solved = tasks.solved

    def watched(*given: Any) -> Any:
        told = heard(job_of(asked))
        steps.append((told["done"], told["total"], told["step"]))
        return solved(*given)

    monkeypatch.setattr(tasks, "solved", watched)
    assert run_due_jobs() == 1
    assert steps == [(1, 2, "Proving the best teams")]
    assert (answered(asked).status, job_of(asked).state) == ("optimal", JobState.DONE)
    assert job_of(asked).result == {"teams": len(asked.result["teams"])}
    at_once = tasks.solved(asked.consortium, Question.of(asked.asked), place.composer).result
    assert asked.result["teams"] == at_once["teams"], "a job answers as the page does"


def test_a_worker_that_died_is_replaced_and_nothing_is_half_done(asked: Composition) -> None:
    job = claim(asked.job_key, "nowhere:999999:1")
    assert job is not None
    Job.objects.filter(pk=job.pk).update(heartbeat_at=None)
    assert answered(asked).status == "", "nothing is kept of what the dead one did"
    assert take_over_lost_jobs() == 1
    assert job_of(asked).state == JobState.RETRYING
    assert run_due_jobs() == 1
    assert (answered(asked).status, job_of(asked).state, job_of(asked).attempts) == (
        "optimal", JobState.DONE, 2,
    )  # fmt: skip


def test_an_answer_that_was_written_before_the_worker_died_stays(asked: Composition) -> None:
    run_due_jobs()
    before = answered(asked).result
    job = job_of(asked)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, worker="nowhere:999999:1", heartbeat_at=None)
    Consortium.objects.filter(pk=asked.consortium_id).update(product="", instrument="")
    assert take_over_lost_jobs() == 1
    assert run_due_jobs() == 1
    assert answered(asked).result == before, "asked again of the changed board it would be another"
    assert job_of(asked).result == {"teams": 0}


def test_a_cancelled_question_stays_open_and_can_be_asked_again(asked: Composition) -> None:
    cancel_job(job_of(asked))
    assert run_due_jobs() == 0
    assert (answered(asked).status, job_of(asked).state) == ("", JobState.CANCELLED)
    retry_job(job_of(asked))
    assert run_due_jobs() == 1
    assert answered(asked).status == "optimal"


def test_a_question_that_fails_leaves_the_board_alone(
    asked: Composition, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: Any) -> Any:
        raise MemoryError("too many")

    before = (asked.consortium.revision, asked.consortium.variants.count())
    monkeypatch.setattr(tasks, "solved", fails)
    run_due_jobs()
    stored = Consortium.objects.get(pk=asked.consortium_id)
    assert (answered(asked).status, job_of(asked).state) == ("", JobState.RETRYING)
    assert (stored.revision, stored.variants.count()) == before


def test_whoever_asked_and_left_is_answered_nothing(asked: Composition, place: SimpleNamespace) -> None:
    place.composer.is_active = False
    place.composer.save(update_fields=["is_active"])
    assert run_due_jobs() == 1
    assert answered(asked).status == ""


def test_the_page_shows_how_far_the_job_is(
    asked: Composition, place: SimpleNamespace, signed_in: Any, board: SimpleNamespace
) -> None:
    client = signed_in(place.composer)
    address = f"{board.consortium.get_absolute_url()}compose/"
    assert "Look again" in client.get(address).content.decode()
    run_due_jobs()
    page = client.get(address).content.decode()
    assert "Look again" not in page
    assert "Take team 1 over" in page


def test_only_the_latest_questions_are_kept(place: SimpleNamespace, board: SimpleNamespace) -> None:
    by = Actor.of_user(place.composer)
    told = {"status": "infeasible", "teams": []}
    for _number in range(12):
        actions.note_composition(consortium=board.consortium, asked={}, result=told, actor=by)
    assert Composition.objects.count() == 10
