"""What an address of the directory asks for, and the page that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from kontor.features.organisations.directory import cells, facets, pages
from kontor.features.organisations.directory.fields import Scope
from kontor.features.organisations.directory.filters import BY_NAME, Filters
from kontor.features.organisations.models import Organisation, OrganisationQuerySet, SizeClass


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter that can be ticked, and how many organisations it would show."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for, cleaned; everything has a usual value."""

    filters: Filters
    sort: str = "name"
    page: int = 1
    size: int = pages.PAGE_SIZES[0]
    columns: tuple[str, ...] = cells.USUAL

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        size = data.get("page_size", "")
        return cls(
            Filters.read(data),
            sort=data.get("sort", "") if data.get("sort") in pages.SORTS else "name",
            page=int(data.get("page", "1")[:6]) if data.get("page", "").isdecimal() else 1,
            size=int(size) if size in map(str, pages.PAGE_SIZES) else pages.PAGE_SIZES[0],
            columns=tuple(name for name in cells.COLUMNS if name in data.getlist("columns")) or cells.USUAL,
        )

    def query(self) -> str:
        """The address in its shortest form: what is usual is left out."""
        usual = type(self)(self.filters)
        parts = [self.filters.query(sort=self.sort if self.sort != usual.sort else None)]
        if self.columns != usual.columns:
            parts.append("&".join(f"columns={name}" for name in self.columns))
        parts += [f"page_size={self.size}"] if self.size != usual.size else []
        parts += [f"page={self.page}"] if self.page != usual.page else []
        return "&".join(filter(None, parts))


class Listing:
    """One page of the directory for one person. Each part is read once, when first asked for."""

    def __init__(self, wish: Wish, scope: Scope) -> None:
        self.wish = wish
        self.scope = scope

    @cached_property
    def visible(self) -> OrganisationQuerySet:
        return Organisation.objects.visible_to(self.scope.user)

    @cached_property
    def counts(self) -> facets.Counts:
        return facets.count(self.visible, self.wish.filters, self.scope)

    @cached_property
    def page(self) -> Page[Any]:
        """Django's page over places in the list, for the links to other pages; a page too far is the last."""
        return Paginator(range(self.counts.total), self.wish.size).get_page(self.wish.page)

    @cached_property
    def found(self) -> OrganisationQuerySet:
        return self.wish.filters.apply(self.visible, self.scope)

    @cached_property
    def rows(self) -> list[pages.Row]:
        part = pages.Part((self.page.number - 1) * self.wish.size, self.wish.size, self.counts.total)
        found = self.wish.filters.apply(self.visible, self.scope, dense=part.dense)
        return pages.rows_of(pages.page_ids(found, pages.SORTS[self.wish.sort], part), self.scope)

    @cached_property
    def table(self) -> list[tuple[pages.Row, list[cells.Cell]]]:
        return cells.table_of(self.rows, self.wish.columns, self.scope)

    @cached_property
    def clusters(self) -> Sequence[tuple[str, str]]:
        """Key and name of the clusters that may be chosen, at most 300."""
        clusters = self.visible.filter(kind="cluster").order_by("name_key", "id")
        return list(clusters.values_list("key", "name")[:300])

    def options(self, column: str) -> list[Option]:
        """The values of a facet that occur or are chosen, by their names."""
        field = BY_NAME[column]
        chosen = self.wish.filters.values.get(column, ())
        counted = self.counts.facets[column]
        values = sorted({*counted, *chosen})
        options = [
            Option(value, field.name_of(value, self.scope), counted[value], value in chosen)
            for value in values
        ]
        if column == "size":  # from micro to large, as everybody counts them
            return sorted(options, key=lambda option: SizeClass.values.index(option.value))
        return sorted(options, key=lambda option: option.label)


def scope_of(request: HttpRequest) -> Scope:
    return Scope(request.user, timezone.localdate(), (get_language() or "en").split("-")[0])
