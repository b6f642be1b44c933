"""Jobs: at least once, retried, cancelled, resumed, and taken over from workers that died."""

from __future__ import annotations

import datetime as dt
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.own_site import OwnSite

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.jobs import JobContext, cancel_job, enqueue, handler, handlers, retry_job, run_due_jobs
from kontor.base.jobs.lost import LEASE, queue_stranded_jobs, take_over_lost_jobs
from kontor.base.jobs.run import claim, run_job
from kontor.base.jobs.signals import cancel_wanted, heard, want_cancel
from kontor.base.models import Job, JobState

ME = Actor(key="me", label="Me")
calls: list[Any] = []


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """Handlers that exist only here."""
    calls.clear()
    before = dict(handlers._handlers)
    handler("t.add", title="Add")(lambda job: {"sum": sum(job.payload["numbers"])})
    handler("t.fail", max_attempts=2)(_fail)
    handler("t.refuse")(_refuse)
    handler("t.long")(_long)
    handler("t.secret", forget_payload=True)(lambda job: calls.append(job.payload) or {})
    yield
    handlers._handlers.clear()
    handlers._handlers.update(before)


def _fail(job: JobContext) -> dict[str, Any]:
    calls.append(job.attempt)
    raise ConnectionError("the line is dead")


def _refuse(job: JobContext) -> dict[str, Any]:
    raise KontorError("The file is empty.", code="empty", remedy="Send another.")


def _long(job: JobContext) -> dict[str, Any]:
    start = job.checkpoint.load().get("done", 0)
    for number in range(start, 5):
        calls.append(number)
        job.checkpoint.save({"done": number + 1})
        job.progress(number + 1, 5, f"row {number + 1}")
    return {"from": start}


def fresh(job: Job) -> Job:
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_job_runs_and_keeps_its_result() -> None:
    job = enqueue("t.add", {"numbers": [1, 2]}, actor=ME)
    assert (job.state, job.actor_key) == (JobState.WAITING, "me")
    assert run_due_jobs() == 1
    assert (fresh(job).state, job.result, job.attempts, job.error) == (JobState.DONE, {"sum": 3}, 1, "")
    assert run_due_jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_job_of_a_rolled_back_transaction_never_exists() -> None:
    with transaction.atomic():
        enqueue("t.add", {"numbers": []}, actor=ME)
        transaction.set_rollback(True)
    assert Job.objects.count() == 0
    assert run_due_jobs() == 0


@pytest.mark.django_db
def test_same_work_is_queued_once_until_it_is_finished() -> None:
    first = enqueue("t.add", {"numbers": []}, actor=ME, dedup_key="file:7")
    assert enqueue("t.add", {"numbers": []}, actor=ME, dedup_key="file:7") == first
    assert enqueue("t.add", {"numbers": []}, actor=ME, dedup_key="file:8") != first
    run_due_jobs()
    assert enqueue("t.add", {"numbers": []}, actor=ME, dedup_key="file:7") != first


def test_unknown_kind_is_refused_when_queued() -> None:
    with pytest.raises(KeyError, match="nobody"):
        enqueue("nobody.does.this", {}, actor=ME)


@pytest.mark.django_db
def test_failure_is_tried_again_after_a_pause_and_then_given_up() -> None:
    job = enqueue("t.fail", {}, actor=ME)
    run_due_jobs()
    assert (fresh(job).state, job.error) == (JobState.RETRYING, "ConnectionError: the line is dead")
    assert job.run_after is not None
    assert run_due_jobs() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        assert run_due_jobs() == 1
    assert (fresh(job).state, calls) == (JobState.FAILED, [1, 2])


@pytest.mark.django_db
def test_refusal_is_not_tried_again() -> None:
    job = enqueue("t.refuse", {}, actor=ME)
    run_due_jobs()
    assert (fresh(job).state, job.error, job.attempts) == (
        JobState.FAILED,
        "The file is empty. Send another.",
        1,
    )


@pytest.mark.django_db
def test_failed_job_can_be_tried_again_by_a_person() -> None:
    job = enqueue("t.refuse", {}, actor=ME)
    run_due_jobs()
    retry_job(fresh(job))
    assert (fresh(job).state, job.error) == (JobState.RETRYING, "")
    assert run_due_jobs() == 1
    assert fresh(job).attempts == 2


@pytest.mark.django_db
def test_finished_job_is_not_tried_again() -> None:
    job = enqueue("t.add", {"numbers": []}, actor=ME)
    run_due_jobs()
    with pytest.raises(KontorError, match="not finished"):
        retry_job(fresh(job))


@pytest.mark.django_db
def test_trying_a_running_job_again_does_not_undo_the_wish_to_stop_it() -> None:
    job = enqueue("t.add", {}, actor=ME)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    job.refresh_from_db()
    want_cancel(job)
    with pytest.raises(KontorError):
        retry_job(job)
    assert cancel_wanted(job)


@pytest.mark.django_db
def test_a_job_of_a_kind_that_is_gone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue("t.add", {}, actor=ME)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    job.refresh_from_db()
    monkeypatch.delitem(handlers._handlers, "t.add")
    with pytest.raises(KontorError) as refused:
        retry_job(job)
    assert refused.value.code == "job-unknown"


@pytest.mark.django_db
def test_waiting_job_is_cancelled_at_once() -> None:
    job = enqueue("t.add", {"numbers": []}, actor=ME)
    cancel_job(job)
    assert fresh(job).state == JobState.CANCELLED
    assert run_due_jobs() == 0


@pytest.mark.django_db
def test_running_job_stops_at_its_next_progress_and_goes_on_from_its_checkpoint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kontor.base.jobs.context.INTERVAL", 0)
    save = JobContext.progress

    def cancel_at_two(context: JobContext, done: int, total: int, step: str = "") -> None:
        if done == 2:
            want_cancel(context.job)
        save(context, done, total, step)

    job = enqueue("t.long", {}, actor=ME)
    with monkeypatch.context() as patch:
        patch.setattr(JobContext, "progress", cancel_at_two)
        run_due_jobs()
    assert (fresh(job).state, calls) == (JobState.CANCELLED, [0, 1])
    retry_job(job)
    run_due_jobs()
    assert (fresh(job).state, job.result, calls) == (JobState.DONE, {"from": 2}, [0, 1, 2, 3, 4])


@pytest.mark.django_db
def test_progress_passes_an_open_transaction() -> None:
    seen = []

    def inside(job: JobContext) -> dict[str, Any]:
        with transaction.atomic():
            job.progress(3, 9, "reading")
            seen.append(heard(job.job))
        return {}

    handler("t.inside")(inside)
    enqueue("t.inside", {}, actor=ME)
    run_due_jobs()
    assert seen == [{"done": 3, "total": 9, "step": "reading"}]


@pytest.mark.django_db
def test_secret_payload_is_forgotten_when_done() -> None:
    job = enqueue("t.secret", {"link": "https://secret.example"}, actor=ME)
    run_due_jobs()
    assert (calls, fresh(job).payload) == ([{"link": "https://secret.example"}], {})


@pytest.mark.django_db
def test_silent_worker_elsewhere_loses_its_job_and_its_late_result_counts_nothing() -> None:
    job = enqueue("t.add", {"numbers": [1]}, actor=ME)
    mine = claim(job.key, "elsewhere/1/1")
    assert mine is not None
    assert take_over_lost_jobs() == 0
    Job.objects.update(heartbeat_at=timezone.now() - LEASE - dt.timedelta(seconds=1))
    assert take_over_lost_jobs() == 1
    assert run_due_jobs() == 1
    late = JobContext(mine)
    with pytest.raises(Exception, match=job.key):
        late.checkpoint.save({"x": 1})
    assert (fresh(job).state, job.attempts, job.checkpoint) == (JobState.DONE, 2, {})


@pytest.mark.django_db
def test_job_of_a_worker_that_died_before_claiming_it_is_queued_again(settings: Any) -> None:
    settings.JOBS = "worker"
    job = enqueue("t.add", {"numbers": [1, 2]}, actor=ME)
    DBTaskResult.objects.get().claim("elsewhere/1/1")  # and then the machine loses its power
    assert queue_stranded_jobs() == 0  # it may be about to claim the job
    with time_machine.travel(timezone.now() + LEASE + dt.timedelta(seconds=1), tick=False):
        assert queue_stranded_jobs() == 1
        assert queue_stranded_jobs() == 0  # it has a place now
        place = DBTaskResult.objects.get(status="READY")
        run_job.call(*place.args_kwargs["args"])
        assert (fresh(job).state, job.result) == (JobState.DONE, {"sum": 3})
        assert queue_stranded_jobs() == 0


@pytest.mark.django_db
def test_job_in_a_long_queue_or_for_later_keeps_its_one_place(settings: Any) -> None:
    settings.JOBS = "worker"
    enqueue("t.add", {"numbers": [1]}, actor=ME)
    enqueue("t.add", {"numbers": [2]}, actor=ME, run_after=timezone.now() + dt.timedelta(hours=1))
    DBTaskResult.objects.order_by("enqueued_at").last().delete()  # type: ignore[union-attr]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=30), tick=False):
        assert queue_stranded_jobs() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        assert queue_stranded_jobs() == 1
    assert DBTaskResult.objects.count() == 2


WORKER = """
from kontor.base.command import site
site()
import time
from pathlib import Path
from kontor.base.jobs import handler
from kontor.base.jobs.worker import work

@handler("own.slow")
def slow(job):
    start = job.checkpoint.load().get("done", 0)
    for number in range(start, 4):
        job.checkpoint.save({"done": number + 1})
        Path(job.payload["mark"]).write_text(str(number + 1))
        if number == 1 and job.attempt == 1:
            time.sleep(60)
    return {"from": start}

work(batch=BATCH, interval=0.1)
"""
QUEUE = """
from kontor.base.command import site
site()
from kontor.base.actor import Actor
from kontor.base.jobs import enqueue, handler
handler("own.slow")(lambda job: {})
print(enqueue("own.slow", {"mark": "MARK"}, actor=Actor.system("test")).key)
"""
LOOK = """
from kontor.base.command import site
site()
from kontor.base.models import Job
job = Job.objects.get(key="KEY")
print(job.state, job.attempts, job.result.get("from"))
"""


@pytest.mark.slow
def test_job_of_a_killed_worker_is_finished_by_the_next(own_site: OwnSite, tmp_path: Any) -> None:
    mark = tmp_path / "mark"
    key = own_site.python(QUEUE.replace("MARK", str(mark))).strip()
    first = own_site.start(WORKER.replace("BATCH", "False"))
    deadline = time.monotonic() + 60
    while not (mark.exists() and mark.read_text() == "2"):
        assert time.monotonic() < deadline, "the first worker did not come to the middle of the job"
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert own_site.python(LOOK.replace("KEY", key)).split()[0] == "running"
    assert own_site.start(WORKER.replace("BATCH", "True")).wait(timeout=60) == 0
    assert own_site.python(LOOK.replace("KEY", key)).split() == ["done", "2", "2"]
    assert mark.read_text() == "4"
