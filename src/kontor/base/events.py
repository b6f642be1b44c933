"""Named events, so that a lower feature can tell a higher one what happened without knowing it.

Subscribers run at once and in the emitter's transaction: what they refuse, fails as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

E = TypeVar("E")

_subscribers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


@dataclass(frozen=True)
class OrganisationChanged:
    """Profiles, statements or visibility of organisations changed; `kind` says what (`profile`,
    `statement` …).
    """

    keys: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class OrganisationGone:
    """Organisations that must no longer be found: withdrawn, archived, merged or erased."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class ApplicationChanged:
    """Applications changed in what others rest on; `kind` says what (`partners`, `lead`, `withdrawn` …)."""

    keys: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class ErasureAsked:
    """Somebody's data shall be erased for good. Who knows a reason why not yet appends it to `holds` as a
    sentence; `email` may belong to rows that no account is linked to.
    """

    key: str
    email: str
    holds: list[str]


@dataclass(frozen=True)
class PersonErased:
    """A person's data go, in this transaction: features forget what they keep of the account `key`, of the
    address and of the names, and write `mark` where a name must stand. The account still stands.
    """

    key: str
    email: str
    names: frozenset[str]
    mark: str
    actor: Any


@dataclass(frozen=True)
class SampleLoaded:
    """The invented directory was written, or what was missing of it: features may add their own samples."""


@dataclass(frozen=True)
class SampleRemoved:
    """The invented directory is being removed: features remove what they added to it, those first whose rows
    rest on others'.
    """

    backwards: ClassVar[bool] = True


def subscribe(event_type: type[E], reaction: Callable[[E], None]) -> None:
    """Call `reaction` for each event of exactly this type. Subscribing twice changes nothing."""
    if reaction not in _subscribers[event_type]:
        _subscribers[event_type].append(reaction)


def unsubscribe(event_type: type[E], reaction: Callable[[E], None]) -> None:
    """Take a subscription back; raises ValueError where there is none."""
    _subscribers[event_type].remove(reaction)


def emit(event: object) -> None:
    """Tell every subscriber, in the order of subscription, or backwards where the event says so; the first
    exception ends the transaction.
    """
    reactions = tuple(_subscribers[type(event)])
    for reaction in reversed(reactions) if getattr(event, "backwards", False) else reactions:
        reaction(event)
