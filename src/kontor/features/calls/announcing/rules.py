"""Who sees calls, and who writes them.

| who | may |
| --- | --- |
| anybody | read published and withdrawn calls, their answers, days and contact persons; ask a question |
| manager of the programme, administrator | also read drafts, edit, publish, withdraw, move deadlines |
| contact person of the call | also answer questions |
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kontor.base.permissions import predicate
from kontor.features.accounts.rules import is_administrator, is_programme_manager, manages_programme
from kontor.features.calls.models import Call, CallState
from kontor.features.calls.rules import programmes_of
from kontor.features.programmes.models import Programme

may_manage_some = is_administrator | is_programme_manager


def visible_q(user: Any) -> Q:
    """The calls a person may read."""
    condition = ~Q(state=CallState.DRAFT)
    if is_administrator.test(user):
        return Q()
    if keys := programmes_of(user):
        condition |= Q(programme__key__in=keys)
    return condition


def _adds(user: Any, programme: Programme | None) -> bool:
    if programme is None or not user.is_authenticated:
        return False
    return bool(is_administrator.test(user)) or bool(manages_programme.test(user, programme.key))


def _sees(user: Any, call: Call | None) -> bool:
    return call is not None and Call.objects.filter(visible_q(user), pk=call.pk).exists()


may_add_call = predicate(_adds, "may_add_call")
may_see_call = predicate(_sees, "may_see_call")
