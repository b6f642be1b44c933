"""Who works on the cases of a call.

| who | may |
| --- | --- |
| contact person of the call | see its desk, work on all its cases (as a stand-in), answer questions |
| manager of the programme, administrator | the same, and say who the contact persons are |
| controller | read desk and logs |
| people of an application | see their contact person and the shared lines of the log |
| everybody else | nothing |
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kontor.base.permissions import holds, predicate
from kontor.features.accounts.rules import is_administrator, is_controller
from kontor.features.accounts.scopes import Role
from kontor.features.calls.models import Call, CallContact, Case, PartnerWish
from kontor.features.calls.rules import may_manage_call, programmes_of
from kontor.features.organisations.rules import may_edit


def calls_helped_q(user: Any, prefix: str = "") -> Q:
    """The calls on whose desk the person sits, for a query over rows that reach the call by `prefix`."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if is_administrator.test(user):
        return Q()
    mine = CallContact.objects.filter(user=user).values("call")
    found = Q(**{f"{prefix}pk__in": mine})
    if keys := programmes_of(user):
        found |= Q(**{f"{prefix}programme__key__in": keys})
    return found


def _helps(user: Any, call: Call | None) -> bool:
    if call is None or not user.is_authenticated:
        return False
    if may_manage_call.test(user, call):
        return True
    return CallContact.objects.filter(call=call, user=user).exists()


def _sees_desk(user: Any, call: Call | None) -> bool:
    return call is not None and (_helps(user, call) or bool(is_controller.test(user)))


def _works(user: Any, case: Case | None) -> bool:
    return case is not None and _helps(user, case.call)


def _reads_case(user: Any, case: Case | None) -> bool:
    return case is not None and _sees_desk(user, case.call)


def _writes_wish(user: Any, wish: PartnerWish | None) -> bool:
    return wish is not None and user.is_authenticated and bool(may_edit.test(user, wish.organisation))


# asked for the menu of every page, so it asks for roles alone, which are read already
may_sit_at_a_desk = holds(
    Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.CONTROLLER, Role.CLUSTER_MANAGER, Role.CONTACT_PERSON
)


def _sits_somewhere(user: Any) -> bool:
    if not user.is_authenticated:
        return False
    return bool(may_sit_at_a_desk.test(user)) or CallContact.objects.filter(user=user).exists()


may_help_in_call = predicate(_helps, "may_help_in_call")
may_see_desk = predicate(_sees_desk, "may_see_desk")
may_work_on_case = predicate(_works, "may_work_on_case")
may_read_case = predicate(_reads_case, "may_read_case")
may_change_wish = predicate(_writes_wish, "may_change_wish")
sits_at_a_desk = predicate(_sits_somewhere, "sits_at_a_desk")
