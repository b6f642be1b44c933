"""The page behind a link from a mail: it asks, and acts when the button is pressed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kontor.base.links import action_of, read_link
from kontor.base.permissions import PUBLIC, policy


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def link(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """The signature is the right to act; who is signed in does not matter."""
    action = action_of(purpose)
    payload = read_link(purpose, token)
    if request.method == "POST":
        done = action.act(request, payload)
        messages.success(request, str(done.message))
        return HttpResponseRedirect(done.next_path)
    return render(request, "base/link.html", {"page": action.describe(payload)})


urlpatterns = [path("link/<str:purpose>/<str:token>/", link, name="link")]
