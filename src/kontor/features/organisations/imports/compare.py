"""What a row would change in the organisation it is about. Pure: both sides are plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kontor.features.organisations.imports.entry import Entry

# [old, new]
Pair = list[Any]
_CONTACT_PARTS = ("name", "email", "phone", "function", "language", "consent_at", "consent_source")
_STATEMENT_PARTS = (
    "kind", "title", "text", "language", "teaser", "trl", "visibility", "valid_until", "confirmed_at",
    "codes",
)  # fmt: skip
# Where a record comes from is noted once; a later file does not claim it.
_ORIGIN = ("external_id", "source")


@dataclass(slots=True)
class Current:
    """An organisation as it is stored, in the form of an Entry. `id` 0: there is none yet.

    Contacts and statements carry their row's `id`, statements also their `key`. `member_id` is the
    membership in the run's cluster, 0 for none.
    """

    id: int = 0
    key: str = ""
    revision: int = 0
    listing: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    member_id: int = 0
    membership: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Change:
    """What differs; empty where the row changes nothing. Each value is [old, new].

    `contacts` and `statements`: (id of the row, 0 for a new one; {part: [old, new]}).
    """

    fields: dict[str, Pair] = field(default_factory=dict)
    codes: dict[str, Pair] = field(default_factory=dict)
    figures: dict[str, dict[str, Pair]] = field(default_factory=dict)
    texts: dict[str, dict[str, Pair]] = field(default_factory=dict)
    contacts: list[tuple[int, dict[str, Pair]]] = field(default_factory=list)
    statements: list[tuple[int, dict[str, Pair]]] = field(default_factory=list)
    membership: dict[str, Pair] = field(default_factory=dict)
    joins: bool = False

    def __bool__(self) -> bool:
        parts = (
            self.fields,
            self.codes,
            self.figures,
            self.texts,
            self.contacts,
            self.statements,
            self.membership,
        )
        return self.joins or any(parts)

    @property
    def touches_profile(self) -> bool:
        """Whether the organisation's own row is written (and its revision rises)."""
        return bool(self.fields or self.codes)

    def to_json(self) -> dict[str, Any]:
        names = ("fields", "codes", "figures", "texts", "contacts", "statements", "membership", "joins")
        return {name: value for name in names if (value := getattr(self, name))}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Change:
        change = cls(**data)
        change.contacts = [(int(row), parts) for row, parts in change.contacts]
        change.statements = [(int(row), parts) for row, parts in change.statements]
        return change

    def audited(self) -> dict[str, Pair]:
        """For the log, which nobody can erase: contact persons are counted, never named."""
        found = dict(self.fields)
        found.update({f"codes {scheme}": pair for scheme, pair in self.codes.items()})
        for year, figures in self.figures.items():
            found.update({f"{name} {year}": pair for name, pair in figures.items()})
        for name, languages in self.texts.items():
            found.update({f"{name} ({language})": pair for language, pair in languages.items()})
        found.update({f"member {name}": pair for name, pair in self.membership.items()})
        added = sum(1 for row, _parts in self.contacts if not row)
        if self.contacts:
            found["contacts added, changed"] = [[0, 0], [added, len(self.contacts) - added]]
        return found

    def shown(self) -> Iterator[tuple[str, Any, Any]]:
        """(technical column name, before, after) for the preview."""
        for name, (old, new) in self.fields.items():
            if name not in {"domain", "nuts_version"}:
                yield name, old, new
        yield from ((scheme, old, new) for scheme, (old, new) in self.codes.items())
        for year, figures in self.figures.items():
            yield from ((f"{name}_{year}", old, new) for name, (old, new) in figures.items())
        for name, languages in self.texts.items():
            yield from ((f"{name}_{language}", old, new) for language, (old, new) in languages.items())
        for position, (_row, parts) in enumerate(self.contacts, 1):
            yield from ((f"contact_{position}_{name}", old, new) for name, (old, new) in parts.items())
        for position, (_row, parts) in enumerate(self.statements, 1):
            kind = parts.get("kind", ["", "offer"])[1]
            for name, (old, new) in parts.items():
                if name not in {"kind", "confirmed_at"}:
                    yield (f"{kind}_{position}" + ("" if name == "text" else f"_{name}")), old, new
        yield from ((f"member_{name}", old, new) for name, (old, new) in self.membership.items())


def compare(entry: Entry, current: Current, *, today: dt.date, in_cluster: bool) -> Change:
    """`in_cluster`: the run belongs to a cluster, so the row also makes a member of it."""
    change = Change()
    if current.id:
        _compare_fields(entry, current, change)
    else:
        change.fields = _told({**entry.fields, **entry.derived})
    for scheme, wanted in entry.codes.items():
        if wanted != current.codes.get(scheme, []):
            change.codes[scheme] = [current.codes.get(scheme, []), wanted]
    _compare_figures(entry, current, change, today)
    _compare_texts(entry, current, change)
    _compare_contacts(entry, current, change)
    _compare_statements(entry, current, change)
    if in_cluster:
        _compare_membership(entry, current, change)
    return change


def _told(values: dict[str, Any]) -> dict[str, Pair]:
    """What is said where nothing is stored yet."""
    return {name: [None, new] for name, new in values.items() if new is not None and new != ""}


def _compare_fields(entry: Entry, current: Current, change: Change) -> None:
    for name, new in entry.fields.items():
        old = current.fields.get(name)
        if not same(old, new) and not (name in _ORIGIN and current.fields.get("external_id")):
            change.fields[name] = [old, new]
    _add_derived(entry, current, change)


def _add_derived(entry: Entry, current: Current, change: Change) -> None:
    """Region and coordinates follow a new address; what is there already is left as people made it."""
    moved = any(name in change.fields for name in ("country", "postcode", "place"))
    for name, new in entry.derived.items():
        old = current.fields.get(name)
        if moved and name != "language" and not same(old, new):
            change.fields[name] = [old, new]


def same(old: Any, new: Any) -> bool:
    """Whether storing `new` over `old` would change anything a person can see."""
    if old == new:
        return True
    if isinstance(old, str) and isinstance(new, str):
        return old.replace("\r\n", "\n").replace("\r", "\n").strip() == new or " ".join(old.split()) == new
    return old in (None, "") and new in (None, "")


def _compare_figures(entry: Entry, current: Current, change: Change, today: dt.date) -> None:
    for year, figures in _by_year(entry, current, today).items():
        old = current.figures.get(year, {})
        differing = {name: [old.get(name), new] for name, new in figures.items() if old.get(name) != new}
        if differing:
            change.figures[year] = differing


def _by_year(entry: Entry, current: Current, today: dt.date) -> dict[str, dict[str, str]]:
    """The row's figures, those without a year put into theirs; one that names its year goes first."""
    found = {year: figures for year, figures in entry.figures.items() if year}
    if undated := entry.figures.get(""):
        year = _year_of(undated, current, today)
        found[year] = {**undated, **found.get(year, {})}
    return found


def _year_of(figures: dict[str, str], current: Current, today: dt.date) -> str:
    """The year that figures without one belong to: one that has just these, else the last full year."""
    for year, known in sorted(current.figures.items(), reverse=True):
        if all(known.get(name) == value for name, value in figures.items()):
            return year
    return str(today.year - 1)


def _compare_texts(entry: Entry, current: Current, change: Change) -> None:
    language = entry.fields.get("language") or current.fields.get("language")
    for name, languages in entry.texts.items():
        for code, new in languages.items():
            old = current.texts.get(name, {}).get(code)
            if code != language and not same(old, new):
                change.texts.setdefault(name, {})[code] = [old, new]


def _compare_contacts(entry: Entry, current: Current, change: Change) -> None:
    """A contact is known by e-mail address, else by name; what the row does not name is left alone."""
    by_mail = {c["email"].casefold(): c for c in current.contacts if c.get("email")}
    by_name = {c["name"].casefold(): c for c in current.contacts}
    for contact in entry.contacts:
        known = (
            by_mail.get(contact.get("email", "").casefold()) or by_name.get(contact["name"].casefold()) or {}
        )
        parts = _differing(contact, known, _CONTACT_PARTS)
        if parts:
            change.contacts.append((known.get("id", 0), parts))


def _compare_statements(entry: Entry, current: Current, change: Change) -> None:
    """A statement is known by its key, else by kind and text. Others of the organisation are left alone."""
    by_key = {s["key"]: s for s in current.statements}
    by_text = {(s["kind"], _squeezed(s["text"])): s for s in current.statements}
    for statement in entry.statements:
        text = _squeezed(statement.get("text", ""))
        known = by_key.get(statement.get("key", "")) or by_text.get((statement["kind"], text)) or {}
        if not known and not text:
            continue
        parts = _differing(statement, known, _STATEMENT_PARTS)
        if known:
            parts.pop("confirmed_at", None)
        elif "language" not in parts:
            parts["language"] = [None, statement.get("language_guess", "en")]
        if parts:
            change.statements.append((known.get("id", 0), parts))


def _differing(new: dict[str, Any], old: dict[str, Any], names: tuple[str, ...]) -> dict[str, Pair]:
    if not old:
        return _told({name: new[name] for name in names if name in new})
    return {
        name: [old.get(name), new[name]]
        for name in names
        if name in new and not same(old.get(name), new[name])
    }


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _compare_membership(entry: Entry, current: Current, change: Change) -> None:
    """A membership that ended is begun anew, unless the row speaks of just that one."""
    until = entry.membership.get("until")
    ended = not current.member_id
    if ended and until and until == current.membership.get("until"):
        return
    change.joins = ended
    for name, new in entry.membership.items():
        old = None if ended else current.membership.get(name)
        if old != new:
            change.membership[name] = [old, new]
