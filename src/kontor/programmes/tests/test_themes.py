"""Projects of several themes: who says which of them pays, and what is told where that does not add up."""

from __future__ import annotations

from typing import Any

import pytest

from kontor.programmes.forms import check, form_for, rows_of, shares_of
from kontor.programmes.read import check as check_file
from kontor.programmes.read import parse
from kontor.programmes.schema import Form

FILE = """schema = 1
key = "two-fields"
version = "1"
languages = ["en"]
several_themes = "stated"
name = { en = "Two fields" }
summary = { en = "Light and heat." }

[[theme]]
key = "light"
name = { en = "Light" }

[[theme]]
key = "heat"
name = { en = "Heat" }

[[instrument]]
key = "project"
kind = "innovation-project"
name = { en = "Project" }
"""
ASKING = """
[[form]]
key = "own"

[[form.section]]
key = "idea"
title = { en = "Idea" }

[[form.section.field]]
key = "fields"
kind = "choices"
fills = "themes"
label = { en = "Fields" }
"""
SHARES = """
[[form.section.field]]
key = "parts"
kind = "table"
fills = "theme_shares"
label = { en = "Parts" }
"""


def form_of(text: str) -> Form:
    programme = parse(text.encode(), "two-fields.toml")
    return form_for(programme, programme.instruments[0])


def shares(**told: str) -> list[dict[str, str]]:
    return rows_of(told)


def faults(form: Form, **answers: Any) -> list[tuple[str, str, int | None, str]]:
    about = {"main-theme", "theme-shares"}
    found = [one for one in check(form, answers, 1) if one.field in about]
    return [(one.field, one.code, one.row, one.column) for one in found]


def test_the_default_form_asks_only_what_the_programme_needs_to_know() -> None:
    keys = {rule: {one.key for one in form_of(FILE.replace("stated", rule)).fields()} for rule in
            ("evenly", "first", "main", "stated")}  # fmt: skip
    asked = {rule: found & {"main-theme", "theme-shares"} for rule, found in keys.items()}
    assert asked == {"evenly": set(), "first": set(), "main": {"main-theme"}, "stated": {"theme-shares"}}
    table = form_of(FILE).field("theme-shares")
    assert [choice.key for choice in table.column("theme").choices] == ["light", "heat"]


@pytest.mark.parametrize(
    ("themes", "said", "wanted"),
    [
        (["light"], [], []),
        (["light", "heat"], [], [("missing", None, "")]),
        (["light", "heat"], shares(light="60", heat="40"), []),
        (["light", "heat"], shares(light="33.33", heat="66.67"), []),
        (["light", "heat"], shares(light="60", heat="30.5"), [("shares-sum", None, "")]),
        (["light", "heat"], shares(light="100"), [("shares-lacking", None, "")]),
        (["light"], shares(light="50", heat="50"), [("theme-not-chosen", 1, "theme")]),
        (["light", "heat"], shares(light="100.5", heat="0"),
         [("shares-percent", 0, "share"), ("shares-percent", 1, "share")]),
        (["light", "heat"], shares(light="33.333", heat="66.667"),
         [("shares-percent", 0, "share"), ("shares-percent", 1, "share")]),
        (["light", "heat"], [*shares(light="50", heat="30"), {"id": "x", "theme": "light", "share": "20"}],
         [("shares-twice", 2, "theme")]),
    ],
)  # fmt: skip
def test_shares_fit_the_themes_and_make_the_whole(
    themes: list[str], said: list[dict[str, str]], wanted: list[tuple[str, int | None, str]]
) -> None:
    told = faults(form_of(FILE), themes=themes, **{"theme-shares": said})
    assert told == [("theme-shares", *one) for one in wanted]


def test_the_main_theme_is_one_of_those_chosen() -> None:
    form = form_of(FILE.replace("stated", "main"))
    assert faults(form, themes=["light"]) == []
    assert faults(form, themes=["light", "heat"], **{"main-theme": "heat"}) == []
    assert faults(form, themes=["light", "heat"]) == [("main-theme", "missing", None, "")]
    assert faults(form, themes=["light"], **{"main-theme": "heat"}) == [
        ("main-theme", "theme-not-chosen", None, "")
    ]


def test_faults_of_shares_are_told_in_every_language() -> None:
    found = check(form_of(FILE), {"themes": ["light"], "theme-shares": shares(light="50", heat="49.5")}, 1)
    (total, other) = (one for one in found if one.field == "theme-shares")
    assert [total.text(one) for one in ("en", "de", "nl")] == [
        "Shares of the themes: together 99.50 percent.",
        "Anteile der Themen: zusammen 99,50 Prozent.",
        "Aandelen van de thema's: samen 99,50 procent.",
    ]
    assert other.text("de") == "Anteile der Themen: Heat gehört nicht zu den gewählten Themen."
    assert other.rule("nl") == "Aandelen van de thema's: alleen gekozen thema's."


def test_shares_are_read_back_from_their_rows() -> None:
    assert shares_of(rows_of({"heat": "40", "light": "60.00"})) == {"heat": "40", "light": "60.00"}
    assert shares_of([{"id": "1", "theme": "heat"}, {"id": "2", "share": "5"}]) == {}


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        (ASKING, "form[1]", "asks for themes, but not which of them pays ('theme_shares')."),
        (ASKING.replace('fills = "themes"', "").replace("choices", "yes-no") + SHARES,
         "form[1].section[1].field[2]", "is about themes that no earlier field asks for."),
        (ASKING + SHARES.replace("table", "number"), "form[1].section[1].field[2].fills",
         "cannot be filled by the kind 'number'."),
    ],
)  # fmt: skip
def test_a_form_that_does_not_ask_which_theme_pays_is_told_its_line(
    more: str, path: str, message: str
) -> None:
    assert check_file((FILE + ASKING + SHARES).encode())[1] == []
    _programme, problems = check_file((FILE + more).encode())
    assert [(str(one.path), str(one.message)) for one in problems] == [(path, message)]
    assert problems[0].line > FILE.count("\n")


def test_another_word_for_several_themes_is_refused() -> None:
    _programme, problems = check_file(FILE.replace('"stated"', '"fairly"').encode())
    assert [(one.line, str(one.path)) for one in problems] == [(5, "several_themes")]
