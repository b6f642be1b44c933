"""Contact persons. Audit rows name the organisation and what happened, never the person: they cannot be
erased."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, mail
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.links import make_link
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.models import ContactPerson, Organisation

WITHDRAW_CONTACT = "organisations.withdraw_contact"
LINK_DAYS = 365


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
    contact = ContactPerson(
        organisation=organisation,
        language=language,
        consent_at=timezone.now() if consent_source else None,
        consent_source=consent_source,
    )
    with transaction.atomic():
        _fill(contact, name=name, email=email, phone=phone, function=function)
        contact.save()
        _note(contact, "organisation.contact_added", actor)
        if notify and contact.email:
            _tell_person(contact)
    return contact


def change_contact(
    *,
    contact: ContactPerson,
    name: str,
    actor: Actor,
    email: str = "",
    phone: str = "",
    function: str = "",
    language: str = "en",
) -> ContactPerson:
    with transaction.atomic():
        _fill(contact, name=name, email=email, phone=phone, function=function)
        contact.language = language
        contact.save(update_fields=["name", "email", "phone", "function", "language"])
        _note(contact, "organisation.contact_changed", actor)
    return contact


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


def _fill(contact: ContactPerson, *, name: str, email: str, phone: str, function: str) -> None:
    contact.name = " ".join(name.split())[:200]
    contact.email = email.strip()
    contact.phone = " ".join(phone.split())[:40]
    contact.function = " ".join(function.split())[:120]
    if not contact.name:
        raise KontorError(_("The name is missing."), code="required", path="name")
    try:
        if contact.email:
            validate_email(contact.email)
    except ValidationError as error:
        raise KontorError(
            _("This is not an e-mail address."),
            code="bad_email",
            path="email",
            remedy=_("Write it like name@example.eu."),
        ) from error


def _note(contact: ContactPerson, verb: str, actor: Actor) -> None:
    audit.record(actor=actor, verb=verb, subject=contact.organisation, changes={})
    announce([contact.organisation], "contact")
