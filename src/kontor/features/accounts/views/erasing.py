"""Asking to be erased, and erasing a person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.accounts import actions
from kontor.features.accounts.models import User
from kontor.features.accounts.queries import roles_with_names
from kontor.features.accounts.rules import is_administrator
from kontor.features.accounts.views.person import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@policy(SIGNED_IN)
def ask(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why; asking tells the administrators."""
    user = User.objects.get(pk=person_of(request).pk)
    if request.method == "POST":
        actions.ask_for_erasure(user=user, actor=actor_of(request))
        messages.success(request, _("The administrators of this site are told. They answer you by mail."))
        return HttpResponseRedirect(reverse("accounts:account"))
    context = {"person": user, "holds": actions.holds_of(user), "own": True}
    return render(request, "accounts/erase.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(is_administrator)
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """The same page about anybody, for administrators, whose button erases."""
    person = get_object_or_404(User, key=key, is_active=True)
    status = 200
    if request.method == "POST":
        try:
            actions.erase_person(user=person, actor=actor_of(request))
        except KontorError:
            status = 409
        else:
            messages.success(request, _("The person is erased."))
            return HttpResponseRedirect(reverse("accounts:roles"))
    context = {"person": person, "holds": actions.holds_of(person), "roles": roles_with_names(person)}
    return render(request, "accounts/erase.html", context, status=status)


urlpatterns = [
    path("account/erase/", ask, name="ask-erasure"),
    path("people/erase/<str:key>/", erase, name="erase"),
]
