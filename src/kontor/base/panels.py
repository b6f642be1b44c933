"""What features put on the start page: panels for people signed in, figures for everybody.

register_panel("reconfirm", build)          # build(user) -> Panel | None, in AppConfig.ready
register_figure("organisations", build)     # build() -> Figure | None
register_section("organisation", build)     # build(user, organisation) -> Panel | None, on its page
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do or to look at. `note` is short: a date, a count, a state in words."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A card on the start page. `count` is all there is, `lines` the first few, `href` the whole list."""

    title: str
    lines: tuple[Line, ...] = ()
    count: int = 0
    text: str = ""
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: int
    href: str = ""


PanelBuilder = Callable[[Any], Panel | None]
FigureBuilder = Callable[[], Figure | None]
SectionBuilder = Callable[[Any, Any], Panel | None]

_panels: dict[str, tuple[int, PanelBuilder]] = {}
_figures: dict[str, tuple[int, FigureBuilder]] = {}
_sections: dict[str, list[SectionBuilder]] = {}


def register_panel(key: str, build: PanelBuilder, order: int = 100) -> None:
    _panels[key] = (order, build)


def register_figure(key: str, build: FigureBuilder, order: int = 100) -> None:
    _figures[key] = (order, build)


def register_section(kind: str, build: SectionBuilder) -> None:
    """What a higher feature shows on the page of a lower feature's thing. Twice changes nothing."""
    builders = _sections.setdefault(kind, [])
    if build not in builders:
        builders.append(build)


def sections_on(kind: str, user: Any, thing: Any) -> tuple[Panel, ...]:
    """The sections that have something to say to `user` about `thing`, in the order of registration."""
    built = (build(user, thing) for build in _sections.get(kind, ()))
    return tuple(section for section in built if section)


def panels_for(user: Any) -> tuple[Panel, ...]:
    """The panels that have something to say to `user`, in order."""
    built = (build(user) for _order, build in sorted(_panels.values(), key=lambda pair: pair[0]))
    return tuple(panel for panel in built if panel)


def figures() -> tuple[Figure, ...]:
    """Figures of the site that everybody may know."""
    built = (build() for _order, build in sorted(_figures.values(), key=lambda pair: pair[0]))
    return tuple(figure for figure in built if figure)
