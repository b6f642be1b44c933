"""Records of the directory for the search for duplicates: one new one against all, or all against all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from kontor.features.organisations import duplicates, names
from kontor.features.organisations.duplicates import Pair, Record
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.reasons import reasons_in_words

_FIELDS = ("key", "name_key", "country", "place", "domain", "vat", "pic", "register_number")
_READ_AT_ENTRY = 500


@dataclass(frozen=True)
class Candidate:
    """An organisation in the directory that a new entry resembles."""

    organisation: Organisation
    pair: Pair

    @property
    def words(self) -> list[str]:
        return reasons_in_words(self.pair.reasons)


def record_of(row: Mapping[str, Any]) -> Record:
    """A Record from a row's or a form's values; what is missing is unknown."""
    texts = {field: row.get(field) or "" for field in _FIELDS}
    texts["place"] = names.folded(texts["place"])
    return Record(**texts)


def all_records() -> list[Record]:
    """Every organisation that is neither merged nor archived."""
    rows = Organisation.objects.alive().order_by("pk").values(*_FIELDS)
    return [record_of(row) for row in rows.iterator(chunk_size=5000)]


def candidates_for(values: Mapping[str, Any], user: Any, limit: int = 5) -> list[Candidate]:
    """What `user` may see of the organisations that `values` (a form's) resemble, best first."""
    new = record_of(
        {
            **values,
            "name_key": names.name_key(values["name"]),
            "domain": names.domain(values.get("website") or ""),
        }
    )
    near = Organisation.objects.visible_to(user).filter(_near(new))[:_READ_AT_ENTRY]
    by_key = {organisation.key: organisation for organisation in near}
    pairs = duplicates.find_for(new, map(_record, by_key.values()))
    return [Candidate(by_key[pair.second], pair) for pair in pairs[:limit]]


def _record(organisation: Organisation) -> Record:
    return record_of({field: getattr(organisation, field) for field in _FIELDS})


def _near(new: Record) -> Q:
    """Rows worth comparing, by index: a number or domain in common, or a similar beginning of a word."""
    condition = Q(country=new.country, name_key__startswith=new.name_key[:4])
    for field in ("vat", "pic", "domain"):
        if value := getattr(new, field):
            condition |= Q(**{field: value})
    for word in _longest(new.name_key.split()):
        condition |= Q(country=new.country, name_key__contains=word)
    return condition


def _longest(words: Iterable[str]) -> list[str]:
    return sorted((word for word in words if len(word) > 3), key=len, reverse=True)[:2]
