"""The rows that hang on an organisation, gathered over a batch and saved with one statement a table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.bulk import insert_values, reserve_keys
from kontor.base.keys import new_key
from kontor.base.models import Text, TextOrigin
from kontor.base.texts import set_text
from kontor.features.organisations.imports.compare import Change, Pair
from kontor.features.organisations.models import (
    ContactPerson,
    Membership,
    Organisation,
    OrganisationCode,
    Statement,
    StatementCode,
    YearFigures,
)

_DATES = frozenset({"valid_until", "since", "until"})
_MOMENTS = frozenset({"consent_at", "confirmed_at"})


def stored_value(name: str, value: Any) -> Any:
    """A value of an Entry (plain JSON) as the model wants it."""
    if value is None:
        return None if name in _DATES or name in _MOMENTS or name == "trl" else ""
    if name in _DATES:
        return dt.date.fromisoformat(value)
    if name in _MOMENTS:
        noon = dt.datetime.combine(dt.date.fromisoformat(value[:10]), dt.time(12))
        return timezone.make_aware(noon)
    return value


class Made(NamedTuple):
    """An organisation that the same batch inserts: what the rows that hang on it need."""

    pk: int
    key: str
    name: str
    language: str
    revision: int = 1


Owner = Organisation | Made


@dataclass(slots=True)
class Rows:
    """Collect first, then `save`. `noted` holds the log's rows about statements.

    Statements of an organisation that the same row creates stand in that organisation's row of the log.
    """

    actor: Actor
    now: dt.datetime
    noted: list[tuple[str, SubjectRef, dict[str, Any]]] = field(default_factory=list)
    _new: dict[type[Model], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    # New statements' places in `_new[Statement]` with their codes, until they have primary keys.
    _coded: list[tuple[int, list[str]]] = field(default_factory=list)

    def codes(self, organisation: Owner, change: Change) -> None:
        for scheme, (old, new) in change.codes.items():
            gone = set(old or ()) - set(new)
            if gone:
                stored = OrganisationCode.objects.filter(organisation_id=organisation.pk, scheme=scheme)
                stored.filter(code__in=gone).delete()
            self._new[OrganisationCode] += [
                {"organisation_id": organisation.pk, "scheme": scheme, "code": code}
                for code in new
                if code not in (old or ())
            ]

    def figures(self, organisation: Owner, change: Change, *, fresh: bool) -> None:
        for year, figures in change.figures.items():
            values = {
                name: Decimal(new) if new is not None else None for name, (_old, new) in figures.items()
            }
            updated = not fresh and _figures(organisation, year).update(**values)
            if not updated:
                new = {"organisation_id": organisation.pk, "year": int(year), **values}
                self._new[YearFigures].append(new)

    def texts(self, organisation: Owner, change: Change) -> None:
        for name, languages in change.texts.items():
            for language, (old, new) in languages.items():
                if old is None:
                    self._new[Text].append(_text(organisation, name, language, new))
                else:
                    set_text(Organisation(pk=organisation.pk), name, language, new or "", TextOrigin.HUMAN)

    def contacts(self, organisation: Owner, change: Change) -> None:
        for row, parts in change.contacts:
            values = {name: stored_value(name, new) for name, (_old, new) in parts.items()}
            if row:
                ContactPerson.objects.filter(pk=row, organisation_id=organisation.pk).update(**values)
            else:
                values.setdefault("language", organisation.language)
                self._new[ContactPerson].append({"organisation_id": organisation.pk, **values})

    def statements(self, organisation: Owner, change: Change, *, fresh: bool) -> None:
        for row, parts in change.statements:
            codes: Pair = parts.get("codes", [[], []])
            values = {n: stored_value(n, new) for n, (_old, new) in parts.items() if n != "codes"}
            values["confirmed_by"] = self.actor.label[:200]
            values.setdefault("confirmed_at", self.now)
            if row:
                self._change_statement(row, values, codes, parts)
            else:
                self._add_statement(organisation, values, codes[1])
                if not fresh:
                    self._note("statement.added", self._new[Statement][-1], parts)

    def _add_statement(self, organisation: Owner, values: dict[str, Any], codes: list[str]) -> None:
        if codes:
            self._coded.append((len(self._new[Statement]), codes))
        self._new[Statement].append({"organisation_id": organisation.pk, "key": new_key(), **values})

    def _change_statement(
        self, row: int, values: dict[str, Any], codes: Pair, parts: dict[str, Pair]
    ) -> None:
        statement = Statement.objects.get(pk=row)
        for name, value in values.items():
            setattr(statement, name, value)
        statement.revision += 1
        statement.save(update_fields=[*values, "revision", "changed_at"])
        for code in set(codes[0] or ()) - set(codes[1]):
            scheme, _colon, bare = code.partition(":")
            statement.codes.filter(scheme=scheme, code=bare).delete()
        added = [code for code in codes[1] if code not in (codes[0] or ())]
        self._new[StatementCode] += [_statement_code(statement.pk, code) for code in added]
        self._note("statement.changed", vars(statement), parts)

    def membership(self, organisation: Owner, change: Change, cluster_id: int, member_id: int) -> None:
        dates = {name: stored_value(name, new) for name, (_old, new) in change.membership.items()}
        if change.joins:
            # Without a date: a member today, since nobody knows when.
            self._new[Membership].append({"cluster_id": cluster_id, "member_id": organisation.pk, **dates})
        elif dates:
            Membership.objects.filter(pk=member_id).update(**dates)

    def save(self) -> None:
        statements = self._new[Statement]
        for statement, key in zip(statements, reserve_keys(Statement, len(statements)), strict=True):
            statement["id"] = key
        for place, codes in self._coded:
            self._new[StatementCode] += [_statement_code(statements[place]["id"], code) for code in codes]
        for model in (
            OrganisationCode, YearFigures, Text, ContactPerson, Statement, StatementCode, Membership,
        ):  # fmt: skip
            insert_values(model, self._new[model])

    def _note(self, verb: str, statement: dict[str, Any], parts: dict[str, Pair]) -> None:
        label = statement.get("title") or statement["text"][:60]
        self.noted.append((verb, SubjectRef("statement", statement["key"], label), parts))


def _figures(organisation: Owner, year: str) -> QuerySet[YearFigures]:
    return YearFigures.objects.filter(organisation_id=organisation.pk, year=int(year))


def _text(organisation: Owner, name: str, language: str, text: str) -> dict[str, Any]:
    return {
        "subject_kind": "organisation",
        "subject_id": organisation.pk,
        "field": name,
        "language": language,
        "text": text,
        "origin": TextOrigin.HUMAN.value,
    }


def _statement_code(statement_id: int, code: str) -> dict[str, Any]:
    scheme, _colon, bare = code.partition(":")
    return {"statement_id": statement_id, "scheme": scheme, "code": bare}
