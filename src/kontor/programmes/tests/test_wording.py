"""The rules' sentences: complete in every language, with the same places, in the language's own numbers."""

from __future__ import annotations

import re
import string
from decimal import Decimal

import pytest

from kontor.programmes.rules import RULES, TYPES, languages
from kontor.programmes.rules.facts import PARTNER_FACTS
from kontor.programmes.rules.wording import amount, catalogue, sentence, share
from kontor.programmes.tests.teams import ask, sme, team


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_three_languages() -> None:
    assert languages() == ("de", "en", "nl")


@pytest.mark.parametrize("language", languages())
def test_every_sentence_exists_with_the_same_places(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert sorted(other) == sorted(english)
    for key, text in english.items():
        if not key.startswith("word."):
            assert places(other[key]) == places(text), key
    assert [key for key, text in other.items() if not text.strip()] == []


def test_every_rule_type_and_field_has_its_words() -> None:
    words = catalogue("en")
    for rule in RULES:
        assert {f"{rule.name}.{part}" for part in ("text", "kept", "broken")} <= set(words)
    assert {f"type.{name}" for name in TYPES} <= set(words)
    assert {f"field.{name}" for name in PARTNER_FACTS} - {"field.nuts_version"} <= set(words)


def test_no_sentence_names_a_parameter_its_rule_does_not_have() -> None:
    for rule in RULES:
        named = places(catalogue("en")[f"{rule.name}.text"])
        assert named <= {parameter.name for parameter in rule.parameters}


def test_numbers_are_written_as_the_language_does() -> None:
    assert [amount(Decimal("165000.50"), language) for language in ("en", "de", "nl")] == [
        "165,000.50",
        "165.000,50",
        "165.000,50",
    ]
    assert (amount(Decimal("300000.00"), "en"), share(Decimal("7.2900"), "de")) == ("300,000", "7,29 %")


def test_one_and_many() -> None:
    assert sentence("change.add-smes", {"count": 1}, "en") == "Add one SME."
    assert sentence("change.add-smes", {"count": 2}, "de") == "2 KMU hinzunehmen."


def test_unknown_language_is_answered_in_english() -> None:
    assert sentence("nobody", {}, "fi") == "The team has no partner yet."


def test_sentences_speak_each_language() -> None:
    answer = ask("minimum-countries", team(sme("a")), minimum=2)
    assert answer.wording("de") == "Partner aus mindestens 2 Ländern."
    assert answer.findings[0].reason.text("de") == "Die Partner kommen aus nur 1 Land: Niederlande."
    assert answer.findings[0].changes[0].sentence.text("nl") == (
        "Voeg één partner uit een ander land toe: Duitsland."
    )
    assert not re.search(r"[{}]", answer.wording("nl"))
