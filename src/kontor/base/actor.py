"""Who acts: a person, a program with a token, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest
from django.utils.translation import get_language


@dataclass(frozen=True)
class Actor:
    """Named by `key` and `label` so that the audit outlives the account. `user` is None for the system."""

    key: str
    label: str
    language: str = "en"
    user: object | None = None

    @classmethod
    def system(cls, name: str) -> Self:
        """The software itself: `Actor.system("import")` has the key `system:import`."""
        return cls(key=f"system:{name}", label=f"Kontor ({name})")

    @classmethod
    def of_user(cls, user: object, label: str = "") -> Self:
        """A signed-in person; `label` overrides the name (a program says which token it used)."""
        key: str = getattr(user, "key")  # noqa: B009  # base knows users only by what they offer
        return cls(key=key, label=label or str(user), language=getattr(user, "language", "en"), user=user)


def actor_of(request: HttpRequest) -> Actor:
    """The person behind a request; `anonymous` when nobody is signed in."""
    user = request.user
    if user.is_authenticated:
        token = getattr(request, "api_token", None)
        return Actor.of_user(user, f"{user} ({token.name})" if token is not None else "")
    return Actor(key="anonymous", label="anonymous", language=get_language() or "en", user=user)
