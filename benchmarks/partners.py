"""Partner prediction on real projects: who joins a later one, known only by its title and objective?

    python benchmarks/partners.py CORDIS_FOLDER [--before 2024-06-01] [--projects N]

The directory is made from projects that began before the date; each later project asks with its text, and its
partners that were in the directory are the truth. hit@10 and hit@50 (share of projects with a true partner
among the first), MRR of the first, with 95 % bootstrap intervals. Nothing was tuned on these rows.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kontor.cli.contract import Clock
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import lexicon as shipped
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Params, Profile, Query, Weights
from kontor.engine.matching.read import read_cordis
from kontor.engine.matching.solve import search

FIRST = 50


@dataclass(frozen=True)
class Asked:
    """A later project: its text and the partners it really had."""

    text: str
    partners: frozenset[str]


def split(profiles: tuple[Profile, ...], before: str) -> tuple[list[Profile], list[Asked]]:
    """The directory as it was before the date, and the later projects with a partner from it."""
    known = []
    later: dict[str, tuple[str, set[str]]] = {}
    for profile in profiles:
        old = tuple(s for s in profile.statements if s.confirmed_on and s.confirmed_on < before)
        if old:
            known.append(replace(profile, statements=old, partners=()))
        for statement in profile.statements:
            if statement.confirmed_on >= before:
                project = statement.key.partition("/")[2]
                later.setdefault(project, (statement.text, set()))[1].add(profile.key)
    keys = {profile.key for profile in known}
    asked = [Asked(text, frozenset(partners & keys)) for _, (text, partners) in sorted(later.items())]
    return known, [each for each in asked if each.partners]


def ranks(answers: list[list[str]], asked: list[Asked]) -> np.ndarray:
    """For each project the place of the first true partner, from 0; FIRST where none is among them."""
    return np.array(
        [
            next((place for place, key in enumerate(keys[:FIRST]) if key in each.partners), FIRST)
            for keys, each in zip(answers, asked, strict=True)
        ]
    )


def with_interval(values: np.ndarray) -> str:
    draws = np.random.default_rng(0).choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"{values.mean():.3f} ({low:.3f} to {high:.3f})"


def line(label: str, found: np.ndarray) -> str:
    reciprocal = np.where(found < FIRST, 1 / (found + 1), 0)
    columns = [with_interval(found < 10), with_interval(found < FIRST), with_interval(reciprocal)]
    return f"| {label} | " + " | ".join(columns) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--before", default="2024-06-01")
    parser.add_argument("--projects", type=int, default=100)
    options = parser.parse_args()
    known, asked = split(read_cordis(options.folder).profiles, options.before)
    asked = asked[: options.projects]
    lexicon = shipped.load()
    encoder = CachedEncoder(UniversalEncoder(), cache_folder(), Clock(0).check)
    index = Index.build(encode_profiles(known, lexicon, encoder))
    popular = [key for key, _ in Counter({p.key: len(p.statements) for p in known}).most_common(FIRST)]
    drawn = np.random.default_rng(0)
    keys = sorted(profile.key for profile in known)
    params, weights = Params(twins=1000), Weights(novelty=0)
    answers = []
    for each in asked:
        query = Query(text=each.text, language="en", top=FIRST, newcomer_share=0, weights=weights)
        answers.append(
            [m.key for m in search(index, query, lexicon=lexicon, encoder=encoder, params=params).matches]
        )
    print(f"{len(known)} organisations before {options.before}, {len(asked)} later projects.\n")
    print("| | hit@10 | hit@50 | MRR |\n| --- | ---: | ---: | ---: |")
    print(line("random", ranks([list(drawn.choice(keys, FIRST, replace=False)) for _ in asked], asked)))
    print(line("popularity", ranks([popular] * len(asked), asked)))
    print(line("kontor", ranks(answers, asked)))


if __name__ == "__main__":
    main()
