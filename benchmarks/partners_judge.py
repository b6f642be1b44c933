"""Lists of organisations judged by the partners that came: hits, ranks, coverage, who is favoured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.partners_data import Source, Task
from kontor.engine.core.lots import lot
from kontor.engine.matching.bias import group_shares
from kontor.engine.matching.learn import interval
from kontor.engine.matching.ranking import Ranking

FIRST = 50
TEN = 10
KONTOR = "Kontor"
USUAL = "nearest projects + co-participation"

Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Run:
    """One window: `lists` hold for each method and each asking project the organisations, best first."""

    source: Source
    began: str
    known: list[Task]
    asked: list[Task]
    lists: dict[str, list[list[str]]]
    ranking: Ranking

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Earlier projects of each organisation that has any."""
        counted: dict[str, int] = {}
        for task in self.known:
            for key in task.members:
                counted[key] = counted.get(key, 0) + 1
        return counted

    @cached_property
    def seen(self) -> frozenset[str]:
        return frozenset(self.counts)

    @cached_property
    def candidates(self) -> frozenset[str]:
        return frozenset().union(*self.lists[KONTOR])

    @cached_property
    def smes(self) -> frozenset[str]:
        return frozenset(key for key in self.candidates if self.source.profiles[key].is_sme)

    @cached_property
    def _home(self) -> dict[str, frozenset[str]]:
        """Candidates by country."""
        found: dict[str, set[str]] = {}
        for key in self.candidates:
            found.setdefault(self.source.profiles[key].country, set()).add(key)
        return {country: frozenset(keys) for country, keys in found.items()}

    def abroad(self, task: Task) -> frozenset[str]:
        """Candidates of other countries than the coordinator's; nobody where that is not known."""
        lead = self.source.profiles.get(task.lead)
        if lead is None or not lead.country:
            return frozenset()
        return self.candidates - self._home.get(lead.country, frozenset())

    def met(self, key: str) -> frozenset[str]:
        """Who was in an earlier project with it."""
        return frozenset().union(*(task.members for task in self.known if key in task.members))


@dataclass(frozen=True)
class Judged:
    """`truth`: the partners that count; `among`: the candidates that stay in every list, all by default."""

    truth: Callable[[Task], frozenset[str]]
    among: Callable[[Task], frozenset[str]] | None = None


Judge = Callable[[Run], Judged]


def best(keys: Sequence[str], scores: np.ndarray, task: Task) -> list[str]:
    """All candidates but the coordinator, equal ones in the order of a lot."""
    order = sorted(range(len(keys)), key=lambda n: (-round(float(scores[n]), 9), lot(0, keys[n])))
    return [keys[number] for number in order if keys[number] != task.lead]


@dataclass(frozen=True)
class Shown:
    """What one method shows in all windows: the place of the first true partner of each project that has
    one, FIRST where it is later, and the first ten with the number of the run.
    """

    places: np.ndarray
    firsts: list[tuple[int, list[str]]]


def shown(name: str, runs: Sequence[Run], judge: Judge) -> Shown:
    places, firsts = [], []
    for number, run in enumerate(runs):
        judged = judge(run)
        for keys, task in zip(run.lists[name], run.asked, strict=True):
            wanted = judged.truth(task) & run.candidates
            if not wanted:
                continue
            among = judged.among(task) if judged.among else None
            first = [key for key in keys if among is None or key in among][:FIRST]
            places.append(next((place for place, key in enumerate(first) if key in wanted), FIRST))
            firsts.append((number, first[:TEN]))
    return Shown(np.array(places), firsts)


def compared(title: str, runs: Sequence[Run], judge: Judge) -> str:
    """A table of all methods and the paired differences between Kontor and the strongest others."""
    found = {name: shown(name, runs, judge) for name in runs[0].lists}
    if not len(found[KONTOR].places):
        return f"{title}: no project has such a partner.\n"
    lines = [f"{title}: {len(found[KONTOR].places)} projects.\n"]
    lines.append("| | hit@10 | hit@50 | MRR | coverage | newcomer share |")
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    lines += [line(name, each, runs) for name, each in found.items()]
    rival, more, gain = against_best(found)
    lines.append(
        f"\nKontor against the best other, {rival}: {more:+.1%} hit@10, difference {told(gain, '+.3f')}.\n"
    )
    usual = difference(found[KONTOR].places, found[USUAL].places)
    lines.append(f"Against {USUAL}: difference {told(usual, '+.3f')}.\n")
    return "\n".join(lines)


def against_best(found: Mapping[str, Shown]) -> tuple[str, float, Interval]:
    """The other method with the highest hit@10, how much more Kontor has in proportion, the difference."""
    hits = {name: float((each.places < TEN).mean()) for name, each in found.items()}
    rival = max((name for name in hits if name != KONTOR), key=lambda name: hits[name])
    more = hits[KONTOR] / hits[rival] - 1 if hits[rival] else float("inf")
    return rival, more, difference(found[KONTOR].places, found[rival].places)


def difference(ours: np.ndarray, theirs: np.ndarray) -> Interval:
    """Of hit@10, paired by project."""
    return interval((ours < TEN).astype(float) - (theirs < TEN).astype(float))


def summary(slices: Mapping[str, Judge], runs: Sequence[Run]) -> str:
    """One row for each slice and span: hit@10 of Kontor and of the best other."""
    lines = ["| hit@10 | window | projects | best other | | Kontor | difference |"]
    lines.append("| --- | --- | ---: | --- | ---: | ---: | ---: |")
    for title, judge in slices.items():
        for span, chosen in (("last", runs[-1:]), ("all", runs)):
            found = {name: shown(name, chosen, judge) for name in runs[0].lists}
            if not len(found[KONTOR].places):
                continue
            rival, more, gain = against_best(found)
            hits = {name: (found[name].places < TEN).mean() for name in (rival, KONTOR)}
            lines.append(
                f"| {title} | {span} | {len(found[KONTOR].places)} | {rival} | {hits[rival]:.3f}"
                f" | {hits[KONTOR]:.3f} ({more:+.0%}) | {told(gain, '+.3f')} |"
            )
    return "\n".join(lines) + "\n"


def line(name: str, each: Shown, runs: Sequence[Run]) -> str:
    new = [np.mean([runs[n].counts.get(key, 0) <= 1 for key in keys]) for n, keys in each.firsts if keys]
    candidates = len(frozenset().union(*(run.candidates for run in runs)))
    columns = [
        interval(each.places < TEN),
        interval(each.places < FIRST),
        interval(np.where(each.places < FIRST, 1 / (each.places + 1), 0)),
        coverage([keys for _, keys in each.firsts], candidates),
        interval(np.array(new)),
    ]
    return f"| {name} | " + " | ".join(told(column) for column in columns) + " |"


def coverage(firsts: list[list[str]], candidates: int) -> Interval:
    """The share of all candidates that stand among somebody's first ten."""
    drawn = np.random.default_rng(0).integers(0, len(firsts), (200, len(firsts)))
    shares = [len({key for n in row for key in firsts[n]}) / candidates for row in drawn]
    low, high = np.percentile(shares, [2.5, 97.5])
    return len({key for keys in firsts for key in keys}) / candidates, float(low), float(high)


def told(values: Interval, form: str = ".3f") -> str:
    value, low, high = (format(each, form) for each in values)
    return f"{value} ({low} to {high})"


def bias(run: Run) -> str:
    """Whom Kontor's first ten favour, beside the true partners that could be found."""
    keys = run.candidates | frozenset(task.lead for task in run.asked)
    facts = run.source.profiles
    projects = {key: run.counts.get(key, 0) for key in keys}
    kinds = {
        "country": {key: facts[key].country for key in keys if key in facts},
        "size": {key: str(facts[key].size) for key in keys if key in facts},
        "earlier projects": {key: ("none", "one")[n] if n < 2 else "several" for key, n in projects.items()},
    }
    lines = [
        "| group | candidates | true partners | first ten | tilt |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    true, first = [task.partners & keys for task in run.asked], [each[:TEN] for each in run.lists[KONTOR]]
    for kind, groups in kinds.items():
        lines += [
            f"| {kind}: {each.group or 'not known'} | {each.candidates:.2f} | {each.partners:.2f}"
            f" | {each.suggested:.2f} | {each.tilt:.1f} |"
            for each in group_shares(groups, true, first)[:8]
        ]
    return "\n".join(lines) + "\n"
