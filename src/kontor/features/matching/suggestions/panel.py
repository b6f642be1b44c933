"""What the start page says about suggestions."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.panels import Line, Panel
from kontor.features.accounts.queries import organisations_of
from kontor.features.matching import wording
from kontor.features.matching.models import Suggestion

_LINES = 5


def suggested(user: Any) -> Panel | None:
    """The first suggestions for the person's own organisations. Two queries."""
    own = organisations_of(user)
    if not own:
        return None
    rows = Suggestion.objects.readable_by(user).filter(organisation__key__in=sorted(own))
    count = rows.count()
    if not count:
        return None
    lines = tuple(
        Line(row.partner.name, row.partner.get_absolute_url(), wording.country_label(row.partner.country))
        for row in rows.select_related("partner").order_by("rank", "-score", "pk")[:_LINES]
    )
    title = _("Suggested partners across the border")
    return Panel(title, lines, count, "", reverse("matching:suggestions"), _("See why"))
