"""Who may see and who may take decisions.

| who | sees | does |
| --- | --- | --- |
| manager of the call's programme | rounds, scenarios, decisions, letters | everything |
| controller | the same | nothing |
| people of an organisation in the application | its published decision and the letter sent | nothing |
| administrator | everything | everything |
| everybody else, other applicants and jurors first of all | nothing | nothing |
"""

from __future__ import annotations

from typing import Any

from kontor.base.permissions import holds, predicate
from kontor.features.accounts.rules import is_administrator, is_controller, manages_programme
from kontor.features.accounts.scopes import Role
from kontor.features.calls.models import Application
from kontor.features.calls.rules import own_q

may_open_some = holds(Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)
may_see_some = holds(Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.CONTROLLER)


def _decides(user: Any, about: Any) -> bool:
    """`about` is a round, a call, or anything with a round."""
    if about is None or not user.is_authenticated:
        return False
    call = getattr(getattr(about, "round", about), "call", about)
    return bool(is_administrator.test(user)) or bool(manages_programme.test(user, call.programme.key))


def _reads(user: Any, about: Any) -> bool:
    return about is not None and (bool(is_controller.test(user)) or _decides(user, about))


def _belongs(user: Any, application: Application | None) -> bool:
    if application is None or not user.is_authenticated:
        return False
    return Application.objects.filter(own_q(user), pk=application.pk).exists()


def _reads_own(user: Any, application: Application | None) -> bool:
    if application is None or not _belongs(user, application):
        return False
    return application.decisions.published().exists()


may_decide = predicate(_decides, "may_decide")
may_read_round = predicate(_reads, "may_read_round")
may_read_own_decision = predicate(_reads_own, "may_read_own_decision")
