"""A programme's results: targets and values for everybody, entering values for those who steer it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import PUBLIC, allowed, policy, require
from kontor.features.programmes import actions
from kontor.features.programmes.models import IndicatorReading, Programme
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.results import Result, results_of
from kontor.features.programmes.rules import may_edit

router = Router("programmes")


class ValueOut(Schema):
    key: str = Field(description="of a value that was entered; empty for one from the programme's file")
    amount: Decimal
    day: dt.date | None
    source: str


class ResultOut(Schema):
    indicator: str
    code: str = Field(description="of a common list, such as CO02; may be empty")
    names: dict[str, str]
    unit: str
    target: Decimal | None
    values: list[ValueOut] = Field(description="the latest first")
    counts: str = Field(description="what Kontor counts for it; empty: nothing")
    counted: Decimal | None = Field(description="today, distinct; null for who does not steer the programme")


class ValueIn(Schema):
    indicator: str = Field(max_length=60)
    amount: Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=2)]
    day: dt.date = Field(description="as of; not after today")
    source: str = Field(min_length=1, max_length=300)
    note: str = Field("", max_length=500)


@router.get("/{key}/results/", response=list[ResultOut])
@policy(PUBLIC)
def results(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Every indicator of the published version, in the order of its file."""
    programme = programme_for(request.user, key)
    steers = allowed(request, may_edit, programme)
    return [_out(row) for row in results_of(programme, published(programme).definition, counted=steers)]


@router.post("/{key}/results/", response={201: ValueOut})
@policy(may_edit)
def add(request: HttpRequest, key: str, body: ValueIn) -> Status[dict[str, Any]]:
    """Enter a value with its day and source."""
    made = actions.add_reading(programme=_steered(request, key), actor=actor_of(request), **body.dict())
    return Status(201, _value(made))


@router.post("/{key}/results/{reading}/remove/", response=ValueOut)
@policy(may_edit)
def remove(request: HttpRequest, key: str, reading: str) -> dict[str, Any]:
    """Take an entered value away; it can be brought back."""
    row: IndicatorReading = found(_steered(request, key).readings.all(), key=reading)
    actions.remove_reading(reading=row, actor=actor_of(request))
    return _value(row)


@router.post("/{key}/results/{reading}/restore/", response=ValueOut)
@policy(may_edit)
def restore(request: HttpRequest, key: str, reading: str) -> dict[str, Any]:
    """Bring a removed value back."""
    row: IndicatorReading = found(_steered(request, key).readings.all(), key=reading)
    actions.bring_reading_back(reading=row, actor=actor_of(request))
    return _value(row)


def _steered(request: HttpRequest, key: str) -> Programme:
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    return programme


def _value(row: IndicatorReading) -> dict[str, Any]:
    return {"key": row.key, "amount": row.amount, "day": row.day, "source": row.source}


def _out(row: Result) -> dict[str, Any]:
    one = row.indicator
    return {
        "indicator": one.key,
        "code": one.code,
        "names": dict(one.name),
        "unit": one.unit,
        "target": one.target,
        "values": [
            {
                "key": each.row.key if each.row else "",
                "amount": each.amount,
                "day": each.day,
                "source": each.source,
            }
            for each in row.said
        ],
        "counts": one.counted,
        "counted": row.counted,
    }
