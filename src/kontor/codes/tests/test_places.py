"""Addresses to regions and coordinates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kontor import codes
from kontor.codes.places import POSTCODE_VERSION, _rows


@pytest.mark.parametrize(
    ("country", "postcode", "code", "how"),
    [
        ("NL", "7511", "NL213", "postcode prefix"),
        ("NL", "7511 AB", "NL213", "postcode"),
        ("NL", "NL-7511ab", "NL213", "postcode"),
        ("DE", "48149", "DEA33", "postcode"),
        ("DE", "D-48149", "DEA33", "postcode"),
        ("EL", "10431", "EL303", "postcode"),
        ("GR", "104 31", "EL303", "postcode"),
        ("PT", "4000", "PT11A", "postcode prefix"),
        ("CZ", "11000", "CZ010", "postcode"),
        ("SE", "SE-411 04", "SE232", "postcode"),
        ("LV", "1010", "LV00A", "postcode"),
        ("LV", "LV-1010", "LV00A", "postcode"),
        ("IE", "D02 AF30", "IE061", "postcode"),
        ("MT", "VLT 1117", "MT001", "postcode"),
        ("LU", "L-1019", "LU000", "postcode"),
        ("si", "1000", "SI041", "postcode"),
    ],
)
def test_postcode_to_region(country: str, postcode: str, code: str, how: str) -> None:
    hit = codes.nuts3_of(country, postcode)
    assert hit is not None
    assert (hit.code, hit.version, hit.share, hit.how) == (code, "2024", 1.0, how)


def test_unlisted_postcode_goes_with_most_of_its_neighbours_and_says_so() -> None:
    hit = codes.nuts3_of("DE", "50000")
    assert hit is not None
    assert (hit.code, hit.how) == ("DEA23", "postcode prefix")
    assert 0.5 < hit.share < 1


@pytest.mark.parametrize(
    ("country", "postcode"), [("GB", "EC1A 1BB"), ("US", "10001"), ("XX", "1"), ("DE", "??"), ("DE", "0")]
)
def test_nothing_is_guessed(country: str, postcode: str) -> None:
    assert codes.nuts3_of(country, postcode) is None


@pytest.mark.parametrize(
    ("country", "place", "code"),
    [
        ("DE", "Münster", "DEA33"),
        ("DE", "Karlsruhe", "DE122"),
        ("NL", "Arnhem", "NL226"),
        ("BG", "Plovdiv", "BG421"),
        ("BG", "Пловдив", "BG421"),
        ("LU", "Esch", "LU000"),
    ],
)
def test_place_to_region(country: str, place: str, code: str) -> None:
    hit = codes.nuts3_of(country, place=place)
    assert hit is not None
    assert hit.code == code


def test_place_helps_where_the_postcode_does_not() -> None:
    hit = codes.nuts3_of("DE", "??", "Münster")
    assert hit is not None
    assert (hit.code, hit.how) == ("DEA33", "place")


def test_the_vintage_of_the_postcodes_is_the_one_stated() -> None:
    """Every region of the package exists in that vintage, and some exist in no other."""
    nuts = codes.scheme("nuts")
    used = {code for code, _ in _rows("SELECT nuts_3, count(*) FROM nuts GROUP BY nuts_3")}
    assert len(used) == 1325
    assert {code for code in used if POSTCODE_VERSION not in nuts.flags(code)} == set()
    assert len([code for code in used if nuts.flags(code) == {POSTCODE_VERSION}]) > 30


def test_threads_do_not_share_a_connection() -> None:
    with ThreadPoolExecutor(4) as pool:
        hits = list(pool.map(lambda n: codes.nuts3_of("DE", f"{n:05}"), range(10_000, 10_400)))
    assert sum(hit is not None for hit in hits) > 300


@pytest.mark.parametrize("name", ["München", "Muenchen", "munich", "80331 München", "München (Bayern)"])
def test_a_town_under_all_its_names(name: str) -> None:
    place = codes.place_of("DE", name)
    assert place is not None
    assert (round(place.latitude, 1), round(place.longitude, 1)) == (48.1, 11.6)
    assert place.population > 1_000_000


@pytest.mark.parametrize(
    ("country", "name"), [("EL", "Αθήνα"), ("NL", "'s-Hertogenbosch"), ("IT", "Mailand"), ("SI", "Kranj")]
)
def test_towns_of_other_countries(country: str, name: str) -> None:
    assert codes.place_of(country, name) is not None


@pytest.mark.parametrize(("country", "name"), [("DE", "Nirgendwo"), ("US", "Boston"), ("../", "x"), ("", "")])
def test_unknown_towns(country: str, name: str) -> None:
    assert codes.place_of(country, name) is None
