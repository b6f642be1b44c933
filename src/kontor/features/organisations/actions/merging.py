"""Making one organisation of two, and two of one again.

A merge moves everything that hangs on `gone` to `kept` and notes in `Merge.undo` what moved: primary keys and
the profile fields before and after, no personal data. Rows that `kept` has already (the same code, the
figures of the same year, a translation in the same language, an open membership in the same cluster)
stay with `gone`, which remains in the database, pointing to `kept`, so that old addresses lead on.

Taking it back moves the same rows back and restores the profile. What was done in between stays done: a field
edited since keeps the edit, a statement edited since goes back with the edit, one that was erased stays
erased, one that was added since stays with `kept`. Only the last merge into an organisation can be taken
back; earlier ones follow. Revisions count on, so that nobody's open form saves over it unseen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.actions.moving import move_back, move_rows
from kontor.features.organisations.actions.profile import save_unique
from kontor.features.organisations.drafts import PROFILE_FIELDS, derived
from kontor.features.organisations.models import DuplicatePair, Listing, Merge, Organisation

# Restored with the profile; `source` says which file the external number belongs to.
_FIELDS = (*PROFILE_FIELDS, "domain", "source", "consent_at")
# Fields that mean nothing without their leader.
_TOGETHER = {
    "website": ("domain",),
    "nuts3": ("nuts_version",),
    "external_id": ("source",),
    "latitude": ("longitude",),
}
_EMPTY: tuple[Any, ...] = (None, "", [])
_STRICTEST_FIRST = (Listing.HIDDEN, Listing.MEMBERS, Listing.LISTED)


def merge_organisations(
    *, kept: Organisation, gone: Organisation, actor: Actor, choices: Mapping[str, str] | None = None
) -> Merge:
    """`choices` names the fields (drafts.PROFILE_FIELDS) that are taken from `gone`: {"name": "gone"}.

    Without a choice `kept` keeps its value, and takes over what it lacks; the stricter visibility wins.
    Raises KontorError where one of the two is merged already or has withdrawn its consent.
    """
    with transaction.atomic():
        kept, gone = _locked_pair(kept, gone)
        _check_may_merge(kept, gone)
        before = _fields_of(kept)
        after = before | _taken_over(kept, gone, choices or {})
        moved = move_rows(kept, gone)
        gone.merged_into = kept
        _save(gone, actor)
        _apply(kept, after, actor)
        changed = audit.changed_fields(before, after)
        merge = Merge.objects.create(
            kept=kept, gone=gone, merged_by=actor.label, undo={"moved": moved, "changed": changed}
        )
        _mark_pair(kept, gone, "merged", actor)
        _note(actor, "organisation.merged", kept, {"gone": [gone.key, None], **changed})
        _note(actor, "organisation.merged_into", gone, {"kept": [None, kept.key]})
        announce([kept, gone], "merge")
    return merge


def unmerge_organisations(*, merge: Merge, actor: Actor) -> None:
    """Part the two again (see the module's words on what is kept). Raises KontorError where the
    merge was taken back already, a later merge stands in the way, or another organisation has the
    legal number meanwhile.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        kept, gone = _locked_pair(merge.kept, merge.gone)
        _check_may_unmerge(merge, kept)
        current = _fields_of(kept)
        restored = {
            field: before
            for field, (before, after) in merge.undo["changed"].items()
            if current[field] == after
        }
        _apply(kept, current | restored, actor)
        gone.merged_into = None
        _save(gone, actor)
        move_back(merge.undo["moved"], kept, gone)
        merge.undone_at, merge.undone_by = timezone.now(), actor.label
        merge.save(update_fields=["undone_at", "undone_by"])
        _open_pair(kept, gone)
        changes = {field: [current[field], value] for field, value in restored.items()}
        _note(actor, "organisation.unmerged", kept, {"parted": [None, gone.key], **changes})
        _note(actor, "organisation.unmerged_from", gone, {"kept": [kept.key, None]})
        announce([kept, gone], "merge")


def mark_different(*, pair: DuplicatePair, actor: Actor) -> None:
    """Say that the two are not one; the pair is not proposed again."""
    with transaction.atomic():
        _mark_pair(pair.first, pair.second, "different", actor)
        _note(actor, "organisation.not_duplicate", pair.first, {"other": [None, pair.second.key]})


def _locked_pair(kept: Organisation, gone: Organisation) -> tuple[Organisation, Organisation]:
    """Both rows, locked in the order of their ids so that two merges cannot wait for each other."""
    ids = [kept.pk, gone.pk]
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    return rows[kept.pk], rows[gone.pk]


def _check_may_merge(kept: Organisation, gone: Organisation) -> None:
    if kept.pk == gone.pk or kept.merged_into_id or gone.merged_into_id:
        raise KontorError(
            _("One of the two has been merged already."), code="merged_already", path="gone", status=409
        )
    if Listing.WITHDRAWN in {kept.listing, gone.listing}:
        raise KontorError(
            _("An organisation that withdrew its consent cannot be merged."),
            code="consent_withdrawn",
            path="gone",
            remedy=_("Ask it first whether it wants to be listed again."),
            status=409,
        )


def _check_may_unmerge(merge: Merge, kept: Organisation) -> None:
    if merge.undone_at is not None:
        raise KontorError(_("This merge was taken back already."), code="undone_already", status=409)
    later = Merge.objects.filter(Q(kept=kept, pk__gt=merge.pk) | Q(gone=kept), undone_at=None).exists()
    if later:
        raise KontorError(
            _("A later merge of this organisation stands in the way."),
            code="later_merge",
            remedy=_("Take the later merge back first."),
            status=409,
        )


def _fields_of(organisation: Organisation) -> dict[str, Any]:
    """The restored fields as JSON values; a time as its ISO text."""
    values = {field: getattr(organisation, field) for field in _FIELDS}
    consent = values["consent_at"]
    return {**values, "consent_at": consent.isoformat() if consent else None}


def _taken_over(kept: Organisation, gone: Organisation, choices: Mapping[str, str]) -> dict[str, Any]:
    unknown = set(choices) - set(PROFILE_FIELDS)
    if unknown:
        raise KontorError(_("An organisation has no such field."), code="unknown_field", path=min(unknown))
    theirs = _fields_of(gone)
    chosen = {field for field, side in choices.items() if side == "gone"}
    lacking = {
        field
        for field in PROFILE_FIELDS
        if field not in choices and getattr(kept, field) in _EMPTY and theirs[field] not in _EMPTY
    }
    taken = {field: theirs[field] for field in chosen | lacking}
    for leader, followers in _TOGETHER.items():
        if leader in taken:
            taken |= {field: theirs[field] for field in followers}
    if "listing" not in choices:
        taken["listing"] = min(kept.listing, gone.listing, key=_STRICTEST_FIRST.index)
    return taken


def _apply(organisation: Organisation, values: Mapping[str, Any], actor: Actor) -> None:
    consent = values["consent_at"]
    for field in _FIELDS:
        setattr(organisation, field, values[field])
    organisation.consent_at = dt.datetime.fromisoformat(consent) if consent else None
    for field, text in derived(values).items():
        setattr(organisation, field, text)
    _save(organisation, actor)


def _save(organisation: Organisation, actor: Actor) -> None:
    organisation.revision += 1
    organisation.changed_by = actor.label
    save_unique(organisation)


def _mark_pair(first: Organisation, second: Organisation, state: str, actor: Actor) -> None:
    low, high = sorted((first, second), key=lambda organisation: organisation.pk)
    decided = {"state": state, "decided_at": timezone.now(), "decided_by": actor.label}
    DuplicatePair.objects.update_or_create(
        first=low, second=high, defaults=decided, create_defaults={**decided, "score": 1.0}
    )


def _open_pair(first: Organisation, second: Organisation) -> None:
    """Parting a merge does not say that the two are different: a person decides anew."""
    low, high = sorted((first, second), key=lambda organisation: organisation.pk)
    undecided = {"state": "open", "decided_at": None, "decided_by": ""}
    DuplicatePair.objects.filter(first=low, second=high).update(**undecided)


def _note(actor: Actor, verb: str, subject: Organisation, changes: dict[str, Any]) -> None:
    audit.record(actor=actor, verb=verb, subject=subject, changes=changes)
