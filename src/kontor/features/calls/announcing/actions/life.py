"""The life of a call: drafted from an instrument, edited, published, its deadline moved, withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.announcing.actions.checks import RESERVED, check_values, faults_before_publication
from kontor.features.calls.announcing.actions.standing import insist, insist_on_reason, locked, tell_writers
from kontor.features.calls.announcing.problem import dates, planned
from kontor.features.calls.models import Call, CallState
from kontor.features.programmes.actions import freeze_version
from kontor.features.programmes.models import Programme
from kontor.programmes.forms import form_for, form_json

#: What an editor of a draft may set.
FIELDS = (
    "title", "summary", "languages", "time_zone", "opens_at", "closes_at", "steps", "second_closes_at",
    "regions", "mode", "more",
)  # fmt: skip


@transaction.atomic
def add_call(
    *,
    programme: Programme,
    instrument: str,
    definition: str = "",
    key: str = "",
    values: dict[str, Any] | None = None,
    is_sample: bool = False,
    actor: Actor,
) -> Call:
    """A draft from an instrument of the programme or of its variant `definition`; the file fills what it
    knows. KontorError where there is no published version, no such instrument, or the key is taken.
    """
    version = programme.current
    if version is None:
        raise KontorError(
            _("The programme is not published yet."),
            code="not-published",
            path="programme",
            remedy=_("Publish its draft first."),
            status=409,
        )
    try:
        found = version.variant(definition or programme.key)
        chosen = found.instrument(instrument)
    except KeyError:
        raise KontorError(
            _("The programme has no instrument “{key}”.").format(key=instrument),
            code="instrument-unknown",
            path="instrument",
            remedy=_("Choose one of the programme's page."),
            status=404,
        ) from None
    zone = str((values or {}).get("time_zone") or settings.TIME_ZONE)
    call = Call(
        key=_free_key(key, f"{found.key}-{instrument}"),
        programme=programme,
        definition=found.key,
        instrument=instrument,
        is_sample=is_sample,
        changed_by=actor.label[:200],
        **planned(found, chosen, zone),
    )
    call.opens_at, call.closes_at = dates(chosen, _zone(zone), timezone.localdate())
    _set(call, values or {})
    check_values(call)
    call.save()
    changes = {"programme": [None, programme.key], "instrument": [None, instrument]}
    record(actor=actor, verb="call.added", subject=call, changes=changes)
    return call


@transaction.atomic
def save_call(*, call: Call, values: dict[str, Any], revision: int | None, actor: Actor) -> Call:
    """Write a draft anew. Conflict where somebody saved since `revision`; KontorError for a published one."""
    call = locked(call)
    insist(call, CallState.DRAFT)
    if revision is not None and call.revision != revision:
        raise Conflict(
            _("Somebody saved this call while you were writing."),
            code="call-changed",
            remedy=_("Look at it as it is now and save again."),
        )
    before = _told(call)
    _set(call, values)
    check_values(call)
    changes = changed_fields(before, _told(call))
    if changes:
        call.revision += 1
        call.changed_by = actor.label[:200]
        call.save()
        record(actor=actor, verb="call.saved", subject=call, changes=changes)
    return call


@transaction.atomic
def publish_call(*, call: Call, actor: Actor) -> Call:
    """Make it public: the programme's current version is frozen under it, the form is copied into it.

    KontorError with the first fault where something is missing.
    """
    call = locked(call)
    insist(call, CallState.DRAFT)
    version = call.programme.current
    assert version is not None
    call.version = version
    check_values(call)
    fault = next(faults_before_publication(call, timezone.now()), None)
    if fault is not None:
        raise fault
    call.version = freeze_version(version=version, reason=f"call {call.key}", actor=actor)
    definition = call.definition_of_programme
    call.form = form_json(form_for(definition, call.instrument_of_programme))
    call.forms = {key: form_json(form_for(definition, definition.instrument(key))) for key in call.more}
    call.state, call.published_at = CallState.PUBLISHED, timezone.now()
    call.published_by = call.changed_by = actor.label[:200]
    call.revision += 1
    call.save()
    changes = {"state": ["draft", "published"], "version": [None, version.number]}
    record(actor=actor, verb="call.published", subject=call, changes=changes)
    return call


@transaction.atomic
def withdraw_call(*, call: Call, reason: str, actor: Actor) -> Call:
    """Take a published call back: nothing can be handed in, what was handed in stays. Needs a reason."""
    call = locked(call)
    insist(call, CallState.PUBLISHED)
    insist_on_reason(reason)
    call.state, call.withdrawn_at = CallState.WITHDRAWN, timezone.now()
    call.revision += 1
    call.save(update_fields=["state", "withdrawn_at", "revision", "changed_at"])
    changes = {"state": ["published", "withdrawn"]}
    record(actor=actor, verb="call.withdrawn", subject=call, changes=changes, reason=reason.strip())
    tell_writers(call, "call_withdrawn", reason=reason.strip())
    return call


@transaction.atomic
def restore_call(*, call: Call, actor: Actor) -> Call:
    """Undo a withdrawal: the call is as it was."""
    call = locked(call)
    insist(call, CallState.WITHDRAWN)
    call.state, call.withdrawn_at = CallState.PUBLISHED, None
    call.revision += 1
    call.save(update_fields=["state", "withdrawn_at", "revision", "changed_at"])
    record(actor=actor, verb="call.restored", subject=call, changes={"state": ["withdrawn", "published"]})
    return call


@transaction.atomic
def discard_call(*, call: Call, actor: Actor) -> None:
    """Throw a draft away; its texts stay in the log of changes."""
    call = locked(call)
    insist(call, CallState.DRAFT)
    record(actor=actor, verb="call.discarded", subject=call, changes={"title": [call.title, None]})
    call.delete()


def _set(call: Call, values: dict[str, Any]) -> None:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    for name, value in values.items():
        setattr(call, name, value)


def _told(call: Call) -> dict[str, Any]:
    values = {name: getattr(call, name) for name in FIELDS}
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()
    }


def _free_key(wanted: str, otherwise: str) -> str:
    if wanted:
        taken = wanted in RESERVED or Call.objects.filter(key=wanted).exists()
        if taken or slugify(wanted) != wanted or len(wanted) > 60:
            raise KontorError(
                _("“{key}” cannot be the key of this call.").format(key=wanted),
                code="key-taken",
                path="key",
                remedy=_("Use small letters, figures and hyphens, and a key that no other call has."),
                status=409,
            )
        return wanted
    base = slugify(f"{otherwise}-{timezone.localdate().year}")[:50]
    return base if not Call.objects.filter(key=base).exists() else f"{base}-{new_key(4)}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise KontorError(
            _("“{zone}” is no time zone.").format(zone=name),
            code="call-faulty",
            path="time_zone",
            remedy=_("Give a name such as Europe/Berlin."),
        ) from None
