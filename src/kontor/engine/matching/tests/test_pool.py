"""The pool of a large directory is drawn from the few above a level: the same as from all."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.matching import pool
from kontor.engine.matching.index import Index, postings
from kontor.engine.matching.model import Code, Conditions, Profile, Query, Statement
from kontor.engine.matching.tests.doubles import ask, index_of, keys

WORDS = ["heat", "pumps", "solar", "storage", "dairy", "sensor", "gas", "metal", "control", "software"]
COUNTRIES = ("DE", "NL", "FR")


def _directory(seed: int, count: int) -> Index:
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        said = tuple(
            Statement(
                f"s{number}-{n}",
                str(rng.choice(["offer", "need", "competence"])),
                " ".join(rng.choice(WORDS, 4)),
                "en",
                audience=str(rng.choice(["public", "members"])),
            )
            for n in range(int(rng.integers(0, 4)))
        )
        codes = (Code("nace", "28.25"),) if rng.random() < 0.2 else ()
        found.append(
            Profile(
                f"f{number:04d}",
                "Firm",
                country=COUNTRIES[number % 3],
                statements=said,
                codes=codes,
                introductions=int(rng.integers(0, 3)),
            )
        )
    index = index_of(found[: count // 2])
    return index.updated(index_of(found[count // 2 :]).entries(), [f"f{n:04d}" for n in range(0, count, 17)])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), st.booleans())
def test_the_few_above_the_level_are_those_chosen_of_all(seed: int, words: list[str], coded: bool) -> None:
    index = _directory(seed, 240)
    query = Query(
        text=" ".join(words),
        language="en",
        codes=(Code("nace", "28.25"),) if coded else (),
        conditions=Conditions(across_from="NL"),
    )
    whole = ask(index, query, pool=12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "LARGE", 1)
        patch.setattr(pool, "SAMPLE", 60)
        few = ask(index, query, pool=12)
    assert few.matches == whole.matches


def test_the_level_really_decides_in_a_large_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    index = _directory(3, 600)
    monkeypatch.setattr(pool, "LARGE", 1)
    monkeypatch.setattr(pool, "SAMPLE", 200)
    monkeypatch.setattr(pool, "_of_all", None)
    result = ask(index, Query(text="solar storage of heat", language="en"), pool=12)
    assert result.matches
    assert result.status == "feasible"


def test_common_terms_are_left_to_the_comparison_and_count_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    index = _directory(5, 120)
    query = Query(text="solar storage of heat", language="en", top=50)
    whole = ask(index, query, pool=1000)
    monkeypatch.setattr(postings, "COMMON", 10)
    skipping = ask(index, query, pool=1000)
    assert keys(skipping) == keys(whole)
    for one, other in zip(skipping.matches, whole.matches, strict=True):
        assert one.score == pytest.approx(other.score, abs=2e-6)
        assert dataclasses.replace(one, score=0, parts=()) == dataclasses.replace(other, score=0, parts=())


def test_scores_of_some_passages_are_those_of_all() -> None:
    postings_ = _directory(1, 60).segments[0].postings
    terms = [(term, 1.5) for term in sorted(postings_.numbers)[:7]]
    chosen = np.array([0, 3, 4, 11, postings_.passages - 1])
    assert (postings_.scores_at(terms, chosen) == postings_.scores(terms)[chosen]).all()
