"""From one call's form into another's: what fits, what only in part, what not, and why."""

from __future__ import annotations

from typing import Any

import pytest

from kontor.programmes import Texts
from kontor.programmes.forms import Choice, Column, Field, Form, Payee, Section
from kontor.programmes.forms.copying import Copy, Fit, Target, plan_copy


def t(english: str, german: str = "") -> Texts:
    return Texts({"en": english, "de": german or english})


def form(*fields: Field) -> Form:
    return Form("f", sections=(Section("s", t("S"), fields=fields),))


def plan(source: Field, value: Any, *others: Field, **told: Any) -> Copy:
    target = Target(form(*others), told.pop("choices", {}), told.pop("partners", {}), **told)
    (found,) = plan_copy(form(source), {source.key: value}, target)
    return found


def said(found: Copy) -> list[str]:
    return [reason.text("en") for reason in found.reasons]


A = Field("a", "text", t("Idea", "Idee"))
AB = (Choice("x", t("X")), Choice("y", t("Y")))


@pytest.mark.parametrize(
    ("source", "value", "other", "wanted"),
    [
        (A, "one", Field("a", "paragraph", t("Other")), "one"),
        (A, "one", Field("b", "text", Texts({"de": "IDEE"})), "one"),
        (Field("a", "paragraph", t("A")), "one\ntwo", A, "one two"),
        (A, "one", Field("a", "text", t("A"), languages=("en", "de")), {"en": "one"}),
        (Field("a", "number", t("A")), "12.50", Field("a", "money", t("A")), "12.50"),
        (Field("a", "choice", t("A"), choices=AB), "x", Field("a", "choices", t("A"), choices=AB), ["x"]),
    ],
)
def test_what_fits_whole(source: Field, value: Any, other: Field, wanted: Any) -> None:
    assert plan(source, value, other) == Copy("a", other.key, Fit.WHOLE, wanted)


def test_nothing_like_it_and_another_kind() -> None:
    alone = plan(A, "one", Field("b", "text", t("Quite different")))
    assert (alone.fit, alone.target, said(alone)) == (Fit.NONE, "", ["This call asks nothing like it."])
    other = plan(A, "one", Field("a", "date", t("A")))
    assert (other.fit, other.value) == (Fit.NONE, None)
    assert said(other) == ["It is asked in another way there: the kinds of answers do not fit."]


def test_a_field_is_filled_once() -> None:
    source = form(A, Field("b", "text", t("Idea")))
    lines = plan_copy(source, {"a": "one", "b": "two"}, Target(form(A), {}, {}))
    assert [(line.source, line.target) for line in lines] == [("a", "a"), ("b", "")]


def test_limits_of_the_other_form_are_said_and_the_text_kept() -> None:
    found = plan(A, "one two three", Field("a", "text", t("Idea"), words=2))
    assert (found.fit, found.value) == (Fit.WHOLE, "one two three")
    assert said(found) == ["Idea has 3 words, 1 too many."]


def test_choices_that_are_not_there_are_left_out() -> None:
    source = Field("a", "choices", t("A"))
    found = plan(source, ["x", "z"], Field("a", "choices", t("A"), choices=AB))
    assert (found.fit, found.value, said(found)) == (Fit.PART, ["x"], ["Not to choose there: z."])
    one = plan(source, ["x", "y"], Field("a", "choice", t("A")), choices={"a": AB})
    assert (one.value, said(one)) == ("x", ["Only one can be chosen there: the first is taken."])
    none = plan(source, ["z"], Field("a", "choices", t("A"), choices=AB))
    assert (none.fit, none.value, said(none)) == (Fit.NONE, None, ["Not to choose there: z."])


def test_tables_by_column_budgets_by_partner_files_by_type() -> None:
    table = Field("a", "table", t("A"), columns=(Column("k", t("K"), "number"), Column("m", t("M"))))
    kept = plan(
        table, [{"id": "r1", "k": "1", "m": "2"}], Field("a", "table", t("A"), columns=(Column("k", t("K")),))
    )
    assert (kept.fit, kept.value) == (Fit.PART, [{"id": "r1", "k": "1"}])
    assert said(kept) == ["No such column there: M."]

    budget = Field("a", "budget", t("A"), columns=(Column("staff", t("Staff"), "money"),))
    money = {"p1": {"staff": "10", "grant": "5"}, "p2": {"staff": "7"}}
    moved = plan(budget, money, budget, partners={"p1": "q1"}, payees=(Payee("q1", "Q"), Payee("q2", "R")))
    assert (moved.fit, moved.value) == (Fit.PART, {"q1": {"staff": "10", "grant": "5"}})
    assert said(moved) == ["Only the amounts of partners that take part in both."]

    files = [{"key": "1", "name": "a.pdf", "size": 10}, {"key": "2", "name": "b.xlsx", "size": 10}]
    taken = plan(
        Field("a", "file", t("A")), files, Field("a", "file", t("A"), accept=("pdf",), most_megabytes=1)
    )
    assert (taken.fit, taken.value) == (Fit.PART, files[:1])
    assert said(taken) == ["Of a type, size or number that is not taken there: b.xlsx."]
