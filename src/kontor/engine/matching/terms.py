"""The terms a text is found by: its own stems, and the English stems that the lexicon gives for them."""

from __future__ import annotations

from collections.abc import Iterable

from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.stems import TOKEN, fold, stem, tokens
from kontor.engine.matching.stopwords import STOPWORDS

Terms = dict[str, int]
"""Term and its weight in eighths of one full occurrence, at most MOST."""

ONE = 8
MOST = 255
_OWN = 4
"""A word that has a translation keeps half a weight under its own stem, which finds its own language again.:

"""

_SURE = 64
"""Probability in 1/255 from which a translation is written into a gloss."""

_READINGS = 2
"""Translations of one word that a gloss holds at most: a third is rather wrong than right."""


def terms_of_word(word: str, language: str, lexicon: Lexicon) -> Terms:
    """Terms of one word as written.

    A word without translation, a name, an abbreviation or a loan word, is counted as if it were English and
    so meets itself in every language. A translated word's own stem carries its language (`de:warm`): `Gift`
    is not a gift.
    """
    plain = fold(word)
    if len(plain) < 2 or plain in STOPWORDS.get(language, ()):
        return {}
    if language == "en":
        return {stem(word, "en"): ONE}
    translations = lexicon.translate(word, language)
    if not translations:
        return {stem(plain, "en"): ONE}
    terms = {f"{language}:{stem(word, language)}": _OWN}
    for english, weight in translations:
        terms[english] = terms.get(english, 0) + round(ONE * weight / 255)
    return {term: weight for term, weight in terms.items() if weight}


def terms_of_text(text: str, language: str, lexicon: Lexicon) -> Terms:
    """Terms of a whole text, repeated words counted."""
    return merged(terms_of_word(word, language, lexicon) for word in tokens(text))


def merged(parts: Iterable[Terms]) -> Terms:
    """The sum of several, each term's weight at most MOST."""
    total: Terms = {}
    for part in parts:
        for term, weight in part.items():
            total[term] = min(MOST, total.get(term, 0) + weight)
    return total


def gloss(text: str, language: str, lexicon: Lexicon) -> str:
    """The text word by word in English, for an encoder that does not know its language.

    Function words are dropped; a word without translation stays as it is.
    """
    stopwords = STOPWORDS.get(language, frozenset())
    words: list[str] = []
    for found in TOKEN.finditer(text):
        word = found.group()
        if fold(word) in stopwords:
            continue
        translations = lexicon.translate(word, language)
        sure = [lexicon.surface(english) for english, weight in translations if weight >= _SURE]
        sure = sure[:_READINGS]
        words += dict.fromkeys(sure or ([lexicon.surface(translations[0][0])] if translations else [word]))
    return " ".join(words)
