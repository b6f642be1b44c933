"""Telling the features above what changed, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable

from kontor.base.events import OrganisationChanged, OrganisationGone, emit
from kontor.features.organisations.models import Organisation


def announce(organisations: Iterable[Organisation], kind: str) -> None:
    """Emit OrganisationChanged for those that can be found, OrganisationGone for the others."""
    found: list[str] = []
    gone: list[str] = []
    for organisation in organisations:
        (found if organisation.findable else gone).append(organisation.key)
    if found:
        emit(OrganisationChanged(keys=tuple(found), kind=kind))
    if gone:
        emit(OrganisationGone(keys=tuple(gone)))
