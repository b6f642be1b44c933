"""Composing as a job, and what happens to consortia when organisations leave."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.events import OrganisationGone
from kontor.base.jobs import JobContext, handler
from kontor.features.accounts.models import User
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.composing import COMPOSE
from kontor.features.matching.consortia.ask import INLINE, Question, solved
from kontor.features.matching.consortia.problem import pool_for
from kontor.features.matching.models import Composition, Consortium


@handler(COMPOSE, title=gettext_lazy("Compose teams"))
def compose(job: JobContext) -> dict[str, Any]:
    """Answer one question; nothing to do where it is answered or was thrown away."""
    rows = Composition.objects.select_related(
        "consortium__lead", "consortium__programme", "consortium__version"
    )
    composition = rows.filter(key=job.payload["composition"], status="").first()
    user = User.objects.filter(key=job.payload["user"], is_active=True).first()
    if composition is None or user is None:
        return {"teams": 0}
    job.progress(0, 2, _("Gathering candidates"))
    pool = pool_for(composition.consortium, user)
    job.progress(1, 2, _("Proving the best teams"))
    found = solved(composition.consortium, Question.of(composition.asked), user, pool)
    actions.finish_composition(composition=composition, result=found.result)
    job.progress(2, 2)
    return {"teams": len(found.result["teams"])}


def ask_composer(consortium: Consortium, question: Question, user: Any, actor: Any) -> Composition:
    """The answer at once where the candidates are few, else a job; either way a row to look at."""
    pool = pool_for(consortium, user)
    if len(pool.members) > INLINE:
        return actions.queue_composition(consortium=consortium, asked=question.as_dict(), actor=actor)
    found = solved(consortium, question, user, pool)
    return actions.note_composition(
        consortium=consortium, asked=question.as_dict(), result=found.result, actor=actor
    )


def on_gone(event: OrganisationGone) -> None:
    """Whoever leaves the directory leaves the seats of consortia that are being composed."""
    actions.free_seats_of(event.keys)
