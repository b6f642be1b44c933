"""The worker process: django-tasks' loop, with a heartbeat beside it that also looks for dead workers'
jobs.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading

from django.db import OperationalError, close_old_connections, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from kontor.base.jobs.handlers import plan_standing_work
from kontor.base.jobs.lost import HEARTBEAT, beat, queue_stranded_jobs, take_over_lost_jobs
from kontor.base.jobs.process import this_worker

log = logging.getLogger("kontor.jobs")
# how long the queue's own rows are kept; what people see is the Job row
KEPT = dt.timedelta(days=7)


def work(*, batch: bool = False, interval: float = 1.0) -> None:
    """Run jobs until stopped (SIGTERM, SIGINT: the current job is finished first); with `batch` until none
    is due.

    `interval` is the pause in seconds between looks into an empty queue.
    """
    sweep()
    if not batch:
        plan_standing_work()
    over = threading.Event()
    pulse = threading.Thread(target=_beat_until, args=(over,), name="heartbeat", daemon=True)
    pulse.start()
    loop = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=interval,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=this_worker()[:64],
    )
    loop.configure_signals()
    try:
        loop.run()
    finally:
        over.set()
        pulse.join(timeout=HEARTBEAT)


def sweep() -> None:
    """Take over what dead workers left, and forget old rows of the queue."""
    take_over_lost_jobs()
    queue_stranded_jobs()
    DBTaskResult.objects.filter(enqueued_at__lt=timezone.now() - KEPT).exclude(status="READY").delete()


def _beat_until(over: threading.Event) -> None:
    while not over.wait(HEARTBEAT):
        close_old_connections()
        try:
            beat(this_worker())
            take_over_lost_jobs()
            queue_stranded_jobs()
        except OperationalError as problem:
            # on SQLite a handler's long transaction holds the only write lock; the next beat will do
            log.debug("heartbeat missed: %s", problem)
    connections.close_all()
