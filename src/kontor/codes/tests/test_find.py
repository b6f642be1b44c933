"""Codes found as people type."""

from __future__ import annotations

import pytest

from kontor import codes


@pytest.mark.parametrize(
    ("scheme", "text", "language", "code"),
    [
        ("cpv", "wärmepumpe", "de", "42511110"),
        ("cpv", "WARMEPUMPEN", "de", "42511110"),
        ("cpv", "Wärmpumpen", "de", "42511110"),
        ("cpv", "warmtepomp", "nl", "42511110"),
        ("cpv", "waterpomp", "nl", "42122130"),
        ("cpv", "pumper vand", "da", "42122130"),
        ("cpv", "pommes de terre", "fr", "03212100"),
        ("nace", "elektronische componenten", "nl", "26.11"),
        ("nace", "computer programmng", "en", "62.1"),
        ("nace", "01.11", "de", "01.11"),
        ("nace", "0111", "de", "01.11"),
        ("cpv", "42511110-5", "de", "42511110"),
        ("country", "niederl", "de", "NL"),
        ("country", "NL", "de", "NL"),
        ("nuts", "achterhoek", "de", "NL225"),
        ("nuts", "αττικη", "en", "EL3"),
        ("nuts", "nl2", "en", "NL2"),
        ("theme", "laadpaal", "nl", "electric-mobility"),
        ("theme", "Brennstoffzelle", "de", "hydrogen"),
        ("ket", "photonik", "de", "photonics"),
    ],
)
def test_first_or_second_hit(scheme: str, text: str, language: str, code: str) -> None:
    assert code in [found.code for found in codes.find(scheme, text, language, 5)]


def test_hits_are_labelled_ranked_and_say_why() -> None:
    found = codes.find("cpv", "pomp", "nl", 5)
    assert [(f.code, f.label, f.how) for f in found[:1]] == [("42122000", "Pompen", "words")]
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert codes.find("cpv", "Wärmpumpen", "de", 1)[0].how == "close words"
    assert codes.find("nace", "28.2", "de", 1)[0].how == "code"


def test_words_in_any_order() -> None:
    one = codes.find("nace", "repair machinery", "en", 3)
    assert [f.code for f in one] == [f.code for f in codes.find("nace", "machinery repair", "en", 3)]


def test_language_without_wording_is_searched_in_english() -> None:
    found = codes.find("cpv", "peanuts", "ga", 1)
    assert [(f.code, str(f.label)) for f in found] == [("03111200", "Peanuts [en]")]


def test_some_words_are_better_than_nothing() -> None:
    assert "28.13" in [found.code for found in codes.find("nace", "heat pump", "en", 5)]


def test_empty_text_shows_the_top() -> None:
    assert [found.code for found in codes.find("nace", " ", "de", 3)] == ["A", "B", "C"]


@pytest.mark.parametrize("text", ["%", "\\", "(", "[a", "🙂", "x" * 10_000, "\x00"])
def test_strange_texts_find_nothing_and_break_nothing(text: str) -> None:
    assert len(codes.find("cpv", text, "de", 5)) <= 5
