"""Tokens for programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.accounts import actions
from kontor.features.accounts.forms import TokenForm
from kontor.features.accounts.views.person import person_of


@require_safe
@policy(SIGNED_IN)
def tokens(request: HttpRequest) -> HttpResponse:
    rows = person_of(request).tokens.filter(revoked_at=None).order_by("-created_at", "-id")
    return render(request, "accounts/tokens.html", {"tokens": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(SIGNED_IN)
def create(request: HttpRequest) -> HttpResponse:
    """The secret is in this one answer and nowhere else."""
    form = TokenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/token_form.html", {"form": form})
    token, secret = actions.create_token(
        user=person_of(request),
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        days=form.cleaned_data["days"] or None,
        actor=actor_of(request),
    )
    return render(request, "accounts/token_created.html", {"token": token, "secret": secret})


@require_POST
@policy(SIGNED_IN)
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(person_of(request).tokens, pk=token_id)
    actions.revoke_token(token=token, actor=actor_of(request))
    messages.success(request, _("The token was revoked."))
    return HttpResponseRedirect(reverse("accounts:tokens"))


urlpatterns = [
    path("account/tokens/", tokens, name="tokens"),
    path("account/tokens/new/", create, name="token-create"),
    path("account/tokens/<int:token_id>/revoke/", revoke, name="token-revoke"),
]
