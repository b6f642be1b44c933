"""What will happen to each row: new, change, same or refused. Reads the directory, changes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.utils import timezone

from kontor.base import beside
from kontor.features.organisations.imports.compare import Change, Current, compare
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.existing import Known, editable, load, match
from kontor.features.organisations.imports.problems import Problem
from kontor.features.organisations.models import Listing
from kontor.features.organisations.teasers import revealing_part

NEW: Final = "new"
CHANGE: Final = "change"
SAME: Final = "same"
REFUSED: Final = "refused"
BATCH: Final = 1_000
# Identifiers that two organisations of the directory may have in common.
_SHARED: Final = frozenset({"register", "external"})

# What a row for a new organisation is compared with. Never changed.
_NOBODY: Final = Current()


@dataclass(slots=True)
class Step:
    """One row, what it is about and what it does. `change` is empty unless `action` is new or change."""

    entry: Entry
    action: str
    current: Current
    change: Change


@dataclass(slots=True)
class Planner:
    """Plans rows batch by batch; remembers what the file itself has named before.

    `with_new` False leaves out what a new organisation will hold: a preview only counts it.
    `user` None may change everything (the command line). `cluster_id` is the cluster the rows join, 0 for
    none. `created`: organisations that this very run made; no row is about one of them, or the same file
    would mean one thing before it is written and another while it is.
    """

    user: Any = None
    cluster_id: int = 0
    with_new: bool = True
    today: dt.date = field(default_factory=timezone.localdate)
    counts: Counter[str] = field(default_factory=Counter)
    created: set[int] = field(default_factory=set)
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)
    _names: dict[str, tuple[int, bool]] = field(default_factory=dict)
    _about: dict[int, int] = field(default_factory=dict)

    def plan(self, entries: Iterable[Entry]) -> Iterator[list[Step]]:
        for batch in batches(entries):
            steps = self._plan_batch(batch)
            self.counts.update(step.action for step in steps)
            yield steps

    def _plan_batch(self, entries: Sequence[Entry]) -> list[Step]:
        for entry in entries:
            self._refuse_twins(entry)
        sound = [entry for entry in entries if not entry.refused]
        # What this run inserts is not looked for, so the inserts of the batch before may follow.
        with beside.undisturbed():
            matches = match(sound, besides=self.created)
            ids = {known.id for hits in matches.values() for known in hits.values()}
            allowed = editable(ids, self.user) if ids else set()
            stored = load(sorted(ids), self.cluster_id) if ids else {}
        return [self._step(entry, matches.get(entry.number, {}), stored, allowed) for entry in entries]

    def _step(
        self, entry: Entry, hits: dict[str, Known], stored: dict[int, Current], allowed: set[int]
    ) -> Step:
        current = _NOBODY if entry.refused else self._about_whom(entry, hits, stored, allowed)
        if current.id:
            _refuse_telling_teasers(entry, current)
        if entry.fields.get("listing") == Listing.WITHDRAWN != current.listing:
            _refuse(entry, "withdrawn_here", entry.label)
        if entry.refused:
            return Step(entry, REFUSED, current, Change())
        if not current.id and not self.with_new:
            return Step(entry, NEW, current, Change())
        joins = self.cluster_id != 0 and current.id != self.cluster_id
        change = compare(entry, current, today=self.today, in_cluster=joins)
        if not current.id:
            return Step(entry, NEW, current, change)
        if change and current.listing == Listing.WITHDRAWN:
            _refuse(entry, "not_yours", entry.label)
            return Step(entry, REFUSED, current, Change())
        return Step(entry, CHANGE if change else SAME, current, change)

    def _about_whom(
        self, entry: Entry, hits: dict[str, Known], stored: dict[int, Current], allowed: set[int]
    ) -> Current:
        """The organisation the row is about, an empty one for a new one. Adds problems to the row."""
        known = _chosen(entry, hits, allowed)
        if known is None:
            return _NOBODY
        if known.merged_into:
            _refuse(entry, "merged_away", entry.key, kept=known.merged_into)
            return _NOBODY
        withdrawn = known.id in stored and stored[known.id].listing == Listing.WITHDRAWN
        # By its key alone, and then only as it is: an export that holds it can be read back.
        if known.id not in allowed or (withdrawn and not entry.key) or known.archived:
            _refuse(entry, "not_yours", entry.label)
            return _NOBODY
        first = self._about.setdefault(known.id, entry.number)
        if first != entry.number:
            _refuse(entry, "twice_organisation", entry.label, row=str(first))
            return _NOBODY
        return stored[known.id]

    def _refuse_twins(self, entry: Entry) -> None:
        """Two rows of the file that name the same thing: the second is refused.

        Rows with a key are told apart by it: stored organisations may share a number that is not unique.
        """
        numbered = False
        for what, value in _identifiers(entry):
            numbered = True
            first = self._seen.setdefault((what, value), entry.number)
            if first != entry.number and not (entry.key and what in _SHARED):
                _refuse(entry, f"twice_{what}", value, row=str(first))
                return
        name = _named(entry)
        first, other_numbered = self._names.setdefault(name, (entry.number, numbered))
        if name and first != entry.number and not (numbered and other_numbered):
            _refuse(entry, "twice_name", entry.label, row=str(first))


def _chosen(entry: Entry, hits: dict[str, Known], allowed: set[int]) -> Known | None:
    if entry.key and "key" not in hits:
        _refuse(entry, "key_bad", entry.key)
        return None
    sure = [
        hits[criterion] for criterion in ("key", "vat", "pic", "register", "external") if criterion in hits
    ]
    if not sure:
        return hits.get("name")
    numbered = {known.id for criterion, known in hits.items() if criterion in {"key", "vat", "pic"}}
    if len(numbered) > 1:
        other = next(known for known in sure if known.id != sure[0].id)
        if {sure[0].id, other.id} <= allowed:
            _refuse(entry, "two_matches", entry.label, first=sure[0].name, second=other.name)
        else:
            # The other one may be hidden: whoever guesses a number must not learn whose it is.
            _refuse(entry, "two_matches_hidden", entry.label)
        return None
    return sure[0]


def _refuse_telling_teasers(entry: Entry, current: Current) -> None:
    """A row with a key need not say whose it is: its teasers are held against what is stored, too."""
    names = [
        current.fields["name"],
        current.fields["short_name"],
        *(each["name"] for each in current.contacts),
    ]
    for statement in entry.statements:
        found = revealing_part(statement.get("teaser") or "", names, current.fields["domain"] or "")
        if found:
            _refuse(entry, "teaser_reveals", found)


def _identifiers(entry: Entry) -> Iterator[tuple[str, str]]:
    fields = entry.fields
    if entry.key:
        yield "key", entry.key
    for what in ("vat", "pic"):
        if fields.get(what):
            yield what, fields[what]
    country = fields.get("country", "")
    if fields.get("register_number"):
        yield "register", f"{country} {fields['register_number']}"
    if fields.get("external_id"):
        yield "external", f"{fields.get('source', '')} {fields['external_id']}"


def _named(entry: Entry) -> str:
    """Country, name and place of a row as one text; "" for a row that gives no name."""
    fields = entry.fields
    if not fields.get("name"):
        return ""
    place = fields.get("place") or fields.get("domain") or ""
    return f"{fields.get('country', '')} {entry.name_key} {place.casefold()}"


def _refuse(entry: Entry, code: str, value: str, **params: str) -> None:
    entry.problems.append(Problem(code, str(entry.number), "", value[:300], params))


def batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
