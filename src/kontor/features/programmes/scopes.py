"""What accounts shall call the scope of a role in a programme."""

from __future__ import annotations

from collections.abc import Iterable

from kontor.features.accounts.scopes import ScopeKind, name_scopes_with
from kontor.features.programmes.models import Programme


def names(keys: Iterable[str]) -> dict[str, str]:
    return dict(Programme.objects.filter(key__in=list(keys)).values_list("key", "name"))


def register() -> None:
    name_scopes_with(ScopeKind.PROGRAMME, names)
