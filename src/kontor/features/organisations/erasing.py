"""What the directory forgets of a person whose data are erased: entries as a contact person."""

from __future__ import annotations

from kontor.base.events import PersonErased, subscribe
from kontor.features.organisations.actions import erase_contact
from kontor.features.organisations.models import ContactPerson


def forget_contacts(event: PersonErased) -> None:
    for contact in ContactPerson.objects.filter(email__iexact=event.email).select_related("organisation"):
        erase_contact(contact=contact, actor=event.actor)


def register() -> None:
    subscribe(PersonErased, forget_contacts)
