"""What the start page tells everybody: how much of the directory is public."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kontor.base.panels import Figure, register_figure
from kontor.features.organisations.models import Organisation, Statement, StatementKind

SECONDS_KEPT = 300  # counting 100,000 rows for every visitor would cost more than the figures are worth


def register() -> None:
    register_figure("organisations", organisations, order=10)
    register_figure("countries", countries, order=20)
    register_figure("offers", offers, order=30)
    register_figure("needs", needs, order=40)


def organisations() -> Figure | None:
    return _figure(_("organisations"), "organisations", reverse("organisations:list"))


def countries() -> Figure | None:
    return _figure(_("countries"), "countries", reverse("organisations:map"))


def offers() -> Figure | None:
    return _figure(_("offers"), StatementKind.OFFER, f"{reverse('organisations:list')}?offers=yes")


def needs() -> Figure | None:
    return _figure(_("needs"), StatementKind.NEED, f"{reverse('organisations:list')}?needs=yes")


def _figure(label: str, name: str, href: str) -> Figure | None:
    count = counts().get(name, 0)
    return Figure(label, count, href) if count else None


def counts() -> dict[str, int]:
    """Public organisations, their countries, and their statements by kind; at most five minutes old."""
    return dict(cache.get_or_set("organisations.figures", _count, SECONDS_KEPT) or {})


def _count() -> dict[str, int]:
    nobody = AnonymousUser()
    whole = Organisation.objects.visible_to(nobody).aggregate(
        organisations=Count("pk"), countries=Count("country", distinct=True)
    )
    kinds = (
        Statement.objects.visible_to(nobody)
        .current(timezone.localdate())
        .order_by()
        .values_list("kind")
        .annotate(Count("pk"))
    )
    return whole | dict(kinds)
