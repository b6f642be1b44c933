"""Adding, changing, confirming and closing statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, texts
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.actions.conflicts import joined_with_theirs
from kontor.features.organisations.actions.profile import Code
from kontor.features.organisations.models import (
    Organisation,
    Statement,
    StatementCode,
    StatementKind,
    Visibility,
)
from kontor.features.organisations.teasers import revealing_part

STATEMENT_FIELDS = ("kind", "language", "title", "text", "teaser", "trl", "visibility", "valid_until")


def statement_snapshot(statement: Statement) -> dict[str, Any]:
    """The statement as plain values: what an edit starts from. `codes` are "scheme:code"."""
    values: dict[str, Any] = {field: getattr(statement, field) for field in STATEMENT_FIELDS}
    values["codes"] = sorted(f"{code.scheme}:{code.code}" for code in statement.codes.all())
    values["revision"] = statement.revision
    return values


def add_statement(
    *,
    organisation: Organisation,
    kind: str,
    language: str,
    text: str,
    actor: Actor,
    title: str = "",
    teaser: str = "",
    trl: int | None = None,
    visibility: str = Visibility.PUBLIC,
    codes: Iterable[Code] = (),
    suggested: Iterable[Code] = (),
    valid_until: dt.date | None = None,
    confirmed_at: dt.datetime | None = None,
    key: str = "",
) -> Statement:
    """A new statement, confirmed now (or at `confirmed_at`, for imports). `suggested` codes were proposed by
    the software and accepted by a person. Raises KontorError with the field as path.
    """
    values = {
        "kind": kind, "language": language, "title": title, "text": text, "teaser": teaser, "trl": trl,
        "visibility": visibility, "valid_until": valid_until,
    }  # fmt: skip
    clean = _cleaned(organisation, values)
    with transaction.atomic():
        statement = Statement.objects.create(
            **clean,
            key=key or new_key(),
            organisation=organisation,
            confirmed_at=confirmed_at or timezone.now(),
            confirmed_by=actor.label,
        )
        _write_codes(statement, dict.fromkeys(codes), "person")
        _write_codes(statement, set(suggested) - set(codes), "suggested")
        changes = audit.changed_fields({}, {k: v for k, v in clean.items() if v not in (None, "")})
        audit.record(actor=actor, verb="statement.added", subject=statement, changes=changes)
        announce([organisation], "statement")
    return statement


def change_statement(
    *,
    statement: Statement,
    values: Mapping[str, Any],
    actor: Actor,
    base: Mapping[str, Any] | None = None,
) -> Statement:
    """Change fields (STATEMENT_FIELDS, and `codes` as "scheme:code" texts); saving also confirms the
    statement.

    `base` as in change_organisation; raises EditConflict. A changed text marks its translations out of date.
    """
    with transaction.atomic():
        stored = _locked(statement)
        before = statement_snapshot(stored)
        mine = dict(values)
        if base is not None and base.get("revision") != stored.revision:
            mine = joined_with_theirs(base, before, mine, sets=("codes",))
        codes = mine.pop("codes", None)
        clean = _cleaned(stored.organisation, {**{f: before[f] for f in STATEMENT_FIELDS}, **mine})
        after = {**clean, "codes": before["codes"] if codes is None else sorted(set(codes))}
        changes = audit.changed_fields({field: before[field] for field in after}, after)
        _store(stored, after, actor)
        for field in ("title", "text"):
            if field in changes:
                texts.mark_stale(stored, field)
        audit.record(actor=actor, verb="statement.changed", subject=stored, changes=changes)
        announce([stored.organisation], "statement")
    return stored


def close_statement(*, statement: Statement, actor: Actor, reason: str = "") -> None:
    """Nobody but its editors sees a closed statement; it can be opened again."""
    _set_closed(statement, timezone.now(), "statement.closed", actor, reason)


def reopen_statement(*, statement: Statement, actor: Actor) -> None:
    _set_closed(statement, None, "statement.reopened", actor, "")


def confirm_statements(*, statements: Sequence[Statement], actor: Actor) -> int:
    """Say that they still hold, today. Closed ones stay as they are. Returns how many were confirmed."""
    now = timezone.now()
    with transaction.atomic():
        open_ones = [statement for statement in statements if statement.closed_at is None]
        if not open_ones:
            return 0
        Statement.objects.filter(pk__in=[statement.pk for statement in open_ones]).update(
            confirmed_at=now, confirmed_by=actor.label, reminded_at=None
        )
        items = [(s, {"confirmed_at": [s.confirmed_at, now]}) for s in open_ones]
        audit.record_many(actor=actor, verb="statement.confirmed", items=items)
        announce({s.organisation_id: s.organisation for s in open_ones}.values(), "confirmed")
    return len(open_ones)


def _locked(statement: Statement) -> Statement:
    rows = Statement.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=statement.pk)


def _set_closed(statement: Statement, at: dt.datetime | None, verb: str, actor: Actor, reason: str) -> None:
    with transaction.atomic():
        stored = _locked(statement)
        if (stored.closed_at is None) == (at is None):
            return
        changes = {"closed_at": [stored.closed_at, at]}
        stored.closed_at = at
        stored.revision += 1
        stored.save(update_fields=["closed_at", "revision", "changed_at"])
        audit.record(actor=actor, verb=verb, subject=stored, changes=changes, reason=reason)
        announce([stored.organisation], "statement")


def _cleaned(organisation: Organisation, values: dict[str, Any]) -> dict[str, Any]:
    texts_only = {field: str(values[field]).replace("\x00", "") for field in ("text", "title", "teaser")}
    clean = {**values, "text": texts_only["text"].strip()}
    for field in ("title", "teaser"):
        clean[field] = " ".join(texts_only[field].split())
    _check_choices(clean)
    if not clean["text"]:
        raise KontorError(_("The text is missing."), code="required", path="text")
    if clean["visibility"] == Visibility.TEASER:
        _check_teaser(organisation, clean["teaser"])
    return clean


def _check_choices(clean: dict[str, Any]) -> None:
    if clean["kind"] not in StatementKind.values:
        raise KontorError(_("This is none of the choices."), code="bad_choice", path="kind")
    if clean["visibility"] not in Visibility.values:
        raise KontorError(_("This is none of the choices."), code="bad_choice", path="visibility")
    if not 1 < len(clean["language"]) <= 8:
        raise KontorError(_("The language is missing."), code="bad_language", path="language")
    if clean["trl"] is not None and not 1 <= int(clean["trl"]) <= 9:
        raise KontorError(_("A technology readiness level is between 1 and 9."), code="bad_trl", path="trl")
    for field, limit in (("title", 200), ("teaser", 300)):
        if len(clean[field]) > limit:
            message = _("This is longer than %(limit)s characters.") % {"limit": limit}
            raise KontorError(message, code="too_long", path=field, remedy=_("Shorten it."))


def _check_teaser(organisation: Organisation, teaser: str) -> None:
    if not teaser:
        raise KontorError(
            _("The teaser is missing."),
            code="required",
            path="teaser",
            remedy=_("Say in one or two sentences what it is about, without saying who you are."),
        )
    people = organisation.contacts.values_list("name", flat=True)
    found = revealing_part(
        teaser,
        (organisation.name, organisation.short_name, *people),
        organisation.domain,
        particulars=(organisation.vat or "", organisation.register_number or "", organisation.street),
        place=organisation.place,
    )
    if found:
        raise KontorError(
            _("The teaser gives away who you are: “%(part)s”.") % {"part": found},
            code="teaser_names",
            path="teaser",
            remedy=_("Leave out names and parts of them, streets, numbers, web sites and mail addresses."),
        )


def _store(stored: Statement, after: dict[str, Any], actor: Actor) -> None:
    wanted = {(scheme, code) for scheme, _colon, code in (text.partition(":") for text in after["codes"])}
    for field in STATEMENT_FIELDS:
        setattr(stored, field, after[field])
    stored.revision += 1
    stored.confirmed_at = timezone.now()
    stored.confirmed_by = actor.label
    stored.reminded_at = None
    stored.save()
    present = {(row.scheme, row.code): row for row in stored.codes.all()}
    for pair in set(present) - wanted:
        present[pair].delete()
    _write_codes(stored, sorted(wanted - set(present)), "person")


def _write_codes(statement: Statement, codes: Iterable[Code], origin: str) -> None:
    StatementCode.objects.bulk_create(
        StatementCode(statement=statement, scheme=scheme, code=code, origin=origin) for scheme, code in codes
    )
