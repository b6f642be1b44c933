"""What a handler sees of its job."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.jobs.signals import cancel_wanted, say
from kontor.base.models import Job, JobState

# Progress reaches the database at most this often (seconds), so a handler may call it for every row.
INTERVAL = 0.5


class Cancelled(Exception):  # reads as a sentence: raise Cancelled
    """Somebody asked to stop; the handler's transaction rolls back."""


class Lost(Exception):  # reads as a sentence: raise Lost
    """Another worker took the job over; this one must stop touching it."""


@dataclass
class Checkpoint:
    """Where a handler notes how far it came, so that the next attempt goes on from there."""

    job: Job

    def load(self) -> dict[str, Any]:
        """What the last attempt saved; empty on the first."""
        return dict(self.job.checkpoint)

    def save(self, state: dict[str, Any]) -> None:
        """Note `state` (plain JSON). Save it in the transaction of the work it describes."""
        self.job.checkpoint = state
        if not mine(self.job).update(checkpoint=state, heartbeat_at=timezone.now()):
            raise Lost(self.job.key)


@dataclass
class JobContext:
    """`payload` is what `enqueue` was given; `actor` who asked for the job; `attempt` counts from 1."""

    job: Job
    checkpoint: Checkpoint = field(init=False)
    _said_at: float = field(default=0.0, init=False)
    _step: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.checkpoint = Checkpoint(self.job)

    @property
    def key(self) -> str:
        return self.job.key

    @property
    def payload(self) -> dict[str, Any]:
        return dict(self.job.payload)

    @property
    def attempt(self) -> int:
        return self.job.attempts

    @property
    def actor(self) -> Actor:
        return Actor(key=self.job.actor_key, label=self.job.actor_label)

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Say how far it is; raises Cancelled when somebody asked to stop. Cheap enough for every row."""
        now = time.monotonic()
        step = str(step)[:200] or self._step
        if step == self._step and done < total and now - self._said_at < INTERVAL:
            return
        self._said_at, self._step = now, step
        say(self.job, done=done, total=total, step=step)
        if cancel_wanted(self.job):
            raise Cancelled(self.job.key)


def mine(job: Job) -> Any:
    """The row, as long as this attempt still owns it: `attempts` is the fence against a worker thought
    dead.
    """
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
