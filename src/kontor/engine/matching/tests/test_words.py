"""What a match is said to share with the question: words that stand there, never the lexicon's guesses."""

from __future__ import annotations

import pytest

from kontor.engine.matching.explain.words import words_in_common
from kontor.engine.matching.lexicon import learn
from kontor.engine.matching.tests.doubles import LEXICON

HERDERS = learn(
    {"nl": [("melkveehouders", "Dairy farmers"), ("toezichthouders", "Farmers"), ("robots", "Robots")]}
)


def test_in_one_language_the_stem_itself_must_stand_in_the_question() -> None:
    """Both words mean farmers to this lexicon, but only one of them was written."""
    text = "Robots voor melkveehouder en toezichthouders"
    common = words_in_common("Wij zoeken robots voor melkveehouders", "nl", text, "nl", HERDERS)
    assert list(common) == ["Robots", "melkveehouder"]


def test_between_languages_a_sure_translation_counts() -> None:
    common = words_in_common("Wärmepumpen", "de", "We sell heat pumps and gas.", "en", LEXICON)
    assert list(common) == ["heat", "pumps"]
    assert list(words_in_common("heat pumps", "en", "Varmepumper", "da", LEXICON)) == ["Varmepumper"]


@pytest.mark.parametrize("guess", ["Batterix", "Metallo"])
def test_a_guess_is_not_said_to_be_what_was_written(guess: str) -> None:
    assert LEXICON.translate(guess, "de")
    assert LEXICON.guesses(guess, "de")
    assert words_in_common(guess, "de", "Batteries and metal", "en", LEXICON) == {}
    assert words_in_common("Batteries and metal", "en", guess, "de", LEXICON) == {}


@pytest.mark.parametrize("known", ["Batterien", "Gaspumpen", "Xylophon"])
def test_known_words_their_parts_and_names_are_no_guesses(known: str) -> None:
    assert not LEXICON.guesses(known, "de")


@pytest.mark.parametrize(("word", "language"), [("zwischen", "de"), ("end", "da"), ("des", "fr")])
def test_function_words_are_never_named(word: str, language: str) -> None:
    assert words_in_common(f"the {word}", "en", f"{word} robots", language, LEXICON) == {}
    assert words_in_common(f"{word} zonder", language, f"{word} robots", language, LEXICON) == {}
