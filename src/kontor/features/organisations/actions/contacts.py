"""Contact persons. Audit rows name the organisation and what happened, never the person: they cannot be
erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, mail
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.links import make_link
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.actions.conflicts import joined_with_theirs
from kontor.features.organisations.languages import CODES
from kontor.features.organisations.models import ContactPerson, Organisation

WITHDRAW_CONTACT = "organisations.withdraw_contact"
LINK_DAYS = 365
_LIMITS = {"name": 200, "email": 254, "phone": 40, "function": 120, "language": 8}
CONTACT_FIELDS = tuple(_LIMITS)


def add_contact(
    *,
    organisation: Organisation,
    name: str,
    actor: Actor,
    email: str = "",
    phone: str = "",
    function: str = "",
    language: str = "en",
    consent_source: str = "",
    notify: bool = False,
) -> ContactPerson:
    """A contact person; shown from now on where `consent_source` says how consent was given, else not yet.

    `notify` writes to the person, with a link that withdraws consent (GDPR article 14).
    """
    given = {"name": name, "email": email, "phone": phone, "function": function, "language": language}
    contact = ContactPerson(
        organisation=organisation,
        **_cleaned(given, given),
        consent_at=timezone.now() if consent_source else None,
        consent_source=consent_source[:120],
    )
    with transaction.atomic():
        contact.save()
        _note(contact, "organisation.contact_added", actor)
        if notify and contact.email:
            _tell_person(contact)
    return contact


def contact_snapshot(contact: ContactPerson) -> dict[str, Any]:
    """The person's details as plain values: what an edit starts from."""
    return {field: getattr(contact, field) for field in CONTACT_FIELDS}


def change_contact(
    *,
    contact: ContactPerson,
    actor: Actor,
    values: Mapping[str, str],
    consent_source: str = "",
    base: Mapping[str, Any] | None = None,
) -> ContactPerson:
    """Change the details in `values` (CONTACT_FIELDS). `consent_source` says that and how the person agreed
    to be shown, where that is not in force already.

    `base` is the snapshot the edit began with: what somebody else changed meanwhile is joined with it. Raises
    EditConflict where both changed one detail, and Conflict where the person was erased meanwhile.
    """
    with transaction.atomic():
        stored = _stored(contact)
        before = contact_snapshot(stored)
        mine = joined_with_theirs(base, before, _cleaned({**before, **values}, values))
        changed = [field for field in mine if mine[field] != before[field]]
        for field in changed:
            setattr(stored, field, mine[field])
        if changed:
            stored.save(update_fields=changed)
            _note(stored, "organisation.contact_changed", actor)
        if consent_source.strip() and not stored.may_be_shown:
            give_contact_consent(contact=stored, source=consent_source, actor=actor)
    return stored


def _stored(contact: ContactPerson) -> ContactPerson:
    rows = ContactPerson.objects.select_for_update(of=("self",)).select_related("organisation")
    stored = rows.filter(pk=contact.pk).first()
    if stored is None:
        raise Conflict(
            _("The contact person was erased meanwhile."),
            code="contact_gone",
            remedy=_("Nothing was saved. Ask whoever erased the person before you add them again."),
        )
    return stored


def give_contact_consent(*, contact: ContactPerson, source: str, actor: Actor) -> None:
    """`source` says how consent was given: "own entry", "form signed 3 March", "mail link"."""
    if not source.strip():
        raise KontorError(_("Say how consent was given."), code="required", path="consent_source")
    with transaction.atomic():
        contact.consent_at = timezone.now()
        contact.consent_source = source.strip()[:120]
        contact.consent_withdrawn_at = None
        contact.save(update_fields=["consent_at", "consent_source", "consent_withdrawn_at"])
        _note(contact, "organisation.contact_consent_given", actor)


def withdraw_contact_consent(*, contact: ContactPerson, actor: Actor) -> None:
    """The person is shown nowhere from this transaction on; the record stays for re-consent."""
    with transaction.atomic():
        contact.consent_withdrawn_at = timezone.now()
        contact.save(update_fields=["consent_withdrawn_at"])
        _note(contact, "organisation.contact_consent_withdrawn", actor)


def erase_contact(*, contact: ContactPerson, actor: Actor) -> None:
    """Right to erasure (GDPR article 17): the row is deleted, nothing about the person remains."""
    with transaction.atomic():
        organisation = contact.organisation
        contact.delete()
        audit.record(actor=actor, verb="organisation.contact_erased", subject=organisation, changes={})
        announce([organisation], "contact")


def _tell_person(contact: ContactPerson) -> None:
    payload = {"contact": contact.pk, "email": contact.email}
    mail.send(
        to=contact.email,
        language=contact.language,
        template="contact_added",
        context={
            "name": contact.name,
            "organisation": contact.organisation.name,
            "is_shown": contact.may_be_shown,
            "withdraw_url": settings.SITE_URL + make_link(WITHDRAW_CONTACT, payload, LINK_DAYS),
        },
    )


def _cleaned(all_values: Mapping[str, str], wanted: Iterable[str]) -> dict[str, str]:
    """The `wanted` fields as they are stored. Raises KontorError with the field as path."""
    clean = {field: " ".join(str(all_values[field]).split())[:limit] for field, limit in _LIMITS.items()}
    if not clean["name"]:
        raise KontorError(_("The name is missing."), code="required", path="name")
    if clean["language"] not in CODES:
        raise KontorError(_("The language is missing."), code="bad_language", path="language")
    try:
        if clean["email"]:
            validate_email(clean["email"])
    except ValidationError as error:
        raise KontorError(
            _("This is not an e-mail address."),
            code="bad_email",
            path="email",
            remedy=_("Write it like name@example.eu."),
        ) from error
    return {field: clean[field] for field in wanted}


def _note(contact: ContactPerson, verb: str, actor: Actor) -> None:
    audit.record(actor=actor, verb=verb, subject=contact.organisation, changes={})
    announce([contact.organisation], "contact")
