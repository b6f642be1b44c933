"""Partner prediction on real projects: who joins a later one, known by its title, objective and coordinator?

    python -m benchmarks.partners [FOLDER]      the shared data, by default $KONTOR_SHARED or ../shared/data

The directory knows the projects that began before a date; later ones ask. The last window is the latest
quarter of the projects; going back from it, windows of at least a twelfth each are asked of what was known
before them, as long as that is at least half of all projects. Every figure is given for the last window and
for all windows together. Names of partners are masked in the texts. Weights are learned on the projects
before each window alone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import _partners_peers as peers
from benchmarks.partners_data import Source, cordis, keep
from benchmarks.partners_judge import Judged, Run, best, bias, compared, summary, told
from kontor.cli.contract import Clock
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import lexicon as shipped
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.partnerships import Maker

SME = "SMEs"


def run(maker: Maker, window: tuple[str, str], *, newcomers: bool) -> Run:
    """Asks every project of a window of every method. With `newcomers` all organisations are candidates."""
    source, (began, end) = maker.source, window
    known = [task for task in source.tasks if task.started < began]
    asked = [task for task in source.tasks if began <= task.started < end]
    keys = sorted(source.profiles) if newcomers else sorted(set().union(*(t.members for t in known)))
    ranking = maker.learn(known, newcomers=newcomers)
    index, past = maker.make(known, keys)
    methods = peers.methods(known, keys, [source.profiles[key].summary for key in keys])
    lists: dict[str, list[list[str]]] = {name: [] for name in (*methods, "Kontor")}
    for task in asked:
        for name, method in methods.items():
            lists[name].append(best(keys, np.asarray(method(task), dtype=float), task))
        lists["Kontor"].append(maker.ranked(task, index, past, ranking))
    return Run(source, began, known, asked, lists, ranking)


Slices = dict[str, Callable[[Run], Judged]]


def slices_of_horizon() -> Slices:
    return {
        "Partners seen before": lambda run: Judged(lambda task: task.partners),
        "Partners never seen with the coordinator": lambda run: Judged(
            lambda task: task.partners - run.met(task.lead)
        ),
        SME: lambda run: Judged(lambda task: task.partners & run.smes),
        f"{SME}, asked for as a condition": lambda run: Judged(
            lambda task: task.partners & run.smes, lambda task: run.smes
        ),
        "Across the coordinator's border": lambda run: Judged(lambda task: task.partners & run.abroad(task)),
        "Across the coordinator's border, asked for as a condition": lambda run: Judged(
            lambda task: task.partners & run.abroad(task), run.abroad
        ),
    }


def slices_of_interreg() -> Slices:
    return {
        "All partners among all organisations": lambda run: Judged(lambda task: task.partners),
        "Partners seen before among those seen": lambda run: Judged(
            lambda task: task.partners & run.seen, lambda task: run.seen
        ),
        "Newcomers alone, among all organisations": lambda run: Judged(lambda task: task.partners - run.seen),
    }


def known_text(done: Run) -> str:
    partners = sum(len(task.partners) for task in done.asked)
    reachable = sum(len(task.partners & done.seen) for task in done.asked)
    return (
        f"{len(done.known)} projects before {done.began} with {len(done.seen)} organisations;"
        f" {len(done.asked)} asking ones with {partners} partners, {reachable} seen before"
        f" ({reachable / partners:.0%})."
    )


def learned(done: Run) -> str:
    checks = {"those with a past": done.ranking.known, "newcomers and small firms": done.ranking.small}
    lines = [
        f"Held out while learning, hit@10 above the usual weights among {name}: {told(fitted.gain, '+.3f')}."
        for name, fitted in checks.items()
        if fitted is not None
    ]
    return "\n".join([done.ranking.table(), "", *lines, ""])


def measure(source: Source, slices: Slices, *, newcomers: bool) -> None:
    encoder = CachedEncoder(UniversalEncoder(), cache_folder(), Clock(0).check)
    maker = Maker(source, shipped.load(), encoder)
    runs = [run(maker, window, newcomers=newcomers) for window in source.windows()]
    last = runs[-1]
    print(f"### {source.name}\n")
    print("\n".join(f"- {known_text(each)}" for each in runs) + "\n")
    print(summary(slices, runs))
    print(f"#### {source.name}, the last window, from {last.began} on\n")
    for title, judge in slices.items():
        print(compared(title, [last], judge))
    print(f"#### {source.name}, all windows\n")
    for title, judge in slices.items():
        print(compared(title, runs, judge))
    print(f"#### {source.name}, what was learned for the last window\n")
    print(learned(last), bias(last), sep="\n", flush=True)


def main() -> int:
    usual = os.environ.get("KONTOR_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else usual)
    if not folder.is_dir():
        print(f"Partner prediction needs the shared data; {folder} is not there.", file=sys.stderr)
        return 0
    began = time.process_time()
    print(peers.versions() + "\n")
    measure(cordis(folder / "cordis_horizon_europe"), slices_of_horizon(), newcomers=False)
    measure(keep(folder / "interreg_keep"), slices_of_interreg(), newcomers=True)
    print(f"Processor time of the whole run: {time.process_time() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
