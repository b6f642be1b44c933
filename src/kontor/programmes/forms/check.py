"""What stands between answers and a complete form: one function for each kind, one fault for each place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kontor.programmes.forms.fault import Fault
from kontor.programmes.forms.fault import fault_of as _fault
from kontor.programmes.forms.themes import SHARES, share_faults, theme_faults
from kontor.programmes.forms.values import (
    Answers,
    Value,
    costs_of,
    date_of,
    decimal_of,
    is_empty,
    money_of,
    row_is_empty,
)
from kontor.programmes.forms.words import count_characters, count_words
from kontor.programmes.rules.wording import Money, Number, Term, catalogue
from kontor.programmes.schema import Column, Field, Form


@dataclass(frozen=True, slots=True)
class Payee:
    """A partner with money, as the budget table names it."""

    key: str
    name: str


def is_shown(form: Form, one: Field, answers: Answers) -> bool:
    """Whether the field is asked, given the answers to the fields it depends on."""
    seen: set[str] = set()
    while one.shown_when is not None and one.key not in seen:
        seen.add(one.key)
        given = answers.get(one.shown_when.field) or ""
        chosen = given if isinstance(given, list) else [given]
        if not set(chosen) & set(one.shown_when.values):
            return False
        one = form.field(one.shown_when.field)
    return True


def check(
    form: Form, answers: Answers, step: int, *, payees: Sequence[Payee] = (), currency: str = "EUR"
) -> list[Fault]:
    """Every fault of the sections that `step` asks, in the form's order; fields that a condition hides
    have none. Steps before were checked when they were handed in.
    """
    found: list[Fault] = []
    for section in form.asked_in(step):
        for one in section.fields:
            if is_shown(form, one, answers):
                found += check_field(one, answers.get(one.key), payees=payees, currency=currency)
    facts = {one.fills: one for one in form.fields(step) if one.fills and is_shown(form, one, answers)}
    asked = {one.key for section in form.asked_in(step) for one in section.fields}
    between = [fault for fault in theme_faults(facts, answers) if fault.field in asked]
    return found + [_with_rule(form.field(fault.field), fault) for fault in between]


def check_field(
    one: Field, value: Value, *, payees: Sequence[Payee] = (), currency: str = "EUR"
) -> list[Fault]:
    """The faults of one answer."""
    if one.kind == "partners":
        return []
    if one.kind == "budget":
        return [_with_rule(one, fault) for fault in _budget(one, value or {}, payees, currency)]
    if is_empty(one, value):
        return [_with_rule(one, _fault(one, "missing"))] if one.required or one.least else []
    return [_with_rule(one, fault) for fault in _BY_KIND[one.kind](one, value)]


def _with_rule(one: Field, fault: Fault) -> Fault:
    return Fault(fault.field, fault.code, fault.values, fault.row, fault.column, one.rule)


def _text(one: Field, value: Value) -> Iterator[Fault]:
    if not one.languages:
        yield from _length(one, str(value))
        return
    given = value if isinstance(value, Mapping) else {}
    for language in one.languages:
        text = str(given.get(language, ""))
        if not text.strip():
            names = tuple(_language(each) for each in one.languages)
            yield _fault(
                one, "missing-language", place=language, language=_language(language), languages=names
            )
        yield from _length(one, text, language)


def _length(one: Field, text: str, column: str = "") -> Iterator[Fault]:
    words, characters = count_words(text), count_characters(text)
    if one.words and words > one.words:
        yield _fault(one, "words", place=column, count=words, over=words - one.words, most=one.words)
    if one.characters and characters > one.characters:
        over = characters - one.characters
        yield _fault(one, "characters", place=column, count=characters, over=over, most=one.characters)


def _number(one: Field, value: Value) -> Iterator[Fault]:
    number = money_of(value) if one.kind == "money" else decimal_of(value)
    if number is None:
        yield _fault(one, one.kind, value=str(value))
        return
    if one.fills == "months" and number != number.to_integral_value():
        yield _fault(one, "whole", value=Number(number))
    for code, bound, broken in (
        ("lowest", one.lowest, one.lowest is not None and number < one.lowest),
        ("highest", one.highest, one.highest is not None and number > one.highest),
    ):
        if broken and bound is not None:
            yield _fault(one, code, value=Number(number), bound=Number(bound))


def _date(one: Field, value: Value) -> Iterator[Fault]:
    if date_of(value) is None:
        yield _fault(one, "date", value=str(value))


def _choice(one: Field, value: Value) -> Iterator[Fault]:
    known = {choice.key for choice in one.choices}
    if known and value not in known:
        options = tuple(choice.label for choice in one.choices)
        yield _fault(one, "choice", value=str(value), options=options)


def _choices(one: Field, value: Value) -> Iterator[Fault]:
    for chosen in value:
        yield from _choice(one, chosen)
    yield from _how_many(one, len(value))


def _yes_no(one: Field, value: Value) -> Iterator[Fault]:
    if value not in ("yes", "no"):
        yield _fault(one, "choice", value=str(value), options=("yes", "no"))


def _how_many(one: Field, count: int) -> Iterator[Fault]:
    if one.least is not None and count < one.least:
        yield _fault(one, "few", count=count, least=one.least)
    if one.most is not None and count > one.most:
        yield _fault(one, "many", count=count, most=one.most)


def _table(one: Field, value: Value) -> Iterator[Fault]:
    rows = [(at, row) for at, row in enumerate(value) if not row_is_empty(row)]
    for at, row in rows:
        for column in one.columns:
            yield from _cell(one, column, str(row.get(column.key, "")), at)
    if one.fills == SHARES:
        yield from share_faults(one, rows)
    yield from _how_many(one, len(rows))


def _cell(one: Field, column: Column, text: str, at: int) -> Iterator[Fault]:
    if not text.strip():
        if column.required:
            yield _fault(one, "missing-cell", at, column.key, column=column.label)
        return
    words = count_words(text)
    if column.words and words > column.words:
        over = words - column.words
        yield _fault(
            one, "words-cell", at, column.key, column=column.label, count=words, over=over, most=column.words
        )
    asked = Field(f"{one.key}", column.kind, column.label, choices=column.choices)
    if column.kind != "text":
        for fault in _BY_KIND[column.kind](asked, text):
            yield Fault(one.key, fault.code, {**fault.values, "label": one.label}, at, column.key)


def _file(one: Field, value: Value) -> Iterator[Fault]:
    for file in value:
        ending = str(file["name"]).rpartition(".")[2].lower()
        if one.accept and ending not in one.accept:
            yield _fault(one, "file-type", name=file["name"], endings=one.accept)
        if one.most_megabytes and file["size"] > one.most_megabytes * 1024 * 1024:
            size = Number((Decimal(file["size"]) / (1024 * 1024)).quantize(Decimal("0.1")))
            yield _fault(one, "file-size", name=file["name"], size=size, most=one.most_megabytes)
    yield from _how_many(one, len(value))


def _budget(one: Field, value: Value, payees: Sequence[Payee], currency: str) -> Iterator[Fault]:
    for at, payee in enumerate(payees):
        row: Mapping[str, Any] = value.get(payee.key, {})
        yield from _amounts(one, row, payee, at)
        cost, grant = costs_of(one, row), money_of(row.get("grant", ""))
        if one.required and not cost:
            yield _fault(one, "budget-cost", at, partner=payee.name)
        if one.required and not row.get("grant"):
            yield _fault(one, "budget-grant", at, "grant", partner=payee.name)
        if grant and grant > (cost or 0):
            told = {"grant": Money(grant, currency), "cost": Money(cost or Decimal(0), currency)}
            yield _fault(one, "budget-over", at, "grant", partner=payee.name, **told)


def _amounts(one: Field, row: Mapping[str, Any], payee: Payee, at: int) -> Iterator[Fault]:
    """What stands in one partner's row and is no money."""
    columns: dict[str, object] = {each.key: each.label for each in one.columns}
    for name, text in row.items():
        if text and money_of(text) is None:
            column = columns.get(name, Term("paper", "grant"))
            yield _fault(one, "budget-money", at, name, value=str(text), partner=payee.name, column=column)


def _language(code: str) -> object:
    """A language by its name in the reader's language; by its code where no list has it."""
    return Term("language", code) if f"language.{code}" in catalogue("en") else code


_BY_KIND = {
    "text": _text,
    "paragraph": _text,
    "number": _number,
    "money": _number,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "yes-no": _yes_no,
    "table": _table,
    "file": _file,
}
