"""Rows become what the engine reads, a person's question becomes the engine's query: the only such place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Prefetch
from django.utils import timezone

from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import (
    Audience,
    Code,
    Competence,
    Conditions,
    Profile,
    Query,
    Weights,
)
from kontor.engine.matching.model import Statement as EngineStatement
from kontor.engine.matching.past import PAST_PARTS, Cooperation, Past
from kontor.engine.matching.ranking import Rows
from kontor.features.matching.ask import PAST, Ask
from kontor.features.matching.introductions.history import NEWCOMER, History
from kontor.features.organisations.models import (
    EarlierProject,
    Listing,
    Organisation,
    Participation,
    Statement,
    Visibility,
)

# What identifies the state of an organisation's earlier projects within one process.
PastPrint = int
# Only what agreed to be found reaches the index at all; signed-in members find the second.
FINDABLE = {Listing.LISTED: Audience.PUBLIC, Listing.MEMBERS: Audience.MEMBERS}
TOLD = ("key", "name", "country", "nuts3", "summary")
AUDIENCES = {
    Visibility.PUBLIC: Audience.PUBLIC,
    Visibility.MEMBERS: Audience.MEMBERS,
    Visibility.TEASER: Audience.TEASER,
}


def findable(keys: Iterable[str], today: dt.date) -> list[Organisation]:
    """Those of `keys` that belong into the index, with all that a profile needs: four queries."""
    current = Statement.objects.current(today).prefetch_related("codes").order_by("id")
    return list(
        Organisation.objects.alive()
        .filter(key__in=list(keys), listing__in=list(FINDABLE))
        .prefetch_related("codes", Prefetch("statements", queryset=current, to_attr="current_statements"))
        .order_by("id")
    )


def profile_of(organisation: Organisation, history: History = NEWCOMER) -> Profile:
    """The engine's profile of an organisation that `findable` read, with how its introductions went.

    Of an anonymous statement only the teaser leaves the row: its text never reaches the index.
    """
    statements: Sequence[Statement] = organisation.current_statements  # type: ignore[attr-defined]
    return Profile(
        key=organisation.key,
        name=organisation.name,
        kind=organisation.kind,
        size=organisation.size,
        country=organisation.country,
        nuts3=organisation.nuts3,
        languages=tuple(organisation.languages),
        codes=tuple(Code(row.scheme, row.code) for row in organisation.codes.all()),
        statements=tuple(_statement(row) for row in statements if _can_be_found(row)),
        summary=organisation.summary,
        summary_language=organisation.language,
        partners=history.partners,
        introductions=history.introductions,
        answer_rate=history.answer_rate,
        audience=FINDABLE[Listing(organisation.listing)],
        sample=organisation.is_sample,
    )


def expires_on(organisation: Organisation) -> dt.date | None:
    """The first day on which one of its statements is no longer valid."""
    statements: Sequence[Statement] = organisation.current_statements  # type: ignore[attr-defined]
    ends = [row.valid_until for row in statements if row.valid_until]
    return min(ends) + dt.timedelta(days=1) if ends else None


def query_of(
    ask: Ask,
    *,
    audiences: tuple[Audience, ...],
    today: dt.date,
    competences: Sequence[Competence] = (),
    codes: Sequence[Code] = (),
    hidden: Sequence[str] = (),
    suggested: Sequence[Code] = (),
    usual: Rows | None = None,
) -> Query:
    """The engine's query; `hidden` organisations never appear in its answer, nor do their teasers.

    Raises engine.core.errors.InvalidInput with the field's name as path.
    """
    rows = usual or Rows()
    return Query(
        text=ask.text,
        language=ask.language,
        kind=ask.kind,
        codes=tuple(codes),
        competences=tuple(competences),
        organisation=ask.organisation,
        team=ask.team,
        origin=ask.origin,
        conditions=Conditions(
            countries=ask.countries,
            across_from=ask.origin if ask.across else "",
            sme_only=ask.sme,
            kinds=ask.kinds,
            codes=tuple(Code.parse(code) for code in ask.codes),
            trl_min=ask.trl_min,
            trl_max=ask.trl_max,
            area=ask.area,
            languages=ask.languages,
            excluded=ask.excluded,
        ),
        weights=weights_of(ask, rows.known),
        small_weights=weights_of(ask, rows.small) if rows.small else None,
        small_share=rows.share,
        top=ask.top,
        audiences=audiences,
        today=today.isoformat(),
        hidden=tuple(hidden),
        suggested=tuple(suggested),
    )


def weights_of(ask: Ask, usual: Weights) -> Weights:
    """The usual weights with what the asker set; what is known from earlier projects is set as a whole."""
    own = {name: value for name, value in ask.weights.items() if name != PAST}
    if PAST in ask.weights:
        before = past_weight(usual)
        scale = ask.weights[PAST] / before if before else 0.0
        own |= {name: getattr(usual, name) * scale for name in PAST_PARTS}
    return replace(usual, **own)


def past_weight(weights: Weights) -> float:
    """The parts known from earlier projects together."""
    return float(sum(getattr(weights, name) for name in PAST_PARTS))


def past_of(lexicon: Lexicon, listings: Iterable[str]) -> Past | None:
    """Earlier projects of the organisations with one of these listings; None where there are none.

    All these organisations are in it, those without a project too: their names and regions are compared with
    those of others. Who does not agree to be found is not among them: neither found by a project, nor counted
    or named as somebody's partner. Three queries.
    """
    rows = Participation.objects.findable().filter(organisation__listing__in=list(listings))
    members: dict[int, list[str]] = {}
    parts = rows.order_by("project_id", "organisation_id")
    for project, key in parts.values_list("project_id", "organisation__key"):
        members.setdefault(project, []).append(key)
    if not members:
        return None
    there = Organisation.objects.alive().filter(listing__in=list(listings)).order_by("id")
    profiles = [
        Profile(key, name, country=country, nuts3=nuts3, summary=summary)
        for key, name, country, nuts3, summary in there.values_list(*TOLD)
    ]
    projects = EarlierProject.objects.filter(participations__in=rows).distinct().order_by("pk")
    cooperations = [
        Cooperation(
            key=row.key,
            title=row.title,
            text=row.text,
            members=tuple(members.get(row.pk, ())),
            started=row.started_on.isoformat() if row.started_on else "",
            language=row.language,
        )
        for row in projects
    ]
    return Past.build(cooperations, profiles, lexicon)


def prints_of(keys: Iterable[str] | None) -> dict[str, PastPrint]:
    """{key: what `past_of` reads of an organisation}, of those that it reads; None: all. Two queries."""
    organisations = Organisation.objects.alive().filter(listing__in=list(FINDABLE))
    rows = Participation.objects.findable()
    if keys is not None:
        wanted = list(keys)
        organisations = organisations.filter(key__in=wanted)
        rows = rows.filter(organisation__key__in=wanted)
    found: dict[str, list[tuple[object, ...]]] = {
        key: [tuple(told)] for key, *told in organisations.values_list(*TOLD, "listing")
    }
    for key, *told in rows.order_by("organisation_id", "project_id").values_list(
        "organisation__key", "project_id", "project__title", "project__text", "project__started_on"
    ):
        found.setdefault(key, []).append(tuple(told))
    return {key: hash(tuple(told)) for key, told in found.items()}


def whole_text(row: Statement) -> str:
    """Title and text: what a statement says, in the index and as a question."""
    return f"{row.title}. {row.text}" if row.title else row.text


def _statement(row: Statement) -> EngineStatement:
    anonymous = row.visibility == Visibility.TEASER
    return EngineStatement(
        key=row.key,
        kind=row.kind,
        text="" if anonymous else whole_text(row),
        language=row.language,
        codes=tuple(Code(code.scheme, code.code) for code in row.codes.all()),
        trl=row.trl,
        confirmed_on=timezone.localdate(row.confirmed_at).isoformat(),
        audience=AUDIENCES[Visibility(row.visibility)],
        teaser=row.teaser if anonymous else "",
    )


def _can_be_found(row: Statement) -> bool:
    return row.visibility != Visibility.TEASER or bool(row.teaser)
