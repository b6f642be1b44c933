"""Contact persons: shown to all who see the organisation while they agree, kept by its editors."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.permissions import PUBLIC, SIGNED_IN, allowed, policy
from kontor.features.organisations import actions
from kontor.features.organisations.api.changes import base_of, in_body, version_of
from kontor.features.organisations.api.figures import VERSION
from kontor.features.organisations.api.finding import contact_at, reachable
from kontor.features.organisations.api.schemas import Input
from kontor.features.organisations.models import ContactPerson
from kontor.features.organisations.rules import may_edit

router = Router("organisations")

Number = Annotated[int, Field(ge=1, le=2**62)]
SOURCE = Field("", max_length=120, description="how the person agreed to be shown; empty: they have not")


class ConsentOfPerson(Schema):
    """For those who may change the person."""

    given_at: dt.datetime | None
    source: str
    withdrawn_at: dt.datetime | None
    version: str = VERSION


class ContactOut(Schema):
    id: int
    name: str
    function: str
    email: str
    phone: str
    language: str
    shown: bool = Field(description="whether others than the editors see the person")
    consent: ConsentOfPerson | None


class ContactIn(Input):
    """Details left out stay as they are."""

    name: str | None = Field(None, min_length=1, max_length=200)
    function: str | None = Field(None, max_length=120)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=40)
    language: str | None = Field(None, min_length=2, max_length=8)


class NewContact(ContactIn):
    name: str = Field(min_length=1, max_length=200)
    consent_source: str = SOURCE
    notify: bool = Field(True, description="mail the person what is stored, with a link to erase it")


class ChangedContact(ContactIn):
    version: str = Field(max_length=4000, description="the version this change started from")
    consent_source: str = SOURCE


@router.get("/{key}/contacts", response=Page[ContactOut])
@policy(PUBLIC)
def list_contacts(request: HttpRequest, key: Path[str], page: Query[PageQuery]) -> dict[str, Any]:
    """Those who agreed to be shown; for editors all of them, with their consent."""
    organisation = reachable(request, key)
    edits = allowed(request, may_edit, organisation)
    rows = organisation.contacts.order_by("name", "pk")
    if not edits:
        rows = rows.filter(consent_at__isnull=False, consent_withdrawn_at=None)
    found = paginate(rows, page)
    return {**found, "items": [_out(row, edits) for row in found["items"]]}


@router.post("/{key}/contacts", response={201: ContactOut})
@policy(SIGNED_IN & may_edit)
def add_contact(request: HttpRequest, key: Path[str], body: NewContact) -> Status[dict[str, Any]]:
    organisation = reachable(request, key, may_edit)
    values = {"language": organisation.language, **body.dict(exclude_none=True)}
    with in_body():
        made = actions.add_contact(organisation=organisation, actor=actor_of(request), **values)
    return Status(201, _out(made, True))


@router.patch("/{key}/contacts/{number}", response=ContactOut)
@policy(SIGNED_IN & may_edit)
def change_contact(
    request: HttpRequest, key: Path[str], number: Path[Number], body: ChangedContact
) -> dict[str, Any]:
    """Change the details sent. 409 where somebody else changed one of them meanwhile."""
    contact = contact_at(request, key, number)
    values = body.dict(exclude_none=True, exclude={"version", "consent_source"})
    with in_body():
        stored = actions.change_contact(
            contact=contact,
            values=values,
            base=base_of(body.version, f"contact {number}"),
            consent_source=body.consent_source,
            actor=actor_of(request),
        )
    return _out(stored, True)


@router.post("/{key}/contacts/{number}/withdraw", response=ContactOut)
@policy(SIGNED_IN & may_edit)
def withdraw_contact(request: HttpRequest, key: Path[str], number: Path[Number]) -> dict[str, Any]:
    """The person no longer agrees: shown nowhere from now on."""
    contact = contact_at(request, key, number)
    actions.withdraw_contact_consent(contact=contact, actor=actor_of(request))
    return _out(contact, True)


@router.delete("/{key}/contacts/{number}", response={204: None})
@policy(SIGNED_IN & may_edit)
def erase_contact(request: HttpRequest, key: Path[str], number: Path[Number]) -> Status[None]:
    """Erase the person: nothing about them remains, and it cannot be taken back."""
    actions.erase_contact(contact=contact_at(request, key, number), actor=actor_of(request))
    return Status(204, None)


def _out(contact: ContactPerson, edits: bool) -> dict[str, Any]:
    values = actions.contact_snapshot(contact)
    consent = {
        "given_at": contact.consent_at,
        "source": contact.consent_source,
        "withdrawn_at": contact.consent_withdrawn_at,
        "version": version_of(values, f"contact {contact.pk}"),
    }
    shown = contact.may_be_shown
    return {"id": contact.pk, **values, "shown": shown, "consent": consent if edits else None}
