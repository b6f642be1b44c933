"""Who the contact persons of a call are, and who accompanies an application."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.permissions import policy, require
from kontor.features.accounts.models import User
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.casework import actions
from kontor.features.calls.casework.api.cases import EntryOut, Short, entry_told
from kontor.features.calls.casework.queries import contacts_with_load, shared_log
from kontor.features.calls.models import CallContact
from kontor.features.calls.queries import application_for
from kontor.features.calls.rules import may_manage_call, may_read_application
from kontor.features.organisations.models import Organisation

router = Router("calls")
Number = Annotated[int, Field(ge=1, le=2_147_483_647)]


class CallContactOut(Schema):
    id: int
    name: str
    email: str
    regions: list[str]
    themes: list[str]
    languages: list[str]
    capacity: int | None
    away_until: dt.date | None
    cases_here: int
    cases_everywhere: int
    phone: str
    organisation: str = Field(description="key; empty where none is named")


class CallContactIn(Schema):
    email: str = Field(max_length=254)
    organisation: str = Field("", max_length=12, description="key of one in the directory")
    regions: list[Short] = Field([], max_length=100)
    themes: list[Short] = Field([], max_length=100)
    languages: list[Short] = Field([], max_length=30)
    capacity: int | None = Field(None, ge=0, le=999)
    away_until: dt.date | None = None
    phone: str = Field("", max_length=40)


class CallContactChangeIn(Schema):
    """What is left out stays as it is."""

    organisation: str | None = Field(None, max_length=12, description="key; empty: none")
    regions: list[Short] | None = Field(None, max_length=100)
    themes: list[Short] | None = Field(None, max_length=100)
    languages: list[Short] | None = Field(None, max_length=30)
    capacity: int | None = Field(None, ge=0, le=999, description="null: no limit")
    away_until: dt.date | None = Field(None, description="null takes it away")
    phone: str | None = Field(None, max_length=40)


class AccompanistOut(Schema):
    """Who accompanies an application, and what the log shares with its people."""

    name: str = Field(description="empty: nobody in particular, ask the programme's managers")
    email: str
    phone: str
    organisation: str
    entries: list[EntryOut]


@router.get("/{key}/contacts", response=list[CallContactOut])
@policy(may_manage_call)
def list_contacts(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """The contact persons with their open cases."""
    call = call_for(request.user, key)
    require(request, may_manage_call, call)
    return [_contact_out(*one) for one in contacts_with_load(call)]


@router.post("/{key}/contacts", response={201: list[CallContactOut]})
@policy(may_manage_call)
def add_contact(request: HttpRequest, key: str, body: CallContactIn) -> Status[Any]:
    """A person with an account becomes a contact person of the call."""
    call = call_for(request.user, key)
    require(request, may_manage_call, call)
    values = body.dict()
    user = found(User.objects.filter(is_active=True), email__iexact=values.pop("email"))
    values["organisation"] = _organisation(request, body.organisation)
    actions.add_call_contact(call=call, user=user, values=values, actor=actor_of(request))
    return Status(201, [_contact_out(*one) for one in contacts_with_load(call)])


@router.patch("/{key}/contacts/{number}", response=list[CallContactOut])
@policy(may_manage_call)
def change_contact(
    request: HttpRequest, key: str, number: Number, body: CallContactChangeIn
) -> list[dict[str, Any]]:
    """What somebody looks after, how many cases are enough, and until when they are away."""
    call = call_for(request.user, key)
    require(request, may_manage_call, call)
    row: CallContact = found(call.contacts.select_related("user", "organisation"), pk=number)
    given = body.dict(exclude_unset=True)
    cleared = {"capacity", "away_until"}
    values = {name: value for name, value in given.items() if value is not None or name in cleared}
    if "organisation" in values:
        values["organisation"] = _organisation(request, values["organisation"])
    actions.change_call_contact(contact=row, values=values, actor=actor_of(request))
    return [_contact_out(*one) for one in contacts_with_load(call)]


@router.delete("/{key}/contacts/{number}", response={204: None})
@policy(may_manage_call)
def remove_contact(request: HttpRequest, key: str, number: Number) -> Status[None]:
    """Take a person off the call; the open cases go to colleagues."""
    call = call_for(request.user, key)
    require(request, may_manage_call, call)
    row: CallContact = found(call.contacts.all(), pk=number)
    actions.remove_call_contact(contact=row, actor=actor_of(request))
    return Status(204, None)


@router.get("/applications/{application}/contact", response=AccompanistOut)
@policy(may_read_application)
def my_contact(request: HttpRequest, application: str) -> dict[str, Any]:
    """For the people of an application: who accompanies it, and what the log shares with them."""
    row = application_for(request.user, application)
    require(request, may_read_application, row)
    case, shared = shared_log(row)
    contact = case.contact if case else None
    return {
        "name": str(contact) if contact else "",
        "email": contact.user.email if contact else "",
        "phone": contact.phone if contact else "",
        "organisation": contact.organisation.name if contact and contact.organisation else "",
        "entries": [entry_told(one) for one in shared],
    }


def _organisation(request: HttpRequest, key: str) -> Organisation | None:
    if not key:
        return None
    row: Organisation = found(Organisation.objects.visible_to(request.user), key=key)
    return row


def _contact_out(row: CallContact, here: int, everywhere: int) -> dict[str, Any]:
    names = ("regions", "themes", "languages", "capacity", "away_until", "phone")
    told = {name: getattr(row, name) for name in names}
    loads = {"cases_here": here, "cases_everywhere": everywhere}
    return {
        "id": row.pk,
        "name": str(row.user),
        "email": row.user.email,
        **told,
        **loads,
        "organisation": row.organisation.key if row.organisation else "",
    }
