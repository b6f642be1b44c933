"""Every filter of the directory in one list, and what an address asks for.

The page, the map, the export and the API read the same `FIELDS` under the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.directory import lookups  # noqa: F401  # registers what the conditions use
from kontor.features.organisations.directory.fields import (
    MAX_VALUES,
    ChoiceField,
    ClusterField,
    CodeField,
    CountryField,
    Field,
    FreshField,
    ListField,
    RegionField,
    SampleField,
    Scope,
    StatementField,
    WordsField,
)
from kontor.features.organisations.directory.fulltext import query_words
from kontor.features.organisations.models import OrganisationKind, OrganisationQuerySet, SizeClass

FRESHNESS = (
    ("30", _("confirmed in the last 30 days")),
    ("90", _("confirmed in the last 90 days")),
    ("180", _("confirmed in the last 180 days")),
    ("older", _("not confirmed for 180 days")),
)

FIELDS: tuple[Field, ...] = (
    WordsField("q", _("Words"), many=False),
    CountryField("country", _("Country"), listed=True),
    RegionField("region", _("Region"), listed=True),
    ChoiceField("kind", _("Kind"), choices=OrganisationKind.choices),
    ChoiceField("size", _("Size"), choices=SizeClass.choices),
    CodeField("nace", _("Industry (NACE)"), listed=True),
    CodeField("cpv", _("Products (CPV)"), listed=True),
    CodeField("ket", _("Key technology"), listed=True),
    CodeField("theme", _("Theme"), listed=True),
    ClusterField("cluster", _("Cluster")),
    ListField(
        "language", _("Language"), listed=True, column="languages", cleaned=lambda raw: raw.strip().lower()
    ),
    ListField("tag", _("Tag"), column="tags", searched=True),
    StatementField("offers", _("Has offers"), many=False, kind="offer"),
    StatementField("needs", _("Has needs"), many=False, kind="need"),
    FreshField("fresh", _("Freshness"), many=False, choices=FRESHNESS),
    SampleField("sample", _("Sample data"), many=False),
)
BY_NAME: Mapping[str, Field] = {each.name: each for each in FIELDS}


class Problem(NamedTuple):
    """A value in the address that means nothing: which field, what was written, what to do."""

    field: Field
    value: str
    remedy: str


class Chip(NamedTuple):
    """One value that narrows the list, and the filters without it."""

    label: str
    value: str
    without: Filters


@dataclass(frozen=True, slots=True)
class Filters:
    """Cleaned values per field name; a field without values is absent."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @classmethod
    def read(cls, data: MultiValueDict[str, str]) -> Self:
        """From an address. What cannot be read narrows nothing and is listed in `problems`."""
        values: dict[str, tuple[str, ...]] = {}
        problems: list[Problem] = []
        for each in FIELDS:
            cleaned, wrong = _clean(each, data.getlist(each.name))
            problems += wrong
            if cleaned:
                values[each.name] = tuple(cleaned)
        return cls(values, tuple(problems))

    def __bool__(self) -> bool:
        return bool(self.values)

    @property
    def selective(self) -> bool:
        """Whether one filter alone leaves few organisations, so that others are best tested one by one."""
        long_word = any(len(word) >= 3 for text in self.values.get("q", ()) for word in query_words(text))
        return long_word or "cluster" in self.values or any(len(r) > 3 for r in self.values.get("region", ()))

    def apply(
        self, rows: OrganisationQuerySet, scope: Scope, *, but: Iterable[str] = (), dense: bool = False
    ) -> OrganisationQuerySet:
        """`rows` narrowed by every field except those in `but`; `dense` as in `Field.condition`."""
        skipped = set(but)
        dense = dense or self.selective
        for name, values in self.values.items():
            if name not in skipped:
                rows = rows.filter(BY_NAME[name].condition(values, scope, dense))
        return rows

    def chips(self, scope: Scope) -> list[Chip]:
        return [
            Chip(str(BY_NAME[name].label), BY_NAME[name].name_of(value, scope), self.without(name, value))
            for name, values in self.values.items()
            for value in values
        ]

    def without(self, name: str, value: str) -> Self:
        kept = tuple(each for each in self.values.get(name, ()) if each != value)
        rest = {key: values for key, values in self.values.items() if key != name}
        return replace(self, values=rest | ({name: kept} if kept else {}))

    def having(self, name: str, value: str) -> Self:
        """These filters and one value more; a field for one value takes it instead of its own."""
        kept = self.values.get(name, ()) if BY_NAME[name].many else ()
        return replace(self, values={**self.values, name: tuple(dict.fromkeys((*kept, value)))})

    def query(self, **more: Any) -> str:
        """The part of an address behind "?": every value, and `more` where it is not None or ""."""
        pairs = [(name, value) for name in BY_NAME for value in self.values.get(name, ())]
        pairs += [(name, str(value)) for name, value in more.items() if value not in (None, "")]
        return urlencode(pairs)


def _clean(each: Field, raws: list[str]) -> tuple[list[str], list[Problem]]:
    cleaned: dict[str, None] = {}
    problems: list[Problem] = []
    for raw in _parts(each, raws)[:MAX_VALUES]:
        try:
            cleaned[each.clean(raw)] = None
        except ValueError as error:
            problems.append(Problem(each, raw[:80], str(error)))
    values = list(cleaned)
    return (values if each.many else values[-1:]), problems


def _parts(each: Field, raws: list[str]) -> list[str]:
    """The single values: a field of short codes takes several in one, with commas between them."""
    parts = [part for raw in raws for part in (raw.split(",") if each.listed else [raw])]
    return [part for part in parts if part.strip()]
