"""Suggestions as one reader may see them today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from kontor.base.models import Job, JobState
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model import Audience, Conditions, Params, Query
from kontor.engine.matching.ranking import Rows
from kontor.engine.matching.solve import search
from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import Card, cards_of
from kontor.features.matching.memory import memory
from kontor.features.matching.models import Suggestion
from kontor.features.matching.queries import Answer, audiences_of, readable_partners
from kontor.features.matching.suggestions.actions import SUGGEST
from kontor.features.matching.suggestions.rules import own_q
from kontor.features.matching.tasks import lexicon
from kontor.features.matching.weights.queries import active_rows
from kontor.features.organisations.models import Listing, Organisation

# Everybody who was suggested is explained, whatever a search would leave out of its own list.
EVERYBODY = Params(twins=1000, popular_share=1, floor=0)


@dataclass(frozen=True)
class Runs:
    """`last` is the latest run that succeeded, `working` one that waits to start now or runs."""

    last: Job | None
    working: Job | None


def suggested_to(organisation: Organisation, user: Any) -> QuerySet[Suggestion]:
    """Its suggestions in their order, with the partners' rows."""
    rows = Suggestion.objects.readable_by(user).filter(organisation=organisation)
    return rows.select_related("partner").order_by("rank")


def cards_for(organisation: Organisation, rows: Sequence[Suggestion], user: Any) -> list[Card]:
    """The suggestions as match cards: points, reasons and doubt from what both sides say today.

    They are counted as on the page of matches, by the learned weights and with earlier projects. Those with
    the most points today come first, equal ones in the order of the run; where two rows of weights share the
    places, they stand as there. A partner that has nothing to say today is left out.
    """
    keys = tuple(row.partner.key for row in rows)
    if not keys or organisation.key not in memory.current():
        return []
    rows_of_weights = active_rows()
    audiences = audiences_of(user)
    query = question_of(organisation.key, keys, rows_of_weights, audiences)
    try:
        past = memory.past(audiences)
        result = search(memory.current(), query, lexicon=lexicon(), params=EVERYBODY, past=past)
    except InvalidInput:
        # it left the index between our look and the search
        return []
    answer = Answer(
        Ask(organisation=organisation.key),
        organisation,
        tuple(readable_partners(result.matches, user)),
        result,
    )
    found = {card.key: card for card in cards_of(answer)}
    told = [row for row in rows if row.partner.key in found]
    places = {card.key: number for number, card in enumerate(found.values())}
    if rows_of_weights.small is None:
        told.sort(key=lambda row: (-round(found[row.partner.key].points), row.rank))
    else:
        told.sort(key=lambda row: places[row.partner.key])
    return [
        replace(found[row.partner.key], rank=number, newcomer=row.newcomer)
        for number, row in enumerate(told, start=1)
    ]


def question_of(key: str, partners: Sequence[str], rows: Rows, audiences: Sequence[Audience]) -> Query:
    """An organisation's own question to these partners alone, asked as on the page of matches."""
    return Query(
        organisation=key,
        conditions=Conditions(among=tuple(partners)),
        weights=rows.known,
        small_weights=rows.small,
        small_share=rows.share,
        audiences=tuple(each for each in audiences if each != Audience.TEASER),
        newcomer_share=0,
        top=len(partners),
        today=timezone.localdate().isoformat(),
    )


def members_with_counts(user: Any) -> QuerySet[Organisation]:
    """The organisations whose suggestions `user` may read, each with `suggested`: how many it has."""
    counts = (
        Suggestion.objects.readable_by(user)
        .filter(organisation=OuterRef("pk"))
        .order_by()
        .values("organisation")
        .annotate(count=Count("pk"))
        .values("count")
    )
    listed = Organisation.objects.alive().exclude(listing=Listing.WITHDRAWN).filter(own_q(user))
    return listed.annotate(suggested=Coalesce(Subquery(counts), 0)).order_by("name", "key")


def runs() -> Runs:
    """The state of the computation, from the rows of its jobs."""
    jobs = Job.objects.filter(kind=SUGGEST)
    last = jobs.filter(state=JobState.DONE).order_by("-finished_at").first()
    working = jobs.filter(state__in=[JobState.RUNNING, JobState.RETRYING]).first()
    return Runs(last, working or jobs.filter(state=JobState.WAITING, run_after=None).first())


def made_on(rows: Sequence[Suggestion]) -> dt.datetime | None:
    """When the shown suggestions were computed."""
    return max((row.made_at for row in rows), default=None)
