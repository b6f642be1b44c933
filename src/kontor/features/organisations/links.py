"""What the links in the directory's mails do. Opening shows a button; pressing it acts (base.links)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor, actor_of
from kontor.base.links import LinkDone, LinkPage, broken_link, link_action
from kontor.features.organisations import actions
from kontor.features.organisations.actions.contacts import WITHDRAW_CONTACT
from kontor.features.organisations.actions.memberships import JOIN
from kontor.features.organisations.actions.reminders import CONFIRM, WITHDRAW
from kontor.features.organisations.models import ContactPerson, Organisation, Statement


def register() -> None:
    link_action(CONFIRM, describe=_describe_confirm, act=_confirm)
    link_action(WITHDRAW, describe=_describe_withdraw, act=_withdraw)
    link_action(JOIN, describe=_describe_join, act=_join)
    link_action(WITHDRAW_CONTACT, describe=_describe_contact, act=_withdraw_contact)


def _actor(request: HttpRequest) -> Actor:
    """The person signed in, else whoever received the mail."""
    if request.user.is_authenticated:
        return actor_of(request)
    return Actor(key="link:organisations", label=str(_("by a link in a mail")))


def _organisation(payload: dict[str, Any]) -> Organisation:
    found = Organisation.objects.alive().filter(key=payload["organisation"]).first()
    if found is None:
        raise broken_link()
    return found


def _statements(payload: dict[str, Any]) -> list[Statement]:
    """Those of the mail that are still open and still belong to the organisation."""
    rows = Statement.objects.filter(key__in=payload["statements"], closed_at=None)
    return list(rows.filter(organisation=_organisation(payload)).select_related("organisation"))


def _describe_confirm(payload: dict[str, Any]) -> LinkPage:
    titles = "; ".join(f"“{statement}”" for statement in _statements(payload))
    return LinkPage(
        title=_("Does this still hold?"),
        text=_("%(name)s states: %(titles)s") % {"name": _organisation(payload).name, "titles": titles},
        button=_("Yes, it still holds"),
    )


def _confirm(request: HttpRequest, payload: dict[str, Any]) -> LinkDone:
    actions.confirm_statements(statements=_statements(payload), actor=_actor(request))
    organisation = _organisation(payload)
    return LinkDone(_("Thank you. Your statements are confirmed."), organisation.get_absolute_url())


def _describe_withdraw(payload: dict[str, Any]) -> LinkPage:
    return LinkPage(
        title=_("Withdraw consent?"),
        text=_("%(name)s will be hidden at once: in the directory, in searches and in matches.")
        % {"name": _organisation(payload).name},
        button=_("Hide the organisation"),
    )


def _withdraw(request: HttpRequest, payload: dict[str, Any]) -> LinkDone:
    actions.withdraw_consent(organisation=_organisation(payload), actor=_actor(request))
    return LinkDone(_("The organisation is hidden now."), reverse("start"))


def _pair(payload: dict[str, Any]) -> tuple[Organisation, Organisation]:
    """The cluster and who is to be its member, where both are still there."""
    found = {
        each.key: each
        for each in Organisation.objects.alive().filter(key__in=[payload["cluster"], payload["member"]])
    }
    if len(found) < 2:
        raise broken_link()
    return found[payload["cluster"]], found[payload["member"]]


def _describe_join(payload: dict[str, Any]) -> LinkPage:
    cluster, member = _pair(payload)
    return LinkPage(
        title=_("Join the cluster?"),
        text=_("%(name)s becomes a member of %(cluster)s. Its managers may then see and change all of it.")
        % {"name": member.name, "cluster": cluster.name},
        button=_("Yes, we join"),
    )


def _join(request: HttpRequest, payload: dict[str, Any]) -> LinkDone:
    cluster, member = _pair(payload)
    since, until = (
        dt.date.fromisoformat(text) if (text := payload[at]) else None for at in ("since", "until")
    )
    actions.add_membership(cluster=cluster, member=member, since=since, until=until, actor=_actor(request))
    return LinkDone(_("Thank you. The organisation is a member now."), cluster.get_absolute_url())


def _contact(payload: dict[str, Any]) -> ContactPerson:
    """The person the mail went to; an entry that names another address since is not theirs."""
    rows = ContactPerson.objects.select_related("organisation")
    found = rows.filter(pk=payload["contact"], email=payload["email"]).first()
    if found is None:
        raise broken_link()
    return found


def _describe_contact(payload: dict[str, Any]) -> LinkPage:
    return LinkPage(
        title=_("Erase your details?"),
        text=_("Your name, address and telephone number at %(name)s will be erased at once.")
        % {"name": _contact(payload).organisation.name},
        button=_("Erase my details"),
    )


def _withdraw_contact(request: HttpRequest, payload: dict[str, Any]) -> LinkDone:
    actions.erase_contact(contact=_contact(payload), actor=_actor(request))
    return LinkDone(_("Your details are erased."), reverse("start"))
