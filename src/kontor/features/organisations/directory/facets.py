"""How many organisations there are, and how many with each country, kind and size: one query for all of it,
kept while nothing changes where it took long.

The query counts the combinations of the three columns under every other filter; total and facets are sums
over at most a few hundred of them. Within one facet the facet's own filter is left out, so the figures say
what adding a value would bring.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from kontor.features.organisations.directory import kept
from kontor.features.organisations.directory.fields import Scope
from kontor.features.organisations.directory.filters import Filters
from kontor.features.organisations.models import OrganisationQuerySet

COLUMNS = ("country", "kind", "size")


@dataclass(frozen=True, slots=True)
class Counts:
    """`total` organisations pass every filter; `facets` count per column and value without that column's
    filter.
    """

    total: int
    facets: dict[str, Counter[str]]


def count(rows: OrganisationQuerySet, filters: Filters, scope: Scope) -> Counts:
    """Count what of `rows` passes `filters`. `rows` says who may see what."""
    found = filters.apply(rows, scope, but=COLUMNS)
    # values_list in index order: both databases answer from `directory_count` alone.
    cells = kept.counted(found.order_by().values_list(*COLUMNS).annotate(number=Count("pk")))
    wanted = [frozenset(filters.values.get(column, ())) for column in COLUMNS]
    total = 0
    facets: dict[str, Counter[str]] = {column: Counter() for column in COLUMNS}
    for *values, number in cells:
        missed = [at for at in range(len(COLUMNS)) if wanted[at] and values[at] not in wanted[at]]
        if not missed:
            total += number
        for at, column in enumerate(COLUMNS):
            if not missed or missed == [at]:
                facets[column][values[at]] += number
    return Counts(total, facets)
