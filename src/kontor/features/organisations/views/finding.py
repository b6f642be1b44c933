"""The rows an address names, with the right answer for those who may not see them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from kontor.base.permissions import allowed, require
from kontor.features.organisations.models import ContactPerson, Listing, Membership, Organisation, Statement
from kontor.features.organisations.rules import may_edit, may_manage_cluster, may_see


def organisation_for(request: HttpRequest, key: str, predicate: Any = may_see) -> Organisation:
    """The organisation, if the person meets `predicate`.

    What somebody may not even see does not exist for them (404), so an address betrays nothing; only what
    members may see asks a stranger to sign in.
    """
    organisation = get_object_or_404(Organisation, key=key, merged_into=None, archived_at=None)
    for_members = organisation.listing == Listing.MEMBERS and not request.user.is_authenticated
    if not for_members and not allowed(request, may_see, organisation):
        raise Http404
    require(request, predicate, organisation)
    return organisation


def statement_for(request: HttpRequest, key: str, statement_key: str) -> Statement:
    """A statement of an organisation the person may edit."""
    organisation = organisation_for(request, key, may_edit)
    return get_object_or_404(
        Statement.objects.select_related("organisation"), organisation=organisation, key=statement_key
    )


def contact_for(request: HttpRequest, key: str, pk: int) -> ContactPerson:
    organisation = organisation_for(request, key, may_edit)
    return get_object_or_404(
        ContactPerson.objects.select_related("organisation"), organisation=organisation, pk=pk
    )


def membership_for(request: HttpRequest, key: str, pk: int) -> Membership:
    """A membership in a cluster the person manages."""
    cluster = organisation_for(request, key, may_manage_cluster)
    return get_object_or_404(Membership.objects.select_related("member", "cluster"), cluster=cluster, pk=pk)
