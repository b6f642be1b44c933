"""Who may see and who may change programmes.

| who | sees | changes |
| --- | --- | --- |
| anybody | published versions, the money of each envelope, the stages of products | nothing |
| people of a member | also what their own organisation stated it can do | it, as owner or editor |
| manager of the programme | also its draft, its cases and every member's competences | all of these |
| administrator | everything | everything |
"""

from __future__ import annotations

from typing import Any

from kontor.base.permissions import predicate
from kontor.features.accounts.queries import organisations_of
from kontor.features.accounts.rules import is_administrator, is_programme_manager, manages_programme

may_edit = is_administrator | manages_programme
may_add = is_administrator
may_manage_some = is_administrator | is_programme_manager


@predicate
def has_organisation(user: Any) -> bool:
    """Whether the person belongs to some organisation, whose own row of a matrix they may see."""
    return bool(user.is_authenticated and organisations_of(user))


may_see_matrix = may_edit | has_organisation
