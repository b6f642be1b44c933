"""Who may run, read and fill in what of a jury.

| who | may |
| --- | --- |
| manager of the programme, administrator | everything but other people's score sheets |
| chair, assessor that accepted | what the matrix says, but no application they are in conflict with |
| invited expert | the invitation and its list of applications, to declare conflicts |
| controller | read, as the matrix says; never change |
| people of an applying organisation | their own result, once applicants are informed |
| everybody else | nothing: not even that there is a jury |

A manager who sits in the jury sees scores as an assessor does.
"""

from __future__ import annotations

from typing import Any

from kontor.base.permissions import predicate
from kontor.features.accounts.rules import (
    is_administrator,
    is_programme_manager,
    is_signed_in,
    manages_programme,
)
from kontor.features.juries.models import Assignment, Expert, Member, MemberState, Panel
from kontor.features.juries.models.panel import programmes_managed

__all__ = [
    "is_signed_in",
    "may_answer_seat",
    "may_keep_experts",
    "may_read_panel",
    "may_run_panel",
    "may_run_some",
    "may_use_pool",
    "may_write_sheet",
]


def is_expert(user: Any, expert: Expert) -> bool:
    """Whether the expert is this person: by account, or by the account's address while none is linked."""
    if user is None or not user.is_authenticated:
        return False
    if expert.user_id is not None:
        return bool(expert.user_id == user.pk)
    return bool(expert.email.lower() == user.email.lower())


def _runs(user: Any, panel: Panel | None) -> bool:
    if panel is None or not user.is_authenticated:
        return False
    return bool(is_administrator.test(user) or manages_programme.test(user, panel.call.programme.key))


def _reads(user: Any, panel: Panel | None) -> bool:
    return panel is not None and Panel.objects.visible_to(user).filter(pk=panel.pk).exists()


def _keeps(user: Any, expert: Expert | None) -> bool:
    if expert is None or not user.is_authenticated:
        return False
    return bool(is_administrator.test(user) or expert.programme.key in programmes_managed(user))


def _answers(user: Any, member: Member | None) -> bool:
    return member is not None and is_expert(user, member.expert)


def _writes(user: Any, assignment: Assignment | None) -> bool:
    if assignment is None or not is_expert(user, assignment.member.expert):
        return False
    return assignment.member.state == MemberState.ACCEPTED


def _uses_pool(user: Any, programme: Any) -> bool:
    return bool(is_administrator.test(user) or manages_programme.test(user, programme))


may_run_panel = predicate(_runs, "may_run_panel")
may_read_panel = predicate(_reads, "may_read_panel")
may_keep_experts = predicate(_keeps, "may_keep_experts")
may_answer_seat = predicate(_answers, "may_answer_jury_seat")
may_write_sheet = predicate(_writes, "may_write_sheet")
may_use_pool = predicate(_uses_pool, "may_use_pool")
may_run_some = is_administrator | is_programme_manager
