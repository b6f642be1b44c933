"""Staff, turnover and balance sheet total of each year; for those who may change the organisation."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.organisations import actions
from kontor.features.organisations.actions.figures import FIGURES
from kontor.features.organisations.api.changes import base_of, in_body, version_of
from kontor.features.organisations.api.finding import reachable
from kontor.features.organisations.api.schemas import Input
from kontor.features.organisations.models import Organisation, YearFigures
from kontor.features.organisations.rules import may_edit

router = Router("organisations")

Year = Annotated[int, Field(ge=1990, le=2100)]
Staff = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]
Euro = Annotated[Decimal, Field(max_digits=16, decimal_places=2)]
VERSION = Field(description="what a change of it must bring along; changes with every reading")


class FiguresOut(Schema):
    """Staff in annual work units, money in euro, exact to the cent."""

    year: int
    staff: Decimal | None
    turnover: Decimal | None
    balance: Decimal | None
    version: str = VERSION


class FiguresIn(Input):
    """Figures left out stay as they are; null removes one."""

    staff: Staff | None = None
    turnover: Annotated[Euro, Field(ge=0)] | None = None
    balance: Euro | None = None
    version: str = Field("", max_length=2000, description="of the figures as read; empty: a new year")


@router.get("/{key}/figures", response=Page[FiguresOut])
@policy(SIGNED_IN & may_edit)
def list_figures(request: HttpRequest, key: Path[str], page: Query[PageQuery]) -> dict[str, Any]:
    """The years, the latest first."""
    organisation = reachable(request, key, may_edit)
    found = paginate(organisation.figures.order_by("-year"), page)
    return {**found, "items": [_out(organisation, row.year, row) for row in found["items"]]}


@router.patch("/{key}/figures/{year}", response=FiguresOut)
@policy(SIGNED_IN & may_edit)
def change_figures(request: HttpRequest, key: Path[str], year: Path[Year], body: FiguresIn) -> dict[str, Any]:
    """Change the figures sent; a year without any is removed. 409 where somebody else changed one of them."""
    organisation = reachable(request, key, may_edit)
    with in_body():
        about = f"{key} {year}"
        base = base_of(body.version, about) if body.version else actions.figures_snapshot(None)
        values = body.dict(exclude_unset=True, exclude={"version"})
        wanted = {field: values.get(field, base[field]) for field in FIGURES}
        row = actions.set_figures(
            organisation=organisation, year=year, base=base, actor=actor_of(request), **wanted
        )
    return _out(organisation, year, row)


def _out(organisation: Organisation, year: int, row: YearFigures | None) -> dict[str, Any]:
    values = actions.figures_snapshot(row)
    return {"year": year, **values, "version": version_of(values, f"{organisation.key} {year}")}
