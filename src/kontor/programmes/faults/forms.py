"""Forms of a programme file: keys, kinds and what depends on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from kontor.programmes.faults.fault import Check, Fault, one_of, stands_often, unknown
from kontor.programmes.forms.themes import ASKED, SHARES
from kontor.programmes.lines import Path
from kontor.programmes.messages import Message
from kontor.programmes.messages import message as _
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
            if (field.kind in ("table", "budget") and field.fills != SHARES) != bool(field.columns):
                yield path, *_missing_or_spare(bool(field.columns), field.kind, "field.column")
            for place, column in enumerate(field.columns):
                if (column.kind == "choice") != bool(column.choices):
                    wrong = _missing_or_spare(bool(column.choices), column.kind, "field.column.choice")
                    yield (*path, "column", place), *wrong
            yield from _bounds(field, path)
            if field.fills and field.kind not in FILLS[field.fills]:
                message = _("cannot be filled by the kind '{kind}'.", kind=field.kind)
                yield (*path, "fills"), message, one_of(FILLS[field.fills])


def conditions_can_be_met(programme: Programme) -> Iterator[Fault]:
    """A condition names an earlier field that is chosen from, and answers that it has."""
    for at, form in enumerate(programme.forms):
        before: dict[str, tuple[str, ...]] = {}
        for field, _step, path in _fields(form, at):
            if field.shown_when:
                place: Path = (*path, "shown_when")
                known = before.get(field.shown_when.field)
                if known is None:
                    yield (*place, "field"), *_no_earlier(field.shown_when.field, before)
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
                yield path, _("is a second field of the kind '{kind}'.", kind=kind), _("Keep one of them.")
        for name in FILLS:
            found = [path for field, _step, path in _fields(form, at) if field.fills == name]
            for path in found[1:]:
                yield path, _("is a second field that fills '{name}'.", name=name), _("Keep one of them.")
        steps = [section.step for section in form.sections]
        for place, (one, following) in enumerate(pairwise(steps)):
            if following < one:
                path = ("form", at, "section", place + 1, "step")
                message = _("comes after a section of step 2.")
                yield path, message, _("Put the sections of step 1 first.")


def several_themes_are_asked_about(programme: Programme) -> Iterator[Fault]:
    """Where the applicant says which theme pays, each form that asks for themes asks for that too, after
    them. The default form does so by itself.
    """
    wanted = ASKED.get(programme.several_themes, "")
    for at, form in enumerate(programme.forms):
        places = {
            field.fills: (number, path) for number, (field, _step, path) in enumerate(_fields(form, at))
        }
        themes = places.get("themes")
        if wanted and themes and wanted not in places:
            message = _("asks for themes, but not which of them pays ('{fills}').", fills=wanted)
            remedy = _('Add a field with fills = "{fills}", or change several_themes.', fills=wanted)
            yield ("form", at), message, remedy
        for fills in ASKED.values():
            if fills in places and (themes is None or places[fills][0] < themes[0]):
                message = _("is about themes that no earlier field asks for.")
                yield places[fills][1], message, _('Put it after a field with fills = "themes".')


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
    several_themes_are_asked_about,
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
            yield (*path, "key"), *stands_often(key, counts[key])
        seen.add(key)


def _missing_or_spare(there: bool, kind: str, table: str) -> tuple[Message, Message]:
    name = f"form.section.{table}"
    if there:
        wrong = _("has entries that the kind '{kind}' does not use.", kind=kind)
        return wrong, _("Take out its [[{table}]].", table=name)
    return _("has nothing to choose from or to fill in."), _("Add a [[{table}]].", table=name)


def _no_earlier(field: str, before: Collection[str]) -> tuple[Message, Message]:
    """A condition about a field that does not come before, or that nobody chooses from."""
    wrong = _("names '{field}', which is no earlier field to choose from.", field=field)
    return wrong, one_of(before) if before else _("Put such a field before it.")


def _bounds(field: Field, path: Path) -> Iterator[Fault]:
    if field.lowest is not None and field.highest is not None and field.lowest > field.highest:
        yield (*path, "lowest"), _("is more than the highest."), _("Lower it.")
    if field.least is not None and field.most is not None and field.least > field.most:
        yield (*path, "least"), _("is more than the most."), _("Lower it.")
    if field.words and field.kind not in ("text", "paragraph"):
        yield (*path, "words"), _("limits no field of the kind '{kind}'.", kind=field.kind), _("Take it out.")
    if field.languages and field.kind not in ("text", "paragraph"):
        message = _("cannot be asked of the kind '{kind}'.", kind=field.kind)
        yield (*path, "languages"), message, _("Take it out.")
