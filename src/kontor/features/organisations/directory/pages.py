"""One page of the directory: which organisations, in which order, with what the columns show.

The rows' ids come from an index that holds everything the common filters look at, counted from the nearer
end of the list; the wide rows are read for one page only. A page deep inside is as quick as the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from kontor.base.texts import texts_of
from kontor.features.organisations.directory.fields import Scope, readable_statements
from kontor.features.organisations.models import Membership, Organisation, OrganisationQuerySet
from kontor.features.organisations.models.organisation import visible_q

PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Sort:
    """`order` ends with the id, so that equal rows keep their places from page to page."""

    label: Any
    order: tuple[str, ...]

    @property
    def backwards(self) -> tuple[str, ...]:
        return tuple(part.removeprefix("-") if part.startswith("-") else f"-{part}" for part in self.order)


SORTS: dict[str, Sort] = {
    "name": Sort(_("Name, A to Z"), ("name_key", "id")),
    "-name": Sort(_("Name, Z to A"), ("-name_key", "-id")),
    "country": Sort(_("Country, then name"), ("country", "name_key", "id")),
    "-changed": Sort(_("Changed last first"), ("-changed_at", "-id")),
}


@dataclass(slots=True)
class Row:
    """An organisation as the list shows it: what does not stand in its own row is filled in for the whole
    page.
    """

    organisation: Organisation
    name: str
    offers: int = 0
    needs: int = 0
    competences: int = 0
    confirmed_at: dt.datetime | None = None
    clusters: list[Organisation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """The places from `start` on, `size` of them, in a list of `total`."""

    start: int
    size: int
    total: int

    @property
    def length(self) -> int:
        return max(0, min(self.size, self.total - self.start))

    @property
    def from_end(self) -> int:
        """How many rows come after this part."""
        return max(0, self.total - self.start - self.length)

    @property
    def dense(self) -> bool:
        """Whether reading the list in order and testing each row meets this part soon."""
        return (min(self.start, self.from_end) + self.size) * 20 <= self.total


def page_ids(rows: OrganisationQuerySet, sort: Sort, part: Part) -> list[int]:
    """The ids of `part` of `rows` in order, counted from the nearer end."""
    if not part.length:
        return []
    if part.start <= part.from_end:
        return list(rows.order_by(*sort.order).values_list("pk", flat=True)[part.start :][: part.length])
    ids = rows.order_by(*sort.backwards).values_list("pk", flat=True)[part.from_end :][: part.length]
    return list(ids)[::-1]


def rows_of(ids: Sequence[int], scope: Scope) -> list[Row]:
    """Rows in the order of `ids`; four queries whatever their number."""
    found = Organisation.objects.in_bulk(list(ids))
    organisations = [found[pk] for pk in ids if pk in found]
    names = texts_of(organisations, "name")
    rows = {each.pk: Row(each, _name(each, names[each.pk], scope.language)) for each in organisations}
    _add_statements(rows, scope)
    _add_clusters(rows, scope)
    return list(rows.values())


def _name(organisation: Organisation, texts: dict[str, Any], language: str) -> str:
    """The name in the reader's language where somebody wrote one, else the organisation's own."""
    return texts[language].text if language in texts else organisation.name


def _add_statements(rows: dict[int, Row], scope: Scope) -> None:
    statements = readable_statements(scope).filter(organisation__in=list(rows)).order_by()
    counted = statements.values_list("organisation", "kind").annotate(
        number=Count("pk"), latest=Max("confirmed_at")
    )
    for pk, kind, number, latest in counted:
        row = rows[pk]
        setattr(row, f"{kind}s", number)
        row.confirmed_at = max(filter(None, (row.confirmed_at, latest)))


def _add_clusters(rows: dict[int, Row], scope: Scope) -> None:
    memberships = (
        Membership.objects.current(scope.today)
        .filter(visible_q(scope.user, "cluster__"), member__in=list(rows))
        .select_related("cluster")
        .order_by("cluster__name")
    )
    for membership in memberships:
        rows[membership.member_id].clusters.append(membership.cluster)
