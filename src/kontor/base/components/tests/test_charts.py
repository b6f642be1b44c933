from __future__ import annotations

import itertools
from urllib.parse import unquote

import pytest
from django.utils import translation

from kontor.base.components.charts import Bars, Chart, Lines, Series, draw, figure, nice_top


def chart(
    kind: str = "bars", categories: tuple[str, ...] = ("a", "b"), **series: tuple[float | None, ...]
) -> Chart:
    return Chart(
        kind,  # type: ignore[arg-type]
        title="t",
        unit="u",
        source="s",
        as_of="3 March 2027",
        categories=categories,
        series=tuple(Series(label, values) for label, values in series.items()),
    )


@pytest.mark.parametrize(
    ("values", "top"), [([], 1), ([0], 1), ([1], 1), ([31], 40), ([84], 100), ([210, 3], 250), ([0.3], 0.4)]
)
def test_top_is_a_round_figure_that_no_value_passes(values: list[float], top: float) -> None:
    assert nice_top(values) == pytest.approx(top)


def test_bars_have_their_share_of_the_width_and_do_not_overlap() -> None:
    drawing = draw(chart(x=(50, 25), y=(None, 0)))
    assert isinstance(drawing, Bars)
    assert [[bar.width for bar in row.bars] for row in drawing.rows] == [
        ["84.00%", "0.00%"],
        ["42.00%", "0.00%"],
    ]
    assert [[bar.text for bar in row.bars] for row in drawing.rows] == [["50", "–"], ["25", "0"]]
    heights = [bar.y for row in drawing.rows for bar in row.bars]
    assert all(after - before >= 14 for before, after in itertools.pairwise(heights))


def test_a_line_breaks_where_the_figure_is_not_known() -> None:
    drawing = draw(chart("lines", ("a", "b", "c", "d"), x=(0, 10, None, 10)))
    assert isinstance(drawing, Lines)
    assert drawing.paths == ((1, "M0.0 240.0L333.3 24.0M1000.0 24.0"),)


@pytest.mark.parametrize("count", [1, 2, 5, 6, 7, 12, 400])
def test_at_most_five_names_stand_below_a_line(count: int) -> None:
    names = tuple(str(i) for i in range(count))
    drawing = draw(chart("lines", names, x=(1,) * count))
    assert isinstance(drawing, Lines)
    assert 1 <= len(drawing.along) <= 5
    assert drawing.along[0].text == "0"


def test_more_than_five_colours_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 5 series, not 6"):
        chart(a=(1, 2), b=(1, 2), c=(1, 2), d=(1, 2), e=(1, 2), f=(1, 2))


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="'x' has 3 values for 2 categories"):
        chart(x=(1, 2, 3))


def test_figures_follow_the_language_and_the_file_does_not() -> None:
    drawn = chart(x=(1234.5, None))
    with translation.override("de"):
        assert drawn.table == [("a", ["1.234,5"]), ("b", ["–"])]
        assert unquote(drawn.csv_href).splitlines()[1:] == ["a,1234.5", "b,"]
    with translation.override("en"):
        assert figure(10_000) == "10,000"


def test_a_name_with_a_comma_stays_one_cell_of_the_file() -> None:
    assert '"a, ""b""",1' in unquote(chart(categories=('a, "b"', "c"), x=(1, 2)).csv_href)
