"""An index never changes: each change gives a new one that shares what stayed the same, so a search in
progress is never disturbed and a change costs what it touches.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.entry import Entry, Passage
from kontor.engine.matching.index.segment import Segment
from kontor.engine.matching.model import Profile

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL_SEGMENTS = 8
"""Changes are merged into one segment when there are more of them than this."""


class Place(NamedTuple):
    """Where an organisation's entry stands."""

    segment: int
    entry: int


@dataclass(frozen=True, slots=True)
class Index:
    """Built by `Index.build`, changed by `updated`. `alive` tells for each segment which rows still hold.

    The same entries give the same answers, in whatever order and steps they came.
    """

    segments: tuple[Segment, ...] = ()
    alive: tuple[NDArray[np.bool_], ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    encoder: str = ""
    passages: int = field(init=False, compare=False)
    """Passages of all organisations that are in the index: counted once, each term of a question asks."""
    whole: tuple[bool, ...] = field(init=False, compare=False)
    """For each segment whether all of its rows still hold."""

    def __post_init__(self) -> None:
        pairs = list(zip(self.segments, self.alive, strict=True))
        counted = sum(int((np.diff(segment.starts) * alive).sum()) for segment, alive in pairs)
        object.__setattr__(self, "passages", counted)
        object.__setattr__(self, "whole", tuple(bool(alive.all()) for alive in self.alive))

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> Index:
        """Raises InvalidInput where one key stands twice or vectors come from two encoders."""
        return cls().updated(entries)

    def updated(self, added: Iterable[Entry] = (), removed: Iterable[str] = ()) -> Index:
        """A new index with `added` put in (replacing entries of the same key) and `removed` keys left out."""
        fresh = list(added)
        keys = [entry.key for entry in fresh]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InvalidInput("key", f"“{twice}” stands twice.", "Give each organisation its own key.")
        encoder = self._encoder_with(fresh)
        gone = {*removed, *keys} & self.places.keys()
        places = (
            {key: place for key, place in self.places.items() if key not in gone}
            if gone
            else dict(self.places)
        )
        alive = self._without(gone)
        segments = self.segments
        if fresh:
            segment = Segment.build(fresh)
            places |= {key: Place(len(segments), number) for number, key in enumerate(segment.keys)}
            segments, alive = (*segments, segment), (*alive, np.ones(len(segment.row_keys), dtype=np.bool_))
        return Index(segments, alive, places, encoder)._compacted()

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, key: object) -> bool:
        return key in self.places

    def keys(self) -> Iterable[str]:
        return self.places.keys()

    def entry(self, key: str) -> Entry:
        """The entry as it was put in. Raises InvalidInput for a key that is not in the index."""
        place = self.place(key)
        return self.segments[place.segment].entry(place.entry)

    def profile(self, key: str) -> tuple[Profile, tuple[Passage, ...]]:
        """An organisation and its passages. Raises InvalidInput for a key that is not in the index."""
        place = self.place(key)
        return self.segments[place.segment].profile(place.entry)

    def place(self, key: str) -> Place:
        try:
            return self.places[key]
        except KeyError:
            raise InvalidInput(
                "organisation", f"“{key}” is not in the directory.", "Check the key."
            ) from None

    def entries(self) -> Iterator[Entry]:
        """All entries in the order of their keys."""
        return (self.entry(key) for key in sorted(self.places))

    def rarity(self, term: str) -> float:
        """BM25's weight of a term: high for one that few passages hold, 0 for one that nobody holds."""
        holders = sum(self._holders(number, term) for number in range(len(self.segments)))
        if not holders:
            return 0.0
        return math.log(1 + (self.passages - holders + 0.5) / (holders + 0.5))

    def _holders(self, number: int, term: str) -> int:
        segment, alive = self.segments[number], self.alive[number]
        rows, _ = segment.postings.of(term)
        return len(rows) if self.whole[number] else int(alive[segment.passages.row[rows]].sum())

    def _encoder_with(self, fresh: Iterable[Entry]) -> str:
        names = {entry.encoder for entry in fresh if entry.vectors is not None} | ({self.encoder} - {""})
        if len(names) > 1:
            raise InvalidInput(
                "encoder", f"Vectors of {' and '.join(sorted(names))} meet.", "Encode all with one encoder."
            )
        return names.pop() if names else ""

    def _without(self, gone: set[str]) -> tuple[NDArray[np.bool_], ...]:
        masks = list(self.alive)
        touched: set[int] = set()
        for key in gone:
            place = self.places[key]
            if place.segment not in touched:
                masks[place.segment] = masks[place.segment].copy()
                touched.add(place.segment)
            starts = self.segments[place.segment].entry_starts
            masks[place.segment][starts[place.entry] : starts[place.entry + 1]] = False
        return tuple(masks)

    def _compacted(self) -> Index:
        """Merges when changes pile up: everything but the first segment, or all where half of it is gone."""
        if len(self.segments) <= 1 + SMALL_SEGMENTS:
            return self
        base = self.segments[0]
        whole = 2 * len(self.places) > 3 * len(base.keys) or 2 * int(self.alive[0].sum()) < len(base.row_keys)
        kept = 0 if whole else 1
        moved = [self.entry(key) for key in sorted(self.places) if self.places[key].segment >= kept]
        segment = Segment.build(moved)
        places = {key: place for key, place in self.places.items() if place.segment < kept}
        places |= {key: Place(kept, number) for number, key in enumerate(segment.keys)}
        rows = np.ones(len(segment.row_keys), dtype=np.bool_)
        return Index((*self.segments[:kept], segment), (*self.alive[:kept], rows), places, self.encoder)
