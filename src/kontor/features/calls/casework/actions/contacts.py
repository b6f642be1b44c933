"""Who the contact persons of a call are."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import KontorError
from kontor.features.accounts.actions import grant_role, take_role
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.calls.casework.actions.cases import assign_anew
from kontor.features.calls.models import Call, CallContact

FIELDS = ("regions", "themes", "languages", "capacity", "away_until", "phone", "organisation")


@transaction.atomic
def add_call_contact(*, call: Call, user: User, values: dict[str, Any], actor: Actor) -> CallContact:
    """A person who accompanies applicants of the call. KontorError where the person is one already, or a
    region, theme or language does not exist.
    """
    _checked(call, values)
    row = CallContact(call=call, user=user, position=call.contacts.count())
    for name in FIELDS:
        setattr(row, name, values.get(name, getattr(row, name)))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as refused:
        raise KontorError(
            _("{name} is a contact person of this call already.").format(name=user),
            code="contact-exists",
            path="user",
            remedy=_("Change the entry that there is."),
            status=409,
        ) from refused
    # with the seat comes the role that shows the desk in the menu of every page, without a question to calls
    grant_role(user=user, role=Role.CONTACT_PERSON, scope=_scope(call), actor=actor)
    record(
        actor=actor,
        verb="call.contact-added",
        subject=call,
        changes={"contact": [None, user.key], **_told(row, {})},
    )
    return row


@transaction.atomic
def change_call_contact(*, contact: CallContact, values: dict[str, Any], actor: Actor) -> CallContact:
    """Set what is given of regions, themes, languages, capacity, absence, telephone and organisation."""
    contact = CallContact.objects.select_for_update().select_related("call", "user").get(pk=contact.pk)
    _checked(contact.call, values)
    before = _values(contact)
    for name in FIELDS:
        if name in values:
            setattr(contact, name, values[name])
    changes = changed_fields(before, _values(contact))
    if changes:
        contact.save()
        record(
            actor=actor,
            verb="call.contact-changed",
            subject=contact.call,
            changes={"contact": [contact.user.key, contact.user.key], **changes},
        )
    return contact


@transaction.atomic
def remove_call_contact(*, contact: CallContact, actor: Actor) -> int:
    """Take a person off the call; the open cases go to the colleagues who fit best. Says how many."""
    call, user = contact.call, contact.user
    cases = list(contact.cases.open().select_for_update().order_by("pk"))
    for case in cases:
        assign_anew(case=case, without=contact, actor=actor)
    contact.delete()
    _take_role(call, user, actor)
    record(
        actor=actor,
        verb="call.contact-removed",
        subject=call,
        changes={"contact": [user.key, None], "cases": [len(cases), 0]},
    )
    return len(cases)


def _scope(call: Call) -> Scope:
    return Scope(ScopeKind.PROGRAMME, call.programme.key)


def _take_role(call: Call, user: User, actor: Actor) -> None:
    """The role goes with the last seat in a call of the programme."""
    if CallContact.objects.filter(user=user, call__programme=call.programme).exists():
        return
    scope = _scope(call)
    held = user.assignments.filter(
        role=Role.CONTACT_PERSON, scope_kind=scope.kind, scope_key=scope.key
    ).first()
    if held is not None:
        take_role(assignment=held, actor=actor)


def _values(row: CallContact) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in FIELDS if name != "organisation"}
    told["away_until"] = row.away_until.isoformat() if row.away_until else None
    told["organisation"] = row.organisation.key if row.organisation else None
    return told


def _told(row: CallContact, before: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [before.get(name), value] for name, value in _values(row).items() if value not in ("", None)
    }


def _checked(call: Call, values: dict[str, Any]) -> None:
    for region in values.get("regions", ()):
        if not codes.valid("nuts", region):
            raise _unknown("regions", region, _("Give NUTS codes such as DEA1 or NL22."))
    known = {theme.key for theme in call.definition_of_programme.themes}
    for theme in values.get("themes", ()):
        if theme not in known:
            raise _unknown("themes", theme, _("Choose from the programme's themes."))
    for language in values.get("languages", ()):
        if not (len(language) == 2 and language.isalpha() and language.islower()):
            raise _unknown("languages", language, _("Give two letters such as de, nl or en."))


def _unknown(path: str, value: str, remedy: object) -> KontorError:
    return KontorError(
        _("“{value}” is not known.").format(value=value), code=f"{path}-unknown", path=path, remedy=remedy
    )
