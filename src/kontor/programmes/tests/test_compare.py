"""Versions compared in words: every field has its words, and nothing changes in silence."""

from __future__ import annotations

import dataclasses
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from kontor.programmes import Programme, schema, shipped
from kontor.programmes.compare import _SILENT, compare
from kontor.programmes.rules import catalogue, languages

ROCKET = shipped()["rocket"]


def told(old: Programme, new: Programme, language: str = "en") -> list[str]:
    return [sentence.text(language) for sentence in compare(old, new)]


def changed(**values: object) -> Programme:
    return dataclasses.replace(ROCKET, **values)


def with_project(**values: object) -> Programme:
    first, *rest = ROCKET.instruments
    return changed(instruments=(dataclasses.replace(first, **values), *rest))


def test_the_same_says_nothing() -> None:
    assert told(ROCKET, dataclasses.replace(ROCKET, version="2016-2")) == []


def test_grant_ceiling_in_three_languages() -> None:
    old, new = with_project(grant_ceiling=Decimal(165000)), with_project(grant_ceiling=Decimal(300000))
    assert told(old, new) == ["The grant ceiling of the innovation project rises from 165,000 to 300,000."]
    assert told(new, old, "de") == [
        "Innovationsprojekt: Obergrenze des Zuschusses sinkt von 300.000 auf 165.000."
    ]
    assert told(old, new, "nl") == ["Innovatieproject: subsidieplafond stijgt van 165.000 naar 300.000."]


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (changed(budget=Decimal("9994868.00")), "The budget falls from 9,994,868.76 to 9,994,868."),
        (changed(ends=date(2021, 3, 31)), "The end changes from 2020-03-31 to 2021-03-31."),
        (changed(ends=None), "The end is open now; it was 2020-03-31."),
        (changed(themes=ROCKET.themes[:2]), "Gone: the theme Production."),
        (with_project(rate=None), "The rate of the innovation project is open now; it was 60."),
        (with_project(calls=(schema.Call("x", date(2020, 1, 1), date(2020, 2, 1)),)), "New: the call x."),
        (with_project(assessment=None), "The assessment of the innovation project is different."),
    ],
)
def test_one_change_is_one_sentence(new: Programme, sentence: str) -> None:
    assert told(ROCKET, new) == [sentence]


def test_rules_are_quoted() -> None:
    rules = ROCKET.instrument("innovation-project").rules
    more = tuple(
        dataclasses.replace(use, values={"minimum": 3}) if use.rule == "minimum-countries" else use
        for use in rules
    )
    assert told(ROCKET, with_project(rules=more)) == [
        "A rule of the innovation project changes from “Partners from at least 2 countries.” to "
        "“Partners from at least 3 countries.”"
    ]


def test_regions() -> None:
    area = dataclasses.replace(ROCKET.areas[1], nuts=(*ROCKET.areas[1].nuts[1:], "NL310"))
    new = changed(areas=(ROCKET.areas[0], area, *ROCKET.areas[2:]))
    assert told(ROCKET, new) == [
        "More regions (NUTS 2024) in the programme area: NL310.",
        "Fewer regions (NUTS 2024) in the programme area: DE941.",
    ]


def test_nothing_changes_in_silence() -> None:
    """Every field of a programme that differs between two of them is told."""
    others = list(shipped().values())
    for old in others:
        for new in others:
            assert (compare(old, new) == []) == (old is new)


def test_every_field_has_its_words() -> None:
    classes = [c for c in vars(schema).values() if isinstance(c, type) and dataclasses.is_dataclass(c)]
    # what a form asks is told by the labels of its questions
    classes = [c for c in classes if c.__module__ != schema.Form.__module__]
    lists = {key.removeprefix("kind.") for key in catalogue("en") if key.startswith("kind.")}
    names = {field.name for c in classes for field in fields(c)} - _SILENT - lists
    names -= {
        "forms",
        "areas",
        "rules",
        "rule",
        "values",
        "preference",
        "starts",
        "ends",
        "partner_due",
        "joint_due",
    }
    for language in languages():
        assert [name for name in sorted(names) if f"label.{name}" not in catalogue(language)] == []
