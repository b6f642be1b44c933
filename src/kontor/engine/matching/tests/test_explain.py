"""Three reasons and one doubt, each traceable to the sentences and codes it came from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.explanation import Evidence, Reason
from kontor.engine.matching.entry import texts_of
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Code, Conditions, Match, Profile, Query, Statement
from kontor.engine.matching.read import read_directory
from kontor.engine.matching.tests.doubles import INSTANCES, TODAY, ask, index_of, offer

QUESTIONS = [
    Query(
        text="Wir suchen einen Anbieter. Er soll Batteriespeicher aus gebrauchten Fahrzeugbatterien bauen.",
        language="de",
        today=TODAY,
    ),
    Query(
        text="heat pumps for a dairy", language="en", origin="AT", today=TODAY, audiences=("public", "teaser")
    ),
    Query(organisation="stromkraft", today=TODAY, audiences=("public", "members", "teaser")),
    Query(codes=(Code("cpv", "42511110"),), conditions=Conditions(sme_only=True)),
    Query(text="Wasserstoff Elektrolyseur", kind="offer", language="de", audiences=("public", "teaser")),
]


@pytest.fixture(scope="module")
def crossing() -> Index:
    return index_of(read_directory(INSTANCES / "crossing.json").profiles)


def check_evidence(evidence: Evidence, index: Index, query: Query, match: Match) -> None:
    if not evidence.profile:
        assert query.text[evidence.start : evidence.end] == evidence.quote
        return
    profile, _ = index.profile(evidence.profile)
    if evidence.end:
        text = texts_of(profile)[(evidence.statement, match.anonymous)]
        assert text[evidence.start : evidence.end] == evidence.quote
        assert evidence.quote
    held = {str(code) for code in profile.codes} | {str(code) for s in profile.statements for code in s.codes}
    assert set(evidence.codes) <= held


@pytest.mark.parametrize("query", QUESTIONS)
def test_everything_said_can_be_traced(crossing: Index, query: Query) -> None:
    result = ask(crossing, query, floor=0.0)
    assert result.matches
    for match in result.matches:
        assert len(match.reasons) == 3
        assert len({reason.code for reason in match.reasons}) == 3
        for reason in (*match.reasons, match.doubt):
            assert "%(" not in reason.text()
            for evidence in reason.evidence:
                check_evidence(evidence, crossing, query, match)


def test_the_first_reason_quotes_the_partner(crossing: Index) -> None:
    result = ask(crossing, QUESTIONS[0])
    first = result.matches[0]
    assert first.key == "stromkraft"
    assert first.reasons[0].params["quote"].startswith("Wir bauen Batteriespeicher")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_quotes_hold_for_any_text(offered: str, asked: str) -> None:
    if not asked.strip():
        return
    index = index_of([offer("a", offered)])
    query = Query(text=asked, language="en")
    for match in ask(index, query, floor=0.0).matches:
        for reason in (*match.reasons, match.doubt):
            reason.text()
            for evidence in reason.evidence:
                check_evidence(evidence, index, query, match)


def codes_of(match: Match) -> set[str]:
    return {reason.code for reason in match.reasons}


def only(profile: Profile, query: Query, *others: Profile) -> Match:
    result = ask(index_of([profile, *others]), query, floor=0.0)
    return next(match for match in result.matches if match.key == profile.key)


def test_reason_for_codes_names_them() -> None:
    match = only(
        offer("a", codes=(Code("nace", "28.25"),)), Query(text="pumps", codes=(Code("nace", "28.25"),))
    )
    [reason] = [reason for reason in match.reasons if reason.code == "codes.same"]
    assert reason.params["codes"] == ("nace:28.25",)
    assert reason.evidence[0].codes == ("nace:28.25",)


def test_near_codes_are_told_as_near() -> None:
    match = only(
        offer("a", codes=(Code("nace", "28.29"),)), Query(text="pumps", codes=(Code("nace", "28.25"),))
    )
    assert "codes.near" in codes_of(match)


DOUBTS = {
    "doubt.same_need": (
        offer("a", "We look for heat pumps", statement_kind="need"),
        Query(text="heat pumps", language="en"),
    ),
    "doubt.old": (
        offer("a", "heat pumps", statement_confirmed_on="2021-01-01"),
        Query(text="heat pumps", language="en", today=TODAY),
    ),
    "doubt.undated": (
        offer("a", "heat pumps", size="small"),
        Query(text="heat pumps", language="en", today=TODAY),
    ),
    "doubt.silent": (
        offer("a", "heat pumps", introductions=4, answer_rate=0.1),
        Query(text="heat pumps", language="en"),
    ),
    "doubt.busy": (offer("a", "heat pumps", introductions=40), Query(text="heat pumps", language="en")),
    "doubt.trl": (offer("a", "heat pumps", statement_trl=3), Query(text="heat pumps", language="en")),
    "doubt.no_trl": (
        offer("a", "heat pumps"),
        Query(text="heat pumps", language="en", conditions=Conditions(trl_min=6)),
    ),
    "doubt.words": (
        offer("a", "heat pumps"),
        Query(text="heat pumps with ammonia compressors inside", language="en"),
    ),
    "doubt.language": (offer("a", "heat pumps", languages=("nl",)), Query(text="heat pumps", language="en")),
    "doubt.border": (
        offer("a", "heat pumps", country="DE"),
        Query(text="heat pumps", language="en", origin="DE"),
    ),
    "doubt.size": (offer("a", "heat pumps"), Query(text="heat pumps", language="en")),
    "doubt.capacity": (offer("a", "heat pumps", size="small"), Query(text="heat pumps", language="en")),
}


@pytest.mark.parametrize("code", DOUBTS)
def test_doubt(code: str) -> None:
    profile, query = DOUBTS[code]
    other = offer("z", "Ammonia compressors, painting and translations", statement_kind="offer")
    assert only(profile, query, other).doubt.code == code


def test_known_partners_are_doubted() -> None:
    me = Profile("me", "Me", statements=(Statement("m", "need", "heat pumps", "en"),), partners=("a",))
    assert only(offer("a", "heat pumps"), Query(organisation="me"), me).doubt.code == "doubt.known"


def test_mutual_interest_is_a_reason() -> None:
    me = Profile(
        "me",
        "Me",
        statements=(
            Statement("m1", "need", "heat pumps", "en"),
            Statement("m2", "offer", "control software", "en"),
        ),
    )
    both = offer("a", "heat pumps")
    both = Profile("a", "A", statements=(*both.statements, Statement("a2", "need", "control software", "en")))
    match = only(both, Query(text="heat pumps", language="en", organisation="me"), me)
    [reason] = [reason for reason in match.reasons if reason.code == "mutual"]
    assert reason.evidence[0].statement == "a2"
    assert reason.evidence[1].statement == "m2"


def test_templates_take_a_translation() -> None:
    reason = Reason("x", "Uses your words: %(words)s.", {"words": ("Gas", "Metall")})
    assert reason.text({"Uses your words: %(words)s.": "Nutzt Ihre Wörter: %(words)s."}.__getitem__) == (
        "Nutzt Ihre Wörter: Gas, Metall."
    )


def test_a_short_sentence_is_quoted_with_the_next() -> None:
    match = only(
        offer("a", "Heat pumps. We build them for dairies."), Query(text="heat pumps", language="en")
    )
    assert match.reasons[0].params["quote"] == "Heat pumps. We build them for dairies."


def test_a_quote_cut_short_shows_it() -> None:
    match = only(
        offer("a", "heat pumps " + "for many dairies " * 40), Query(text="heat pumps", language="en")
    )
    quote = match.reasons[0].params["quote"]
    assert quote.startswith("heat pumps")
    assert quote.endswith(" …")
    assert match.reasons[0].evidence[0].quote + " …" == quote


def test_one_common_word_of_many_is_no_reason() -> None:
    asked = Query(text="pumps with ammonia compressors, painting, translations and metal", language="en")
    other = offer("z", "Ammonia compressors, painting, translations, metal", statement_kind="offer")
    assert "words" not in codes_of(only(offer("a", "pumps"), asked, other))


def test_hollow_and_begun_words_are_not_missed() -> None:
    asked = Query(text="research centre for heat pumps with microturbine", language="en")
    other = offer("z", "A research centre with a microturbine", statement_kind="offer")
    assert only(offer("a", "heat pumps and microturbines"), asked, other).doubt.code != "doubt.words"
