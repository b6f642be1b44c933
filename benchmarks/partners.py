"""Partner prediction on real projects: who joins a later one, known by its title, objective and coordinator?

    python -m benchmarks.partners [FOLDER]      the shared data, by default $KONTOR_SHARED or ../shared/data

The directory knows the projects that began before a date; the latest quarter asks. The date follows from that
rule, a second, later date (the latest eighth) is the check that the first was not met by luck. Names of
partners are masked in the texts. Weights are learned on the projects before the date alone. Nothing was
chosen by looking at the projects that ask.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import _partners_peers as peers
from benchmarks._partners_kontor import Maker
from benchmarks.partners_data import Source, Task, cordis, keep
from kontor.engine.core.lots import lot
from kontor.engine.matching.bias import group_shares
from kontor.engine.matching.learn import interval

FIRST = 50
KONTOR = "Kontor"
Truth = Callable[[Task], frozenset[str]]
Lists = dict[str, list[list[str]]]


@dataclass(frozen=True)
class Run:
    """`lists` hold for each method and each asking project the organisations, best first."""

    source: Source
    known: list[Task]
    asked: list[Task]
    lists: Lists
    table: str
    gain: tuple[float, float, float]

    def seen(self) -> frozenset[str]:
        return frozenset().union(*(task.members for task in self.known))


def run(source: Source, cutoff: str, *, newcomers: bool) -> Run:
    """Asks every later project of every method. With `newcomers` all organisations are candidates."""
    known = [task for task in source.tasks if task.started < cutoff]
    asked = [task for task in source.tasks if task.started >= cutoff]
    keys = sorted(source.profiles) if newcomers else sorted(set().union(*(t.members for t in known)))
    maker = Maker(source)
    fitted = maker.learn(known, newcomers=newcomers)
    index, past = maker.make(known, keys)
    methods = peers.methods(known, keys, [source.profiles[key].summary for key in keys])
    lists: Lists = {name: [] for name in (*methods, KONTOR)}
    for task in asked:
        for name, method in methods.items():
            lists[name].append(best(keys, np.asarray(method(task), dtype=float), task))
        rated, totals, _ = maker.rate(task, index, past, fitted.weights)
        lists[KONTOR].append(best(rated, totals, task))
    return Run(source, known, asked, lists, fitted.table(), fitted.gain)


def best(keys: Sequence[str], scores: np.ndarray, task: Task) -> list[str]:
    """All candidates but the coordinator, equal ones in the order of a lot."""
    order = sorted(range(len(keys)), key=lambda n: (-round(float(scores[n]), 9), lot(0, keys[n])))
    return [keys[number] for number in order if keys[number] != task.lead]


def found(run: Run, name: str, truth: Truth, among: frozenset[str] | None = None) -> np.ndarray:
    """The place of the first true partner from 0, FIRST where it is later; only projects that have one."""
    places = []
    for keys, task in zip(run.lists[name], run.asked, strict=True):
        wanted = truth(task)
        if wanted:
            shown = [key for key in keys if among is None or key in among][:FIRST]
            places.append(next((place for place, key in enumerate(shown) if key in wanted), FIRST))
    return np.array(places)


def compared(run: Run, title: str, truth: Truth, among: frozenset[str] | None = None) -> str:
    """A table of all methods and the paired difference between Kontor and the best of the others."""
    rows = {name: found(run, name, truth, among) for name in run.lists}
    if not len(rows[KONTOR]):
        return f"{title}: no project has such a partner.\n"
    lines = [f"{title}: {len(rows[KONTOR])} projects.\n"]
    lines.append("| | hit@10 | hit@50 | MRR | coverage | newcomer share |")
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    lines += [line(run, name, places, among) for name, places in rows.items()]
    rival = max((name for name in rows if name != KONTOR), key=lambda name: (rows[name] < 10).mean())
    ours, theirs = rows[KONTOR] < 10, rows[rival] < 10
    gain = interval(ours.astype(float) - theirs.astype(float))
    more = ours.mean() / theirs.mean() - 1 if theirs.any() else float("inf")
    lines.append(
        f"\nKontor against the best other, {rival}: {more:+.1%} hit@10, difference {told(gain, '+.3f')}.\n"
    )
    usual = rows["nearest projects + co-participation"] < 10
    gain = interval(ours.astype(float) - usual.astype(float))
    lines.append(f"Against nearest projects + co-participation: difference {told(gain, '+.3f')}.\n")
    return "\n".join(lines)


def line(run: Run, name: str, places: np.ndarray, among: frozenset[str] | None) -> str:
    firsts = [[key for key in keys if among is None or key in among][:10] for keys in run.lists[name]]
    counts = {key: sum(key in task.members for task in run.known) for keys in firsts for key in keys}
    new = np.array([np.mean([counts[key] <= 1 for key in keys]) for keys in firsts])
    candidates = len(among) if among is not None else len(run.lists[name][0])
    columns = [
        interval(places < 10),
        interval(places < FIRST),
        interval(np.where(places < FIRST, 1 / (places + 1), 0)),
    ]
    columns += [coverage(firsts, candidates), interval(new)]
    return f"| {name} | " + " | ".join(told(each) for each in columns) + " |"


def coverage(firsts: list[list[str]], candidates: int) -> tuple[float, float, float]:
    """The share of all candidates that stand among somebody's first ten."""
    drawn = np.random.default_rng(0).integers(0, len(firsts), (200, len(firsts)))
    shares = [len({key for n in row for key in firsts[n]}) / candidates for row in drawn]
    low, high = np.percentile(shares, [2.5, 97.5])
    return len({key for keys in firsts for key in keys}) / candidates, float(low), float(high)


def told(values: tuple[float, float, float], form: str = ".3f") -> str:
    value, low, high = (format(each, form) for each in values)
    return f"{value} ({low} to {high})"


def bias(run: Run) -> str:
    """Whom Kontor's first ten favour, beside the true partners that could be found."""
    keys = frozenset(run.lists[KONTOR][0]) | frozenset(task.lead for task in run.asked)
    facts = run.source.profiles
    counts = {key: sum(key in task.members for task in run.known) for key in keys}
    kinds = {
        "country": {key: facts[key].country for key in keys if key in facts},
        "size": {key: str(facts[key].size) for key in keys if key in facts},
        "earlier projects": {key: ("none", "one")[n] if n < 2 else "several" for key, n in counts.items()},
    }
    lines = [
        "| group | candidates | true partners | first ten | tilt |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for kind, groups in kinds.items():
        shares = group_shares(
            groups, [task.partners & keys for task in run.asked], [k[:10] for k in run.lists[KONTOR]]
        )
        lines += [
            f"| {kind}: {each.group or 'not known'} | {each.candidates:.2f} | {each.partners:.2f}"
            f" | {each.suggested:.2f} | {each.tilt:.1f} |"
            for each in shares[:8]
        ]
    return "\n".join(lines) + "\n"


def slices(run: Run) -> str:
    """The same lists, judged by some of the partners only."""
    facts, seen = run.source.profiles, run.seen()
    met: dict[str, set[str]] = {}
    for task in run.known:
        for key in task.members:
            met.setdefault(key, set()).update(task.members)

    def across(task: Task) -> frozenset[str]:
        home = facts[task.lead].country if task.lead in facts else ""
        return frozenset(k for k in task.partners & seen if home and facts[k].country != home)

    return "\n".join(
        [
            compared(run, "Partners never seen with the coordinator",
                     lambda t: frozenset(t.partners & seen - met.get(t.lead, set())), seen),
            compared(run, "SMEs", lambda t: frozenset(k for k in t.partners & seen if facts[k].is_sme), seen),
            compared(run, "Across the coordinator's border", across, seen),
        ]
    )  # fmt: skip


def known_text(run: Run, cutoff: str) -> str:
    seen = run.seen()
    partners = sum(len(task.partners) for task in run.asked)
    reachable = sum(len(task.partners & seen) for task in run.asked)
    return (
        f"{len(run.known)} projects before {cutoff} with {len(seen)} organisations; {len(run.asked)}"
        f" later ones with {partners} partners, {reachable} seen before ({reachable / partners:.0%}).\n"
    )


def learned(run: Run) -> str:
    return (
        f"{run.table}\n\nHeld out while learning, hit@10 above the usual weights: {told(run.gain, '+.3f')}.\n"
    )


def horizon(folder: Path) -> None:
    source = cordis(folder)
    months = sorted({task.started[:7] for task in source.tasks})
    later = next(m for m in months if sum(t.started[:7] >= m for t in source.tasks) <= len(source.tasks) / 8)
    for number, cutoff in enumerate((source.cutoff(), f"{later}-01")):
        done = run(source, cutoff, newcomers=False)
        seen = done.seen()
        print(f"### {source.name}, projects from {cutoff} on\n\n{known_text(done, cutoff)}")
        print(compared(done, "Partners seen before", lambda t, seen=seen: t.partners & seen, seen))
        if not number:
            print(slices(done), learned(done), bias(done), sep="\n", flush=True)


def interreg(folder: Path) -> None:
    source = keep(folder)
    cutoff = source.cutoff()
    done = run(source, cutoff, newcomers=True)
    seen = done.seen()
    print(f"### {source.name}, projects from {cutoff} on\n\n{known_text(done, cutoff)}")
    print(compared(done, "All partners among all organisations", lambda t: t.partners))
    print(compared(done, "Partners seen before among those seen", lambda t: t.partners & seen, seen))
    print(compared(done, "Newcomers alone, among all organisations", lambda t: t.partners - seen))
    print(learned(done), bias(done), sep="\n", flush=True)


def main() -> int:
    usual = os.environ.get("KONTOR_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else usual)
    if not folder.is_dir():
        print(f"Partner prediction needs the shared data; {folder} is not there.", file=sys.stderr)
        return 0
    began = time.process_time()
    horizon(folder / "cordis_horizon_europe")
    interreg(folder / "interreg_keep")
    print(f"Processor time of the whole run: {time.process_time() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
