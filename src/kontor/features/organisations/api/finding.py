"""The rows an address names, with the right answer for those who may not see them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kontor.base.api import found, not_found
from kontor.base.permissions import allowed, require
from kontor.features.organisations.models import ContactPerson, Membership, Organisation, Statement
from kontor.features.organisations.rules import may_edit, may_manage_cluster, may_see


def reachable(request: HttpRequest, key: str, predicate: Any = may_see) -> Organisation:
    """The organisation if the caller meets `predicate`; 404 where they may not see it, else 403."""
    organisation = Organisation.objects.alive().filter(key=key).first()
    if organisation is None or not allowed(request, may_see, organisation):
        raise not_found()
    require(request, predicate, organisation)
    return organisation


def archived(request: HttpRequest, key: str) -> Organisation:
    """An archived organisation that the caller may bring back; for others it does not exist."""
    rows = Organisation.objects.filter(merged_into=None).exclude(archived_at=None)
    organisation: Organisation = found(rows, key=key)
    if not allowed(request, may_edit, organisation):
        raise not_found()
    require(request, may_edit, organisation)
    return organisation


def statement_at(request: HttpRequest, key: str, statement_key: str) -> Statement:
    """A statement of an organisation that the caller may change, closed ones too."""
    organisation = reachable(request, key, may_edit)
    statement: Statement = found(
        Statement.objects.filter(organisation=organisation).select_related("organisation"), key=statement_key
    )
    return statement


def contact_at(request: HttpRequest, key: str, number: int) -> ContactPerson:
    organisation = reachable(request, key, may_edit)
    contact: ContactPerson = found(organisation.contacts.select_related("organisation"), pk=number)
    return contact


def membership_at(request: HttpRequest, key: str, number: int) -> Membership:
    """A membership in a cluster that the caller manages."""
    cluster = reachable(request, key, may_manage_cluster)
    rows = Membership.objects.filter(cluster=cluster).select_related("member", "cluster")
    membership: Membership = found(rows, pk=number)
    return membership
