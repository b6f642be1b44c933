"""Charts as server-rendered SVG: bars, grouped bars and lines, each with its table twin.

Horizontal places are percentages and text is never scaled, so one drawing is legible at 320 and at 1440 px.

    Chart("bars", title=…, unit=…, source=…, as_of="3 March 2027", categories=(…), series=(Series(…),))
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MOST_SERIES = 5
BAR = 14  # px, height of one bar
LABEL = 24  # px, the line above the bars that carries the category's name
ROW_GAP = 10  # px between categories
PLOT_HEIGHT = 240  # px, of a line chart
BOTTOM = 28  # px below it, for the categories
FEW_LABELS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One colour. `values` has a figure for each category; None says that it is not known."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `unit` belongs to every figure; `as_of` is the data's date, or a period in words.

    Raises ValueError for more than five series, or a series whose length differs from the categories'.
    """

    kind: Literal["bars", "lines"]
    title: str
    unit: str
    source: str
    as_of: dt.date | str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    category_name: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has 1 to {MOST_SERIES} series, not {len(self.series)}")
        for series in self.series:
            if len(series.values) != len(self.categories):
                counted = f"{len(series.values)} values for {len(self.categories)} categories"
                raise ValueError(f"series {series.label!r} has {counted}")

    @property
    def table(self) -> list[tuple[str, list[str]]]:
        """The table twin: each category with its figures in the reader's number format."""
        return [
            (name, [figure(series.values[i]) for series in self.series])
            for i, name in enumerate(self.categories)
        ]

    @property
    def csv_href(self) -> str:
        """The figures as a CSV file inside a `data:` address, so that the download works without a script."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([self.category_name or _("Category"), *(series.label for series in self.series)])
        for i, name in enumerate(self.categories):
            writer.writerow([name, *(_plain(series.values[i]) for series in self.series)])
        return "data:text/csv;charset=utf-8," + quote("\ufeff" + out.getvalue())


@dataclass(frozen=True, slots=True)
class Bar:
    y: int
    width: str
    series: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A category of a bar chart: its name on a line of its own, its bars below."""

    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    height: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    position: str
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Lines:
    """`paths` lie in a box 1000 wide and `plot_height` high that stretches sideways; ticks do not."""

    height: int
    plot_height: int
    paths: tuple[tuple[int, str], ...]
    across: tuple[Tick, ...]
    along: tuple[Tick, ...]


def draw(chart: Chart) -> Bars | Lines:
    return _bars(chart) if chart.kind == "bars" else _lines(chart)


def figure(value: float | None) -> str:
    """A figure as people read it: grouped digits, at most one decimal, a dash where it is not known."""
    if value is None:
        return "–"
    return str(number_format(value, decimal_pos=0 if value == int(value) else 1, force_grouping=True))


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def nice_top(values: list[float]) -> float:
    """The smallest of 1, 2, 2.5, 4, 5 or 10 times a power of ten that no value passes."""
    highest = max(values, default=0)
    if highest <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 2.5, 4, 5, 10) if step * power >= highest)


def _known(chart: Chart) -> list[float]:
    return [value for series in chart.series for value in series.values if value is not None]


def _bars(chart: Chart) -> Bars:
    top = max(_known(chart), default=0) or 1
    rows, y = [], 0
    for i, name in enumerate(chart.categories):
        bars = tuple(
            Bar(
                y + LABEL + BAR * position + 2 * position,
                f"{max(0, value or 0) / top * 84:.2f}%",
                position + 1,
                figure(value),
            )
            for position, value in enumerate(series.values[i] for series in chart.series)
        )
        rows.append(Row(name, y + LABEL - 7, bars))
        y += LABEL + (BAR + 2) * len(bars) + ROW_GAP
    return Bars(max(y - ROW_GAP, 1), tuple(rows))


def _lines(chart: Chart) -> Lines:
    top = nice_top(_known(chart))
    last = max(1, len(chart.categories) - 1)
    paths = tuple(
        (position, _path(series.values, last, top)) for position, series in enumerate(chart.series, start=1)
    )
    across = tuple(
        Tick(f"{PLOT_HEIGHT - PLOT_HEIGHT * 0.9 * part / 4:.0f}", figure(top * part / 4)) for part in range(5)
    )
    return Lines(PLOT_HEIGHT + BOTTOM, PLOT_HEIGHT, paths, across, _along(chart.categories, last))


def _path(values: tuple[float | None, ...], last: int, top: float) -> str:
    """SVG path of one line; an unknown value breaks it."""
    steps, pen_down = [], False
    for i, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        height = PLOT_HEIGHT - PLOT_HEIGHT * 0.9 * value / top
        steps.append(f"{'L' if pen_down else 'M'}{1000 * i / last:.1f} {height:.1f}")
        pen_down = True
    return "".join(steps)


def _along(categories: tuple[str, ...], last: int) -> tuple[Tick, ...]:
    """At most five of the categories at even steps, the first among them."""
    shown = range(0, len(categories), max(1, math.ceil(last / (FEW_LABELS - 1))))
    return tuple(
        Tick(f"{100 * i / last:.2f}%", categories[i], "start" if i == 0 else "end" if i == last else "middle")
        for i in shown
    )
