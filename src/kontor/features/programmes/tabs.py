"""The views of one programme as tabs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kontor import programmes
from kontor.base.permissions import allowed
from kontor.features.programmes.models import Programme
from kontor.features.programmes.rules import may_edit, may_see_matrix


def tabs_of(
    user: Any, programme: Programme, definition: programmes.Programme | None, here: str
) -> list[dict[str, Any]]:
    """Only pages that have something on them, and that the person may open."""
    tabs = [("detail", _("Overview"))]
    if definition is not None:
        tabs.append(("money", _("Money")))
        if definition.instruments:
            tabs.append(("eligibility", _("Is our team eligible?")))
        if definition.products:
            tabs.append(("products", _("Target products")))
            if allowed(user, may_see_matrix, programme):
                tabs.append(("matrix", _("Who can do what")))
        if definition.indicators:
            tabs.append(("results", _("Results")))
    tabs.append(("versions", _("Versions")))
    if allowed(user, may_edit, programme):
        tabs.append(("edit", _("Edit")))
    return [
        {
            "label": label,
            "href": reverse(f"programmes:{name}", args=[programme.key]),
            "current": name == here,
            "count": None,
        }
        for name, label in tabs
    ]
