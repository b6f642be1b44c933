"""Who may see and who may change what in the directory. One place; the querysets in `models` say the same.

| who | sees | changes |
| --- | --- | --- |
| anybody | organisations listed in public, their public statements | nothing |
| member (signed in with any role) | also those visible to members, and statements for members | nothing |
| owner, editor of the organisation | it, also hidden or withdrawn, with its legal identity and teasers | it |
| reader of the organisation | it, also hidden or withdrawn | nothing |
| manager of a cluster it is in | it, also hidden, not when consent is withdrawn | it |
| administrator | everything; what is withdrawn only by its address, in no list | everything |
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kontor.base.permissions import predicate
from kontor.features.accounts.queries import clusters_managed, keepers_of, organisations_of
from kontor.features.accounts.rules import (
    EDITING_ROLES,
    is_administrator,
    is_cluster_manager,
    is_member,
    is_signed_in,
    owns_organisation,
)
from kontor.features.accounts.scopes import Scope, ScopeKind
from kontor.features.organisations.models import Listing, Organisation, Statement, Visibility


def _belongs_to_one(user: Any) -> bool:
    return bool(organisations_of(user))


def _is_own(user: Any, organisation: Organisation) -> bool:
    return organisation.key in organisations_of(user)


def _manages(user: Any, organisation: Organisation) -> bool:
    """Whether the user manages this cluster, or one that the organisation has not left."""
    clusters = clusters_managed(user)
    if not clusters:
        return False
    if organisation.key in clusters:
        return True
    return organisation.member_of.current(timezone.localdate()).filter(cluster__key__in=clusters).exists()


def _edits(user: Any, organisation: Organisation | None) -> bool:
    if organisation is None:
        return False
    if is_administrator(user) or organisations_of(user).get(organisation.key) in EDITING_ROLES:
        return True
    return organisation.listing != Listing.WITHDRAWN and _manages(user, organisation)


def _sees(user: Any, organisation: Organisation | None) -> bool:
    if organisation is None:
        return False
    alive = organisation.merged_into_id is None and organisation.archived_at is None
    if alive and organisation.listing == Listing.LISTED:
        return True
    if alive and organisation.listing == Listing.MEMBERS and is_member(user):
        return True
    return (alive and _is_own(user, organisation)) or _edits(user, organisation)


def _sees_statement(user: Any, statement: Statement | None) -> bool:
    if statement is None or not _sees(user, statement.organisation):
        return False
    if statement.closed_at is None and statement.visibility == Visibility.PUBLIC:
        return True
    if statement.closed_at is None and statement.visibility == Visibility.MEMBERS and is_member(user):
        return True
    return _edits(user, statement.organisation)


def _takes_in(user: Any, organisation: Organisation | None) -> bool:
    if organisation is None or _edits(user, organisation):
        return organisation is not None
    in_a_cluster = organisation.member_of.current(timezone.localdate()).exists()
    return not in_a_cluster and not keepers_of(Scope(ScopeKind.ORGANISATION, organisation.key)).exists()


def _edits_statement(user: Any, statement: Statement | None) -> bool:
    return statement is not None and _edits(user, statement.organisation)


def _manages_cluster(user: Any, cluster: Organisation | None) -> bool:
    return cluster is not None and (is_administrator(user) or cluster.key in clusters_managed(user))


may_see = predicate(_sees)
may_edit = predicate(_edits)
may_see_statement = predicate(_sees_statement)
may_edit_statement = predicate(_edits_statement)
may_manage_cluster = predicate(_manages_cluster)
# Membership gives a cluster's manager every right of an editor. Without asking it can only be given to an
# organisation that the manager may change already, or that nobody looks after.
may_take_in = predicate(_takes_in)
# Duplicates touch two records at once: managers and administrators decide them.
may_merge = is_administrator | is_cluster_manager
# Importing into a cluster, or into the directory as a whole; each row asks may_edit again.
may_import = may_merge
# Consent is the organisation's own: its owner gives and withdraws it, a manager does not.
may_decide_consent = is_administrator | owns_organisation
may_create = is_signed_in
belongs_to_organisation = predicate(_belongs_to_one)
