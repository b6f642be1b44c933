"""Unsaved rows from what the sample files say. Ages become times here, counted back from `now`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal

from kontor.base.models import Text, TextOrigin
from kontor.features.organisations.drafts import PROFILE_FIELDS, cleaned, derived
from kontor.features.organisations.models import (
    ContactPerson,
    EarlierProject,
    Listing,
    Organisation,
    Statement,
    YearFigures,
)
from kontor.features.organisations.sample.model import SampleOrganisation, SampleProject, SampleStatement

SOURCE = "sample"


def organisation(told: SampleOrganisation, now: dt.datetime, by: str) -> Organisation:
    """Raises KontorError with the field as path where a value cannot be stored."""
    clean = cleaned({field: value for field, value in asdict(told).items() if field in PROFILE_FIELDS})
    row = Organisation(
        **clean,
        **derived(clean),
        key=told.key,
        is_sample=True,
        source=SOURCE,
        consent_at=_before(now, told.consent_days_ago),
        changed_by=by,
    )
    if told.consent_withdrawn_days_ago is not None:
        row.listing = Listing.WITHDRAWN
        row.consent_withdrawn_at = _before(now, told.consent_withdrawn_days_ago)
    return row


def statement(told: SampleStatement, of: Organisation, now: dt.datetime, by: str) -> Statement:
    valid = told.valid_days
    return Statement(
        key=told.key,
        organisation=of,
        kind=told.kind,
        language=told.language,
        title=told.title,
        text=told.text,
        teaser=told.teaser,
        trl=told.trl,
        visibility=told.visibility,
        confirmed_at=_before(now, told.confirmed_days_ago),
        confirmed_by=by,
        valid_until=None if valid is None else now.date() + dt.timedelta(days=valid),
    )


def codes(written: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(scheme, code) of `scheme:code`."""
    for text in written:
        scheme, _colon, code = text.partition(":")
        yield scheme, code


def figures(told: SampleOrganisation, of: Organisation, year: int) -> Iterator[YearFigures]:
    """`year` is the year of loading."""
    for given in told.figures:
        numbers = {"staff": given.staff, "turnover": given.turnover, "balance": given.balance}
        exact = {name: None if value is None else Decimal(str(value)) for name, value in numbers.items()}
        yield YearFigures(organisation=of, year=year - given.years_ago, **exact)


def contacts(told: SampleOrganisation, of: Organisation, now: dt.datetime) -> Iterator[ContactPerson]:
    for given in told.contacts:
        yield ContactPerson(
            organisation=of,
            name=given.name,
            email=given.email,
            phone=given.phone,
            function=given.function,
            language=given.language,
            consent_at=_ago(now, given.consent_days_ago),
            consent_source=given.consent_source,
            consent_withdrawn_at=_ago(now, given.withdrawn_days_ago),
        )


def translations(row: Statement, told: SampleStatement) -> Iterator[Text]:
    for given in told.translations:
        stale = given.origin == "stale"
        origin = TextOrigin.HUMAN if stale else TextOrigin(given.origin)
        yield _text("statement", row.pk, "text", given.language, given.text, origin, stale=stale)


def names(told: SampleOrganisation, row: Organisation) -> Iterator[Text]:
    for language, name in told.names:
        yield _text("organisation", row.pk, "name", language, name, TextOrigin.HUMAN)


def _text(
    kind: str, pk: int, field: str, language: str, text: str, origin: TextOrigin, *, stale: bool = False
) -> Text:
    return Text(
        subject_kind=kind,
        subject_id=pk,
        field=field,
        language=language,
        text=text,
        origin=origin,
        stale=stale,
    )


def project(told: SampleProject, year: int) -> EarlierProject:
    """`year` is the year of loading."""
    began = year - told.began_years_ago
    return EarlierProject(
        key=told.key,
        source="sample",
        external_id=told.key,
        title=told.title,
        text=told.text,
        language=told.language,
        programme=told.programme,
        started_on=dt.date(began, 3, 1),
        ended_on=dt.date(began + told.years, 2, 28),
    )


def _before(now: dt.datetime, days: int) -> dt.datetime:
    return now - dt.timedelta(days=days)


def _ago(now: dt.datetime, days: int | None) -> dt.datetime | None:
    return None if days is None else _before(now, days)
