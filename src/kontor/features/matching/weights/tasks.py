"""The job that learns weights from what became of introductions."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.jobs import JobContext, handler
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.learn import FEWEST
from kontor.engine.matching.ranking import useful
from kontor.features.matching.memory import memory
from kontor.features.matching.weights import actions
from kontor.features.matching.weights.problem import bias_of, fit, gather, rows_of
from kontor.features.matching.weights.queries import settled_introductions


@handler(
    actions.LEARN,
    title=gettext_lazy("Learn the weights of the score"),
    words={
        "questions": gettext_lazy("Questions with an answer"),
        "needed": gettext_lazy("Needed at least"),
        "version": gettext_lazy("Version"),
        "rows": gettext_lazy("Tables of weights"),
    },
)
def learn(job: JobContext) -> dict[str, int]:
    """Keeps a new version; with too few answers it says so and changes nothing."""
    index = memory.current()
    gathered = gather(
        index,
        memory.past(),
        settled_introductions(),
        timezone.localdate().isoformat(),
        lambda done, total: job.progress(done, total, _("Comparing")),
    )
    found = useful(gathered.examples)
    try:
        ranking = fit(gathered, seed=int(job.payload.get("seed", 0)))
    except InvalidInput:
        return {"questions": found, "needed": FEWEST}
    rows = rows_of(ranking)
    version = actions.keep_weights(
        ranking=ranking,
        rows=rows,
        bias=bias_of(gathered, rows, index),
        outcomes=gathered.outcomes,
        actor=job.actor,
    )
    return {"questions": found, "version": version.number, "rows": 2 if ranking.small else 1}
