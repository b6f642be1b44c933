"""The finder on pairs judged by hand: what a person would call one organisation, and what not."""

import random
import time

import pytest

from kontor.features.organisations.duplicates import Record, compare, find, find_for
from kontor.features.organisations.names import folded, name_key


def record(key: str, name: str, country: str = "DE", place: str = "", **fields: str) -> Record:
    return Record(key, name_key(name), country, folded(place), **fields)


SAME = [
    (("Müller Maschinenbau GmbH", "Bremen"), ("Mueller Maschinenbau", "Bremen")),
    (("Müller Maschinenbau GmbH", "Bremen"), ("Müler Maschinenbau GmbH", "Bremen")),
    (("Windkraft Nord AG", "Kiel"), ("WindKraft-Nord AG", "Kiel")),
    (("Nordlicht Photonik GmbH", "Rostock"), ("Photonik Nordlicht", "Rostock")),
    (("Institut für Holzforschung e.V.", "Rosenheim"), ("Institut Holzforschung", "Rosenheim")),
    (("Alpen Sensorik", ""), ("Alpen Sensorik GmbH", "Graz")),
    (("Rhein Data Systems GmbH", "Köln"), ("Rhein Data Systems", "Cologne Köln")),
]
DIFFERENT = [
    (("Müller Maschinenbau GmbH", "Bremen"), ("Müller Metallbau GmbH", "Bremen")),
    (("Windkraft Nord AG", "Kiel"), ("Windkraft Süd AG", "Passau")),
    (("Stadtwerke Emden", "Emden"), ("Stadtwerke Leer", "Leer")),
    (("Werk 1 Service", "Essen"), ("Werk 2 Service", "Essen")),
    (("Bäckerei Schmidt", "Hof"), ("Bäckerei Schmidt", "Jena")),
    (("Solar Tech", "Ulm"), ("Laser Tech", "Ulm")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_pairs_that_are_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    found = find([record("a", one[0], place=one[1]), record("b", other[0], place=other[1])])
    assert [(pair.first, pair.second) for pair in found] == [("a", "b")]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_pairs_that_are_two(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert find([record("a", one[0], place=one[1]), record("b", other[0], place=other[1])]) == []


def test_an_equal_legal_number_is_certain_whatever_the_names() -> None:
    pair = compare(record("a", "Alt GmbH", vat="DE1"), record("b", "Neu SE", "NL", vat="DE1"))
    assert (pair.score, pair.reasons) == (1.0, ("vat",))


def test_register_numbers_count_within_one_country_only() -> None:
    one, other = (
        record("a", "Alt", register_number="HRB 1"),
        record("b", "Neu", "AT", register_number="HRB 1"),
    )
    assert find([one, other]) == []
    assert find([one, record("b", "Neu", register_number="HRB 1")])[0].reasons == ("register_number",)


def test_different_legal_numbers_speak_against_equal_names() -> None:
    one = record("a", "Nordwind Technik", place="Kiel", vat="DE1")
    assert find([one, record("b", "Nordwind Technik", place="Kiel", vat="DE2")]) == []
    assert len(find([one, record("b", "Nordwind Technik", place="Kiel")])) == 1


def test_an_equal_domain_makes_a_pair_of_unlike_names() -> None:
    pairs = find([record("a", "Nordwind", domain="nw.eu"), record("b", "NW Holding", domain="nw.eu")])
    assert pairs[0].reasons[0] == "domain"


def test_a_new_record_is_compared_with_all() -> None:
    known = [record("a", "Windkraft Nord", place="Kiel"), record("b", "Holzbau Süd")]
    assert [pair.second for pair in find_for(record("", "Windkraft-Nord GmbH", place="Kiel"), known)] == ["a"]


def test_records_without_a_name_or_number_are_never_a_pair() -> None:
    assert find([record("a", ""), record("b", "")]) == []


@pytest.mark.slow
def test_twenty_thousand_records_take_a_few_seconds() -> None:
    dice = random.Random(3)  # test data
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    kinds = ["Energie", "Systems", "Maschinenbau", "Solutions", "Technik"]
    names = ["".join(dice.choices(syllables, k=4)) + " " + dice.choice(kinds) for _ in range(20_000)]
    records = [record(f"k{n}", name, place=dice.choice(syllables) + "stadt") for n, name in enumerate(names)]
    copies = [Record(f"x{n}", r.name_key, r.country, r.place) for n, r in enumerate(records[::100])]
    started = time.monotonic()
    found = {(pair.first, pair.second) for pair in find([*records, *copies])}
    assert time.monotonic() - started < 30
    assert {(f"k{n * 100}", f"x{n}") for n in range(len(copies))} <= found
