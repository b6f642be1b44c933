"""Forms: read, frozen, checked."""

from __future__ import annotations

from typing import Any

import pytest

from kontor.programmes import shipped
from kontor.programmes.compare import compare
from kontor.programmes.forms import (
    Fault,
    Payee,
    canonical,
    check,
    default_form,
    form_for,
    form_json,
    form_of,
    tidy,
)
from kontor.programmes.read import check as check_file
from kontor.programmes.read import parse
from kontor.programmes.tests.forms import FORM, HEAD, small_form

GOOD: dict[str, Any] = {
    "title": "Lamps",
    "summary": {"de": "Wir bauen Lampen.", "nl": "Wij maken lampen."},
}
MONEY = ("aid", "money", 0, "amount")
THREE = [{"id": str(number), "who": "EU"} for number in range(3)]
PAYEES = (Payee("a", "Lumen"), Payee("b", "Rivale"))


def told(faults: list[Fault]) -> list[tuple[str, str, int | None, str]]:
    return [(fault.field, fault.code, fault.row, fault.column) for fault in faults]


def test_a_form_survives_its_snapshot() -> None:
    form = small_form()
    assert form_of(form_json(form)) == form
    for programme in shipped().values():
        for instrument in programme.instruments:
            frozen = form_for(programme, instrument)
            assert form_of(form_json(frozen)) == frozen


def test_every_instrument_that_names_a_form_has_it_and_the_others_the_default_one() -> None:
    rocket = shipped()["rocket"]
    full = form_for(rocket, rocket.instrument("innovation-project"))
    assert (full.key, full.steps) == ("rocket-full-application", 2)
    assert [choice.key for choice in full.field("themes").choices] == ["health", "energy", "production"]
    assert str(full.field("months").highest) == "36"
    green = shipped()["green-energy-clusters"]
    assert form_for(green, green.instruments[0]).key == default_form().key


def test_complete_answers_have_no_fault() -> None:
    assert check(small_form(), GOOD, 1) == []
    budget = {"a": {"staff": "100.00", "grant": "60.00"}, "b": {"staff": "50.00", "grant": "30.00"}}
    assert check(small_form(), GOOD | {"months": "12", "budget": budget}, 2, payees=PAYEES) == []


def test_a_step_asks_only_what_is_new() -> None:
    assert [fault.field for fault in check(small_form(), {}, 1)] == ["title", "summary"]
    assert [fault.field for fault in check(small_form(), {}, 2, payees=PAYEES[:1])] == ["budget", "budget"]


@pytest.mark.parametrize(
    ("answers", "step", "wanted"),
    [
        ({"title": "  "}, 1, ("title", "missing", None, "")),
        ({"title": "A title that is long"}, 1, ("title", "characters", None, "")),
        ({"summary": {"de": "Wir bauen Lampen."}}, 1, ("summary", "missing-language", None, "nl")),
        ({"summary": {"de": "eins zwei drei vier fünf", "nl": "een"}}, 1, ("summary", "words", None, "de")),
        ({"aided": "maybe"}, 1, ("aided", "choice", None, "")),
        ({"aided": "yes"}, 1, ("aid", "missing", None, "")),
        ({"aided": "yes", "aid": [{"id": "1", "amount": "5"}]}, 1, ("aid", "missing-cell", 0, "who")),
        (
            {"aided": "yes", "aid": [{"id": "1", "who": "EU", "amount": "x"}]},
            1,
            ("aid", "money", 0, "amount"),
        ),
        (
            {"aided": "yes", "aid": [{"id": str(n), "who": "EU"} for n in range(3)]},
            1,
            ("aid", "many", None, ""),
        ),
        ({"papers": [{"key": "k", "name": "a.exe", "size": 5}]}, 1, ("papers", "file-type", None, "")),
        ({"papers": [{"key": "k", "name": "a.pdf", "size": 1048577}]}, 1, ("papers", "file-size", None, "")),
        ({"start": "31.02.2027"}, 2, ("start", "date", None, "")),
        ({"months": "5"}, 2, ("months", "lowest", None, "")),
        ({"months": "25"}, 2, ("months", "highest", None, "")),
        ({"months": "soon"}, 2, ("months", "number", None, "")),
        ({"budget": {"a": {"staff": "1.005", "grant": "1"}}}, 2, ("budget", "budget-money", 0, "staff")),
        ({"budget": {"a": {"staff": "10", "grant": "11"}}}, 2, ("budget", "budget-over", 0, "grant")),
        ({"budget": {"a": {"staff": "10"}}}, 2, ("budget", "budget-grant", 0, "grant")),
    ],
)
def test_every_fault_is_named_with_its_place(
    answers: dict[str, Any], step: int, wanted: tuple[str, str, int | None, str]
) -> None:
    full = {"a": {"staff": "10", "grant": "5"}}
    found = check(small_form(), {**GOOD, "budget": full, **answers}, step, payees=PAYEES[:1])
    assert wanted in told(found)
    assert {fault.field for fault in found} == {wanted[0]}


def test_a_hidden_field_is_not_checked() -> None:
    assert check(small_form(), GOOD | {"aided": "no", "aid": [{"id": "1", "amount": "x"}]}, 1) == []


def test_a_fault_quotes_its_rule_in_the_readers_language() -> None:
    form = small_form()
    title, summary = check(form, {"title": "", "summary": {"de": "a b c d e", "nl": "een"}}, 1)
    assert title.text("en") == "Title is missing."
    assert title.rule("de") == "Article 3: a title of one line."
    assert summary.text("de") == "Summary hat 5 Wörter, 1 zu viel."
    assert summary.rule("nl") == "Summary: hoogstens 4 woorden."


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("1 234,5", "1234.5"), ("1.234", "1234"),
        ("1234.567", "1234.567"), ("12,5", "12.5"), ("0.125", "0.125"), ("€ 1.000.000", "1000000"),
        ("about 5", "about 5"), ("-3", "-3"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, wanted: str) -> None:
    assert canonical(typed) == wanted


def test_tidy_keeps_what_was_typed_and_refuses_another_shape() -> None:
    form = small_form()
    assert tidy(form.field("months"), "about a year") == "about a year"
    assert tidy(form.field("aid"), [{"who": "EU", "amount": "1.000,00", "x": "y"}]) == [
        {"id": "r1", "who": "EU", "amount": "1000.00"}
    ]
    assert tidy(form.field("budget"), {"a": {"staff": "10,50", "x": "1"}}) == {"a": {"staff": "10.50"}}
    for field, wrong in (("title", ["a"]), ("aid", "a"), ("budget", ["a"]), ("title", True)):
        with pytest.raises(TypeError):
            tidy(form.field(field), wrong)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('key = "papers"', 'key = "title"', "stands 2 times"),
        ('values = ["yes"]', 'values = ["perhaps"]', "is 'perhaps'."),
        ('field = "aided", ', 'field = "months", ', "no earlier field"),
        ("highest = 24", "highest = 3", "more than the highest"),
        ('kind = "date"', 'kind = "choice"', "nothing to choose from"),
        ('key = "money"\nstep = 2', 'key = "money"\nstep = 3', "is 3."),
        ('fills = "months"', 'fills = "title"', "cannot be filled"),
        ('accept = ["pdf"]', 'accept = [".pdf"]', "holds '.pdf'"),
        ('kind = "date"', 'kind = "days"', "is 'days'."),
    ],
)
def test_a_faulty_form_is_explained_with_its_line(old: str, new: str, message: str) -> None:
    assert old in FORM
    _programme, problems = check_file((HEAD + FORM.replace(old, new, 1)).encode())
    assert any(message in problem.message for problem in problems), problems
    assert all(problem.line > HEAD.count("\n") for problem in problems)


def test_another_version_says_which_questions_change() -> None:
    old = parse((HEAD + FORM).encode(), "old")
    new = parse((HEAD + FORM.replace("characters = 10", "characters = 20")).encode(), "new")
    assert [one.text("en") for one in compare(old, new)] == ["The form asks asks otherwise: Title."]
