"""Codes suggested from texts in eighteen languages, against what a person would accept."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kontor import codes
from kontor.codes import lexicon
from kontor.engine.matching.terms import gloss

TEXTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "suggestions.toml").read_text(encoding="utf-8")
)["text"]

#: Share of texts with an accepted code among the first five; see docs/concepts/codes.md.
LEAST = {"nace": 25 / 30, "cpv": 23 / 30, "theme": 20 / 28, "ket": 1.0}


def accepted(scheme: str, code: str, wanted: list[str]) -> bool:
    return any(code.startswith(w) if scheme in ("nace", "cpv") else code == w for w in wanted)


@pytest.mark.parametrize("scheme", LEAST)
def test_suggestions_are_mostly_right(scheme: Any) -> None:
    asked = [text for text in TEXTS if scheme in text]
    right = sum(
        any(
            accepted(scheme, found.code, text[scheme])
            for found in codes.suggest(text["text"], text["language"], 5, [scheme])
        )
        for text in asked
    )
    assert right / len(asked) >= LEAST[scheme]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", ""),
        ("???", "de"),
        ("asdf qwer zxcv", "en"),
        ("Hello, how are you today?", "en"),
        ("We are a small innovative company with motivated people.", "en"),
        ("Wij zoeken partners in Duitsland.", "nl"),
    ],
)
def test_nothing_is_suggested_from_nothing(text: str, language: str) -> None:
    assert codes.suggest(text, language) == []


def test_labels_come_in_the_language_of_the_text_which_is_recognised() -> None:
    found = codes.suggest(
        "Wir entwickeln leise Wärmepumpen für Reihenhäuser in alten Siedlungen.", "", 3, ["theme"]
    )
    assert [(f.code, f.label) for f in found[:1]] == [("heating-cooling", "Nachhaltiges Heizen und Kühlen")]


def test_limit_scores_and_order() -> None:
    found = codes.suggest(TEXTS[0]["text"], "en", 3)
    assert {f.scheme for f in found} <= {"nace", "cpv", "ket", "theme"}
    for scheme in ("nace", "cpv"):
        scores = [f.score for f in found if f.scheme == scheme]
        assert len(scores) == 3
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


def test_same_text_same_answer() -> None:
    assert codes.suggest(TEXTS[3]["text"], "fr") == codes.suggest(TEXTS[3]["text"], "fr")


def test_markup_is_not_read() -> None:
    assert codes.suggest(f"<script>fish fish fish</script>{TEXTS[0]['text']}", "en", 3) == codes.suggest(
        TEXTS[0]["text"], "en", 3
    )


def test_unknown_scheme_is_refused() -> None:
    with pytest.raises(codes.CodesError, match="Nothing is suggested from 'country'"):
        codes.suggest("heat pumps", "en", 5, ["country"])


def test_lexicon_speaks_every_official_language() -> None:
    from kontor.codes.store import LANGUAGES

    assert lexicon.load().languages == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("toplotne črpalke", "sl", "pumps"),
        ("varmepumper", "da", "pumps"),
        ("čerpadla", "cs", "pumps"),
        ("szivattyúk", "hu", "pumps"),
        ("αντλίες", "el", "pumps"),
    ],
)
def test_lexicon_translates(text: str, language: str, word: str) -> None:
    assert word in gloss(text, language, lexicon.load()).split()
