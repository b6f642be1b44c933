"""Who may read, write, hand in and handle applications. Rights follow the organisation, not the person.

| who | may |
| --- | --- |
| owner, editor of the lead or of a partner; manager of its cluster | read and write while it is a draft |
| reader of the lead or of a partner | read |
| owner of the lead; where it has none, its editor or the manager of its cluster | also submit, withdraw |
| manager of the programme, contact person of the call, controller | read from the submission on |
| manager of the programme | also move it on |
| administrator | everything but writing in somebody else's application |
| everybody else, competitors first of all | nothing, not even that it exists |
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from kontor.base.permissions import predicate
from kontor.features.accounts.queries import organisations_of, people_in
from kontor.features.accounts.rules import (
    EDITING_ROLES,
    is_administrator,
    is_controller,
    manages_programme,
)
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.calls.models import HANDED_IN, Application, ApplicationPartner, Call, CallContact
from kontor.features.matching.consortia.rules import stands_for_q
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.rules import may_edit


def programmes_of(user: Any) -> list[str]:
    """Keys of the programmes whose manager the person is."""
    if not user.is_authenticated:
        return []
    return [
        held.scope_key
        for held in user.roles()
        if held.role == Role.PROGRAMME_MANAGER and held.scope_kind == ScopeKind.PROGRAMME
    ]


def own_q(user: Any) -> Q:
    """The applications of the person's organisations, and of members of clusters that the person manages."""
    own = Organisation.objects.filter(stands_for_q(user)).values("pk")
    partners = ApplicationPartner.objects.current().filter(application=OuterRef("pk"), organisation__in=own)
    return Q(lead__in=own) | Q(Exists(partners))


def readable_q(user: Any) -> Q:
    """The applications a person may read (may_read for one)."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if is_administrator.test(user):
        return Q()
    condition = own_q(user)
    handed_in = Q(state__in=HANDED_IN) | Q(submitted_at__isnull=False)
    if is_controller.test(user):
        condition |= handed_in
    condition |= Q(call__in=CallContact.objects.filter(user=user).values("call")) & handed_in
    if programmes := programmes_of(user):
        condition |= Q(call__programme__key__in=programmes) & handed_in
    return condition


def _reads(user: Any, application: Application | None) -> bool:
    if application is None or not user.is_authenticated:
        return False
    return Application.objects.filter(readable_q(user), pk=application.pk).exists()


def _organisations(application: Application) -> list[Organisation]:
    partners = application.partners.current().select_related("organisation")
    return [application.lead, *(partner.organisation for partner in partners)]


def _writes(user: Any, application: Application | None) -> bool:
    """Editors of an organisation in it. An administrator reads, but does not write in others' names."""
    if application is None or not user.is_authenticated:
        return False
    own = organisations_of(user)
    involved = _organisations(application)
    if any(own.get(one.key) in EDITING_ROLES for one in involved):
        return True
    return not is_administrator.test(user) and any(may_edit(user, one) for one in involved)


def _submits(user: Any, application: Application | None) -> bool:
    if application is None or not user.is_authenticated:
        return False
    role = organisations_of(user).get(application.lead.key)
    if role == Role.OWNER or _has_owner(application.lead):
        return role == Role.OWNER
    return _begins_for(user, application.lead)


def _has_owner(organisation: Organisation) -> bool:
    people = people_in(Scope(ScopeKind.ORGANISATION, organisation.key))
    return people.filter(role=Role.OWNER, user__is_active=True).exists()


def _begins_for(user: Any, lead: Organisation | None) -> bool:
    """Editors of the organisation, and managers of its cluster, who help."""
    if lead is None or not user.is_authenticated:
        return False
    if organisations_of(user).get(lead.key) in EDITING_ROLES:
        return True
    return not is_administrator.test(user) and bool(may_edit(user, lead))


def _manages_call(user: Any, call: Call | None) -> bool:
    if call is None or not user.is_authenticated:
        return False
    return bool(is_administrator.test(user)) or bool(manages_programme.test(user, call.programme.key))


def _handles(user: Any, application: Application | None) -> bool:
    if application is None or not _reads(user, application):
        return False
    return _manages_call(user, application.call)


may_read_application = predicate(_reads, "may_read_application")
may_write_application = predicate(_writes, "may_write_application")
may_submit_application = predicate(_submits, "may_submit_application")
may_begin_for = predicate(_begins_for, "may_begin_application_for")
may_manage_call = predicate(_manages_call, "may_manage_call")
may_handle_application = predicate(_handles, "may_handle_application")
