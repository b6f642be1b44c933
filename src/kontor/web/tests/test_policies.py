"""Every address carries a policy, and what happens when one says no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, path

from kontor.base.errors import KontorError
from kontor.base.permissions import (
    PUBLIC,
    SIGNED_IN,
    Denied,
    PolicyForgotten,
    about_object,
    holds,
    policy,
    predicate,
    require,
)
from kontor.features.accounts.models import User
from kontor.web.checks import unguarded

owns = predicate(
    lambda user, thing: thing is not None and user.is_authenticated and thing == user.email, "owns"
)


def test_every_address_and_operation_carries_a_policy() -> None:
    assert list(unguarded(get_resolver().url_patterns)) == []
    assert [message.id for message in run_checks(tags=["kontor"])] == []


def test_an_address_without_policy_is_named() -> None:
    def naked(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    assert list(unguarded([path("open/", naked), path("shut/", policy(PUBLIC)(naked))])) == ["/open/"]


def test_which_predicates_need_an_object() -> None:
    assert about_object(owns)
    assert about_object(owns | PUBLIC)
    assert about_object(~(SIGNED_IN & ~owns))
    assert not about_object(PUBLIC)
    assert not about_object(holds("owner") & ~SIGNED_IN)


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_forgotten_object_check_is_an_error(user_with: Callable[..., User]) -> None:
    @policy(owns)
    def forgetful(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    with pytest.raises(PolicyForgotten, match="forgetful"):
        forgetful(request_of(user_with()))


def test_object_check_lets_the_right_person_in_only(user_with: Callable[..., User]) -> None:
    @policy(owns)
    def view(request: HttpRequest) -> HttpResponse:
        require(request, owns, "ada@example.org")
        return HttpResponse("secret")

    assert view(request_of(user_with(email="ada@example.org"))).status_code == 200
    with pytest.raises(Denied):
        view(request_of(user_with()))


def test_nothing_found_needs_no_object_check(user_with: Callable[..., User]) -> None:
    view = policy(owns)(lambda request: HttpResponse(status=404))
    assert view(request_of(user_with())).status_code == 404


def test_denied_person_gets_a_page_in_plain_words(
    user_with: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(user_with()).get("/roles/")
    assert answer.status_code == 403
    assert "You may not see or do this." in answer.content.decode()


def test_missing_page_has_its_own_words(db: None, client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert (answer.status_code, "does not exist" in answer.content.decode()) == (404, True)


def test_failure_page_needs_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> HttpResponse:
        raise RuntimeError("secret detail")

    with monkeypatch.context() as patch:
        patch.setattr("kontor.web.health.connection.cursor", broken)
        answer = Client(raise_request_exception=False).get("/health/")
    assert (answer.status_code, "secret detail" in answer.content.decode()) == (500, False)
    assert "went wrong" in answer.content.decode()


def test_refused_use_case_becomes_a_page(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**kwargs: Any) -> None:
        raise KontorError("The door is shut.", code="shut", remedy="Knock.", status=409)

    monkeypatch.setattr("kontor.features.accounts.actions.send_sign_in_link", refuse)
    answer = client.post("/sign-in/", {"email": "a@example.org"})
    assert answer.status_code == 409
    assert "The door is shut." in answer.content.decode()
    assert "Knock." in answer.content.decode()


def test_form_without_token_is_refused_in_plain_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "a@example.org"})
    assert (answer.status_code, "too old" in answer.content.decode()) == (403, True)


def test_pages_load_nothing_from_elsewhere(db: None, client: Client) -> None:
    answer = client.get("/sign-in/")
    rules = answer["Content-Security-Policy"]
    assert "default-src 'self'" in rules
    assert "unsafe" not in rules
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_health(db: None, client: Client) -> None:
    assert client.get("/health/").json() == {"status": "ok"}
