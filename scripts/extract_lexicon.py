"""The bilingual lexicon, learned by the matchmaker's own learner from labels that exist in 24 languages."""

from __future__ import annotations

from pathlib import Path

from extract_everyday import Everyday
from extract_sources import DATA

from kontor.codes.store import LANGUAGES, wording
from kontor.engine.matching.lexicon import learn


def pairs(language: str) -> list[tuple[str, str]]:
    """Labels of CPV and NACE in `language` beside the English ones, without those that repeat them."""
    found = []
    for scheme in ("cpv", "nace"):
        found += zip(wording(scheme, language), wording(scheme, "en"), strict=False)
    return [(label, english) for label, english in found if label and english and label != english]


def write_lexicon(folder: Path) -> None:
    everyday = Everyday(folder)
    foreign = [language for language in LANGUAGES if language != "en"]
    learned = learn({language: [*pairs(language), *everyday.pairs(language)] for language in foreign})
    learned.save(DATA / "lexicon.npz")
