"""Where an organisation lies: its point on the countries around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kontor.codes import outline
from kontor.features.organisations.models import Organisation

# Kilometres shown around the point.
_WIDTH, _HEIGHT = 1100, 700


@dataclass(frozen=True)
class Pinpoint:
    """An SVG picture: `box` is its viewBox, `paths` the countries in it, `x` and `y` the point."""

    box: str
    paths: tuple[str, ...]
    x: float
    y: float


def pinpoint_of(organisation: Organisation) -> Pinpoint | None:
    """None where the place is not known or lies off the map of Europe."""
    if organisation.latitude is None or organisation.longitude is None:
        return None
    x, y = outline.project(organisation.latitude, organisation.longitude)
    if not (0 <= x <= outline.WIDTH and 0 <= y <= outline.HEIGHT):
        return None
    left, top = x - _WIDTH / 2, y - _HEIGHT / 2
    paths = tuple(
        path
        for path, (west, north, east, south) in _boxes()
        if west < left + _WIDTH and east > left and north < top + _HEIGHT and south > top
    )
    return Pinpoint(f"{left:.0f} {top:.0f} {_WIDTH} {_HEIGHT}", paths, round(x, 1), round(y, 1))


Box = tuple[float, float, float, float]


@cache
def _boxes() -> tuple[tuple[str, Box], ...]:
    """Every country's path with its bounding box."""
    return tuple((path, _box(path)) for path in outline.countries().values())


def _box(path: str) -> Box:
    """Bounds of an outline as `outline.svg_path` writes it: each ring an absolute M and relative l steps."""
    xs: list[float] = []
    ys: list[float] = []
    for ring in path.split("M")[1:]:
        numbers = [float(text) for text in re.findall(r"-?\d+\.?\d*", ring)]
        x = y = 0.0
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=False):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)
