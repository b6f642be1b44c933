"""Places and names as evidence: what a country, a region and a name tell of somebody without a past."""

from __future__ import annotations

import numpy as np

from kontor.engine.matching.model import Profile
from kontor.engine.matching.past import Cooperation, Past, PastEvidence, evidence_of
from kontor.engine.matching.past.places import NEUTRAL, Places
from kontor.engine.matching.terms import terms_of_text
from kontor.engine.matching.tests.doubles import LEXICON

HEAT = "Heat pumps warm dairies with waste heat."
SHIPS = "Robots weld the hulls of ships."
PROFILES = [
    Profile("me", "Heating planners", country="NL", nuts3="NL112"),
    Profile("dairy", "Dairy school of Jutland", country="DK", nuts3="DK041"),
    Profile("dairy-2", "Dairy school of Jutland, department of machines", country="DK", nuts3="DK042"),
    Profile("dairy-3", "Dairy school of Jutland", country="DE", nuts3="DEF07"),
    Profile("yard", "Shipyard of Genoa", country="IT", nuts3="ITC33"),
    Profile("new-dairy", "Dairy of Friesland", country="NL", nuts3="NL113"),
    Profile("new-yard", "Shipyard of Kiel", country="DE", nuts3=""),
]
COOPERATIONS = [
    Cooperation("p1", "Warm milk", HEAT, ("dairy", "me"), language="en"),
    Cooperation("p2", "Hulls", SHIPS, ("yard",), language="en"),
]


def evidence(cooperations: list[Cooperation], askers: tuple[str, ...] = ("me",)) -> PastEvidence:
    past = Past.build(cooperations, PROFILES, LEXICON)
    return evidence_of(past, terms_of_text(HEAT, "en", LEXICON), HEAT, askers, "NL")


def value(found: PastEvidence, part: str, key: str) -> float:
    return float(found.values[part][found.past.numbers[key]])


def test_a_name_that_sounds_like_those_who_took_part_counts() -> None:
    found = evidence(COOPERATIONS)
    assert value(found, "alike", "new-dairy") > value(found, "alike", "new-yard") == 0


def test_a_relative_of_the_same_country_is_known_by_its_name() -> None:
    found = evidence(COOPERATIONS)
    assert 0.45 < value(found, "kin", "dairy-2") <= value(found, "projects", "dairy")
    assert value(found, "kin", "dairy-3") == 0
    assert value(found, "kin", "dairy") == 0
    assert value(found, "projects", "dairy-2") == 0


def test_a_country_counts_beside_the_askers_country_but_the_askers_own_only_by_a_second_member() -> None:
    alone = evidence(COOPERATIONS)
    assert value(alone, "beside", "dairy") > NEUTRAL > value(alone, "beside", "new-dairy")
    both = Cooperation("p3", "Cold milk", HEAT, ("me", "new-dairy"), language="en")
    twice = value(evidence([*COOPERATIONS, both]), "beside", "new-dairy")
    assert twice > value(alone, "beside", "new-dairy")


def test_a_country_in_projects_near_the_question_counts() -> None:
    found = evidence(COOPERATIONS)
    assert value(found, "lands", "dairy-2") > value(found, "lands", "yard")


def test_the_region_of_the_askers_is_told_apart_from_the_rest_of_their_country() -> None:
    found = evidence(COOPERATIONS)
    assert [value(found, "home", key) for key in ("new-dairy", "dairy", "new-yard")] == [1, 0, 0]
    assert value(found, "regions", "dairy") > value(found, "regions", "yard")


def test_without_any_region_nothing_is_said_of_regions() -> None:
    plain = [Profile(each.key, each.name, country=each.country) for each in PROFILES]
    past = Past.build(COOPERATIONS, plain, LEXICON)
    found = evidence_of(past, terms_of_text(HEAT, "en", LEXICON), HEAT, ("me",), "NL")
    assert set(found.values["regions"].tolist()) == {NEUTRAL}
    assert set(found.values["home"].tolist()) == {0.0}


def test_places_that_nobody_knows_are_neutral() -> None:
    none = np.zeros(0, dtype=np.int64)
    places = Places.build(["", ""], none, none, 0)
    assert places.spread(places.near(np.zeros(0)) + places.beside("NL")).tolist() == [NEUTRAL, NEUTRAL]


def test_every_value_lies_between_0_and_1() -> None:
    for cooperations in (COOPERATIONS, []):
        for values in evidence(cooperations).values.values():
            assert ((values >= 0) & (values <= 1)).all()
