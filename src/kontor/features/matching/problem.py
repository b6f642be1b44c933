"""Rows become what the engine reads, a person's question becomes the engine's query: the only such place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Prefetch
from django.utils import timezone

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
from kontor.features.matching.ask import Ask
from kontor.features.matching.introductions.history import NEWCOMER, History
from kontor.features.organisations.models import Listing, Organisation, Statement, Visibility

# Only what agreed to be found reaches the index at all; signed-in members find the second.
FINDABLE = {Listing.LISTED: Audience.PUBLIC, Listing.MEMBERS: Audience.MEMBERS}
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
) -> Query:
    """The engine's query; `hidden` organisations never appear in its answer, nor do their teasers.

    Raises engine.core.errors.InvalidInput with the field's name as path.
    """
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
        weights=replace(Weights(), **ask.weights),
        top=ask.top,
        audiences=audiences,
        today=today.isoformat(),
        hidden=tuple(hidden),
    )


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
