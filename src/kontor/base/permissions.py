"""The one permission mechanism: predicates of `rules`, combined with `&`, `|` and `~`.

Every view and API operation carries `@policy(predicate)`; a start-up check (web.checks) refuses one without.
A predicate over the user alone is tested before the view runs. A predicate over (user, object) is tested by
the view, once it has the object, through `require`; a view that answers without having done so raises.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from ninja.signature.utils import get_typed_signature
from rules.predicates import Predicate, always_allow, is_authenticated

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Denied",
    "PolicyForgotten",
    "Predicate",
    "about_object",
    "allowed",
    "holds",
    "policy",
    "policy_of",
    "predicate",
    "require",
]

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC: Predicate = always_allow
SIGNED_IN: Predicate = is_authenticated


class Denied(Exception):  # reads as a sentence: raise Denied
    """The policy said no. `signed_in` decides between the sign-in page and the page that says why not."""

    def __init__(self, predicate: str, *, signed_in: bool) -> None:
        super().__init__(f"{predicate} refused")
        self.predicate = predicate
        self.signed_in = signed_in


class PolicyForgotten(RuntimeError):
    """A view whose policy needs an object answered without asking `require` about one."""


def predicate(test: Callable[..., bool | None], name: str = "") -> Predicate:
    """`test(user)` or `test(user, object)` as something that combines; usable as a decorator. None
    means no opinion.
    """
    return Predicate(test, name or test.__name__)


def holds(*roles: str) -> Predicate:
    """A predicate: the person holds one of these roles in any scope. Users offer `holds(*roles)`."""

    def test(user: Any) -> bool:
        return bool(user.is_authenticated and user.holds(*roles))

    return predicate(test, f"holds({', '.join(roles)})")


def about_object(rule: Predicate) -> bool:
    """Whether the predicate looks at an object: it or a part of it takes two arguments."""
    if rule.var_args:
        return any(about_object(part) for part in _parts(rule))
    return bool(rule.num_args == 2)


def _parts(rule: Predicate) -> list[Predicate]:
    """The predicates that `&`, `|`, `^` or `~` combined; rules keeps them in the closure."""
    cells = rule.fn.__closure__ or ()
    return [cell.cell_contents for cell in cells if isinstance(cell.cell_contents, Predicate)]


def require(who: Any, predicate: Predicate, obj: object | None = None) -> None:
    """Raise Denied unless `predicate` holds for the request's person (or a user given directly) and `obj`."""
    user = who
    if isinstance(who, HttpRequest):
        user = who.user
        who.kontor_required = True  # type: ignore[attr-defined]
    if not predicate.test(user, obj):
        raise Denied(str(predicate), signed_in=bool(user.is_authenticated))


def allowed(who: Any, predicate: Predicate, obj: object | None = None) -> bool:
    """Whether `require` would pass; for showing or hiding a button."""
    return bool(predicate.test(who.user if isinstance(who, HttpRequest) else who, obj))


def policy(predicate: Predicate) -> Callable[[F], F]:
    """Attach `predicate` to a view or API operation and enforce it around the call."""
    on_object = about_object(predicate)

    def decorate(view: F) -> F:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not on_object:
                require(request, predicate)
                return view(request, *args, **kwargs)
            request.kontor_required = False  # type: ignore[attr-defined]
            answer = view(request, *args, **kwargs)
            _insist_on_require(request, answer, view)
            return answer

        guarded.policy = predicate  # type: ignore[attr-defined]
        # ninja reads types from the wrapper's module otherwise, where the view's names do not exist
        guarded.__signature__ = get_typed_signature(view)  # type: ignore[attr-defined]
        return cast(F, guarded)

    return decorate


def _insist_on_require(request: HttpRequest, answer: object, view: Callable[..., Any]) -> None:
    refused = getattr(answer, "status_code", 200) >= 400
    if not refused and not request.kontor_required:  # type: ignore[attr-defined]
        raise PolicyForgotten(
            f"{view.__module__}.{view.__qualname__} has an object policy but never called require"
        )


def policy_of(view: Any) -> Predicate | None:
    """The predicate a view carries, or None."""
    return getattr(view, "policy", None)
