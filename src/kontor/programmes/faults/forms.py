"""Forms of a programme file: keys, kinds and what depends on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kontor.programmes.faults.fault import Check, Fault, unknown
from kontor.programmes.lines import Path
from kontor.programmes.schema import FILLS, YES_NO, Field, Form, Programme

_CHOOSING = ("choice", "choices")
_ONCE = ("budget", "partners")


def form_keys_are_unique(programme: Programme) -> Iterator[Fault]:
    """Forms, sections and fields: a field's key stands once in the whole form, over both steps."""
    yield from _repeated([(form.key, ("form", at)) for at, form in enumerate(programme.forms)])
    for at, form in enumerate(programme.forms):
        sections = [(one.key, ("form", at, "section", place)) for place, one in enumerate(form.sections)]
        yield from _repeated(sections)
        yield from _repeated([(field.key, path) for field, _step, path in _fields(form, at)])


def fields_have_what_their_kind_needs(programme: Programme) -> Iterator[Fault]:
    """Choices to choose from, columns of a table, kinds of cost of a budget; limits that can be kept."""
    for at, form in enumerate(programme.forms):
        for field, _step, path in _fields(form, at):
            if (field.kind in _CHOOSING) != bool(field.choices) and not field.fills:
                yield path, *_missing_or_spare(bool(field.choices), field.kind, "field.choice")
            if (field.kind in ("table", "budget")) != bool(field.columns):
                yield path, *_missing_or_spare(bool(field.columns), field.kind, "field.column")
            for place, column in enumerate(field.columns):
                if (column.kind == "choice") != bool(column.choices):
                    wrong = _missing_or_spare(bool(column.choices), column.kind, "field.column.choice")
                    yield (*path, "column", place), *wrong
            yield from _bounds(field, path)
            if field.fills and field.kind not in FILLS[field.fills]:
                kinds = " or ".join(FILLS[field.fills])
                yield (*path, "fills"), f"cannot be filled by the kind {field.kind!r}.", f"Take {kinds}."


def conditions_can_be_met(programme: Programme) -> Iterator[Fault]:
    """A condition names an earlier field that is chosen from, and answers that it has."""
    for at, form in enumerate(programme.forms):
        before: dict[str, tuple[str, ...]] = {}
        for field, _step, path in _fields(form, at):
            if field.shown_when:
                place: Path = (*path, "shown_when")
                known = before.get(field.shown_when.field)
                if known is None:
                    message = f"names {field.shown_when.field!r}, which is no earlier field to choose from."
                    yield (*place, "field"), message, f"Take one of {', '.join(before) or 'none so far'}."
                else:
                    for value in field.shown_when.values:
                        yield from unknown((*place, "values"), value, known, "form.section.field.choice")
            if field.kind == "yes-no":
                before[field.key] = YES_NO
            elif field.kind in _CHOOSING:
                before[field.key] = tuple(choice.key for choice in field.choices)


def forms_run_forward(programme: Programme) -> Iterator[Fault]:
    """Budget and partners stand once; what fills a fact stands once; step 2 comes after step 1."""
    for at, form in enumerate(programme.forms):
        for kind in _ONCE:
            found = [path for field, _step, path in _fields(form, at) if field.kind == kind]
            for path in found[1:]:
                yield path, f"is a second field of the kind {kind!r}.", "Keep one of them."
        for name in FILLS:
            found = [path for field, _step, path in _fields(form, at) if field.fills == name]
            for path in found[1:]:
                yield path, f"is a second field that fills {name!r}.", "Keep one of them."
        steps = [section.step for section in form.sections]
        for place, (one, following) in enumerate(pairwise(steps)):
            if following < one:
                path = ("form", at, "section", place + 1, "step")
                yield path, "comes after a section of step 2.", "Put the sections of step 1 first."


def instruments_have_their_form(programme: Programme) -> Iterator[Fault]:
    """An instrument that names a form finds it."""
    known = [form.key for form in programme.forms]
    for at, instrument in enumerate(programme.instruments):
        yield from unknown(("instrument", at, "form"), instrument.form, known, "form")


CHECKS: tuple[Check, ...] = (
    form_keys_are_unique,
    fields_have_what_their_kind_needs,
    conditions_can_be_met,
    forms_run_forward,
    instruments_have_their_form,
)


def _fields(form: Form, at: int) -> Iterator[tuple[Field, int, Path]]:
    for place, section in enumerate(form.sections):
        for number, field in enumerate(section.fields):
            yield field, section.step, ("form", at, "section", place, "field", number)


def _repeated(keys: Sequence[tuple[str, Path]]) -> Iterator[Fault]:
    counts = Counter(key for key, _path in keys)
    seen: set[str] = set()
    for key, path in keys:
        if key in seen:
            yield (*path, "key"), f"{key!r} stands {counts[key]} times.", "Give each its own key."
        seen.add(key)


def _missing_or_spare(there: bool, kind: str, table: str) -> tuple[str, str]:
    if there:
        return f"has entries that the kind {kind!r} does not use.", f"Take out its [[form.section.{table}]]."
    return "has nothing to choose from or to fill in.", f"Add a [[form.section.{table}]]."


def _bounds(field: Field, path: Path) -> Iterator[Fault]:
    if field.lowest is not None and field.highest is not None and field.lowest > field.highest:
        yield (*path, "lowest"), "is more than the highest.", "Lower it."
    if field.least is not None and field.most is not None and field.least > field.most:
        yield (*path, "least"), "is more than the most.", "Lower it."
    if field.words and field.kind not in ("text", "paragraph"):
        yield (*path, "words"), f"limits no field of the kind {field.kind!r}.", "Take it out."
    if field.languages and field.kind not in ("text", "paragraph"):
        yield (*path, "languages"), f"cannot be asked of the kind {field.kind!r}.", "Take it out."
