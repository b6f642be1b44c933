"""Organisations named on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kontor.features.organisations.models import Organisation


def organisation_of(key: str, path: str = "key", *, gone_too: bool = False) -> Organisation:
    """The organisation with this key; with `gone_too` also a merged or archived one. Raises KontorError."""
    from kontor.base.errors import KontorError
    from kontor.features.organisations.models import Organisation

    rows = Organisation.objects.all() if gone_too else Organisation.objects.alive()
    found = rows.filter(key=key).first()
    if found is None:
        raise KontorError(
            f"There is no organisation with the key {key}.",
            code="no-such-organisation",
            path=path,
            remedy="Copy it from the address of its page, or look it up with `kontor organisations list`.",
        )
    return found
