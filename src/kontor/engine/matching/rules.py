"""Hard conditions: one function per rule, one list, each with a reason that a person can read.

A rule answers which rows of a segment break it. Rules never look at texts, so an organisation is left out
for what is written in a field and for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.matching.codes import within
from kontor.engine.matching.index import Segment
from kontor.engine.matching.index.columns import AUDIENCES, KINDS, SIZES
from kontor.engine.matching.model import SME_SIZES, Conditions, OrganisationKind, Query, Size

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rule:
    """`applies` tells whether a question has the condition, `broken` which rows of a segment break it."""

    name: str
    template: str
    applies: Callable[[Conditions], bool]
    params: Callable[[Conditions], Mapping[str, Any]]
    broken: Callable[[Segment, Query], NDArray[np.bool_]]

    def reason(self, conditions: Conditions) -> Reason:
        return Reason(f"excluded.{self.name}", self.template, self.params(conditions))


def outside_countries(segment: Segment, query: Query) -> NDArray[np.bool_]:
    return ~_in_countries(segment, query.conditions.countries)


def in_excluded_country(segment: Segment, query: Query) -> NDArray[np.bool_]:
    return _in_countries(segment, query.conditions.countries_excluded)


def _in_countries(segment: Segment, countries: Sequence[str]) -> NDArray[np.bool_]:
    """Two letters compared as one number: texts take ten times as long."""
    held = segment.columns.country.view(np.uint64)
    found = np.zeros(len(held), dtype=np.bool_)
    for code in np.array(countries, dtype="U2").view(np.uint64):
        found |= held == code
    return found


def not_across_border(segment: Segment, query: Query) -> NDArray[np.bool_]:
    """A country that is not known cannot be shown to lie across the border."""
    return _in_countries(segment, (query.conditions.across_from, ""))


def other_size(segment: Segment, query: Query) -> NDArray[np.bool_]:
    return ~np.isin(segment.columns.size, [SIZES.index(Size(size)) for size in query.conditions.sizes])


def not_an_sme(segment: Segment, query: Query) -> NDArray[np.bool_]:
    """Firms whose size is not known are not taken for small ones."""
    small = np.array([size in SME_SIZES for size in SIZES])
    other: NDArray[np.bool_] = ~small[segment.columns.size]
    return other


def other_kind(segment: Segment, query: Query) -> NDArray[np.bool_]:
    wanted = [KINDS.index(OrganisationKind(kind)) for kind in query.conditions.kinds]
    return ~np.isin(segment.columns.kind, wanted)


def without_code(segment: Segment, query: Query) -> NDArray[np.bool_]:
    bears = np.zeros(len(segment.row_keys), dtype=np.bool_)
    audiences = allowed_audiences(query)
    for code, use in segment.codes.items():
        if any(within(code, prefix) for prefix in query.conditions.codes):
            bears[use.rows[audiences[use.audiences]]] = True
    return ~bears


def outside_trl(segment: Segment, query: Query) -> NDArray[np.bool_]:
    conditions = query.conditions
    wanted = sum(1 << level for level in range(conditions.trl_min or 1, (conditions.trl_max or 9) + 1))
    seen = segment.columns.trl[:, allowed_audiences(query)]
    held = np.bitwise_or.reduce(seen, axis=1) if seen.shape[1] else np.zeros(len(seen), dtype=np.uint16)
    unknown = held == 0
    outside: NDArray[np.bool_] = (held & wanted) == 0
    return outside if conditions.trl_required else outside & ~unknown


def outside_area(segment: Segment, query: Query) -> NDArray[np.bool_]:
    inside = np.zeros(len(segment.row_keys), dtype=np.bool_)
    for prefix in query.conditions.area:
        letters = np.frombuffer(prefix.encode()[:5], dtype="S1")
        inside |= (segment.columns.nuts[:, : len(letters)] == letters).all(axis=1)
    return ~inside


def without_language(segment: Segment, query: Query) -> NDArray[np.bool_]:
    works = np.zeros(len(segment.row_keys), dtype=np.bool_)
    for language in query.conditions.languages:
        works[segment.languages.get(language, ())] = True
    return ~works


def excluded_by_name(segment: Segment, query: Query) -> NDArray[np.bool_]:
    return rows_by_key(segment, query.conditions.excluded)


def not_among(segment: Segment, query: Query) -> NDArray[np.bool_]:
    return ~rows_by_key(segment, query.conditions.among)


RULES = (
    Rule(
        "countries",
        gettext_noop("They are not in %(country)s."),
        lambda c: bool(c.countries),
        lambda c: {"country": c.countries},
        outside_countries,
    ),
    Rule(
        "countries_excluded",
        gettext_noop("They are in a country that you left out: %(country)s."),
        lambda c: bool(c.countries_excluded),
        lambda c: {"country": c.countries_excluded},
        in_excluded_country,
    ),
    Rule(
        "across_from",
        gettext_noop("They are on the same side of the border: in %(country)s."),
        lambda c: bool(c.across_from),
        lambda c: {"country": c.across_from},
        not_across_border,
    ),
    Rule(
        "sizes",
        gettext_noop("Their size is not %(size)s."),
        lambda c: bool(c.sizes),
        lambda c: {"size": c.sizes},
        other_size,
    ),
    Rule(
        "sme_only",
        gettext_noop("They are not known to be small or medium-sized."),
        lambda c: c.sme_only,
        lambda c: {},
        not_an_sme,
    ),
    Rule(
        "kinds",
        gettext_noop("They are another kind of organisation than %(kind)s."),
        lambda c: bool(c.kinds),
        lambda c: {"kind": c.kinds},
        other_kind,
    ),
    Rule(
        "codes",
        gettext_noop("They have none of these codes: %(codes)s."),
        lambda c: bool(c.codes),
        lambda c: {"codes": tuple(str(code) for code in c.codes)},
        without_code,
    ),
    Rule(
        "trl",
        gettext_noop("No technology readiness level from %(low)s to %(high)s."),
        lambda c: c.trl_min is not None or c.trl_max is not None,
        lambda c: {"low": c.trl_min or 1, "high": c.trl_max or 9},
        outside_trl,
    ),
    Rule(
        "area",
        gettext_noop("They are outside the area %(area)s."),
        lambda c: bool(c.area),
        lambda c: {"area": c.area},
        outside_area,
    ),
    Rule(
        "languages",
        gettext_noop("They do not say that they work in %(language)s."),
        lambda c: bool(c.languages),
        lambda c: {"language": c.languages},
        without_language,
    ),
    Rule(
        "excluded",
        gettext_noop("They are on your list of organisations to leave out."),
        lambda c: bool(c.excluded),
        lambda c: {},
        excluded_by_name,
    ),
    Rule(
        "among",
        gettext_noop("They are not among those you asked about."),
        lambda c: bool(c.among),
        lambda c: {},
        not_among,
    ),
)


def allowed_audiences(query: Query) -> NDArray[np.bool_]:
    """For each audience whether the asker belongs to it."""
    return np.array([audience in query.audiences for audience in AUDIENCES], dtype=np.bool_)


def considered(segment: Segment, alive: NDArray[np.bool_], query: Query) -> NDArray[np.bool_]:
    """Rows that may stand in an answer at all: still in the index, meant for the asker, not the asker's own
    group, not hidden from it.
    """
    possible = alive.copy()
    for number in np.flatnonzero(~allowed_audiences(query)):
        possible &= segment.columns.audience != number
    if query.organisation or query.hidden:
        possible &= ~rows_of_organisations(segment, (query.organisation, *query.hidden))
    if query.team:
        possible &= ~rows_by_key(segment, query.team)
    return possible


def rows_by_key(segment: Segment, keys: tuple[str, ...]) -> NDArray[np.bool_]:
    """The row that stands under each key: an organisation's by its name, a teaser's by its statement.

    Never a teaser's row by its organisation's key: whoever may name organisations would see by what vanishes
    whose teaser it is.
    """
    rows = np.zeros(len(segment.row_keys), dtype=np.bool_)
    for key in keys:
        number = segment.numbers.get(key)
        if number is not None:
            rows[segment.entry_starts[number]] = True
        elif key in segment.teaser_rows:
            rows[segment.teaser_rows[key]] = True
    return rows


def rows_of_organisations(segment: Segment, keys: tuple[str, ...]) -> NDArray[np.bool_]:
    """All rows of organisations, their anonymous ones too: not for keys that a searcher may write."""
    rows = np.zeros(len(segment.row_keys), dtype=np.bool_)
    for key in keys:
        number = segment.numbers.get(key)
        if number is not None:
            rows[segment.entry_starts[number] : segment.entry_starts[number + 1]] = True
    return rows


def rules_of(conditions: Conditions) -> tuple[Rule, ...]:
    """The rules that a question has."""
    return tuple(rule for rule in RULES if rule.applies(conditions))
