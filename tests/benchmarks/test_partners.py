"""What the benchmark asks is fair: no partner's name in the question, a date that follows from a rule."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("bm25s", reason="the peers of the benchmark are not installed: scripts/setup.sh bench")

from benchmarks.partners_data import Source, Task, masked
from benchmarks.partners_judge import Judged, Run, best, compared, coverage, shown, summary

from kontor.engine.matching.model import Profile


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


def test_windows_follow_each_other_until_too_little_would_be_known_before_them() -> None:
    tasks = [task(f"p{n}", f"2024-{1 + n // 2:02d}-15") for n in range(24)]
    source = Source("made up", {}, tuple(tasks))
    windows = source.windows()
    assert source.cutoff() == "2024-10-01"
    assert windows[-1] == ("2024-10-01", "9999")
    assert windows == [
        ("2024-07-01", "2024-08-01"),
        ("2024-08-01", "2024-09-01"),
        ("2024-09-01", "2024-10-01"),
        ("2024-10-01", "9999"),
    ]


def run_of(lists: dict[str, list[list[str]]], known: list[Task], asked: list[Task]) -> Run:
    facts = {
        key: Profile(key, key, country=country, size=size)
        for key, country, size in (
            ("a", "NL", "sme"),
            ("b", "NL", "sme"),
            ("c", "DE", "large"),
            ("d", "DE", "sme"),
        )
    }
    nobody: Any = None
    return Run(Source("made up", facts, ()), "2024-06-01", known, asked, lists, nobody)


def two_methods() -> Run:
    """Kontor finds b first, the other last; b is new to the coordinator, c is not."""
    asked = [task("q", "2024-07-01", "ab")]
    lists = {"Kontor": [["b", "c", "d"]], "nearest projects + co-participation": [["c", "d", "b"]]}
    return run_of(lists, [task("p", "2024-01-01", "acd")], asked)


def test_a_hit_counts_by_its_place_and_only_projects_with_such_a_partner_are_asked() -> None:
    run = two_methods()
    everybody = shown("Kontor", [run], lambda _: Judged(lambda t: t.partners))
    assert everybody.places.tolist() == [0]
    other = shown("nearest projects + co-participation", [run], lambda _: Judged(lambda t: t.partners))
    assert other.places.tolist() == [2]
    seen = shown("Kontor", [run], lambda each: Judged(lambda t: t.partners & each.seen))
    assert seen.places.tolist() == []


def test_a_condition_takes_others_out_of_every_list() -> None:
    run = two_methods()
    judged = shown(
        "nearest projects + co-participation", [run], lambda r: Judged(lambda t: t.partners, lambda _: r.smes)
    )
    assert judged.places.tolist() == [1]
    assert judged.firsts == [(0, ["d", "b"])]


def test_slices_know_who_is_abroad_seen_and_met() -> None:
    run = two_methods()
    assert run.abroad(run.asked[0]) == {"c", "d"}
    assert run.seen == {"a", "c", "d"}
    assert run.met("a") == {"a", "c", "d"}
    assert run.met("b") == set()
    assert run.smes == {"b", "d"}


def test_windows_are_pooled_project_by_project() -> None:
    judge = lambda _: Judged(lambda t: t.partners)  # noqa: E731  # a judge is a function of the run
    both = compared("All", [two_methods(), two_methods()], judge)
    assert "All: 2 projects." in both
    assert "| Kontor | 1.000 (1.000 to 1.000)" in both
    summed = summary({"All": judge}, [two_methods(), two_methods()])
    assert "| All | last | 1 |" in summed
    assert "| All | all | 2 |" in summed
