"""The pages of one round as tabs, and what each of them shows above."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.permissions import allowed
from kontor.features.decisions.models import Round
from kontor.features.decisions.rules import may_decide


def tabs_of(round: Round, here: str) -> list[dict[str, Any]]:
    pages = [
        ("board", _("Board")),
        ("scenarios", _("Scenarios")),
        ("protocol", _("Protocol")),
        ("reserve", _("Reserve list")),
        ("letters", _("Letters")),
        ("record", _("Minutes")),
    ]
    return [
        {
            "label": label,
            "href": reverse(f"decisions:{name}", args=[round.key]),
            "current": name == here,
            "count": None,
        }
        for name, label in pages
    ]


def around(user: Any, round: Round, here: str) -> dict[str, Any]:
    """What every page of a round has in its context."""
    return {
        "round": round,
        "decides": allowed(user, may_decide, round),
        "tabs": tabs_of(round, here),
        "currency": round.call.definition_of_programme.currency,
    }
