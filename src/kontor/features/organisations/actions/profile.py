"""Creating and changing an organisation's profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, texts
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.actions.conflicts import joined_with_theirs
from kontor.features.organisations.actions.translations import TRANSLATED
from kontor.features.organisations.drafts import PROFILE_FIELDS, SET_FIELDS, cleaned, derived
from kontor.features.organisations.models import (
    Listing,
    Membership,
    Organisation,
    OrganisationCode,
)

# (scheme, code): scheme is nace, cpv, ket or theme.
Code = tuple[str, str]
JOINED_AS_SETS = (*SET_FIELDS, "codes")


def snapshot(organisation: Organisation) -> dict[str, Any]:
    """The profile as plain values: what an edit starts from and is compared with. `codes` are
    "scheme:code"."""
    values: dict[str, Any] = {field: getattr(organisation, field) for field in PROFILE_FIELDS}
    values["codes"] = sorted(f"{code.scheme}:{code.code}" for code in organisation.codes.all())
    values["revision"] = organisation.revision
    return values


def create_organisation(
    *,
    values: Mapping[str, Any],
    actor: Actor,
    codes: Iterable[Code] = (),
    cluster: Organisation | None = None,
    consent: bool = False,
    key: str = "",
    source: str = "",
    is_sample: bool = False,
) -> Organisation:
    """A new organisation; `values` are fields of drafts.PROFILE_FIELDS, at least name and country.

    `cluster` makes it a member from today on. `consent` notes that the organisation agreed to be listed now.
    Raises KontorError with the field as path.
    """
    clean = cleaned({"name": "", "country": "", **values})
    organisation = Organisation(
        **clean,
        **derived(clean),
        key=key or new_key(),
        source=source,
        is_sample=is_sample,
        consent_at=timezone.now() if consent else None,
        changed_by=actor.label,
    )
    with transaction.atomic():
        save_unique(organisation)
        OrganisationCode.objects.bulk_create(
            OrganisationCode(organisation=organisation, scheme=scheme, code=code)
            for scheme, code in dict.fromkeys(codes)
        )
        if cluster is not None:
            Membership.objects.create(cluster=cluster, member=organisation, since=timezone.localdate())
        after = {
            field: value for field, value in snapshot(organisation).items() if value not in (None, "", [])
        }
        changes = audit.changed_fields({}, after)
        audit.record(actor=actor, verb="organisation.created", subject=organisation, changes=changes)
        announce([organisation], "profile")
    return organisation


def change_organisation(
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    actor: Actor,
    base: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Organisation:
    """Change the fields in `values` (drafts.PROFILE_FIELDS, and `codes` as "scheme:code" texts).

    `base` is the snapshot the edit began with. Where the record has moved on since, both edits are
    joined field by field; raises EditConflict, and saves nothing, where both changed one field
    differently. Without `base` the values win. Returns the stored row. Raises KontorError with the
    field as path.
    """
    with transaction.atomic():
        stored = _locked(organisation)
        before = snapshot(stored)
        mine = _wanted(values, stored)
        if base is not None and base.get("revision") != stored.revision:
            mine = joined_with_theirs(base, before, mine, sets=JOINED_AS_SETS)
        changes = audit.changed_fields({field: before[field] for field in mine}, mine)
        if changes:
            _store(stored, mine, actor)
            for field in TRANSLATED:
                if field in changes:
                    texts.mark_stale(stored, field)
            audit.record(
                actor=actor, verb="organisation.changed", subject=stored, changes=changes, reason=reason
            )
            announce([stored], "profile")
    return stored


def set_codes(*, organisation: Organisation, codes: Iterable[Code], actor: Actor) -> Organisation:
    """Replace all codes."""
    wanted = [f"{scheme}:{code}" for scheme, code in codes]
    return change_organisation(organisation=organisation, values={"codes": wanted}, actor=actor)


def archive_organisation(*, organisation: Organisation, actor: Actor, reason: str = "") -> None:
    """Take an organisation out of the directory; nothing is deleted, and whoever may change it can bring it
    back. One that is archived already keeps its day.
    """
    with transaction.atomic():
        stored = _locked(organisation)
        if stored.archived_at is None:
            _set_archived(stored, timezone.now(), "organisation.archived", reason, actor)


def unarchive_organisation(*, organisation: Organisation, actor: Actor, reason: str = "") -> Organisation:
    """Bring an archived organisation back into the directory, seen by whom it was seen before.

    Raises KontorError `merged_already` where it was merged into another meanwhile.
    """
    with transaction.atomic():
        stored = _locked(organisation)
        if stored.merged_into_id is not None:
            raise KontorError(
                _("It was merged into another organisation."),
                code="merged_already",
                remedy=_("Take the merge back instead."),
                status=409,
            )
        if stored.archived_at is not None:
            _set_archived(stored, None, "organisation.unarchived", reason, actor)
    return stored


def _set_archived(stored: Organisation, at: dt.datetime | None, verb: str, reason: str, actor: Actor) -> None:
    changes = {"archived_at": [stored.archived_at, at]}
    stored.archived_at, stored.changed_by = at, actor.label
    stored.revision += 1
    stored.save(update_fields=["archived_at", "revision", "changed_at", "changed_by"])
    audit.record(actor=actor, verb=verb, subject=stored, changes=changes, reason=reason)
    announce([stored], "archived")


def _locked(organisation: Organisation) -> Organisation:
    """The stored row, held until commit (SQLite: the transaction itself holds the write lock)."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _wanted(values: Mapping[str, Any], stored: Organisation) -> dict[str, Any]:
    fields = {field: value for field, value in values.items() if field != "codes"}
    if stored.listing == Listing.WITHDRAWN:
        fields.pop("listing", None)
    mine = cleaned(fields, country=stored.country)
    mine.pop("domain", None)
    # A form sends them in the order of their names, which says nothing.
    if set(mine.get("languages", ())) == set(stored.languages):
        mine.pop("languages", None)
    if "codes" in values:
        mine["codes"] = sorted(set(values["codes"]))
    return mine


def _store(stored: Organisation, values: dict[str, Any], actor: Actor) -> None:
    fields = {field: value for field, value in values.items() if field != "codes"}
    for field, value in cleaned(fields, country=stored.country).items():
        setattr(stored, field, value)
    for field, text in derived(vars(stored)).items():
        setattr(stored, field, text)
    stored.revision += 1
    stored.changed_by = actor.label
    save_unique(stored)
    if "codes" in values:
        _replace_codes(stored, values["codes"])


def _replace_codes(stored: Organisation, wanted: Iterable[str]) -> None:
    pairs = {(scheme, code) for scheme, _colon, code in (text.partition(":") for text in wanted)}
    for row in stored.codes.all():
        if (row.scheme, row.code) in pairs:
            pairs.discard((row.scheme, row.code))
        else:
            row.delete()
    OrganisationCode.objects.bulk_create(
        OrganisationCode(organisation=stored, scheme=scheme, code=code) for scheme, code in sorted(pairs)
    )


def save_unique(organisation: Organisation) -> None:
    """Save; a VAT number or PIC that another organisation has is refused in plain words."""
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise _taken(organisation, error) from error


def _taken(organisation: Organisation, error: IntegrityError) -> KontorError:
    others = Organisation.objects.filter(merged_into=None).exclude(pk=organisation.pk)
    for field in ("vat", "pic"):
        value = getattr(organisation, field)
        if value and others.filter(**{field: value}).exists():
            return KontorError(
                _("Another organisation in the directory has this number."),
                code="number_taken",
                path=field,
                remedy=_("It may already be listed: search for it, or ask your cluster manager."),
                status=409,
            )
    raise error
