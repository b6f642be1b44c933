"""What every API operation shares: the error shape, pages of a list, scopes, and the answers it may give.

    router = Router("organisations")

    @router.get("/", response=Page[OrganisationOut])
    @policy(PUBLIC)
    def list_organisations(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
        return paginate(Organisation.objects.visible_to(request.user), page)

The router refuses an operation without a policy, asks a token for the scope `organisations:read` (GET) or
`organisations:write`, and documents every error answer, so the OpenAPI file is complete without further
words.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

import ninja
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from ninja.constants import NOT_SET

from kontor.base.errors import KontorError
from kontor.base.permissions import policy_of

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

LONGEST_PAGE = 100
# every answer that any operation may give beside its own
FAILURES = (400, 401, 403, 404, 409, 413, 422, 429)


class ErrorBody(Schema):
    code: str = Field(description="stable name of the failure, for programs")
    message: str = Field(description="what is wrong, in the reader's language")
    path: str = Field(description="where: the field, as body.name or query.page; empty when it is the whole")
    remedy: str = Field(description="what to do about it; may be empty")


class ErrorOut(Schema):
    """The one error shape."""

    error: ErrorBody


class Page(Schema, Generic[T]):
    """One page of a list. `pages` is at least 1; a page past the end has no items."""

    items: list[T]
    count: int
    page: int
    pages: int


class PageQuery(Schema):
    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(25, ge=1, le=LONGEST_PAGE)


def paginate(rows: QuerySet[Any, Any] | Sequence[Any], query: PageQuery) -> dict[str, Any]:
    """The dictionary of a Page: two queries for a QuerySet (count and slice)."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    start = (query.page - 1) * query.page_size
    items = list(rows[start : start + query.page_size]) if start < count else []
    return {
        "items": items,
        "count": count,
        "page": query.page,
        "pages": max(1, -(-count // query.page_size)),
    }


def found(rows: QuerySet[Model, Any], **lookup: Any) -> Any:
    """The one row, or KontorError 404 `not-found` (also for rows the person may not see: filter first)."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise not_found()
    return row


def not_found() -> KontorError:
    return KontorError(
        _("There is nothing here that you may see."),
        code="not-found",
        remedy=_("Check the address."),
        status=404,
    )


def responses(answer: Any, status: int = 200) -> dict[int, Any]:
    """The answers of an operation: its own under `status`, and the error shape under every failure."""
    return {status: answer, **dict.fromkeys(FAILURES, ErrorOut)}


def scope(name: str) -> Callable[[F], F]:
    """Ask tokens for another scope than the router's: a POST that only reads takes `matching:read`."""

    def mark(view: F) -> F:
        view.scope = name  # type: ignore[attr-defined]
        return view

    return mark


# every scope that an operation asks for, offered when a person creates a token
SCOPES: set[str] = set()


class Router(ninja.Router):
    """A feature's operations. `noun` names its scopes and its section in the documentation."""

    def __init__(self, noun: str, **options: Any) -> None:
        super().__init__(tags=[noun], **options)
        self.noun = noun

    def add_api_operation(
        self, path: str, methods: list[str], view_func: Callable[..., Any], **options: Any
    ) -> None:
        if policy_of(view_func) is None:
            raise RuntimeError(f"{view_func.__module__}.{view_func.__name__} carries no @policy")
        verb = "read" if set(methods) <= {"GET", "HEAD"} else "write"
        wanted = getattr(view_func, "scope", f"{self.noun}:{verb}")
        SCOPES.add(wanted)
        options["response"] = _complete(options.get("response", NOT_SET))
        options["openapi_extra"] = {"x-scope": wanted, **(options.get("openapi_extra") or {})}
        super().add_api_operation(path, methods, _scoped(view_func, wanted), **options)


def _complete(response: Any) -> dict[Any, Any]:
    """Whatever ninja accepts as `response`, with every failure documented beside it."""
    if isinstance(response, dict):
        return {**dict.fromkeys(FAILURES, ErrorOut), **response}
    if response is NOT_SET or response is None:
        return responses(None, 204)
    return responses(response)


def _scoped(view: F, wanted: str) -> F:
    """Refuse a token without the scope, and text no database can store."""

    @functools.wraps(view)
    def operation(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        token = getattr(request, "api_token", None)
        if token is not None and wanted not in token.scopes:
            raise KontorError(
                _("This token lacks the scope {scope}.").format(scope=wanted),
                code="scope-missing",
                remedy=_("Create a token with this scope on your account page."),
                status=403,
            )
        refuse_nul(request)
        return view(request, *args, **kwargs)

    return cast(F, operation)


def refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL stores no NUL character: say so (400) instead of failing inside the query."""
    in_address = "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")
    if in_address or (request.content_type == "application/json" and b"\\u0000" in request.body):
        raise nul_found()


def nul_found() -> KontorError:
    return KontorError(
        _("The request contains a NUL character."), code="nul-character", remedy=_("Leave it out.")
    )
