"""Real consortia with half of their partners hidden: does the composer propose one of them?

python -m benchmarks.consortia_real [FOLDER]     the shared data, by default $KONTOR_SHARED or ../shared/data

The directory knows the projects that began before a date; the latest quarter asks, with the coordinator and
half of the other partners that are known already. What a project needs are the codes that Kontor reads from
its text; an organisation has the codes of its earlier projects, at level 1 to 3 for one to three of them.
Affinity is the matchmaker's, ties are earlier projects in common. For every code that the team lacks
the composer names five; the other methods name as many for the project as a whole. Counted is if a hidden
partner is among them. Of more than 60 projects 60 are drawn by lot, none
chosen by looking at them. The composer's usual weights give points for strangers across the border, which
is what programmes pay for and not what most teams did: two more rows show it without those points, and with
four times the usual say for affinity besides.
"""

from __future__ import annotations

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.partners_data import cordis, keep
from kontor.cli.contract import Clock
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import lexicon as shipped
from kontor.codes.suggest import suggest
from kontor.engine.consortia.fill import fill
from kontor.engine.consortia.model import Candidate, Competence, Problem, Tie, Weights
from kontor.engine.core.lots import lot
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.learn import interval
from kontor.engine.matching.model import Query
from kontor.engine.matching.partnerships import Maker, Source, Task
from kontor.engine.matching.partnerships.maker import ALL as EVERYBODY
from kontor.engine.matching.partnerships.maker import ASKED
from kontor.engine.matching.solve import rated

SMALLEST = 4
MOST_CASES = 60
SCHEMES = ("theme", "ket", "nace")
COMPOSERS = {
    "composer": Weights(),
    "composer, no points for new ties": Weights(new_ties=0),
    "composer, no new ties, affinity x 4": Weights(new_ties=0, affinity=4 * Weights().affinity),
}
METHODS = (*COMPOSERS, "matchmaker", "co-participation", "popularity", "random")
Proposed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Case:
    """A later project: who is in the team already, and whom the methods should find."""

    task: Task
    team: tuple[str, ...]
    hidden: frozenset[str]


class Known:
    """What the projects before the date tell: codes, ties and numbers of projects of every organisation."""

    def __init__(self, source: Source, cutoff: str) -> None:
        self.source = source
        self.tasks = [task for task in source.tasks if task.started < cutoff]
        self.asked = [task for task in source.tasks if task.started >= cutoff]
        self.count = Counter(key for task in self.tasks for key in task.members)
        self.keys = sorted(self.count)
        self.codes: dict[str, Counter[str]] = defaultdict(Counter)
        for task in self.tasks:
            for code in codes(task):
                for key in task.members:
                    self.codes[key][code] += 1
        encoder = CachedEncoder(UniversalEncoder(), cache_folder(), Clock(0).check)
        self.maker = Maker(source, shipped.load(), encoder)
        self.index, self.past = self.maker.make(self.tasks, self.keys)

    def cases(self) -> list[Case]:
        """Projects of which four partners are known, with coordinator or not; of many, 60 drawn by lot."""
        made = []
        for task in self.asked:
            seen = sorted(
                (task.members & set(self.count)), key=lambda key: (key != task.lead, lot(0, key + task.key))
            )
            if len(seen) >= SMALLEST:
                stay = (len(seen) + 1) // 2
                made.append(Case(task, tuple(seen[:stay]), frozenset(seen[stay:])))
        return sorted(made, key=lambda case: lot(2, case.task.key))[:MOST_CASES]

    def together(self, team: Sequence[str]) -> Counter[tuple[str, str]]:
        """Earlier projects of a member of the team and somebody else."""
        found: Counter[tuple[str, str]] = Counter()
        for task in self.tasks:
            for member in set(team) & task.members:
                found.update((member, other) for other in task.members if other not in team)
        return found

    def fit(self, case: Case) -> dict[str, float]:
        """The matchmaker's score of everybody for the project's text and the team so far, from 0 to 1."""
        lead = self.source.profiles.get(case.task.lead)
        query = Query(
            text=case.task.text,
            language=case.task.language or "en",
            team=case.team,
            origin=lead.country if lead else "",
            weights=ASKED,
        )
        keys, scores = rated(
            self.index,
            query,
            lexicon=self.maker.lexicon,
            encoder=self.maker.encoder,
            params=EVERYBODY,
            past=self.past,
        )
        low, high = float(scores.total.min()), float(scores.total.max())
        return {
            key: (float(score) - low) / ((high - low) or 1)
            for key, score in zip(keys, scores.total, strict=True)
        }


@cache
def codes(task: Task) -> tuple[str, ...]:
    """Up to three themes, three technologies, three branches that its text speaks of."""
    found = suggest(task.text, task.language or "en", limit=3)
    return tuple(f"{each.scheme}:{each.code}" for each in found if each.scheme in SCHEMES)


def problem(known: Known, case: Case, fit: Mapping[str, float]) -> Problem:
    needs = codes(case.task)
    return Problem(
        candidates=tuple(
            Candidate(
                key,
                country=known.source.profiles[key].country,
                competences={
                    code: min(3, known.codes[key][code]) for code in needs if known.codes[key][code]
                },
                affinity=fit.get(key, 0.0),
            )
            for key in known.keys
        ),
        competences=tuple(Competence(code, required=False) for code in needs),
        ties=tuple(
            Tie(a, b, cooperated=True, affinity=min(3, count) / 3)
            for (a, b), count in sorted(known.together(case.team).items())
        ),
        fixed=case.team,
    )


def proposals(known: Known, case: Case) -> tuple[Proposed, int]:
    """Lists of equal length for one project, and the number of gaps."""
    fit = known.fit(case)
    asked = problem(known, case, fit)
    filled = {name: fill(replace(asked, weights=weights)) for name, weights in COMPOSERS.items()}
    composed = {
        name: list(dict.fromkeys(each.key for gap in answer.gaps for each in gap.proposals))
        for name, answer in filled.items()
    }
    others = [key for key in known.keys if key not in case.team]
    ties = Counter[str]()
    for (_member, other), count in known.together(case.team).items():
        ties[other] += count
    drawn = sorted(others, key=lambda key: lot(1, key + case.task.key))
    orders = {
        **composed,
        "matchmaker": sorted(drawn, key=lambda key: -fit.get(key, 0.0)),
        "co-participation": sorted(drawn, key=lambda key: -ties[key]),
        "popularity": sorted(drawn, key=lambda key: -known.count[key]),
        "random": drawn,
    }
    length = len(composed["composer"])
    return {name: order[:length] for name, order in orders.items()}, len(filled["composer"].gaps)


def measure(source: Source) -> None:
    known = Known(source, source.cutoff())
    hits: dict[str, list[float]] = {name: [] for name in METHODS}
    found: dict[str, list[float]] = {name: [] for name in METHODS}
    lengths, gaps = [], []
    for case in known.cases():
        lists, count = proposals(known, case)
        if not count:
            continue
        lengths.append(len(lists["composer"]))
        gaps.append(count)
        for name in METHODS:
            right = case.hidden & set(lists[name])
            hits[name].append(bool(right))
            found[name].append(len(right) / len(case.hidden))
    middle = f"{np.mean(gaps):.1f} gaps and {np.mean(lengths):.1f} proposals each"
    print(f"### {source.name}\n")
    print(
        f"{len(lengths)} projects from {source.cutoff()} on with {SMALLEST} known partners or more, ", end=""
    )
    print(f"{len(known.keys)} organisations, {middle}.\n")
    print("| | a hidden partner among the proposals | share of the hidden partners |\n| --- | ---: | ---: |")
    for name in METHODS:
        print(f"| {name} | {told(hits[name])} | {told(found[name])} |")
    print(flush=True)


def told(values: Sequence[float]) -> str:
    middle, low, high = interval(np.array(values, dtype=float))
    return f"{middle:.3f} ({low:.3f} to {high:.3f})"


def main() -> int:
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KONTOR_SHARED", "")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        print(f"The shared data are needed; {folder} is not there.", file=sys.stderr)
        return 1
    measure(cordis(folder / "cordis_horizon_europe"))
    measure(keep(folder / "interreg_keep"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
