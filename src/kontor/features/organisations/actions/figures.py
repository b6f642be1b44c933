"""Staff, turnover and balance sheet total, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.actions.conflicts import joined_with_theirs
from kontor.features.organisations.models import Organisation, YearFigures

FIGURES = ("staff", "turnover", "balance")


def figures_snapshot(row: YearFigures | None) -> dict[str, Any]:
    """The figures of one year as plain values: what an edit starts from; None where nothing is stored."""
    return {field: getattr(row, field, None) for field in FIGURES}


def set_figures(
    *,
    organisation: Organisation,
    year: int,
    actor: Actor,
    staff: Decimal | None = None,
    turnover: Decimal | None = None,
    balance: Decimal | None = None,
    base: Mapping[str, Any] | None = None,
) -> YearFigures | None:
    """The figures of one year; a year with no figure left is removed (None).

    `base` is what the edit began with: what somebody else entered meanwhile is joined with it; raises
    EditConflict where both changed one figure. Without `base` the values win.
    """
    _check_year(year)
    wanted: dict[str, Any] = {"staff": staff, "turnover": turnover, "balance": balance}
    with transaction.atomic():
        stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
        row = YearFigures.objects.filter(organisation=stored, year=year).first()
        before = figures_snapshot(row)
        wanted = joined_with_theirs(base, before, wanted)
        changes = audit.changed_fields(before, wanted)
        if changes:
            row = _write(stored, year, wanted)
            audit.record(
                actor=actor,
                verb="organisation.figures",
                subject=stored,
                changes={"year": [year, year], **changes},
            )
            announce([stored], "figures")
    return row


def _check_year(year: int) -> None:
    if not 1990 <= year <= timezone.localdate().year:
        raise KontorError(
            _("Figures are kept for years from 1990 to this one."),
            code="bad_year",
            path="year",
            remedy=_("Enter the year that the figures are of."),
        )


def _write(organisation: Organisation, year: int, wanted: dict[str, Any]) -> YearFigures | None:
    if any(value is not None for value in wanted.values()):
        rows = YearFigures.objects
        row, _new = rows.update_or_create(organisation=organisation, year=year, defaults=wanted)
        row.refresh_from_db()  # with as many digits as the columns keep
        return row
    YearFigures.objects.filter(organisation=organisation, year=year).delete()
    return None
