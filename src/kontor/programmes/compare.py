"""Two versions of a programme compared in words, so that nobody needs to read two files side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kontor.programmes.rules import REGISTRY, Sentence
from kontor.programmes.rules.wording import Number, Term
from kontor.programmes.schema import Area, Form, Instrument, Programme, RuleUse, Texts

#: What a new version always changes, or what follows from the rest.
_SILENT = {"version", "extends", "variants", "path", "key"}


def compare(old: Programme, new: Programme) -> list[Sentence]:
    """What changes from `old` to `new`, in the order of the schema; empty where nothing does."""
    return list(_entry(old, new, "", (old, new)))


def _entry(old: Any, new: Any, of: object, whole: tuple[Programme, Programme]) -> Iterator[Sentence]:
    """Every field of two entries of the same class; `of` is what they are called, "" the programme itself."""
    for field in fields(old):
        if field.name in _SILENT:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if field.name == "rules":
            yield from _rules(old, new, of, whole)
        elif field.name == "areas":
            yield from _areas(before, after)
        elif field.name == "forms":
            yield from _forms(before, after)
        elif _keyed(before) and _keyed(after):
            yield from _entries(field.name, before, after, of, whole)
        elif is_dataclass(before) and is_dataclass(after):
            yield from _entry(before, after, of or Term("label", field.name), whole)
        else:
            yield _changed(field.name, before, after, of)


def _changed(name: str, before: Any, after: Any, of: object) -> Sentence:
    values = {"what": Term("label", name), "of": of, "before": _shown(before), "after": _shown(after)}
    suffix = "" if of else "-own"
    if isinstance(before, Texts | dict):
        return Sentence(f"diff.reworded{suffix}", values)
    if is_dataclass(before) or is_dataclass(after) or _entries_of(before) or _entries_of(after):
        return Sentence(f"diff.other{suffix}", values)
    if _nothing(before) or _nothing(after):
        return Sentence(f"diff.{'set' if _nothing(before) else 'unset'}{suffix}", values)
    if isinstance(before, Decimal | int) and not isinstance(before, bool):
        return Sentence(f"diff.{'rises' if after > before else 'falls'}{suffix}", values)
    return Sentence(f"diff.changes{suffix}", values)


def _entries(
    name: str, before: Sequence[Any], after: Sequence[Any], of: object, whole: tuple[Programme, Programme]
) -> Iterator[Sentence]:
    """Entries of a list by their key: gone, new, changed."""
    old, new = {_key(entry): entry for entry in before}, {_key(entry): entry for entry in after}
    kind = Term("kind", name)
    for key in old:
        if key not in new:
            yield Sentence("diff.gone", {"kind": kind, "name": _called(old[key])})
    for key, entry in new.items():
        if key not in old:
            yield Sentence("diff.new", {"kind": kind, "name": _called(entry)})
        else:
            yield from _entry(old[key], entry, _called(entry), whole)


def _rules(
    old: Instrument, new: Instrument, of: object, whole: tuple[Programme, Programme]
) -> Iterator[Sentence]:
    """Rules are quoted in full; those that a ceiling, rate or months are by themselves are told there."""
    before, after = _stated(old), _stated(new)
    for key, use in before.items():
        if key not in after:
            yield Sentence("diff.rule-gone", {"of": of, "rule": _quoted(use, whole[0])})
    for key, use in after.items():
        quoted = _quoted(use, whole[1])
        if key not in before:
            yield Sentence("diff.rule-new", {"of": of, "rule": quoted})
        elif before[key] != use:
            same = (before[key].values, before[key].preference) == (use.values, use.preference)
            name = "diff.rule-reworded" if same else "diff.rule-changed"
            yield Sentence(name, {"of": of, "before": _quoted(before[key], whole[0]), "rule": quoted})


def _stated(instrument: Instrument) -> dict[str, RuleUse]:
    own = {"project_ceiling", "grant_ceiling", "rate", "most_months"}
    return {use.key: use for use in instrument.rules if not use.path or use.path[-1] not in own}


def _quoted(use: RuleUse, programme: Programme) -> Sentence | Texts:
    if use.text:
        return use.text
    said = REGISTRY[use.rule].said(programme, use)
    return Sentence("diff.preferred", {"rule": said}) if use.preference else said


def _areas(before: tuple[Area, ...], after: tuple[Area, ...]) -> Iterator[Sentence]:
    """Regions by area and NUTS vintage."""
    old, new = ({(a.key, a.version): a for a in areas} for areas in (before, after))
    for name in dict.fromkeys([*old, *new]):
        had, has = (set(side[name].nuts) if name in side else set() for side in (old, new))
        called = (new.get(name) or old[name]).name or Term("area", "programme")
        for key, codes in (("area-more", has - had), ("area-less", had - has)):
            if codes:
                regions = tuple(sorted(codes))
                yield Sentence(f"diff.{key}", {"area": called, "regions": regions, "version": name[1]})


def _shown(value: Any) -> object:
    """A value as sentences show it: amounts and counts as numbers, dates in ISO form, texts as they are."""
    if isinstance(value, bool):
        return Term("flag", str(value).lower())
    if isinstance(value, Decimal | int):
        return Number(Decimal(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str | Texts) else ""


def _key(entry: Any) -> object:
    for name in ("key", "path", "value", "source", "days"):
        if hasattr(entry, name):
            return getattr(entry, name)
    return entry


def _called(entry: Any) -> object:
    name = getattr(entry, "name", None) or getattr(entry, "text", None)
    return name or str(_key(entry))


def _keyed(value: object) -> bool:
    """Whether it is a list of entries, or an empty one."""
    return isinstance(value, tuple) and all(is_dataclass(item) for item in value)


def _entries_of(value: object) -> bool:
    return isinstance(value, tuple) and any(is_dataclass(item) for item in value)


def _nothing(value: object) -> bool:
    return value is None or value in ("", ())


def _forms(before: Sequence[Form], after: Sequence[Form]) -> Iterator[Sentence]:
    """What is asked is told as a whole: applicants see the form of their own call."""
    old, new = {form.key: form for form in before}, {form.key: form for form in after}
    for key in old:
        if key not in new:
            yield Sentence("diff.gone", {"kind": Term("kind", "form"), "name": key})
    for key, form in new.items():
        if key not in old:
            yield Sentence("diff.new", {"kind": Term("kind", "form"), "name": key})
        elif old[key] != form:
            yield from _questions(old[key], form)


def _questions(old: Form, new: Form) -> Iterator[Sentence]:
    before = {field.key: field for field in old.fields()}
    after = {field.key: field for field in new.fields()}
    gone = tuple(field.label for key, field in before.items() if key not in after)
    added = tuple(field.label for key, field in after.items() if key not in before)
    changed = tuple(field.label for key, field in after.items() if key in before and before[key] != field)
    for name, labels in (("gone", gone), ("new", added), ("changed", changed)):
        if labels:
            yield Sentence(f"diff.form-{name}", {"form": new.key, "fields": labels})
    if not gone and not added and not changed:
        yield Sentence("diff.form-arranged", {"form": new.key})
