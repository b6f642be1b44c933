"""Across languages, with the real encoder: a Dutch or German need finds offers in other languages."""

from __future__ import annotations

import json

import pytest

from kontor.engine.matching import text as reading
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Profile, Query, Statement
from kontor.engine.matching.solve import search
from kontor.engine.matching.tests.doubles import INSTANCES, LEXICON

OFFERS = {
    "en": "We build high-temperature heat pumps for dairies and breweries.",
    "fr": "Nous récupérons le lithium et le cobalt des batteries usagées.",
    "it": "Progettiamo imballaggi compostabili per alimenti freschi.",
    "es": "Fabricamos electrolizadores para producir hidrógeno verde.",
    "pl": "Szkolimy małe firmy w zakresie zamówień publicznych.",
    "nl": "Wij maken fotonische chips voor gassensoren.",
}
NEEDS = [
    ("de", "Unsere Brauerei sucht eine Wärmepumpe für heißes Wasser.", "en"),
    ("nl", "Wij zoeken een bedrijf dat lithium uit oude batterijen terugwint.", "fr"),
    ("nl", "Gezocht: afbreekbare verpakking voor verse salades.", "it"),
    ("de", "Gesucht wird ein Hersteller von Elektrolyseuren für Wasserstoff.", "es"),
    ("fr", "Nous cherchons une formation aux marchés publics.", "pl"),
    ("en", "We need integrated photonics for a gas sensor.", "nl"),
    ("da", "Vi søger varmepumper til et mejeri.", "en"),
]


@pytest.fixture(scope="module")
def encoder() -> UniversalEncoder:
    return UniversalEncoder()


@pytest.fixture(scope="module")
def index(encoder: UniversalEncoder) -> Index:
    profiles = [
        Profile(lang, lang, statements=(Statement(lang, "offer", text, lang),))
        for lang, text in OFFERS.items()
    ]
    return Index.build(encode_profiles(profiles, LEXICON, encoder))


@pytest.mark.slow
@pytest.mark.parametrize(("language", "need", "expected"), NEEDS)
def test_need_finds_offer(
    index: Index, encoder: UniversalEncoder, language: str, need: str, expected: str
) -> None:
    result = search(index, Query(text=need, language=language), lexicon=LEXICON, encoder=encoder)
    assert result.matches[0].key == expected


@pytest.mark.slow
def test_declared_language_wins(index: Index, encoder: UniversalEncoder) -> None:
    result = search(index, Query(text="Gift", language="de"), lexicon=LEXICON, encoder=encoder)
    assert result.language == "de"
    assert result.notes == () or result.notes[0].code != "text.language"


ALIKE = {"hr": ("sl",), "da": ("no",), "sk": ("cs",), "pt": ("es",), "sl": ("hr",), "sv": ("da", "no")}
"""Languages that the recogniser takes for one another in a single sentence."""


def test_pairs_cross_languages() -> None:
    pairs = json.loads((INSTANCES / "pairs-60.json").read_text(encoding="utf-8"))["pairs"]
    assert len(pairs) == 60
    assert all(pair["need"][0] != pair["offer"][0] for pair in pairs)
    assert len({pair["need"][0] for pair in pairs}) >= 12
    for texts in ([pair["need"][1] for pair in pairs], [pair["offer"][1] for pair in pairs]):
        assert len(set(texts)) == 60
    for pair in pairs:
        for language, text in pair.values():
            assert reading.recognise(text) in {language, *ALIKE.get(language, ())}, text
