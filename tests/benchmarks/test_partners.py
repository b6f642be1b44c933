"""What the benchmark asks is fair: no partner's name in the question, a date that follows from a rule."""

from __future__ import annotations

import pytest

pytest.importorskip("bm25s", reason="the peers of the benchmark are not installed: scripts/setup.sh bench")

from benchmarks.partners import best, coverage
from benchmarks.partners_data import Source, Task, masked


def task(key: str, started: str, members: str = "ab", lead: str = "a") -> Task:
    return Task(key, "Title", "Text", "en", started, lead, frozenset(members))


def test_names_are_masked_as_whole_words_and_short_names_only_as_written() -> None:
    text = "Universität Beispiel and SEA study the sea with Sea Robots ltd."
    assert masked(text, ["SEA", "Sea Robots Ltd", "universität beispiel"]) == "… and … study the sea with …."


def test_at_most_the_latest_quarter_asks() -> None:
    tasks = [task(f"p{n}", f"2024-{1 + n // 2:02d}-15") for n in range(16)]
    cutoff = Source("made up", {}, tuple(tasks)).cutoff()
    assert cutoff == "2024-07-01"
    assert sum(each.started >= cutoff for each in tasks) == 4


def test_a_coordinator_is_never_its_own_partner() -> None:
    assert task("p", "2024-01-01").partners == {"b"}
    assert best(["a", "b", "c"], [3.0, 1.0, 2.0], task("p", "2024-01-01")) == ["c", "b"]  # type: ignore[arg-type]


def test_coverage_counts_each_organisation_once() -> None:
    assert coverage([["a", "b"], ["a", "c"]], 6)[0] == 0.5
