"""What the start page says to people who look after organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kontor.base.panels import Line, Panel
from kontor.features.accounts.queries import organisations_of
from kontor.features.accounts.rules import EDITING_ROLES
from kontor.features.accounts.scopes import Role
from kontor.features.organisations.freshness import STALE_DAYS, days_since
from kontor.features.organisations.models import Listing, Organisation, Statement
from kontor.features.organisations.models.organisation import editable_q
from kontor.features.organisations.queries import open_pairs, own_organisations
from kontor.features.organisations.rules import may_merge

_LINES = 5


def own(user: Any) -> Panel | None:
    """The organisations that the person has a role in, with the ways to what they look after there."""
    organisations, roles = own_organisations(user), organisations_of(user)
    if not organisations:
        return None
    lines = tuple(line for each in organisations for line in _ways(each, roles[each.key]))
    return Panel(_("Your organisation") if len(organisations) == 1 else _("Your organisations"), lines)


def _ways(organisation: Organisation, role: str) -> Iterator[Line]:
    """Its page; for those who may change it also the pages on which they do."""
    name, page = organisation.name, organisation.get_absolute_url()
    yield Line(name, page, str(Role(role).label))
    if role in EDITING_ROLES:
        yield Line(
            _("%(name)s: profile") % {"name": name}, reverse("organisations:edit", args=[organisation.key])
        )
    yield Line(_("%(name)s: statements") % {"name": name}, f"{page}#offer")
    if role in EDITING_ROLES:
        people = reverse("organisations:people", args=[organisation.key])
        yield Line(_("%(name)s: people") % {"name": name}, people)


def reconfirm(user: Any) -> Panel | None:
    """Stale statements of organisations that the person may change, the oldest first."""
    today = timezone.localdate()
    rows = (
        Statement.objects.current(today)
        .filter(
            editable_q(user, "organisation__"),
            confirmed_at__lt=timezone.now() - dt.timedelta(days=STALE_DAYS),
            organisation__merged_into=None,
            organisation__archived_at=None,
        )
        .exclude(organisation__listing=Listing.WITHDRAWN)
    )
    count = rows.count()
    if not count:
        return None
    lines = tuple(
        Line(
            f"{statement.organisation.name}: {statement}",
            f"{statement.organisation.get_absolute_url()}#statement-{statement.key}",
            _("%(days)s days ago") % {"days": days_since(statement.confirmed_at, today)},
        )
        for statement in rows.select_related("organisation").order_by("confirmed_at", "pk")[:_LINES]
    )
    return Panel(_("To reconfirm"), lines, count)


def duplicates(user: Any) -> Panel | None:
    """Pairs that wait for a decision."""
    count = open_pairs(user).count() if may_merge.test(user) else 0
    if not count:
        return None
    text = _("Records that may describe one organisation wait for a decision.")
    return Panel(_("Duplicates"), (), count, text, reverse("organisations:duplicates"), _("Decide"))
