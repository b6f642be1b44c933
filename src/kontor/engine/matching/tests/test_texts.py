"""Reading texts: sentences, passages, languages, stems, the lexicon."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.engine.matching import text as reading
from kontor.engine.matching.lexicon import Lexicon, learn
from kontor.engine.matching.stems import fold, stem, tokens
from kontor.engine.matching.terms import gloss, terms_of_text, terms_of_word
from kontor.engine.matching.tests.doubles import LEXICON


@given(st.text(max_size=3000))
def test_passages_are_ordered_spans_of_the_text(text: str) -> None:
    readable = reading.without_markup(text)
    assert len(readable) == len(text)
    end = 0
    for span in reading.passages(readable):
        assert end <= span.start < span.end <= len(text)
        assert readable[span.start : span.end].strip() == readable[span.start : span.end]
        end = span.end


def test_markup_keeps_every_other_character_in_place() -> None:
    text = "<p>We build <b>pumps</b></p><script>steal()</script> and see https://example.org/x now"
    plain = reading.without_markup(text)
    assert plain.split() == ["We", "build", "pumps", "and", "see", "now"]
    assert plain.index("pumps") == text.index("pumps")


def test_sentences() -> None:
    text = "We build pumps. Do you?  Yes!\nNew line • bullet"
    spans = reading.sentences(text)
    assert [text[a:b] for a, b in spans] == ["We build pumps.", "Do you?", "Yes!", "New line", "bullet"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wir suchen eine Wärmepumpe für die Molkerei"),
        ("nl", "Wij zoeken een leverancier van warmtepompen"),
        ("sl", "Iščemo dobavitelja toplotnih črpalk"),
        ("da", "Vi søger en leverandør af varmepumper"),
        ("", "!!"),
    ],
)
def test_language_is_recognised(language: str, text: str) -> None:
    assert reading.recognise(text) == language


def test_half_of_a_sentence_is_no_sentence() -> None:
    text = "Chillers (e.g. small ones) use waste heat; pumps lift it. Both are quiet."
    assert [text[a:b] for a, b in reading.sentences(text)] == [text[:-16], "Both are quiet."]


def test_fold_and_stem() -> None:
    assert [fold(word) for word in ("Wärme", "STRASSE", "Łódź", "Øst")] == ["warme", "strasse", "lodz", "ost"]
    assert stem("batteries", "en") == stem("battery", "en")
    assert stem("Wärmepumpen", "de") == stem("Wärmepumpe", "de")


def test_a_long_word_is_cut() -> None:
    assert len(tokens("x" * 10_000)[0]) == 40


def test_lexicon_translates_words_parts_and_beginnings() -> None:
    assert "heat" in dict(LEXICON.translate("Wärmepumpe", "de"))
    parts = {LEXICON.surface(english) for english, _ in LEXICON.translate("Metallspeicher", "de")}
    assert {"metal", "storage"} <= parts
    assert LEXICON.translate("Zylinder", "de") == ()
    assert LEXICON.translate("Wärme", "xx") == ()


def test_lexicon_finds_the_word_most_like_an_unseen_one() -> None:
    assert LEXICON.translate("Batteriex", "de") == tuple(
        (english, int(weight * 0.8)) for english, weight in LEXICON.translate("Batterien", "de")
    )


def test_compounds_are_learned_by_their_parts() -> None:
    learned = learn({"de": [("Warmpumpe", "Heat pump"), ("Pumpe", "Pump"), ("Warm", "Heat"), ("Gas", "Gas")]})
    assert {english for english, _ in learned.translate("Warmpumpe", "de")} == {"heat", "pump"}


def test_lexicon_survives_its_file(tmp_path: Path) -> None:
    LEXICON.save(tmp_path / "one.npz")
    LEXICON.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    loaded = Lexicon.load(tmp_path / "one.npz")
    assert loaded.languages == LEXICON.languages
    for word in ("Wärmepumpen", "Metall", "Speicher"):
        assert loaded.translate(word, "de") == LEXICON.translate(word, "de")
    assert loaded.surface("batter") == "batteries"


def test_an_empty_lexicon_translates_nothing() -> None:
    assert learn({}).translate("Wärme", "de") == ()
    assert learn({"de": []}).translate("Wärme", "de") == ()


def test_terms() -> None:
    assert terms_of_word("the", "en", LEXICON) == {}
    assert terms_of_word("pumps", "en", LEXICON) == {"pump": 8}
    german = terms_of_word("Metall", "de", LEXICON)
    assert german["metal"] == 8
    assert german["de:metall"] == 4
    assert terms_of_word("Zylinder", "de", LEXICON) == {"zylind": 8}
    assert terms_of_word("Zylinders", "en", LEXICON) == {"zylind": 8}
    assert terms_of_text("pump pump", "en", LEXICON) == {"pump": 16}


def test_gloss_drops_function_words() -> None:
    assert gloss("Vi søger pumper", "da", LEXICON) == "pumps"


def test_a_heading_is_no_passage_of_its_own() -> None:
    text = "Sustainable tourism. " + "We plan trails with mountain villages " * 9 + "every summer."
    assert len(reading.passages(text)) == 1
