"""Which words of a passage a reader may be told to be those of the question.

The scan also follows guesses: a word never seen is read as the known one most like it. A guess may find a
partner, but is never said to be what somebody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.stems import fold, stem, tokens
from kontor.engine.matching.stopwords import STOPWORDS
from kontor.engine.matching.terms import ONE, Terms, terms_of_word

LIKELY = ONE // 4
"""Weight from which a translation is likely enough to be told."""


def words_in_common(
    asked: str, asked_in: str, text: str, language: str, lexicon: Lexicon
) -> dict[str, frozenset[str]]:
    """{word as `text` writes it: the terms of the question that it carries}, in the order of the text.

    In one language a word counts where its stem stands in the question; between two where both are surely
    translated by the same English word.
    """
    return AskedWords(asked, asked_in, lexicon).carried_by(text, language)


@dataclass(frozen=True)
class AskedWords:
    """The words of a question, read once for all passages."""

    text: str
    language: str
    lexicon: Lexicon

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word, self.language) for word in tokens(self.text))

    @cached_property
    def _sure(self) -> frozenset[str]:
        words = tokens(self.text)
        return frozenset(term for word in words for term in _sure(word, self.language, self.lexicon))

    def carried_by(self, text: str, language: str) -> dict[str, frozenset[str]]:
        """See `words_in_common`."""
        if self.language == language:
            common = {
                word: frozenset(terms_of_word(word, language, self.lexicon))
                for word in tokens(text)
                if stem(word, language) in self._stems and not _is_hollow(word)
            }
        else:
            common = {word: self._sure & _sure(word, language, self.lexicon).keys() for word in tokens(text)}
        return {word: terms for word, terms in common.items() if terms}


def _sure(word: str, language: str, lexicon: Lexicon) -> Terms:
    """The English terms that a word stands for without a guess; none for a function word of any language."""
    if _is_hollow(word) or lexicon.guesses(word, language):
        return {}
    terms = terms_of_word(word, language, lexicon)
    return {term: weight for term, weight in terms.items() if weight >= LIKELY and ":" not in term}


_SHORTEST = 3
_BETWEEN = frozenset(
    {"between", "zwischen", "tussen", "mellem", "mellan", "entre", "miedzy", "mezi", "medzi"}
)
_THAN = frozenset({"than", "als", "dan", "end", "niz", "que", "che"})
_FUNCTION_WORDS = _BETWEEN.union(_THAN, *STOPWORDS.values())
"""The stop lists, and two prepositions that labels seldom show to the lexicon."""


def _is_hollow(word: str) -> bool:
    return len(word) < _SHORTEST or fold(word) in _FUNCTION_WORDS
