"""What can be worked out from a row: region, coordinates, the language of its texts. Pure (code lists
only).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kontor import codes
from kontor.engine.matching.text import recognise
from kontor.features.organisations.imports.entry import Entry

# A text shorter than this is too short to tell its language.
_TELLING = 20
# Reading on would tell no more, and takes time with every letter.
_ENOUGH = 120


def enrich(entry: Entry, *, default_language: str) -> None:
    """Fills `entry.derived`, `entry.found_by` and the language of statements that name none."""
    fields = entry.fields
    derived: dict[str, Any] = entry.derived
    country, postcode, place = (fields.get(name) or "" for name in ("country", "postcode", "place"))
    if fields.get("nuts3"):
        fields["nuts_version"] = _newest(fields["nuts3"])
    elif country and (postcode or place) and (hit := _region(country, postcode, place)):
        derived["nuts3"], derived["nuts_version"] = hit
    if country and place and "latitude" not in fields and (point := _point(country, place)):
        derived["latitude"], derived["longitude"] = point
    _add_language(entry, default_language)
    entry.make_ready()


def _add_language(entry: Entry, default: str) -> None:
    """One language for the whole row, told from its longest text: telling each text apart is slow, and one
    row is written by one person.
    """
    language = entry.fields.get("language") or ""
    silent = [each for each in entry.statements if each.get("text") and not each.get("language")]
    if not language and (silent or entry.fields.get("name")):
        said = [str(entry.fields.get("summary") or ""), *(each["text"] for each in silent)]
        language = _language(max(said, key=len), default)
        entry.derived["language"] = language
    for each in silent:
        each["language_guess"] = language


@lru_cache(maxsize=4096)
def _newest(region: str) -> str:
    return max((flag for flag in codes.scheme("nuts").flags(region) if flag.isdigit()), default="")


@lru_cache(maxsize=50_000)
def _region(country: str, postcode: str, place: str) -> tuple[str, str] | None:
    hit = codes.nuts3_of(country, postcode or None, place or None)
    return (hit.code, hit.version) if hit else None


@lru_cache(maxsize=50_000)
def _point(country: str, place: str) -> tuple[float, float] | None:
    found = codes.place_of(country, place)
    return (found.latitude, found.longitude) if found else None


def _language(text: str, default: str) -> str:
    """The language of a text long enough to tell; the declared one always goes before this."""
    if len(text) < _TELLING:
        return default
    return recognise(text[:_ENOUGH]) or default
