"""Answers of one form taken over into another: what fits, what fits in part, what does not and why. Pure.

A field takes the answer of the field with its key, else of one with the same question in a language both
have. What is proposed is in the shape of the target's kind; faults against the target's limits are said,
since a text that is too long is easier shortened than written anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kontor.programmes.forms.check import Payee, check_field
from kontor.programmes.forms.values import Answers, Value, is_empty, tidy
from kontor.programmes.rules.wording import sentence
from kontor.programmes.schema import Choice, Column, Field, Form


class Fit(StrEnum):
    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is left out, or what to mend: a sentence of the catalogue's `[copy]`, or a fault's."""

    key: str
    values: Mapping[str, object]

    def text(self, language: str) -> str:
        return sentence(self.key, self.values, language)


@dataclass(frozen=True, slots=True)
class Copy:
    """One line of a plan. `target` is empty where the other form asks nothing like it; `value` is what would
    be written, None where nothing fits.
    """

    source: str
    target: str
    fit: Fit
    value: Value = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """The form that answers are copied into: choices of fields that the programme fills, and how the partners
    of the source are called there ({key: key}).
    """

    form: Form
    choices: Mapping[str, tuple[Choice, ...]]
    partners: Mapping[str, str]
    payees: Sequence[Payee] = ()
    language: str = "en"


def plan_copy(source: Form, answers: Answers, target: Target) -> list[Copy]:
    """A line for each answered field of the source, in its order."""
    taken: set[str] = set()
    found = []
    for one in source.fields():
        value = answers.get(one.key)
        if one.kind == "partners" or value is None or is_empty(one, value):
            continue
        other = _counterpart(one, target.form, taken)
        if other is None:
            found.append(Copy(one.key, "", Fit.NONE, reasons=(_reason("nothing-like-it"),)))
            continue
        taken.add(other.key)
        found.append(copy_of(one, value, other, target))
    return found


def copy_of(source: Field, value: Value, other: Field, target: Target) -> Copy:
    """How one answer fits one field."""
    converted, reasons = _convert(source, value, other, target)
    if converted is None or is_empty(other, converted):
        return Copy(source.key, other.key, Fit.NONE, None, tuple(reasons) or (_reason("empty"),))
    shaped = tidy(other, converted)
    faults = [
        Reason(f"form.{fault.code}", fault.values)
        for fault in check_field(other, shaped, payees=target.payees)
        if fault.code not in _TO_ADD
    ]
    fit = Fit.PART if reasons else Fit.WHOLE
    return Copy(source.key, other.key, fit, shaped, (*reasons, *faults))


def _counterpart(one: Field, form: Form, taken: set[str]) -> Field | None:
    fields = [other for other in form.fields() if other.key not in taken]
    by_key = next((other for other in fields if other.key == one.key), None)
    if by_key is not None:
        return by_key
    return next(
        (
            other
            for other in fields
            if (one.kind, other.kind) in _LIKE
            and any(
                other.label.get(language, "").casefold() == text.casefold() != ""
                for language, text in one.label.items()
            )
        ),
        None,
    )


def _reason(key: str, **values: object) -> Reason:
    return Reason(f"copy.{key}", values)


def _convert(source: Field, value: Value, other: Field, target: Target) -> tuple[Value, list[Reason]]:
    if (source.kind, other.kind) not in _LIKE:
        return None, [_reason("kind")]
    match other.kind:
        case "text" | "paragraph":
            return _text(source, value, other, target)
        case "choice" | "choices":
            return _choices(value, other, target)
        case "table":
            return _table(source, value, other)
        case "budget":
            return _budget(source, value, other, target)
        case "file":
            return _files(value, other)
    return value, []


def _text(source: Field, value: Value, other: Field, target: Target) -> tuple[Value, list[Reason]]:
    """Between one text and one for each language; a paragraph in one line where lines are not asked."""
    told: dict[str, str] = dict(value) if isinstance(value, Mapping) else {target.language: str(value)}
    if other.kind == "text":
        told = {language: " ".join(text.split()) for language, text in told.items()}
    if other.languages:
        kept = {language: text for language, text in told.items() if language in other.languages}
        lost = tuple(language for language in told if language not in other.languages)
        return kept or None, [_reason("languages", languages=lost)] if lost else []
    chosen = target.language if target.language in told else next(iter(told), "")
    lost = tuple(language for language in told if language != chosen)
    return told.get(chosen), [_reason("languages", languages=lost)] if lost and source.languages else []


def _choices(value: Value, other: Field, target: Target) -> tuple[Value, list[Reason]]:
    wanted = value if isinstance(value, list) else [value]
    known = {choice.key for choice in other.choices or target.choices.get(other.key, ())}
    kept = [one for one in wanted if not known or one in known]
    reasons = []
    if lost := tuple(str(one) for one in wanted if one not in kept):
        reasons.append(_reason("choices", choices=lost))
    if other.kind == "choices":
        return kept, reasons
    if len(kept) > 1:
        reasons.append(_reason("one-choice"))
    return (kept[0] if kept else None), reasons


def _table(source: Field, value: Value, other: Field) -> tuple[Value, list[Reason]]:
    columns = {column.key: column for column in other.columns}
    kept = [column for column in source.columns if _same_column(column, columns.get(column.key))]
    lost = [
        column
        for column in source.columns
        if column not in kept and any(row.get(column.key) for row in value)
    ]
    rows = [
        {"id": row["id"], **{column.key: row[column.key] for column in kept if row.get(column.key)}}
        for row in value
    ]
    reasons = [_reason("columns", columns=tuple(column.label for column in lost))] if lost else []
    return [row for row in rows if len(row) > 1], reasons


def _same_column(column: Column, other: Column | None) -> bool:
    return other is not None and (other.kind == column.kind or other.kind == "text")


def _budget(source: Field, value: Value, other: Field, target: Target) -> tuple[Value, list[Reason]]:
    """Amounts of the partners that take part in both; kinds of cost by their key."""
    names = {column.key for column in other.columns} | {"grant"}
    kept = {
        target.partners[key]: {name: text for name, text in row.items() if name in names}
        for key, row in value.items()
        if key in target.partners
    }
    reasons = []
    if any(key not in target.partners and row for key, row in value.items()):
        reasons.append(_reason("partners"))
    lost = [column for column in source.columns if column.key not in names and _used(value, column.key)]
    if lost:
        reasons.append(_reason("columns", columns=tuple(column.label for column in lost)))
    return {key: row for key, row in kept.items() if row}, reasons


def _used(value: Mapping[str, Any], column: str) -> bool:
    return any(row.get(column) for row in value.values())


def _files(value: Value, other: Field) -> tuple[Value, list[Reason]]:
    """Files of a type and size that the field takes, at most as many as it takes."""
    kept = [file for file in value if _fits(file, other)]
    kept = kept[: other.most] if other.most else kept
    lost = tuple(str(file["name"]) for file in value if file not in kept)
    return kept, [_reason("files", names=lost)] if lost else []


def _fits(file: Mapping[str, Any], other: Field) -> bool:
    ending = str(file["name"]).rpartition(".")[2].lower()
    most = (other.most_megabytes or 0) * 1024 * 1024
    return (not other.accept or ending in other.accept) and (not most or file["size"] <= most)


#: What is still missing is no fault of a copy.
_TO_ADD = frozenset({"missing", "missing-cell", "missing-language", "few", "budget-cost", "budget-grant"})
_LIKE = frozenset(
    {
        *((kind, kind) for kind in ("date", "yes-no", "table", "budget", "file", "choice", "choices")),
        *((one, other) for one in ("text", "paragraph") for other in ("text", "paragraph")),
        *((one, other) for one in ("number", "money") for other in ("number", "money")),
        ("choice", "choices"),
        ("choices", "choice"),
    }
)
