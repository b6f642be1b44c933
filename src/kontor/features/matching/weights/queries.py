"""Which weights are in use, and which versions there are."""

from __future__ import annotations

from dataclasses import fields

from kontor.base.models import Job, JobState
from kontor.engine.matching.model import Weights
from kontor.engine.matching.ranking import Rows
from kontor.features.matching.models import Introduction, LearnedWeights
from kontor.features.matching.models.states import State
from kontor.features.matching.weights.actions import LEARN

_SETTLED = (State.AGREED, State.TALKS, State.RESULT, State.DECLINED)


def active_rows() -> Rows:
    """The weights of a search where the asker says nothing else. One query."""
    columns = ("weights", "small_weights", "share")
    row = LearnedWeights.objects.filter(active=True).values_list(*columns).first()
    if row is None:
        return Rows()
    weights, small, share = row
    return Rows(_weights(weights), _weights(small) if small else None, share)


def active_weights() -> Weights:
    """Of these the row of those with a past: what a person sets sliders against."""
    return active_rows().known


def _weights(row: dict[str, float]) -> Weights:
    known = {field.name for field in fields(Weights)}
    return Weights(**{name: value for name, value in row.items() if name in known})


def settled_introductions() -> int:
    """Introductions that somebody answered: what can be learned from."""
    return Introduction.objects.filter(state__in=_SETTLED).count()


def learning_now() -> Job | None:
    """The job that learns, if one waits or works."""
    states = [JobState.WAITING, JobState.RUNNING, JobState.RETRYING]
    return Job.objects.filter(kind=LEARN, state__in=states).first()


def last_learning() -> Job | None:
    return Job.objects.filter(kind=LEARN, state=JobState.DONE).order_by("-finished_at").first()
