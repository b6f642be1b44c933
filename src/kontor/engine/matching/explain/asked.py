"""What is asked, read once for all matches that are explained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kontor.engine.matching import text as reading
from kontor.engine.matching.ask import Ask
from kontor.engine.matching.entry import texts_of
from kontor.engine.matching.explain.words import AskedWords
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Profile
from kontor.engine.matching.stems import TOKEN
from kontor.engine.matching.terms import Terms, terms_of_word


@dataclass(frozen=True)
class Sentence:
    """`span` in the text, and the terms that it holds, ordered."""

    span: reading.Span
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One ask; `own` is the text that stands for it: as written, else the asking organisation's statement."""

    ask: Ask
    own: str
    lexicon: Lexicon

    @classmethod
    def by(cls, ask: Ask, asker: Profile | None, lexicon: Lexicon) -> Asked:
        if ask.text or asker is None:
            return cls(ask, ask.text, lexicon)
        texts = texts_of(asker)
        own = texts.get((ask.statement, False)) or texts.get((ask.statement, True), "")
        return cls(ask, own, lexicon)

    @cached_property
    def terms(self) -> dict[str, float]:
        return dict(self.ask.terms)

    @cached_property
    def total(self) -> float:
        """What all its terms weigh."""
        return sum(weight for _, weight in self.ask.terms)

    @cached_property
    def weighed_words(self) -> tuple[tuple[str, Terms, float], ...]:
        """Each word of what was written, with its terms and their weight."""
        found = []
        for word in dict.fromkeys(TOKEN.findall(self.ask.text)):
            terms = terms_of_word(word, self.ask.language, self.lexicon)
            found.append((word, terms, sum(self.terms.get(term, 0.0) for term in terms)))
        return tuple(found)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Of what was written."""
        return sentences_of(self.ask.text, self.ask.language, self.lexicon)

    @cached_property
    def words(self) -> AskedWords:
        return AskedWords(self.own, self.ask.language, self.lexicon)


def sentences_of(text: str, language: str, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """The sentences of a text, all of it where it has none. The terms of a single one are not read."""
    readable = reading.without_markup(text)
    spans = reading.sentences(readable) or [reading.Span(0, len(text))]
    if len(spans) == 1:
        return (Sentence(spans[0], ()),)
    return tuple(
        Sentence(span, _terms_in(readable[span.start : span.end], language, lexicon)) for span in spans
    )


def _terms_in(text: str, language: str, lexicon: Lexicon) -> tuple[str, ...]:
    found = {term for word in TOKEN.findall(text) for term in terms_of_word(word, language, lexicon)}
    return tuple(sorted(found))
