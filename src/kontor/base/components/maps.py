"""Maps as server-rendered SVG: shaded areas, points with counts, a legend and a table twin. No tile server.

It takes shapes that are projected already (`kontor.codes.outline` has Europe's) and knows no geography.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kontor.base.components.charts import figure, nice_top

SHADES = 5
SMALLEST, LARGEST = 7.0, 26.0  # radii in thousandths of the map's width


@dataclass(frozen=True, slots=True)
class Area:
    """A country or region: `path` is SVG path data in the map's coordinates; `value` None means no figure."""

    key: str
    label: str
    path: str
    value: float | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A place. `size` is what is counted there; the circle's surface grows with it."""

    x: float
    y: float
    label: str
    size: int = 1
    href: str = ""


@dataclass(frozen=True, slots=True)
class AreaMap:
    """What is drawn. `view` is (x, y, width, height) of the part shown at first; all areas are drawn."""

    title: str
    unit: str
    source: str
    as_of: dt.date | str
    view: tuple[float, float, float, float]
    areas: tuple[Area, ...] = ()
    points: tuple[Point, ...] = ()
    point_unit: str = ""
    place_name: str = field(default="")

    @property
    def top(self) -> float:
        """The figure at the dark end of the legend."""
        return nice_top([area.value for area in self.areas if area.value is not None])


@dataclass(frozen=True, slots=True)
class Shape:
    area: Area
    shade: int
    title: str


@dataclass(frozen=True, slots=True)
class Circle:
    point: Point
    radius: float
    title: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the legend."""

    shade: int
    text: str


def shapes_of(plan: AreaMap) -> tuple[Shape, ...]:
    """Each area with its shade: 0 for none or no figure, 1 to 5 by equal steps up to the legend's top."""
    top = plan.top
    return tuple(
        Shape(area, shade_of(area.value, top), _title(area.label, area.value)) for area in plan.areas
    )


def shade_of(value: float | None, top: float) -> int:
    if not value or value < 0:
        return 0
    return min(SHADES, math.ceil(SHADES * value / top))


def circles_of(plan: AreaMap) -> tuple[Circle, ...]:
    """Each point with its radius, the largest first so that small ones stay on top and can be hit."""
    most = max((point.size for point in plan.points), default=1)
    unit = plan.view[2] / 1000
    ordered = sorted(plan.points, key=lambda point: (-point.size, point.label))
    return tuple(
        Circle(point, round(unit * _radius(point.size, most), 2), _title(point.label, point.size))
        for point in ordered
    )


def _radius(size: int, most: int) -> float:
    return max(SMALLEST, LARGEST * math.sqrt(size / most))


def legend_of(plan: AreaMap) -> tuple[Step, ...]:
    """The shades in words, leaving out those that whole numbers cannot reach."""
    if not any(area.value for area in plan.areas):
        return ()
    top, steps, below = plan.top, [Step(0, _("none"))], 0.0
    whole = all(area.value is None or area.value == int(area.value) for area in plan.areas)
    for shade in range(1, SHADES + 1):
        upper = math.floor(top * shade / SHADES) if whole else top * shade / SHADES
        if upper > below:
            steps.append(Step(shade, _range(below + 1 if whole else below, upper)))
            below = upper
    return tuple(steps)


def rows_of(plan: AreaMap) -> list[tuple[str, str, str]]:
    """The table twin: name, figure and link of each area with a figure and each point, the largest first."""
    found = [(area.label, area.value, area.href) for area in plan.areas if area.value]
    found += [(point.label, float(point.size), point.href) for point in plan.points]
    found.sort(key=lambda row: (-(row[1] or 0), row[0]))
    return [(label, figure(value), href) for label, value, href in found]


def around(
    places: list[tuple[float, float]], whole: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """The view that shows `places` with a margin, in the proportions of `whole` and never outside it."""
    if not places:
        return whole
    x0, y0, width, height = whole
    low_x, high_x = min(x for x, _y in places), max(x for x, _y in places)
    low_y, high_y = min(y for _x, y in places), max(y for _x, y in places)
    share = max((high_x - low_x) / width, (high_y - low_y) / height) * 1.2
    share = min(1.0, max(0.2, share))
    view_w, view_h = width * share, height * share
    x = min(max((low_x + high_x - view_w) / 2, x0), x0 + width - view_w)
    y = min(max((low_y + high_y - view_h) / 2, y0), y0 + height - view_h)
    return (round(x, 1), round(y, 1), round(view_w, 1), round(view_h, 1))


def _title(label: str, value: float | None) -> str:
    return label if value is None else f"{label}: {figure(value)}"


def _range(low: float, high: float) -> str:
    if low == high:
        return figure(low)
    return _("%(low)s to %(high)s") % {"low": figure(low), "high": figure(high)}
