"""The map's plane against published values of EPSG:3035, and imported shapes against bad files."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from kontor.codes import CodesError, outline

SHARED = Path(os.environ.get("KONTOR_SHARED", Path(__file__).resolve().parents[5] / "shared" / "data"))
REGIONS = SHARED / "regions" / "nuts2_2021.geojson"

SQUARE = {"type": "Polygon", "coordinates": [[[6, 52], [7, 52], [7, 53], [6, 53], [6, 52]]]}


@pytest.mark.parametrize(
    ("latitude", "longitude", "east", "north"),
    [
        (52.0, 10.0, 4_321_000.00, 3_210_000.00),
        (50.0, 5.0, 3_962_799.45, 2_999_718.85),  # the example of the EPSG guidance note 7-2
    ],
)
def test_metres_agree_with_the_registry(latitude: float, longitude: float, east: float, north: float) -> None:
    assert outline.metres(latitude, longitude) == pytest.approx((east, north), abs=0.01)


def test_areas_are_true() -> None:
    """A degree square at 60 N has the area of the sphere of equal area there, to a thousandth."""
    ring = [outline.plane(lat, lon) for lat, lon in ((60, 20), (60, 21), (61, 21), (61, 20))]
    assert outline.area(ring) == pytest.approx(6_130, rel=2e-3)


def test_points_lie_in_the_box() -> None:
    x, y = outline.project(52.52, 13.405)
    assert (x, y) == (2002.0, 2166.7)
    assert outline.view_box() == "0 0 4850 4100"


def test_places_off_the_earth_are_refused() -> None:
    with pytest.raises(CodesError, match="not on Earth"):
        outline.project(95, 10)


def test_every_member_state_is_drawn() -> None:
    from kontor import codes

    country = codes.scheme("country")
    paths = outline.countries()
    assert {code for code in country.codes() if "eea" in country.flags(code)} <= set(paths)
    assert {"CH", "GB", "UA", "RS", "XK", "AL", "TR"} <= set(paths)
    assert all(re.fullmatch(r"(M-?\d+,-?\d+l[-\d, ]+z)+", path) for path in paths.values())
    assert sum(map(len, paths.values())) < 80_000


def test_square_in_degrees() -> None:
    path = outline.path_of(SQUARE)
    assert re.fullmatch(r"M[\d.]+,[\d.]+l[-\d., ]+z", path)
    assert path.count(" ") == 2


def test_same_square_in_metres() -> None:
    ring = [list(outline.metres(lat, lon)) for lon, lat in SQUARE["coordinates"][0]]  # type: ignore[index]
    assert outline.path_of({"type": "Polygon", "coordinates": [ring]}) == outline.path_of(SQUARE)


def test_many_polygons_and_holes_become_one_path() -> None:
    hole = [[6.4, 52.4], [6.6, 52.4], [6.6, 52.6], [6.4, 52.6], [6.4, 52.4]]
    shape = {"type": "MultiPolygon", "coordinates": [[SQUARE["coordinates"][0], hole], SQUARE["coordinates"]]}  # type: ignore[index]
    assert outline.path_of(shape).count("M") == 3


def test_a_region_smaller_than_the_grid_is_still_drawn() -> None:
    tiny = [[7.0, 50.0], [7.002, 50.0], [7.002, 50.002], [7.0, 50.0]]
    assert outline.path_of({"type": "Polygon", "coordinates": [tiny]})


def test_neighbours_share_their_border() -> None:
    left = outline.path_of(SQUARE)
    right = outline.path_of(
        {"type": "Polygon", "coordinates": [[[7, 52], [8, 52], [8, 53], [7, 53], [7, 52]]]}
    )
    assert len(set(_corners(left)) & set(_corners(right))) == 2


def _corners(path: str) -> list[tuple[float, float]]:
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", path)]
    x, y = numbers[:2]
    corners = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        corners.append((x, y))
    return corners


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "needs a Polygon or MultiPolygon, this is 'Point'"),
        (None, "needs a Polygon or MultiPolygon, this is 'NoneType'"),
        ({"type": "Polygon", "coordinates": []}, r"coordinates\[0\] is empty"),
        ({"type": "Polygon"}, r"coordinates\[0\] is empty"),
        ({"type": "MultiPolygon", "coordinates": []}, "coordinates is empty"),
        (
            {"type": "Polygon", "coordinates": [[[6, 52], [7, "x"]]]},
            r"coordinates\[0\]\[0\]\[1\] is not a pair",
        ),
        ({"type": "Polygon", "coordinates": [[[6, 52], [float("nan"), 1]]]}, r"\[0\]\[1\] is not a pair"),
        ({"type": "Polygon", "coordinates": [[[600, 52], [700, 53], [1, 2]]]}, "neither degrees nor metres"),
    ],
)
def test_bad_shapes_are_named_with_place_and_remedy(geometry: Any, message: str) -> None:
    with pytest.raises(CodesError, match=message) as caught:
        outline.path_of(geometry)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::3035", "EPSG:3035"),
    ],
)
def test_declared_systems(name: str, system: str) -> None:
    assert outline.crs_of({"crs": {"type": "name", "properties": {"name": name}}}) == system


def test_other_systems_are_refused() -> None:
    with pytest.raises(CodesError, match=r"EPSG::3857.*not understood"):
        outline.crs_of({"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}})
    assert outline.crs_of({}) is None


@pytest.mark.skipif(not REGIONS.exists(), reason=f"the regions file is not at {REGIONS}")
def test_real_regions_are_drawn_small_and_whole() -> None:
    collection = json.loads(REGIONS.read_text(encoding="utf-8"))
    system = outline.crs_of(collection)
    paths = {
        f["properties"]["NUTS_ID"]: outline.path_of(f["geometry"], system) for f in collection["features"]
    }
    assert len(paths) > 300
    assert all(paths.values())
    assert sum(map(len, paths.values())) < 200_000
