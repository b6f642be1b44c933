"""Everyone against everyone, checked against comparing every pair the slow way."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Code, Profile, Statement
from kontor.engine.matching.suggest import Suggested, SuggestParams, suggest
from kontor.engine.matching.suggest.block import block_of, totals
from kontor.engine.matching.suggest.layout import table_of
from kontor.engine.matching.suggest.rate import Statements, rate
from kontor.engine.matching.suggest.scan import nearest
from kontor.engine.matching.tests.doubles import index_of

WORDS = ["heat", "pumps", "solar", "storage", "dairy", "sensor", "gas", "metal", "control", "software"]
EVERYTHING = SuggestParams(pool=10_000, pool_words=10_000, keep=10_000, floor=0, block=3)


def _statement(number: int, kind: str, words: list[str], audience: str) -> Statement:
    return Statement(f"s{number}", kind, " ".join(words), "en", audience=audience, teaser=" ".join(words[:1]))


statements = st.builds(
    _statement,
    st.integers(0, 10_000_000),
    st.sampled_from(["need", "offer", "competence"]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
    st.sampled_from(["public", "public", "members", "teaser"]),
)
profiles = st.builds(
    lambda key, country, said, introductions, codes, rate: Profile(
        f"f{key:02d}",
        f"Firm {key}",
        country=country,
        statements=tuple(said),
        introductions=introductions,
        answer_rate=rate,
        codes=tuple(Code("nace", code) for code in codes),
    ),
    st.integers(0, 40),
    st.sampled_from(["DE", "NL", "FR", ""]),
    st.lists(statements, max_size=3, unique_by=lambda s: s.key),
    st.integers(0, 2),
    st.lists(st.sampled_from(["28.25", "28.29", "62.01"]), max_size=2, unique=True),
    st.sampled_from([None, 0.5, 1.0]),
)
directories = st.lists(profiles, max_size=14, unique_by=lambda p: p.key)


def _run(index: Index, params: SuggestParams = EVERYTHING, **more: object) -> dict[str, Suggested]:
    return {each.organisation: each for each in suggest(index, params=params, today="2026-11-01", **more)}  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(directories)
def test_every_pair_has_the_score_of_the_slow_way(directory: list[Profile]) -> None:
    table = table_of(index_of(directory))
    everybody = Statements.of(table)
    blocks = [
        block_of(table, everybody, bounds, EVERYTHING, today="2026-11-01") for bounds in table.blocks(3)
    ]
    found = {(int(r["asker"]), int(r["partner"])): float(r["score"]) for rows in blocks for r in rows}
    expected = {}
    for first, second in itertools.permutations(range(len(table.keys)), 2):
        if table.country[first] in ("", table.country[second]) or not table.country[second]:
            continue
        rated = rate(table, everybody, np.array([first]), np.array([second]))
        if len(rated.fit):
            expected[first, second] = float(totals(table, rated, EVERYTHING, "2026-11-01")[0])
    # nothing that was compared differs, and only pairs without a word or code in common may be missing
    assert {pair: expected[pair] for pair in found} == found
    best = {pair: score for pair, score in expected.items() if score > 0.3}
    twins = Counter(int(table.text[row["answer"]]) for rows in blocks for row in rows)
    if max(twins.values(), default=0) < EVERYTHING.twins:
        assert best.keys() <= found.keys()


@settings(max_examples=40, deadline=None)
@given(directories, st.integers(1, 4), st.integers(0, 3), st.integers(0, 5))
def test_caps_borders_shares_and_refusals_are_kept(
    directory: list[Profile], top: int, cap_least: int, seed: int
) -> None:
    params = dataclasses.replace(
        EVERYTHING, top=top, cap_least=cap_least, cap_share=0.3, newcomer_share=0.5, newcomer_floor=0
    )
    keys = [profile.key for profile in directory]
    excluded = list(itertools.pairwise(keys))
    found = _run(index_of(directory), params, excluded=excluded, seed=seed)
    country = {profile.key: profile.country for profile in directory}
    asked = Counter(s.partner for each in found.values() for s in each.suggestions)
    assert list(found) == sorted(keys)
    assert max(asked.values(), default=0) <= params.capacity(len(directory))
    for key, each in found.items():
        assert len(each.suggestions) <= top
        assert [s.rank for s in each.suggestions] == list(range(1, len(each.suggestions) + 1))
        for told in each.suggestions:
            assert country[told.partner] not in ("", country[key])
            assert (key, told.partner) not in excluded
            assert (told.partner, key) not in excluded
            assert 0 <= told.score <= 1


@settings(max_examples=20, deadline=None)
@given(directories, st.integers(0, 3))
def test_the_same_seed_gives_the_same_lists_however_the_index_grew(
    directory: list[Profile], seed: int
) -> None:
    whole = index_of(directory)
    grown = Index()
    for profile in reversed(directory):
        grown = grown.updated([whole.entry(profile.key)])
    assert _run(whole, seed=seed) == _run(grown, seed=seed)


def _market(count: int = 30) -> list[Profile]:
    """Half look for what the other half makes, in two countries; the first six of these are newcomers."""
    found = []
    for number in range(count):
        words = [WORDS[number % 10], WORDS[(number + 3) % 10], WORDS[(number // 2) % 10]]
        kind, country = ("need", "NL") if number % 2 else ("offer", "DE")
        found.append(
            Profile(
                f"m{number:03d}",
                f"Firm {number}",
                country=country,
                introductions=0 if number < 12 else 4,
                statements=(Statement(f"t{number}", kind, f"{' '.join(words)} part{number}", "en"),),
            )
        )
    return found


def test_newcomers_have_their_share_wherever_enough_of_them_fit() -> None:
    params = dataclasses.replace(
        EVERYTHING, top=6, newcomer_share=0.5, newcomer_floor=0, cap_share=1, twins=99
    )
    for each in _run(index_of(_market()), params).values():
        assert sum(told.newcomer for told in each.suggestions) >= 3
        assert len(each.suggestions) == 6


def test_nobody_is_suggested_to_everybody() -> None:
    star = Profile(
        "star",
        "Star",
        country="DE",
        introductions=3,
        statements=(Statement("star-1", "offer", " ".join(WORDS), "en"),),
    )
    params = dataclasses.replace(EVERYTHING, top=3, cap_least=0, cap_share=0.2)
    found = _run(index_of([star, *_market()]), params)
    times = sum(told.partner == "star" for each in found.values() for told in each.suggestions)
    assert 0 < times <= 6


def test_one_text_from_many_mouths_takes_two_places() -> None:
    same = [
        Profile(
            f"c{n}", "Copy", country="DE", statements=(Statement(f"c{n}-1", "offer", "solar storage", "en"),)
        )
        for n in range(6)
    ]
    other = Profile(
        "d",
        "Other",
        country="DE",
        statements=(Statement("d-1", "offer", "storage of gas and solar heat", "en"),),
    )
    asker = Profile("a", "Asker", country="NL", statements=(Statement("a-1", "need", "solar storage", "en"),))
    told = _run(index_of([asker, other, *same]))["a"].suggestions
    assert sum(each.partner.startswith("c") for each in told) == 2
    assert "d" in [each.partner for each in told]


def test_anonymous_statements_ask_but_never_answer() -> None:
    hidden = Statement("h", "offer", "solar storage", "en", audience="teaser", teaser="solar storage")
    need = Statement("n", "need", "solar storage", "en")
    index = index_of(
        [
            Profile("a", "A", country="NL", statements=(need,)),
            Profile("b", "B", country="DE", statements=(hidden,)),
        ]
    )
    found = _run(index)
    assert found["a"].suggestions == ()
    assert [(told.partner, told.direction) for told in found["b"].suggestions] == [("a", "offer")]


def test_a_stopped_run_goes_on_and_gives_the_same(tmp_path: Path) -> None:
    index = index_of(_market())
    whole = _run(index)
    compared = []

    def stop_at_three(done: int, total: int, step: str) -> None:
        if step == "compare" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run(index, resume_from=tmp_path, progress=stop_at_three)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.glob("block-*.npy")}
    assert len(before) == 3
    resumed = _run(
        index, resume_from=tmp_path, progress=lambda done, total, step: compared.append((done, step))
    )
    assert resumed == whole
    assert all(file.stat().st_mtime_ns == then for file, then in before.items())
    assert compared[-1] == (1, "allot")


def test_another_directory_does_not_go_on_from_these_blocks(tmp_path: Path) -> None:
    _run(index_of(_market()), resume_from=tmp_path)
    smaller = index_of(_market(20))
    assert _run(smaller, resume_from=tmp_path) == _run(smaller)


def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    index = index_of(_market())
    assert _run(index, processes=2, resume_from=tmp_path) == _run(index)


def test_an_empty_directory_gives_nothing() -> None:
    assert _run(Index()) == {}


def test_the_scan_by_threshold_finds_the_nearest() -> None:
    rng = np.random.default_rng(4)
    directory = [
        Profile(
            f"r{n:04d}",
            "R",
            country="DE" if n % 2 else "NL",
            statements=(Statement(f"r{n}", "offer", " ".join(rng.choice(WORDS, 4)), "en"),),
        )
        for n in range(300)
    ]
    table = table_of(index_of(directory))
    asks = table.directions[:7]
    parts = [(0, 120), (151, 300)]
    found = nearest(asks, table, parts, 20)
    columns = np.concatenate([np.arange(*part) for part in parts])
    for row in range(7):
        values = np.round((table.directions[columns] @ asks[row]).astype(np.float64), 4)
        mine = np.round((table.directions[found.answer[found.ask == row]] @ asks[row]).astype(np.float64), 4)
        assert mine.min() >= np.sort(values)[-20] - 1e-3
        assert len(mine) >= 20
