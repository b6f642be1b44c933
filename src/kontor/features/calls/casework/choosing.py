"""Who accompanies a case: the contact person that fits best by region, language and theme, then by load.

Pure. The order of what counts is fixed and told: a person for exactly this region before one for the whole
area, then the language, then the theme, then the smallest share of the capacity in use; the position in the
list breaks what is left of a tie. Nobody who is away or full is chosen while somebody else can take the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FULL_LOAD = 20
"""What counts as a full load of a person without a capacity of its own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a case: a NUTS code, keys of themes, a language; empty where it is not known."""

    region: str = ""
    themes: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`regions` are NUTS codes that stand for all below them; empty tuples mean: everything. `load` counts
    open cases of all calls.
    """

    key: int
    regions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    load: int = 0
    capacity: int | None = None
    away: bool = False

    @property
    def full(self) -> bool:
        return self.capacity is not None and self.load >= self.capacity


@dataclass(frozen=True, slots=True)
class Choice:
    """`why` holds what spoke for the person: region, language, theme, load; `overloaded` when all were full
    or away.
    """

    key: int
    why: tuple[str, ...]
    overloaded: bool = False


def choose(wanted: Wanted, candidates: Iterable[Candidate]) -> Choice | None:
    """The best candidate, None where there is none."""
    ranked = sorted(
        enumerate(candidates),
        key=lambda pair: (
            pair[1].away,
            pair[1].full,
            -_region(wanted, pair[1]),
            -_language(wanted, pair[1]),
            -_theme(wanted, pair[1]),
            pair[1].load / (pair[1].capacity or FULL_LOAD),
            pair[0],
        ),
    )
    if not ranked:
        return None
    best = ranked[0][1]
    told = (
        ("region", _region(wanted, best) > 1),
        ("language", _language(wanted, best) > 0),
        ("theme", _theme(wanted, best) > 1),
    )
    why = tuple(name for name, holds in told if holds)
    return Choice(best.key, (*why, "load") if len(ranked) > 1 else why, best.away or best.full)


def _region(wanted: Wanted, one: Candidate) -> int:
    """0: for other regions; 1: for the whole area, or nothing is known; then the longer the code, the
    better.
    """
    if not one.regions or not wanted.region:
        return 1
    fitting = [len(code) for code in one.regions if wanted.region.startswith(code)]
    return max(fitting, default=0)


def _language(wanted: Wanted, one: Candidate) -> int:
    return int(bool(wanted.language) and wanted.language in one.languages)


def _theme(wanted: Wanted, one: Candidate) -> int:
    if not one.themes or not wanted.themes:
        return 1
    return 2 if set(one.themes) & set(wanted.themes) else 0
