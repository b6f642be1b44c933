"""Who may propose, read, answer and oversee introductions.

| who | may |
| --- | --- |
| owner, editor of the asking organisation | propose, answer for it, report outcomes |
| reader, contact person of one of the two | read |
| manager of a cluster of one of the two | propose, read; never answer for a member |
| programme manager, administrator | propose, read |
| whoever has a link mailed to one of the two | answer and report for it |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from kontor.base.permissions import predicate
from kontor.features.accounts.queries import clusters_managed, organisations_of
from kontor.features.accounts.rules import (
    edits_organisation,
    is_administrator,
    is_cluster_manager,
    is_programme_manager,
)
from kontor.features.matching.models import Introduction, Side
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.models.organisation import editable_q
from kontor.features.organisations.rules import may_edit

sees_all = is_administrator | is_programme_manager
may_oversee = sees_all | is_cluster_manager


@dataclass(frozen=True)
class Pair:
    """Two organisations of which the first asks."""

    asker: Organisation
    partner: Organisation


def _proposes(user: Any, pair: Pair | None) -> bool:
    if pair is None or not user.is_authenticated:
        return False
    if sees_all.test(user) or may_edit.test(user, pair.asker):
        return True
    own = pair.partner.key in organisations_of(user)
    return bool(clusters_managed(user)) and not own and bool(may_edit.test(user, pair.partner))


def _reads(user: Any, introduction: Introduction | None) -> bool:
    if introduction is None or not user.is_authenticated:
        return False
    both = (introduction.asker, introduction.partner)
    own = organisations_of(user)
    return bool(sees_all.test(user)) or any(
        organisation.key in own or may_edit.test(user, organisation) for organisation in both
    )


def _answers(user: Any, side: Side | None) -> bool:
    return side is not None and bool(edits_organisation.test(user, side.organisation))


def _withdraws(user: Any, introduction: Introduction | None) -> bool:
    if introduction is None or not user.is_authenticated:
        return False
    return introduction.proposed_by_key == user.key or bool(is_administrator.test(user))


def _reads_log(user: Any, organisation: Organisation | None) -> bool:
    """The organisation's own people, its manager and administrators."""
    if organisation is None or not user.is_authenticated:
        return False
    return organisation.key in organisations_of(user) or bool(may_edit.test(user, organisation))


may_propose = predicate(_proposes)
may_read = predicate(_reads)
may_answer = predicate(_answers)
may_withdraw = predicate(_withdraws)
may_read_log = predicate(_reads_log)


def stands_for_q(user: Any, prefix: str = "") -> Q:
    """Organisations whose side of an introduction is the person's own: theirs, and members they manage.

    An administrator sees every introduction, but stands for nobody.
    """
    own = Q(**{f"{prefix}key__in": sorted(organisations_of(user))})
    if is_administrator.test(user) or not clusters_managed(user):
        return own
    return own | editable_q(user, prefix)


def readable_q(user: Any) -> Q:
    """The introductions a person may read (may_read for one)."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if sees_all.test(user):
        return Q()
    return stands_for_q(user, "asker__") | stands_for_q(user, "partner__")
