"""One match with everything that can be said about it: the profile read again, the quotes, the words in
common.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kontor.engine.core.explanation import Evidence
from kontor.engine.matching import text as reading
from kontor.engine.matching.ask import Ask
from kontor.engine.matching.choose import Chosen
from kontor.engine.matching.codes import nearness
from kontor.engine.matching.entry import Passage, texts_of
from kontor.engine.matching.explain.asked import Asked, Sentence, sentences_of
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Audience, Code, Part, Profile, Query, Statement
from kontor.engine.matching.past import NO_BACKING, Backing, Cooperation, backing_of
from kontor.engine.matching.score import Context, Scores
from kontor.engine.matching.stems import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_WORDS = 4
LONGEST_QUOTE = 280
SHORTEST_QUOTE = 60
"""A shorter sentence, a title as often as not, is quoted with the one beside it."""


@dataclass(frozen=True)
class Subject:
    """`passage` is what speaks for it (None where only codes do), `meaning`, `words` and `codes` how much.

    `visible`: its passages that the asker may see. `back` is its need that the asker answers, with the
    asker's ask. `backing` is what earlier cooperations say about it, nothing for a teaser.
    """

    profile: Profile
    anonymous: bool
    teaser: str
    query: Query
    origin: str
    asker: Profile | None
    asked_by: Asked
    passage: Passage | None
    visible: tuple[Passage, ...]
    fit: float
    meaning: float
    words: float
    codes: float
    parts: tuple[Part, ...]
    newcomer: bool
    back: tuple[Ask, Passage] | None
    competences: tuple[str, ...]
    lexicon: Lexicon
    backing: Backing = NO_BACKING

    @property
    def ask(self) -> Ask:
        return self.asked_by.ask

    def part(self, name: str) -> float | None:
        return next((part.value for part in self.parts if part.name == name), None)

    @cached_property
    def statement(self) -> Statement | None:
        """The statement that speaks for it; None for the summary or for codes."""
        key = self.passage.statement if self.passage else ""
        return next((statement for statement in self.profile.statements if statement.key == key), None)

    @cached_property
    def is_own_text(self) -> bool:
        """Whether its statement is word for word one of those who ask: both took it from one project."""
        own = self.asker.statements if self.asker else ()
        return self.statement is not None and self.statement.text in {each.text for each in own}

    def tells(self, project: Cooperation) -> bool:
        """Whether the statement that speaks for it is the text of this project."""
        return self.statement is not None and self.statement.text.startswith(project.title)

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """Words of its passage that are the question's too, the weightiest first, as it writes them."""
        asked = self.asked_by.terms
        weights: dict[str, tuple[float, str]] = {}
        for word, terms in self._common.items():
            weight = sum(asked.get(term, 0.0) for term in sorted(terms))
            if weight > 0 and fold(word) not in weights:
                weights[fold(word)] = (weight, word)
        best = sorted(weights.values(), key=lambda pair: (-pair[0], pair[1]))[:MOST_WORDS]
        return tuple(word for _, word in best)

    @cached_property
    def shared_share(self) -> float:
        """How much of what the question's words weigh the words in common carry, 0 to 1."""
        total = self.asked_by.total
        carried = frozenset().union(*self._common.values())
        held = sum(weight for term, weight in self.ask.terms if term in carried)
        return held / total if total else 0.0

    @cached_property
    def _common(self) -> dict[str, frozenset[str]]:
        if self.passage is None:
            return {}
        return self.asked_by.words.carried_by(self.text_of(self.passage), self.passage.language)

    @cached_property
    def _texts(self) -> dict[tuple[str, bool], str]:
        return texts_of(self.profile)

    def _whole_text(self, passage: Passage) -> str:
        return self._texts[(passage.statement, passage.audience == Audience.TEASER)]

    def text_of(self, passage: Passage) -> str:
        return self._whole_text(passage)[passage.start : passage.end]

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The question's own sentence where there is one, and the sentence that answers it."""
        if self.passage is None:
            return (Evidence(self.profile.key, "", 0, 0, "", self.near_codes),) if self.near_codes else ()
        own = self.quote(self.passage, self.asked_by.terms)
        asked = self.asked(self.passage)
        return (own, asked) if asked else (own,)

    def quote(self, passage: Passage, terms: dict[str, float]) -> Evidence:
        """The sentence of a passage that holds most of these terms; the first one where none does."""
        text, own = self._whole_text(passage), self.text_of(passage)
        start, end = _best_sentence(own, sentences_of(own, passage.language, self.lexicon), terms)
        start, end = start + passage.start, end + passage.start
        codes = self.near_codes if passage is self.passage else ()
        return Evidence(self.profile.key, passage.statement, start, end, text[start:end], codes)

    def asked(self, passage: Passage) -> Evidence | None:
        """The sentence of the question that the passage answers best."""
        if not self.ask.text or self.ask.name:
            return None
        terms = {term: float(weight) for term, weight in passage.terms.items()}
        start, end = _best_sentence(self.ask.text, self.asked_by.sentences, terms)
        return Evidence("", "", start, end, self.query.text[start:end])

    @cached_property
    def near_codes(self) -> tuple[str, ...]:
        """Its codes that are, or lie near, those asked for: the nearest first."""
        return tuple(str(code) for code, _ in self.rated_codes)

    @cached_property
    def rated_codes(self) -> tuple[tuple[Code, float], ...]:
        return self._near_to(self.ask.codes)

    @cached_property
    def suggested_codes(self) -> tuple[tuple[Code, float], ...]:
        """The same for codes that were read from the question's text."""
        return self._near_to(self.ask.suggested)

    def _near_to(self, codes: tuple[Code, ...]) -> tuple[tuple[Code, float], ...]:
        held = [] if self.anonymous else list(self.profile.codes)
        for statement in self._visible_statements():
            held += statement.codes
        rated = {code: max((nearness(asked, code) for asked in codes), default=0.0) for code in held}
        near = [(code, value) for code, value in rated.items() if value > 0]
        return tuple(sorted(near, key=lambda pair: (-pair[1], pair[0])))[:3]

    def _visible_statements(self) -> Iterable[Statement]:
        if self.anonymous:
            return (s for s in self.profile.statements if s.key == self.teaser)
        return (
            s
            for s in self.profile.statements
            if s.audience in self.query.audiences and s.audience != Audience.TEASER
        )


def _best_sentence(text: str, sentences: Sequence[Sentence], terms: dict[str, float]) -> tuple[int, int]:
    weights = [sum(terms.get(term, 0.0) for term in each.terms) for each in sentences]
    start, end = _with_neighbour([each.span for each in sentences], weights.index(max(weights)))
    return start, _end_of_quote(text, start, end)


def _with_neighbour(spans: list[reading.Span], at: int) -> reading.Span:
    """The sentence, if it is short with the one after it, else the one before it, where both fit a quote."""
    if spans[at].end - spans[at].start >= SHORTEST_QUOTE:
        return spans[at]
    pairs = [
        (spans[a].start, spans[b].end) for a, b in ((at, at + 1), (at - 1, at)) if a >= 0 and b < len(spans)
    ]
    return next((reading.Span(a, b) for a, b in pairs if b - a <= LONGEST_QUOTE), spans[at])


def shown(evidence: Evidence) -> str:
    """The quote as a person reads it: with dots where it begins or ends inside a sentence."""
    quote = evidence.quote
    before = "… " if evidence.start and quote[:1].islower() else ""
    cut = len(quote) >= LONGEST_QUOTE // 2 and quote.rstrip("\"'”»)]")[-1:] not in ".!?…"
    return f"{before}{quote}{' …' if cut else ''}"


def _end_of_quote(text: str, start: int, end: int) -> int:
    """The end of a quote of at most LONGEST_QUOTE characters, between two words where there are any."""
    if end - start <= LONGEST_QUOTE:
        return end
    space = text.rfind(" ", start + LONGEST_QUOTE // 2, start + LONGEST_QUOTE)
    return space if space > 0 else start + LONGEST_QUOTE


def subject_of(
    context: Context, scores: Scores, chosen: Chosen, asked: Sequence[Asked], lexicon: Lexicon
) -> Subject:
    """`asked` are the asks of the context."""
    pool, number = context.pool, chosen.candidate
    segment = context.index.segments[int(pool.segment[number])]
    row = int(pool.row[number])
    profile, passages = segment.profile(int(segment.row_entries[row]))
    best = int(pool.best.passage[number])
    teaser = segment.teasers[row]
    return Subject(
        profile=profile,
        anonymous=bool(teaser),
        teaser=teaser,
        query=context.query,
        origin=context.origin,
        asker=context.asker,
        asked_by=asked[int(pool.ask[number])],
        passage=passages[int(segment.passages.number[best])] if best >= 0 else None,
        visible=_visible(passages, teaser, context.query),
        fit=float(pool.fit[number]),
        meaning=float(pool.best.meaning[number]),
        words=float(pool.best.words[number]),
        codes=float(pool.best.codes[number]),
        parts=scores.parts(number),
        newcomer=chosen.newcomer,
        back=_back(context, number, passages),
        competences=_added(context, number),
        lexicon=lexicon,
        backing=NO_BACKING if teaser or context.past is None else backing_of(context.past, profile.key),
    )


def _visible(passages: tuple[Passage, ...], teaser: str, query: Query) -> tuple[Passage, ...]:
    if teaser:
        return tuple(p for p in passages if p.statement == teaser and p.audience == Audience.TEASER)
    return tuple(p for p in passages if p.audience in query.audiences and p.audience != Audience.TEASER)


def _back(context: Context, number: int, passages: tuple[Passage, ...]) -> tuple[Ask, Passage] | None:
    mutual = context.mutual
    if mutual is None or mutual.passage[number] < 0:
        return None
    segment = context.index.segments[int(context.pool.segment[number])]
    place = int(segment.passages.number[int(mutual.passage[number])])
    return mutual.asks[int(mutual.ask[number])], passages[place]


def _added(context: Context, number: int) -> tuple[str, ...]:
    """The competences of the target product that it covers better than the group does, best first."""
    wanted = context.query.competences
    if not wanted:
        return ()
    asks = context.asks[-len(wanted) :]
    fits = context.pool.fits[-len(wanted) :, number]
    added = [(float(f - c), ask.name) for f, c, ask in zip(fits, context.coverage, asks, strict=True)]
    return tuple(name for gain, name in sorted(added, key=lambda pair: (-pair[0], pair[1])) if gain > 0.2)
