"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.permissions import PUBLIC, policy
from kontor.features.accounts import actions
from kontor.features.accounts.actions.sign_in import find_sign_in_link
from kontor.features.accounts.forms import SignInForm
from kontor.features.accounts.models import User
from kontor.features.accounts.second_factor import finish_sign_in


def safe_next(request: HttpRequest, target: str) -> str:
    """`target` when it is a page of this site, else empty: nobody is sent elsewhere after signing in."""
    hosts = {request.get_host()}
    fits = url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure())
    return target if fits else ""


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:
    """One form: with a password it signs in, without one it sends a link."""
    target = safe_next(request, request.POST.get("next", request.GET.get("next", "")))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _try(request, form, target)
        if answer is not None:
            return answer
    return render(request, "accounts/sign_in.html", {"form": form, "next": target})


def _try(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse | None:
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    if not password:
        actions.send_sign_in_link(email=email, next_path=target)
        return HttpResponseRedirect(reverse("accounts:link-sent"))
    user = authenticate(request, email=email.lower(), password=password)
    if isinstance(user, User):
        return finish_sign_in(request, user, method="password", next_path=target)
    form.add_error(
        None, _("Address and password do not fit. Try again, or leave the password empty for a link.")
    )
    return None


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """Answered instead of the form while an address is locked out from one place."""
    return render(request, "accounts/locked_out.html", status=429)


@require_safe
@policy(PUBLIC)
def link_sent(request: HttpRequest) -> HttpResponse:
    """Says the same whether or not there is an account."""
    return render(request, "accounts/link_sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Opening the mailed link shows a button; pressing it signs in. Mail scanners only open."""
    if request.method == "POST":
        link = actions.use_sign_in_link(secret=secret)
        target = safe_next(request, link.next_path)
        return finish_sign_in(request, link.user, method="mail", next_path=target)
    return render(request, "accounts/sign_in_link.html", {"link": find_sign_in_link(secret)})


@require_POST
@policy(PUBLIC)
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")


urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-in/sent/", link_sent, name="link-sent"),
    path("sign-in/link/<str:secret>/", sign_in_link, name="sign-in-link"),
    path("sign-out/", sign_out, name="sign-out"),
]
