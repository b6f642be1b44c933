from __future__ import annotations

import pytest
from django.utils import translation

from kontor.base.components import maps
from kontor.base.components.maps import Area, AreaMap, Point

WHOLE = (0.0, 0.0, 1000.0, 800.0)


def plan(*values: float | None, points: tuple[Point, ...] = ()) -> AreaMap:
    areas = tuple(Area(str(i), f"Land {i}", "M0 0L1 1Z", value) for i, value in enumerate(values))
    return AreaMap(title="t", unit="u", source="s", as_of="d", view=WHOLE, areas=areas, points=points)


@pytest.mark.parametrize(
    ("value", "shade"), [(None, 0), (0, 0), (-3, 0), (1, 1), (20, 1), (21, 2), (81, 5), (100, 5), (101, 5)]
)
def test_shades_are_equal_steps_to_the_top(value: float | None, shade: int) -> None:
    assert maps.shade_of(value, 100) == shade


def test_legend_says_whole_numbers_once() -> None:
    with translation.override("en"):
        assert [step.text for step in maps.legend_of(plan(84, 3))] == [
            "none",
            "1 to 20",
            "21 to 40",
            "41 to 60",
            "61 to 80",
            "81 to 100",
        ]
        assert [(step.shade, step.text) for step in maps.legend_of(plan(2))] == [
            (0, "none"),
            (3, "1"),
            (5, "2"),
        ]
        assert maps.legend_of(plan(None, 0)) == ()


def test_legend_and_shade_agree() -> None:
    for most in (1, 2, 3, 4, 5, 7, 10, 84, 1210):
        drawn = plan(*range(1, min(most, 60) + 1), most)
        shades = {step.shade for step in maps.legend_of(drawn)}
        assert {shape.shade for shape in maps.shapes_of(drawn)} <= shades


def test_small_circles_lie_on_top_and_can_be_hit() -> None:
    drawn = maps.circles_of(plan(points=(Point(1, 1, "small", 1), Point(1, 1, "large", 10_000))))
    assert [circle.point.label for circle in drawn] == ["large", "small"]
    assert [circle.radius for circle in drawn] == [26.0, 7.0]


def test_table_twin_has_every_figure_the_largest_first() -> None:
    rows = maps.rows_of(plan(4, None, 0, points=(Point(1, 1, "Arnhem", 9, "/arnhem"),)))
    assert rows == [("Arnhem", "9", "/arnhem"), ("Land 0", "4", "")]


@pytest.mark.parametrize(
    "places", [[], [(500, 400)], [(0, 0)], [(1000, 800)], [(0, 0), (1000, 800)], [(-50, -50), (2000, 3000)]]
)
def test_view_shows_the_places_and_stays_on_the_map(places: list[tuple[float, float]]) -> None:
    x, y, width, height = maps.around(places, WHOLE)
    assert x >= 0
    assert y >= 0
    assert x + width <= 1000.1
    assert y + height <= 800.1
    assert width / height == pytest.approx(1.25, abs=0.01)
    for px, py in places:
        if 0 <= px <= 1000 and 0 <= py <= 800:
            assert x <= px <= x + width
            assert y <= py <= y + height
