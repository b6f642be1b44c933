"""The job that learns weights from what became of introductions."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.jobs import JobContext, handler
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.learn import FEWEST, fit_weights
from kontor.features.matching.memory import memory
from kontor.features.matching.weights import actions
from kontor.features.matching.weights.problem import bias_of, gather, weights_of_fit
from kontor.features.matching.weights.queries import settled_introductions


@handler(
    actions.LEARN,
    title=gettext_lazy("Learn the weights of the score"),
    words={
        "questions": gettext_lazy("Questions with an answer"),
        "needed": gettext_lazy("Needed at least"),
        "version": gettext_lazy("Version"),
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
    useful = sum(bool(each.partner.any() and not each.partner.all()) for each in gathered.examples)
    try:
        fitted = fit_weights(gathered.parts, gathered.examples, seed=int(job.payload.get("seed", 0)))
    except InvalidInput:
        return {"questions": useful, "needed": FEWEST}
    weights = weights_of_fit(fitted)
    version = actions.keep_weights(
        fitted=fitted,
        weights=weights,
        bias=bias_of(gathered, weights, index),
        outcomes=gathered.outcomes,
        actor=job.actor,
    )
    return {"questions": useful, "version": version.number}
