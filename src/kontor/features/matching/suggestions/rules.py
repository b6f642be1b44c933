"""Who may read an organisation's suggestions, and who may have them computed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kontor.base.permissions import predicate
from kontor.features.accounts.queries import organisations_of
from kontor.features.accounts.rules import is_administrator, is_cluster_manager
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.models.organisation import editable_q
from kontor.features.organisations.rules import may_edit

may_run = is_administrator | is_cluster_manager
"""Those who look after more than one member."""


def _reads(user: Any, organisation: Organisation | None) -> bool:
    """Its own people, the manager of a cluster it is in, administrators."""
    if organisation is None or not user.is_authenticated:
        return False
    return organisation.key in organisations_of(user) or bool(may_edit.test(user, organisation))


may_read_suggestions = predicate(_reads)


def own_q(user: Any) -> Q:
    """Organisations whose suggestions the person may read (may_read_suggestions for one row)."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(key__in=sorted(organisations_of(user))) | editable_q(user)
