"""Earlier cooperations as evidence: what counts, what is told, and what a teaser keeps."""

from __future__ import annotations

import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.explain.projects import titled
from kontor.engine.matching.model import Match, Profile, Query, Result, Statement
from kontor.engine.matching.past import Cooperation, Past, evidence_of
from kontor.engine.matching.past.named import countries_named
from kontor.engine.matching.solve import search
from kontor.engine.matching.terms import terms_of_text
from kontor.engine.matching.tests.doubles import ENCODER, LEXICON, index_of, offer

HEAT = "Heat pumps warm dairies with waste heat."
SHIPS = "Robots weld the hulls of ships."
PROFILES = [
    offer("me", "We plan heating for farms.", country="NL"),
    offer("expert", "We advise companies.", country="DE"),
    offer("friend", "We keep the books of companies.", country="NL"),
    offer("welder", "We train people at work.", country="IT"),
    offer("stranger", "We print posters.", country="IT"),
    Profile(
        "shy",
        "Shy firm",
        country="DE",
        statements=(
            Statement("shy-1", "offer", "secret", "en", audience="teaser", teaser="We build heat pumps."),
        ),
    ),
]
COOPERATIONS = [
    Cooperation("p1", "Warm milk", HEAT, ("expert", "shy", "other"), "2021-03-01", "en"),
    Cooperation("p2", "Hulls", SHIPS, ("welder", "friend"), language="en"),
    Cooperation("p3", "Farm books", "Accounting on farms.", ("me", "friend"), language="en"),
]
QUESTION = "We look for partners who warm dairies with waste heat from heat pumps."


ABLE = [offer("expert", QUESTION, country="DE"), *PROFILES[:1], *PROFILES[2:]]


def past_of(cooperations: list[Cooperation]) -> Past:
    return Past.build(cooperations, PROFILES, LEXICON)


def find(past: Past | None, profiles: list[Profile] = PROFILES, **facts: object) -> Result:
    asked = {"text": QUESTION, "language": "en", "organisation": "me", "audiences": ("public", "teaser")}
    query = Query(**asked | facts)
    return search(index_of(profiles), query, lexicon=LEXICON, encoder=ENCODER, past=past)


def match(result: Result, key: str) -> Match:
    return next(each for each in result.matches if each.key == key)


def value(found: Match, name: str) -> float:
    return next(part.value for part in found.parts if part.name == name)


def evidence(text: str = QUESTION, askers: tuple[str, ...] = ("me",), origin: str = "NL"):  # type: ignore[no-untyped-def]
    return evidence_of(past_of(COOPERATIONS), terms_of_text(text, "en", LEXICON), text, askers, origin)


def test_who_took_part_near_the_question_counts_most() -> None:
    found = evidence()
    number = found.past.numbers
    projects = found.values["projects"]
    assert projects[number["expert"]] > projects[number["welder"]]
    assert projects[number["stranger"]] == 0


def test_ties_reach_partners_and_their_partners_but_not_the_asker_itself() -> None:
    found = evidence()
    ties, number = found.values["ties"], found.past.numbers
    assert ties[number["friend"]] > ties[number["welder"]] > 0
    assert ties[number["stranger"]] == ties[number["me"]] == 0


def test_every_value_lies_between_0_and_1() -> None:
    for values in evidence("Greek ships, Italian welders and Spanish heat pumps").values.values():
        assert ((values >= 0) & (values <= 1)).all()


def test_popularity_is_capped() -> None:
    many = [Cooperation(f"p{n}", "One more", "Posters.", ("stranger",)) for n in range(200)]
    more = [*many, *(Cooperation(f"q{n}", "One more", "Posters.", ("stranger",)) for n in range(200))]
    terms = terms_of_text(QUESTION, "en", LEXICON)
    values = [
        evidence_of(past, terms, QUESTION).values["popularity"][past.numbers["stranger"]]
        for past in (past_of(many), past_of(more))
    ]
    assert values == [1, 1]


def test_the_country_that_a_text_names_is_recognised() -> None:
    assert countries_named("Pilots in Greek ports and in Türkiye") == {"GR", "TR"}
    assert countries_named("A germane question of polishing") == set()


def test_the_order_of_the_input_plays_no_part() -> None:
    assert find(past_of(COOPERATIONS)) == find(past_of(COOPERATIONS[::-1]))


def test_a_past_without_projects_says_nothing_and_breaks_nothing() -> None:
    result = find(past_of([]))
    assert result.matches
    assert value(result.matches[0], "projects") == 0


def test_without_a_past_the_parts_are_left_out() -> None:
    names = {part.name for part in find(None).matches[0].parts}
    assert not names & {"projects", "ties", "popularity", "lands", "named", "name"}


def test_a_partner_that_texts_alone_would_miss_is_found_with_the_project_as_reason() -> None:
    found = match(find(past_of(COOPERATIONS)), "expert")
    reasons = [reason.text() for reason in found.reasons]
    assert "Took part in an earlier project close to this: “Warm milk” (2021)." in reasons
    proof = next(reason for reason in found.reasons if reason.code == "past.projects").evidence
    assert [(each.profile, each.project, each.quote) for each in proof] == [("expert", "p1", "Warm milk")]
    assert value(found, "projects") > 0.5


def test_common_partners_are_named() -> None:
    both = Cooperation("p4", "Cool milk", HEAT, ("expert", "friend"), language="en")
    found = match(find(past_of([*COOPERATIONS, both])), "expert")
    reasons = {reason.code: reason.text() for reason in found.reasons}
    assert reasons["past.through"] == "Has worked with your partner Firm friend, in “Cool milk”."
    proof = next(reason for reason in found.reasons if reason.code == "past.through").evidence
    assert [(each.profile, each.project) for each in proof] == [("friend", "p4")]


def test_whoever_was_in_a_project_with_the_asker_is_said_to_be_no_new_contact() -> None:
    warm = Cooperation("p4", "Warm stables", HEAT, ("me", "expert"), "2019-05-01", "en")
    cold = Cooperation("p5", "Cold stables", HEAT, ("me", "expert"), "2016-05-01", "en")
    found = match(find(past_of([*COOPERATIONS, warm, cold]), ABLE), "expert")
    reasons = {reason.code: reason.text() for reason in found.reasons}
    assert reasons["past.direct"] == "Has worked with you before, in “Warm stables” (2019)."
    proof = next(reason for reason in found.reasons if reason.code == "past.direct").evidence
    assert [each.project for each in proof] == ["p4"]


def test_projects_of_long_ago_are_a_doubt() -> None:
    doubts = [find(past_of(COOPERATIONS), ABLE, today=today) for today in ("2028-12-31", "2029-01-01")]
    codes = [{match.doubt.code for match in result.matches if match.key == "expert"} for result in doubts]
    assert "doubt.old_project" not in codes[0]
    assert codes[1] == {"doubt.old_project"}


def test_a_project_whose_text_is_quoted_is_not_told_a_second_time() -> None:
    told = Cooperation("p1", "Warm milk", HEAT, ("expert",), "2021-03-01", "en")
    maker = offer("expert", f"Warm milk. {QUESTION}", country="DE")
    reasons = match(find(past_of([told]), [maker, *ABLE[1:]]), "expert").reasons
    assert "warm dairies" in reasons[0].text()
    assert "past.projects" not in {reason.code for reason in reasons}


def test_words_that_both_took_from_one_project_are_no_agreement() -> None:
    same = f"Warm milk. {QUESTION}"
    both = [offer("me", same, country="NL"), offer("expert", same, country="DE"), *ABLE[2:]]
    found = match(find(past_of([]), both, text=""), "expert")
    assert not {"words", "meaning"} & {reason.code for reason in found.reasons}


def test_a_long_title_is_cut_between_two_words() -> None:
    long = Cooperation("p4", "Warm milk " * 20, HEAT, ("expert",), "2020-01-01", "en")
    (told,) = titled([long])
    assert told == f"“{'Warm milk ' * 9}…” (2020)"


def test_a_teaser_is_not_given_away_by_its_past() -> None:
    result = find(past_of(COOPERATIONS))
    shy = match(result, "shy")
    assert shy.anonymous
    assert all(value(shy, name) == 0 for name in ("projects", "ties", "popularity", "lands", "name"))
    assert "Warm milk" not in " ".join(reason.text() for reason in (*shy.reasons, shy.doubt))


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="twice"):
        past_of([COOPERATIONS[0], COOPERATIONS[0]])
