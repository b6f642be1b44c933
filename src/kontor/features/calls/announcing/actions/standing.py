"""What stands before every change of a call: the row locked, its state, a reason; and who is told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kontor.base import mail
from kontor.base.errors import KontorError
from kontor.features.accounts.queries import keepers_of
from kontor.features.accounts.scopes import Scope, ScopeKind
from kontor.features.calls.annexes import region_of
from kontor.features.calls.models import Application, ApplicationState, Call, CallState, PartnerRole
from kontor.programmes import Texts


def locked(call: Call) -> Call:
    rows = Call.objects.select_for_update(of=("self",)).select_related("programme", "version")
    return rows.get(pk=call.pk)


def insist(call: Call, state: CallState) -> None:
    if call.state != state:
        raise KontorError(
            _("This call is {state}.").format(state=call.get_state_display()),
            code="call-state",
            remedy=_("Load the page again to see what can be done now."),
            status=409,
        )


def insist_on_reason(reason: str) -> None:
    if not reason.strip():
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path="reason",
            remedy=_("Say in a sentence why; it stays on record."),
        )


def tell_writers(call: Call, template: str, *, region: str = "", **more: Any) -> None:
    """Mail to those who keep an organisation that leads a draft or an application handed in; with a region
    only of applications in whose team it pays. The mail names the region in its reader's language.
    """
    people = {}
    for key in _leads(call, region):
        for held in keepers_of(Scope(ScopeKind.ORGANISATION, key)):
            people[held.user.pk] = held.user
    name = Texts(call.region(region)["name"]) if region else None
    for person in people.values():
        if person.is_sample:
            continue
        named = {"region": name.best(person.language)} if name else {}
        page = f"{settings.SITE_URL}{call.get_absolute_url()}"
        context = {"call": call, "page_url": page, **named, **more}
        mail.send(to=person.email, language=person.language, template=template, context=context)


def _leads(call: Call, region: str) -> set[str]:
    """Keys of the organisations that lead."""
    rows = Application.objects.filter(call=call).exclude(state=ApplicationState.WITHDRAWN)
    if not region:
        return set(rows.values_list("lead__key", flat=True))
    found = set()
    for row in rows.select_related("lead"):
        partners = row.partners.current().select_related("organisation").exclude(role=PartnerRole.ASSOCIATED)
        if any(region_of(one, call) == region for one in partners):
            found.add(row.lead.key)
    return found
