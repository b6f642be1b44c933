"""The directory on the map of Europe: countries shaded by how many organisations they have, places as
circles.

One query counts per country and NUTS 3 region, with the middle of the places there; circles that would
overlap become one. The operator's own region outlines, where there are some, take the place of the circles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Avg, Count
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.base.components.maps import Area, AreaMap, Point, around
from kontor.codes import outline
from kontor.codes.schemes import label
from kontor.features.organisations.directory.fields import labelled
from kontor.features.organisations.directory.filters import Filters
from kontor.features.organisations.directory.listing import Listing
from kontor.features.organisations.models import RegionShape

# Circles nearer than this are drawn as one, in the map's kilometres.
CELL = 120.0
SHAPE_LEVEL = 2
WHOLE = (0.0, 0.0, float(outline.WIDTH), float(outline.HEIGHT))


class Spot(NamedTuple):
    """Organisations of one NUTS 3 region (or of a country without one); x and y None where no place is
    known.
    """

    country: str
    nuts3: str
    number: int
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map, whose notices must stand below it, and how many organisations have no place on it."""

    plan: AreaMap
    notices: tuple[str, ...]
    without_place: int


def atlas_of(listing: Listing) -> Atlas:
    """The map of what `listing` finds; two queries."""
    spots = spots_of(listing)
    shapes = list(RegionShape.objects.filter(level=SHAPE_LEVEL).order_by("code"))
    links = Links(listing.wish.filters)
    areas = [*_countries(spots, listing, links), *_regions(shapes, spots, links)]
    placed = [spot for spot in spots if spot.x is not None]
    points = [] if shapes else _circles(placed, listing, links)
    plan = AreaMap(
        title=_("Organisations per country"),
        unit=_("organisations"),
        source=_("this directory"),
        as_of=listing.scope.today,
        view=around([(point.x, point.y) for point in points if _shown(point)], WHOLE) if points else WHOLE,
        areas=tuple(areas),
        points=tuple(point for point in points if _shown(point)),
    )
    without = sum(spot.number for spot in spots if spot.x is None)
    return Atlas(plan, tuple(sorted({shape.notice for shape in shapes})), without)


class Links:
    """Addresses of the list with one region or country more."""

    def __init__(self, filters: Filters) -> None:
        self.list = reverse("organisations:list")
        self.rest = Filters(
            {k: v for k, v in filters.values.items() if k not in ("country", "region")}
        ).query()

    def to(self, name: str, values: Iterable[str]) -> str:
        pairs = urlencode([(name, value) for value in values])
        return f"{self.list}?{'&'.join(filter(None, (self.rest, pairs)))}"


def spots_of(listing: Listing) -> list[Spot]:
    rows = (
        listing.found.order_by()
        .values_list("country", "nuts3")
        .annotate(number=Count("pk"), latitude=Avg("latitude"), longitude=Avg("longitude"))
    )
    return [Spot(country, nuts3, number, *_place(lat, lon)) for country, nuts3, number, lat, lon in rows]


def _place(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    if latitude is None or longitude is None:
        return None, None
    return outline.project(latitude, longitude)


def _countries(spots: list[Spot], listing: Listing, links: Links) -> list[Area]:
    counted: Counter[str] = Counter()
    for spot in spots:
        counted[spot.country] += spot.number
    return [
        Area(
            key=code,
            label=str(label("country", code, listing.scope.language)),
            path=path,
            value=counted.get(code),
            href=links.to("country", [code]) if counted.get(code) else "",
        )
        for code, path in outline.countries().items()
    ]


def _regions(shapes: list[RegionShape], spots: list[Spot], links: Links) -> list[Area]:
    counted: Counter[str] = Counter()
    for spot in spots:
        counted[spot.nuts3[: SHAPE_LEVEL + 2]] += spot.number
    return [
        Area(
            key=shape.code,
            label=f"{shape.code} {shape.name}",
            path=shape.path,
            value=counted.get(shape.code),
            href=links.to("region", [shape.code]) if counted.get(shape.code) else "",
        )
        for shape in shapes
    ]


def _circles(spots: list[Spot], listing: Listing, links: Links) -> list[Point]:
    """One circle for the regions in a square of the map, at the middle of their organisations."""
    squares: dict[tuple[str, int, int], list[Spot]] = defaultdict(list)
    for spot in spots:
        squares[spot.country, int((spot.x or 0) // CELL), int((spot.y or 0) // CELL)].append(spot)
    return [_circle(group, listing, links) for _square, group in sorted(squares.items())]


def _circle(group: list[Spot], listing: Listing, links: Links) -> Point:
    number = sum(spot.number for spot in group)
    x = sum(spot.number * (spot.x or 0) for spot in group) / number
    y = sum(spot.number * (spot.y or 0) for spot in group) / number
    regions = sorted({spot.nuts3 for spot in group if spot.nuts3})
    largest = max(group, key=lambda spot: (spot.number, spot.nuts3))
    language = listing.scope.language
    name = (
        labelled("nuts", largest.nuts3, language)
        if largest.nuts3
        else str(label("country", largest.country, language))
    )
    if len(regions) > 1:
        name = _("%(name)s and %(more)d more regions") % {"name": name, "more": len(regions) - 1}
    href = links.to("region", regions) if regions else links.to("country", [largest.country])
    return Point(round(x, 1), round(y, 1), name, number, href)


def _shown(point: Point) -> bool:
    return 0 <= point.x <= outline.WIDTH and 0 <= point.y <= outline.HEIGHT
