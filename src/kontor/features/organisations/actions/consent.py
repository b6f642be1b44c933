"""Consent of organisations to be found. Withdrawal acts at once, for every screen and the search index."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.models import Listing, Organisation


def withdraw_consent(*, organisation: Organisation, actor: Actor, reason: str = "") -> Organisation:
    """Hide the organisation and all its statements from everybody but its own people, in this transaction."""
    with transaction.atomic():
        stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if stored.listing == Listing.WITHDRAWN:
            return stored
        changes = {"listing": [stored.listing, Listing.WITHDRAWN.value]}
        stored.listing = Listing.WITHDRAWN
        stored.consent_withdrawn_at = timezone.now()
        _save(stored, actor)
        audit.record(
            actor=actor,
            verb="organisation.consent_withdrawn",
            subject=stored,
            changes=changes,
            reason=reason,
        )
        announce([stored], "consent")
    return stored


def give_consent(*, organisation: Organisation, listing: str, actor: Actor) -> Organisation:
    """Agree to be listed (`listed`) or shown to members (`members`), for the first time or again."""
    if listing not in {Listing.LISTED, Listing.MEMBERS}:
        raise KontorError(_("This is none of the choices."), code="bad_choice", path="listing")
    with transaction.atomic():
        stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
        changes = {"listing": [stored.listing, str(listing)]}
        stored.listing = Listing(listing)
        stored.consent_at = timezone.now()
        stored.consent_withdrawn_at = None
        _save(stored, actor)
        audit.record(actor=actor, verb="organisation.consent_given", subject=stored, changes=changes)
        announce([stored], "consent")
    return stored


def _save(stored: Organisation, actor: Actor) -> None:
    stored.revision += 1
    stored.changed_by = actor.label
    stored.save(
        update_fields=[
            "listing",
            "consent_at",
            "consent_withdrawn_at",
            "revision",
            "changed_by",
            "changed_at",
        ]
    )
