"""The matchmaker as it stands in the product: its index, its parts, weights learned on training projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from benchmarks.partners_data import Source, Task
from kontor.cli.contract import Clock
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import lexicon as shipped
from kontor.engine.core.lots import lot
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.entry import Entry, encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Params, Profile, Query, Statement, Weights
from kontor.engine.matching.past import PAST_PARTS, Past
from kontor.engine.matching.ranking import Asked, Ranking, fit_ranking
from kontor.engine.matching.solve import rated

PARTS = ("fit", *PAST_PARTS)
MOST_PROJECTS = 5
FOLDS = 4
ALL = Params(pool=100_000)


class Maker:
    """Reads every text once; builds the matchmaker as it was when only some projects were known."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lexicon = shipped.load()
        self.encoder = CachedEncoder(UniversalEncoder(), cache_folder(), Clock(0).check)
        self._plain = self._encoded(source.profiles.values())
        told = [Profile(key=task.key, name=task.key, statements=(_statement(task),)) for task in source.tasks]
        self._projects = self._encoded(told)

    def _encoded(self, profiles: object) -> dict[str, Entry]:
        return {entry.key: entry for entry in encode_profiles(profiles, self.lexicon, self.encoder)}  # type: ignore[arg-type]

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

    def rate(self, task: Task, index: Index, past: Past) -> tuple[tuple[str, ...], np.ndarray]:
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
        """Each of `tasks` is asked of a directory that does not know its fold; with `newcomers` those who
        are in no other fold stand in it by their description.
        """
        order = np.random.default_rng(seed).permutation(len(tasks))
        asked = []
        everybody = sorted(set().union(*(task.members for task in tasks)))
        for fold in range(FOLDS):
            left_out = {int(number) for number in order[fold::FOLDS]}
            rest = [task for number, task in enumerate(tasks) if number not in left_out]
            seen = sorted(set().union(*(task.members for task in rest)))
            index, past = self.make(rest, everybody if newcomers else seen)
            for number in sorted(left_out):
                keys, values = self.rate(tasks[number], index, past)
                partner = np.isin(keys, sorted(tasks[number].partners))
                asked.append(Asked(values, partner, *self._groups(keys, past)))
        return fit_ranking(PARTS, asked, seed=seed)

    def _groups(self, keys: Sequence[str], past: Past) -> tuple[np.ndarray, np.ndarray]:
        """Who has a past; who is new or a small firm."""
        known = np.array([past.counts[past.numbers[key]] > 0 for key in keys])
        return known, ~known | np.array([self.source.profiles[key].is_sme for key in keys])


ASKED = Weights(**dict.fromkeys((field.name for field in fields(Weights)), 0.0) | dict.fromkeys(PARTS, 1.0))
"""Every part that is learned is worked out, no other."""


def _statement(task: Task) -> Statement:
    return Statement(task.key, "competence", task.text, task.language or "en", confirmed_on=task.started)
