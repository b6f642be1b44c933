"""Answers in words: for the preview, the receipt, the versions and whoever only reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from kontor.features.calls.writing.fields import language
from kontor.programmes.forms import Choice, Field, Form, decimal_of, is_shown
from kontor.programmes.forms.values import date_of, row_is_empty
from kontor.programmes.rules.wording import catalogue


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer: a text, several texts by language, or a table with a head."""

    label: str
    text: str = ""
    texts: tuple[tuple[str, str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.texts or self.rows)


@dataclass(frozen=True, slots=True)
class ShownSection:
    title: str
    answers: tuple[Shown, ...]


def shown_sections(
    form: Form, answers: Mapping[str, Any], step: int, partners: Sequence[Mapping[str, Any]]
) -> list[ShownSection]:
    """Every section up to the step. `partners` as in a snapshot: key, name, country, role."""
    found = []
    for section in form.sections:
        if section.step > step:
            continue
        told = tuple(
            shown(one, answers.get(one.key), partners)
            for one in section.fields
            if is_shown(form, one, answers)
        )
        found.append(ShownSection(section.title.best(language()), told))
    return found


def shown(one: Field, value: Any, partners: Sequence[Mapping[str, Any]] = ()) -> Shown:
    """The answer to one field in the reader's language."""
    label = one.label.best(language())
    match one.kind:
        case "partners":
            return _partners(label, partners)
        case "budget":
            return _budget(one, label, value or {}, partners)
        case "table":
            return _table(one, label, value or [])
        case "file":
            return Shown(label, text=", ".join(str(file["name"]) for file in value or ()))
        case "choices":
            return Shown(label, text=", ".join(_chosen(one.choices, key) for key in value or ()))
    if one.languages:
        return _texts(one, label, value or {})
    return Shown(label, text=_plain(one, str(value or "")))


def _plain(one: Field, value: str) -> str:
    if one.kind == "choice":
        return _chosen(one.choices, value)
    if one.kind == "yes-no":
        return {"yes": _("yes"), "no": _("no")}.get(value, value)
    return _typed(one.kind, value)


def _typed(kind: str, value: str) -> str:
    if kind == "date" and (day := date_of(value)):
        return date_format(day, "DATE_FORMAT")
    number = decimal_of(value) if kind in ("number", "money") and value else None
    if number is None:
        return value
    return amount(number) if kind == "money" else str(number_format(number, force_grouping=True))


def amount(number: Decimal) -> str:
    """Exact to the cent, digits grouped as the reader's language does."""
    return str(number_format(number, decimal_pos=2, force_grouping=True))


def _chosen(choices: Sequence[Choice], key: str) -> str:
    return next((one.label.best(language()) for one in choices if one.key == key), key)


def _texts(one: Field, label: str, value: Mapping[str, str]) -> Shown:
    names = catalogue(language())
    told = tuple(
        (each, names.get(f"language.{each}", each), value[each]) for each in one.languages if value.get(each)
    )
    return Shown(label, texts=told)


def _table(one: Field, label: str, value: Sequence[Mapping[str, str]]) -> Shown:
    head = tuple(column.label.best(language()) for column in one.columns)
    rows = tuple(
        tuple(
            _chosen(column.choices, row.get(column.key, ""))
            if column.kind == "choice"
            else _typed(column.kind, row.get(column.key, ""))
            for column in one.columns
        )
        for row in value
        if not row_is_empty(row)
    )
    return Shown(label, head=head, rows=rows)


def _partners(label: str, partners: Sequence[Mapping[str, Any]]) -> Shown:
    head = (_("Organisation"), _("Country"), _("Role"))
    rows = tuple((one["name"], one["country"], one["role"]) for one in partners)
    return Shown(label, head=head, rows=rows)


def _budget(one: Field, label: str, value: Mapping[str, Any], partners: Sequence[Mapping[str, Any]]) -> Shown:
    columns = [(column.key, column.label.best(language())) for column in one.columns]
    columns.append(("grant", _("Grant asked for")))
    head = (_("Organisation"), *(name for _key, name in columns), _("Cost in all"))
    rows, sums = [], [Decimal(0)] * (len(columns) + 1)
    for partner in partners:
        told = value.get(partner["key"], {})
        numbers = [decimal_of(told.get(key, "")) for key, _name in columns]
        total = sum((number for number in numbers[:-1] if number), Decimal(0))
        if not any(numbers):
            continue
        rows.append((partner["name"], *(amount(n) if n is not None else "–" for n in numbers), amount(total)))
        sums = [was + (now or 0) for was, now in zip(sums, [*numbers, total], strict=True)]
    if rows:
        rows.append((_("In all"), *(amount(each) for each in sums)))
    return Shown(label, head=head, rows=tuple(rows), numeric=True)
