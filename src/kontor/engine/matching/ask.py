"""From a question to what the scan works with: each ask has a vector, weighted terms and codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.matching import text as reading
from kontor.engine.matching.entry import SUMMARY, Passage
from kontor.engine.matching.index import Index
from kontor.engine.matching.index.postings import K1
from kontor.engine.matching.model import Code, Competence, Query, QueryKind, StatementKind
from kontor.engine.matching.reader import Reader, mean_direction
from kontor.engine.matching.terms import ONE, Terms, merged, terms_of_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TERMS = 48
"""The terms of a question that weigh most; the rest of a long text adds time, not partners."""

DECISIVE_TERMS = 8
"""A passage that holds as many of the weightiest terms agrees fully in words."""

MOST_ASKS = 6
_REPEATED = 2 * ONE


@dataclass(frozen=True, slots=True)
class Ask:
    """`terms` are pairs of term and weight, ordered by term, `ceiling` the word score that counts as full
    agreement.

    `statement` is the asking organisation's statement, `text` what was asked, `name` the competence it
    stands for. `vector` is all zero where there is no encoder. `suggested` are codes read from the text.
    """

    kind: QueryKind
    text: str
    language: str
    vector: NDArray[np.int8]
    terms: tuple[tuple[str, float], ...]
    ceiling: float
    codes: tuple[Code, ...] = ()
    statement: str = ""
    name: str = ""
    suggested: tuple[Code, ...] = ()

    @property
    def has_meaning(self) -> bool:
        return bool(self.vector.any())


def asks_of(query: Query, index: Index, reader: Reader) -> tuple[list[Ask], list[Reason]]:
    """The asks of a question, and notes on how its text was read."""
    kind = QueryKind(query.kind)
    asks, notes = [], []
    if query.text.strip() or query.codes:
        ask = ask_of_text(query.text, query.language, kind, query.codes, index, reader)
        asks.append(replace(ask, suggested=query.suggested))
        notes = _notes(query, asks[0].language)
    asks += [_ask_of_competence(wanted, index, reader) for wanted in query.competences]
    if not asks:
        asks = asks_of_organisation(query.organisation, index)
    return asks, notes


def ask_of_text(
    text: str,
    language: str,
    kind: QueryKind,
    codes: Iterable[Code],
    index: Index,
    reader: Reader,
    name: str = "",
) -> Ask:
    readable = reading.without_markup(text)
    language = reader.language(readable, language)
    terms = weighted(terms_of_text(readable, language, reader.lexicon), index)
    vector = reader.vector(readable, language)
    return Ask(kind, readable, language, vector, terms, ceiling(terms), tuple(codes), name=name)


def _ask_of_competence(wanted: Competence, index: Index, reader: Reader) -> Ask:
    name = wanted.text.strip() or ", ".join(str(code) for code in wanted.codes)
    return ask_of_text(
        wanted.text, wanted.language, QueryKind.NEED, wanted.codes, index, reader, name=name[:120]
    )


_ASKING = {
    StatementKind.NEED: QueryKind.NEED,
    StatementKind.OFFER: QueryKind.OFFER,
    StatementKind.COMPETENCE: QueryKind.IDEA,
}


def asks_of_organisation(
    key: str, index: Index, kinds: Sequence[StatementKind] = tuple(_ASKING)
) -> list[Ask]:
    """One ask for each of an organisation's statements of these kinds, needs first and the latest first, at
    most MOST_ASKS.

    Its own teasers ask too: nobody else reads the question.
    """
    entry = index.entry(key)
    dates = {statement.key: statement.confirmed_on for statement in entry.profile.statements}
    order = [StatementKind.NEED, StatementKind.OFFER, StatementKind.COMPETENCE]
    grouped: dict[str, list[int]] = {}
    for number, passage in enumerate(entry.passages):
        if passage.kind in kinds:
            grouped.setdefault(passage.statement, []).append(number)
    kind_of = {passage.statement: StatementKind(passage.kind) for passage in entry.passages}
    chosen = sorted(
        grouped, key=lambda key: (order.index(kind_of[key]), key == SUMMARY, _later(dates.get(key, "")))
    )
    codes = {statement.key: statement.codes for statement in entry.profile.statements}
    return [
        _ask_of_passages(
            [entry.passages[n] for n in grouped[statement]],
            entry.matrix[grouped[statement]],
            codes.get(statement, ()),
            index,
        )
        for statement in chosen[:MOST_ASKS]
    ]


def _later(day: str) -> tuple[int, ...]:
    """Sorts ISO dates latest first, the undated last."""
    return tuple(-int(part) for part in day.split("-")) if day else (0,)


def _ask_of_passages(
    passages: Sequence[Passage], matrix: NDArray[np.int8], codes: tuple[Code, ...], index: Index
) -> Ask:
    terms = weighted(merged(passage.terms for passage in passages), index)
    first = passages[0]
    kind = _ASKING[StatementKind(first.kind)]
    vector = mean_direction(matrix)
    return Ask(kind, "", first.language, vector, terms, ceiling(terms), codes, statement=first.statement)


class Rarities(Protocol):
    """An index, or whatever else knows how rare a term is."""

    def rarity(self, term: str) -> float: ...


def weighted(terms: Terms, index: Rarities) -> tuple[tuple[str, float], ...]:
    """The MOST_TERMS weightiest terms with their weight, ordered by term so that sums never differ."""
    rare = [
        (term, min(weight, _REPEATED) / ONE * index.rarity(term)) for term, weight in sorted(terms.items())
    ]
    kept = sorted((pair for pair in rare if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))[:MOST_TERMS]
    return tuple(sorted(kept))


def ceiling(terms: Sequence[tuple[str, float]]) -> float:
    """The word score of a passage that holds each of the DECISIVE_TERMS once, in a usual length."""
    decisive = sorted((weight for _, weight in terms), reverse=True)[:DECISIVE_TERMS]
    return sum(decisive) * (K1 + 1) / (1 + K1)


def _notes(query: Query, language: str) -> list[Reason]:
    notes = []
    if len(query.text) > reading.MAX_CHARACTERS:
        template = gettext_noop("Only the first %(count)s characters of your text were read.")
        notes.append(Reason("text.cut", template, {"count": reading.MAX_CHARACTERS}))
    if not query.language and language:
        template = gettext_noop("Your text was taken to be in this language: %(language)s.")
        notes.append(Reason("text.language", template, {"language": language}))
    return notes
