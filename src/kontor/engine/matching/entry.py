"""An organisation prepared for the index: its passages, their terms and vectors.

One entry is one database row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching import text as reading
from kontor.engine.matching.encoder import DIMENSIONS, Encoder
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Audience, Profile, Statement, StatementKind
from kontor.engine.matching.reader import Reader
from kontor.engine.matching.record import profile_as_json, profile_from_json
from kontor.engine.matching.terms import Terms, terms_of_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 3
"""Rises whenever passages, terms or glosses are made otherwise: older entries are indexed anew."""

PASSAGES_PER_STATEMENT = 12
PASSAGES_PER_PROFILE = 64
SUMMARY = ""
"""The key under which a profile's summary stands in the place of a statement."""

BATCH = 256


@dataclass(frozen=True, slots=True)
class Passage:
    """Some sentences of one statement: `text[start:end]`, of the teaser where the statement is anonymous."""

    statement: str
    kind: str
    audience: str
    language: str
    start: int
    end: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Entry:
    """`vectors` holds one row of 512 int8 per passage, made by the encoder named `encoder`; None before it
    ran.

    An entry without vectors is found by its words and codes.
    """

    profile: Profile
    passages: tuple[Passage, ...]
    vectors: bytes | None = None
    encoder: str = ""

    def __post_init__(self) -> None:
        if self.vectors is not None and len(self.vectors) != len(self.passages) * DIMENSIONS:
            raise InvalidInput("vectors", "They do not fit the passages.", "Encode the profile again.")

    @property
    def key(self) -> str:
        return self.profile.key

    @property
    def matrix(self) -> NDArray[np.int8]:
        """Passages by DIMENSIONS, zeros before the encoder ran."""
        if self.vectors is None:
            return np.zeros((len(self.passages), DIMENSIONS), dtype=np.int8)
        return np.frombuffer(self.vectors, dtype=np.int8).reshape(len(self.passages), DIMENSIONS)

    def as_json(self) -> dict[str, Any]:
        """Everything but the vectors, for a JSON column."""
        return {
            "format": FORMAT,
            "encoder": self.encoder,
            "profile": profile_as_json(self.profile),
            "passages": [
                [p.statement, str(p.kind), str(p.audience), p.language, p.start, p.end, p.terms]
                for p in self.passages
            ],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any], vectors: bytes | None = None) -> Entry:
        """Raises InvalidInput where the content was written by another format."""
        if content.get("format") != FORMAT:
            raise InvalidInput(
                "format", "The entry was written by another version.", "Encode the profile again."
            )
        return cls(
            profile=profile_from_json(content["profile"]),
            passages=tuple(Passage(*values) for values in content["passages"]),
            vectors=vectors,
            encoder=content["encoder"],
        )


def encode_profile(profile: Profile, lexicon: Lexicon, encoder: Encoder | None = None) -> Entry:
    """Prepares one organisation; without `encoder` it is found by words and codes only."""
    return next(encode_profiles([profile], lexicon, encoder))


def encode_profiles(
    profiles: Iterable[Profile], lexicon: Lexicon, encoder: Encoder | None = None
) -> Iterator[Entry]:
    """Prepares many in the order given, encoding equal texts of one batch once.

    About 100 short texts a second.
    """
    batch: list[Entry] = []
    for profile in profiles:
        batch.append(Entry(profile, tuple(_passages(profile, lexicon))))
        if sum(len(entry.passages) for entry in batch) >= BATCH:
            yield from with_vectors(batch, lexicon, encoder)
            batch = []
    yield from with_vectors(batch, lexicon, encoder)


def with_vectors(entries: Sequence[Entry], lexicon: Lexicon, encoder: Encoder | None) -> list[Entry]:
    """The entries with vectors by `encoder`; as they are where there is none."""
    if encoder is None:
        return list(entries)
    read = [
        (_cut(texts, p), p.language) for e in entries for texts in (texts_of(e.profile),) for p in e.passages
    ]
    matrix = Reader(lexicon, encoder).vectors(read)
    encoded = []
    start = 0
    for entry in entries:
        end = start + len(entry.passages)
        encoded.append(replace(entry, vectors=matrix[start:end].tobytes(), encoder=encoder.name))
        start = end
    return encoded


def texts_of(profile: Profile) -> dict[tuple[str, bool], str]:
    """The text of each statement by key and whether it is anonymous; the summary under SUMMARY."""
    texts = {
        (statement.key, _anonymous(statement)): statement.teaser if _anonymous(statement) else statement.text
        for statement in profile.statements
    }
    return texts | {(SUMMARY, False): profile.summary}


def _anonymous(statement: Statement) -> bool:
    return statement.audience == Audience.TEASER


def _passages(profile: Profile, lexicon: Lexicon) -> Iterator[Passage]:
    """Statements first, then the summary, so that a long summary never crowds out a statement."""
    left = PASSAGES_PER_PROFILE
    for statement in profile.statements:
        audience = statement.audience
        if audience == Audience.PUBLIC and profile.audience == Audience.MEMBERS:
            audience = Audience.MEMBERS
        text = statement.teaser if _anonymous(statement) else statement.text
        for passage in _cut_passages(text, statement.language, lexicon, min(left, PASSAGES_PER_STATEMENT)):
            left -= 1
            yield replace(passage, statement=statement.key, kind=statement.kind, audience=audience)
    for passage in _cut_passages(
        profile.summary, profile.summary_language, lexicon, min(left, PASSAGES_PER_STATEMENT)
    ):
        yield replace(passage, audience=profile.audience)


def _cut_passages(text: str, language: str, lexicon: Lexicon, limit: int) -> Iterator[Passage]:
    readable = reading.without_markup(text)
    language = language or reading.recognise(readable)
    for span in reading.passages(readable)[:limit]:
        terms = terms_of_text(readable[span.start : span.end], language, lexicon)
        yield Passage(
            SUMMARY, StatementKind.COMPETENCE, Audience.PUBLIC, language, span.start, span.end, terms
        )


def _cut(texts: Mapping[tuple[str, bool], str], passage: Passage) -> str:
    text = texts[(passage.statement, passage.audience == Audience.TEASER)]
    return reading.without_markup(text)[passage.start : passage.end]
