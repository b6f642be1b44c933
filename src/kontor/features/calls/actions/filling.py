"""Answers that are facts of the application: what lists, rules and juries read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kontor.features.calls.models import Application, ApplicationPartner
from kontor.programmes.forms import Field, costs_of, decimal_of, money_of, shares_of


def fill(row: Application, field: Field, value: Any) -> None:
    """Bring the application's facts to the answer; the row itself is saved by the caller."""
    if field.kind == "budget":
        fill_money(row, field, value)
    match field.fills:
        case "title":
            row.title = " ".join(str(value).split())[:300]
        case "themes" | "kets":
            chosen = value if isinstance(value, list) else [value] if value else []
            setattr(row, field.fills, chosen)
        case "main_theme":
            row.main_theme = str(value or "")[:60]
        case "theme_shares":
            row.theme_shares = shares_of(value)
        case "months":
            row.months = _months(value)


def fill_money(row: Application, field: Field, value: Mapping[str, Any]) -> None:
    """Cost and grant of every partner from the budget table."""
    for partner in row.partners.current():
        amounts = value.get(partner.key, {})
        cost, grant = costs_of(field, amounts), money_of(amounts.get("grant", ""))
        if (cost, grant) != (partner.cost, partner.grant):
            ApplicationPartner.objects.filter(pk=partner.pk).update(cost=cost, grant=grant)


def _months(value: Any) -> int | None:
    number = decimal_of(value)
    if number is None or number != number.to_integral_value() or not 0 < number < 1000:
        return None
    return int(number)
