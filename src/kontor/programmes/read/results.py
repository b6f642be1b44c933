"""Indicators, reporting and roles of a programme file."""

from __future__ import annotations

from decimal import Decimal

from kontor.programmes.messages import message as _
from kontor.programmes.schema import Indicator, Reading, Reporting, Role
from kontor.programmes.schema.results import COUNTS
from kontor.programmes.values import Table


def indicator(table: Table, languages: tuple[str, ...]) -> Indicator:
    found = Indicator(
        key=table.key(),
        name=table.texts("name", languages),
        unit=table.text("unit"),
        code=table.text("code", default=""),
        definition=table.texts("definition", languages, optional=True),
        target=table.figure("target"),
        subset_of=table.text("subset_of", default=""),
        sum_of=table.words("sum_of"),
        counts=table.choice("counts", COUNTS, default=""),
        readings=tuple(_reading(inner) for inner in table.tables("reading")),
    )
    table.refuse_others()
    return found


def _reading(table: Table) -> Reading:
    table.needs("amount", _("a number"))
    found = Reading(table.figure("amount") or Decimal(0), table.text("source"), table.day("day"))
    table.refuse_others()
    return found


def reporting(above: Table) -> Reporting | None:
    table = above.maybe_table("reporting")
    if table is None:
        return None
    found = Reporting(
        months=table.number("months", 1, 60),
        partner_days=table.number("partner_days", 0, 1000),
        joint_days=table.number("joint_days", 0, 1000),
        payment_days=table.number("payment_days", 0, 1000),
    )
    table.refuse_others()
    return found


def role(table: Table, languages: tuple[str, ...]) -> Role:
    found = Role(
        table.key(), table.texts("name", languages), table.texts("summary", languages, optional=True)
    )
    table.refuse_others()
    return found
