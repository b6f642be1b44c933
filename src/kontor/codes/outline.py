"""The map of Europe: country outlines, points and imported regions on one plane.

The plane is ETRS89-LAEA (EPSG:3035), in which areas compare truly, shown in kilometres from the upper left
corner: `viewBox` 0 0 WIDTH HEIGHT. Equations: Snyder, Map Projections, USGS Professional Paper 1395 (1987),
section 24, on the GRS 80 ellipsoid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Literal

from kontor.codes.model import CodesError
from kontor.codes.store import read_lines

Point = tuple[float, float]
Crs = Literal["EPSG:4326", "EPSG:3035"]

#: Edges of the map in metres of EPSG:3035: Iceland, the North Cape, Cyprus and Anatolia lie inside.
WEST, NORTH = 2_550_000.0, 5_440_000.0
WIDTH, HEIGHT = 4_850, 4_100

_AXIS = 6_378_137.0
_E2 = 0.006694380022903416  # first eccentricity of GRS 80, squared
_E = math.sqrt(_E2)
_LAT0, _LON0 = math.radians(52), math.radians(10)
_EAST0, _NORTH0 = 4_321_000.0, 3_210_000.0


def _authalic(latitude: float) -> float:
    """q of Snyder (3-12), for a latitude in radians."""
    sine = math.sin(latitude)
    log = math.log((1 - _E * sine) / (1 + _E * sine)) / (2 * _E)
    return (1 - _E2) * (sine / (1 - _E2 * sine * sine) - log)


_QP = _authalic(math.pi / 2)
_BETA0 = math.asin(_authalic(_LAT0) / _QP)
_RADIUS = _AXIS * math.sqrt(_QP / 2)
_D = _AXIS * math.cos(_LAT0) / (math.sqrt(1 - _E2 * math.sin(_LAT0) ** 2) * _RADIUS * math.cos(_BETA0))


def metres(latitude: float, longitude: float) -> Point:
    """Easting and northing in EPSG:3035 of a place in degrees; 10 E 52 N is (4321000, 3210000)."""
    beta = math.asin(max(-1.0, min(1.0, _authalic(math.radians(latitude)) / _QP)))
    turn = math.radians(longitude) - _LON0
    closeness = 1 + math.sin(_BETA0) * math.sin(beta) + math.cos(_BETA0) * math.cos(beta) * math.cos(turn)
    stretch = _RADIUS * math.sqrt(2 / max(closeness, 1e-9))  # only the antipode has no image
    east = stretch * _D * math.cos(beta) * math.sin(turn)
    north = math.cos(_BETA0) * math.sin(beta) - math.sin(_BETA0) * math.cos(beta) * math.cos(turn)
    return _EAST0 + east, _NORTH0 + stretch / _D * north


def on_map(east: float, north: float) -> Point:
    """EPSG:3035 metres to the map's kilometres, y downwards."""
    return (east - WEST) / 1000, (NORTH - north) / 1000


def plane(latitude: float, longitude: float) -> Point:
    """Where a place lies on the map, also beyond its edges."""
    return on_map(*metres(latitude, longitude))


def project(latitude: float, longitude: float) -> Point:
    """Where to draw a place, in the units of `view_box`, to a tenth of a kilometre.

    CodesError for what is no latitude or longitude. A place outside Europe gives a point outside the box.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise CodesError(
            f"Latitude {latitude} and longitude {longitude} are not on Earth.",
            remedy="Give degrees, latitude first.",
        )
    x, y = plane(latitude, longitude)
    return round(x, 1), round(y, 1)


def view_box() -> str:
    """For the attribute `viewBox` of the svg element."""
    return f"0 0 {WIDTH} {HEIGHT}"


@cache
def countries() -> dict[str, str]:
    """ISO 3166 code to SVG path, for every country that shows on the map."""
    return dict(line.split("\t") for line in read_lines("outline"))


# --- Paths


def area(ring: Sequence[Point]) -> float:
    """Square units enclosed by a ring, however it runs."""
    turned = [*ring[1:], ring[0]]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, turned, strict=True))) / 2


def svg_path(rings: Iterable[Sequence[Point]], *, grid: float) -> str:
    """Rings as one SVG path, points moved to a grid of that many kilometres.

    Neighbours that share points keep sharing them, so no gaps open between regions. Rings that shrink to
    less than a triangle are left out.
    """
    return "".join(_ring_path(ring, grid) for ring in rings)


def _ring_path(ring: Sequence[Point], grid: float) -> str:
    snapped = [(round(x / grid), round(y / grid)) for x, y in ring]
    corners = [point for at, point in enumerate(snapped) if point != snapped[at - 1]]
    if len(corners) < 3:
        return ""
    start, *others = corners
    parts = [f"M{_number(start[0], grid)},{_number(start[1], grid)}l"]
    before = start
    for point in others:
        parts.append(f"{_number(point[0] - before[0], grid)},{_number(point[1] - before[1], grid)} ")
        before = point
    return "".join(parts).rstrip() + "z"


def _number(steps: int, grid: float) -> str:
    return f"{steps * grid:g}"


# --- Imported regions


def path_of(geometry: dict[str, Any], crs: Crs | None = None, *, grid: float = 0.5) -> str:
    """SVG path of a GeoJSON Polygon or MultiPolygon on the map.

    `crs` as `crs_of` finds it, else told from the size of the numbers. Raises CodesError that names the place
    in the geometry and the remedy.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        kind = geometry.get("type") if isinstance(geometry, dict) else type(geometry).__name__
        raise CodesError(
            f"A region needs a Polygon or MultiPolygon, this is {kind!r}.",
            remedy="Take the file of regions (GISCO: NUTS_RG), not the one of borders or labels.",
        )
    many = geometry["type"] == "MultiPolygon"
    polygons = geometry.get("coordinates")
    polygons = polygons if many else [polygons]
    rings = [ring for at, polygon in _numbered(polygons, "coordinates") for ring in _rings(polygon, at)]
    kind = crs or _guess(rings)
    placed = [
        [on_map(x, y) if kind == "EPSG:3035" else plane(_latitude(y, at), x) for x, y in ring]
        for at, ring in rings
    ]
    path = svg_path(placed, grid=grid)
    return path or svg_path(sorted(placed, key=area)[-1:], grid=grid / 10)


def crs_of(collection: dict[str, Any]) -> Crs | None:
    """The reference system a GeoJSON file declares; None where it declares none. CodesError for others."""
    declared = collection.get("crs")
    if not declared:
        return None
    name = str(declared.get("properties", {}).get("name", "")) if isinstance(declared, dict) else ""
    if name.endswith(("4326", "CRS84", "4258")):
        return "EPSG:4326"
    if name.endswith("3035"):
        return "EPSG:3035"
    raise CodesError(
        f"The reference system {name!r} is not understood.",
        remedy="Export the file in EPSG:4326 (degrees) or EPSG:3035 (metres).",
    )


def _numbered(items: Any, where: str) -> list[tuple[str, Any]]:
    if not isinstance(items, list) or not items:
        raise CodesError(f"{where} is empty or not a list.", remedy="Export the region again with its shape.")
    return [(f"{where}[{at}]", item) for at, item in enumerate(items)]


def _rings(polygon: Any, where: str) -> list[tuple[str, list[Point]]]:
    return [
        (at, [_point(point, spot) for spot, point in _numbered(ring, at)])
        for at, ring in _numbered(polygon, where)
    ]


def _point(point: Any, where: str) -> Point:
    if isinstance(point, list | tuple) and len(point) >= 2:
        x, y = point[:2]
        if all(isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n) for n in (x, y)):
            return float(x), float(y)
    raise CodesError(f"{where} is not a pair of numbers.", remedy="Each point is [longitude, latitude].")


def _guess(rings: list[tuple[str, list[Point]]]) -> Crs:
    points = [point for _, ring in rings for point in ring]
    if all(abs(x) <= 180 and abs(y) <= 90 for x, y in points):
        return "EPSG:4326"
    if all(900_000 <= x <= 12_000_000 and 0 <= y <= 9_000_000 for x, y in points):
        return "EPSG:3035"
    raise CodesError(
        f"{rings[0][0]}: the numbers are neither degrees nor metres of EPSG:3035.",
        remedy="Export the file in EPSG:4326 (degrees) or EPSG:3035 (metres).",
    )


def _latitude(value: float, where: str) -> float:
    if not -90 <= value <= 90:
        raise CodesError(f"{where}: {value} is no latitude.", remedy="Each point is [longitude, latitude].")
    return value
