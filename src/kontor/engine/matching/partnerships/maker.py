"""The matchmaker as it stands in the product: its index, its parts, weights learned on training projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.lots import lot
from kontor.engine.matching.encoder import Encoder
from kontor.engine.matching.entry import Entry, encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Params, Profile, Query, Statement, Weights
from kontor.engine.matching.partnerships.source import Source, Task
from kontor.engine.matching.past import PAST_PARTS, Past
from kontor.engine.matching.ranking import Asked, Ranking, fit_ranking
from kontor.engine.matching.solve import rated

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTS = ("fit", *PAST_PARTS)
MOST_PROJECTS = 5
FOLDS = 4
ALL = Params(pool=100_000)


@dataclass(frozen=True, slots=True)
class Question:
    """A project asked of a directory that did not know it: `keys` are the candidates of `asked`."""

    keys: tuple[str, ...]
    asked: Asked

    @property
    def partners(self) -> list[str]:
        return [key for key, is_partner in zip(self.keys, self.asked.partner, strict=True) if is_partner]


class Maker:
    """Reads every text once; builds the matchmaker as it was when only some projects were known."""

    def __init__(self, source: Source, lexicon: Lexicon, encoder: Encoder) -> None:
        self.source = source
        self.lexicon = lexicon
        self.encoder = encoder
        self._plain = self._encoded(source.profiles.values())
        told = [Profile(key=task.key, name=task.key, statements=(_statement(task),)) for task in source.tasks]
        self._projects = self._encoded(told)

    def _encoded(self, profiles: Iterable[Profile]) -> dict[str, Entry]:
        return {entry.key: entry for entry in encode_profiles(profiles, self.lexicon, self.encoder)}

    def make(self, tasks: Sequence[Task], keys: Sequence[str]) -> tuple[Index, Past]:
        """The directory of `keys` in which nothing but `tasks` is known."""
        own: dict[str, list[Task]] = defaultdict(list)
        for task in sorted(tasks, key=lambda task: (task.started, task.key), reverse=True):
            for key in task.members:
                own[key].append(task)
        index = Index.build(self._entry(key, own[key][:MOST_PROJECTS]) for key in sorted(keys))
        profiles = [self.source.profiles[key] for key in keys]
        return index, Past.build((task.as_cooperation() for task in tasks), profiles, self.lexicon)

    def _entry(self, key: str, tasks: Sequence[Task]) -> Entry:
        parts = [self._projects[task.key] for task in tasks] + [self._plain[key]]
        statements = tuple(statement for part in parts[:-1] for statement in part.profile.statements)
        return Entry(
            profile=replace(self.source.profiles[key], statements=statements),
            passages=tuple(passage for part in parts for passage in part.passages),
            vectors=b"".join(part.vectors or b"" for part in parts),
            encoder=self.encoder.name,
        )

    def rate(self, task: Task, index: Index, past: Past) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Candidates, and their parts in the order of PARTS."""
        lead = self.source.profiles.get(task.lead)
        query = Query(
            text=task.text,
            language=task.language or "en",
            team=(task.lead,) if task.lead in index else (),
            origin=lead.country if lead else "",
            weights=ASKED,
        )
        keys, scores = rated(index, query, lexicon=self.lexicon, encoder=self.encoder, params=ALL, past=past)
        return keys, np.stack([scores.values[part] for part in PARTS], axis=1)

    def ranked(self, task: Task, index: Index, past: Past, ranking: Ranking) -> list[str]:
        """All candidates but the coordinator, best first."""
        keys, values = self.rate(task, index, past)
        known, small = self._groups(keys, past)
        order = ranking.order(values, known, small, [lot(0, key) for key in keys])
        return [keys[number] for number in order if keys[number] != task.lead]

    def learn(self, tasks: Sequence[Task], *, newcomers: bool, seed: int = 0) -> Ranking:
        """Weights from what `ask` finds out."""
        questions = self.ask(tasks, newcomers=newcomers, seed=seed)
        return fit_ranking(PARTS, [each.asked for each in questions], seed=seed)

    def ask(
        self,
        tasks: Sequence[Task],
        *,
        newcomers: bool,
        seed: int = 0,
        tick: Callable[[int], None] = lambda done: None,
    ) -> list[Question]:
        """Each of `tasks` is asked of a directory that does not know its fold; with `newcomers` those who
        are in no other fold stand in it by their description. `tick` hears how many were asked.
        """
        order = np.random.default_rng(seed).permutation(len(tasks))
        asked: list[Question] = []
        everybody = _members(tasks)
        for fold in range(FOLDS):
            left_out = {int(number) for number in order[fold::FOLDS]}
            rest = [task for number, task in enumerate(tasks) if number not in left_out]
            index, past = self.make(rest, everybody if newcomers else _members(rest))
            for number in sorted(left_out):
                keys, values = self.rate(tasks[number], index, past)
                partner = np.isin(keys, sorted(tasks[number].partners))
                asked.append(Question(keys, Asked(values, partner, *self._groups(keys, past))))
                tick(len(asked))
        return asked

    def _groups(self, keys: Sequence[str], past: Past) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Who has a past; who is new or a small firm."""
        known = np.array([past.counts[past.numbers[key]] > 0 for key in keys])
        return known, ~known | np.array([self.source.profiles[key].is_sme for key in keys])


ASKED = Weights(**dict.fromkeys((field.name for field in fields(Weights)), 0.0) | dict.fromkeys(PARTS, 1.0))
"""Every part that is learned is worked out, no other."""


def _members(tasks: Iterable[Task]) -> list[str]:
    return sorted({key for task in tasks for key in task.members})


def _statement(task: Task) -> Statement:
    return Statement(task.key, "competence", task.text, task.language or "en", confirmed_on=task.started)
