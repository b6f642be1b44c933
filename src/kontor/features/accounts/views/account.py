"""My account: profile, password, devices, and everything the site knows about me."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.accounts import actions
from kontor.features.accounts.forms import PasswordForm, ProfileForm
from kontor.features.accounts.models import User
from kontor.features.accounts.queries import personal_data, roles_with_names
from kontor.features.accounts.second_factor import second_factor_on
from kontor.features.accounts.views.person import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@policy(SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone, theme."""
    user = person_of(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        # the form has written into its own copy already
        fresh = User.objects.get(pk=user.pk)
        actions.change_profile(user=fresh, values=form.cleaned_data, actor=actor_of(request))
        messages.success(request, _("Your account was changed."))
        return _with_choices(HttpResponseRedirect(reverse("accounts:account")), form)
    context = {
        "form": form,
        "roles": roles_with_names(user),
        "sessions": UserSession.objects.purge_and_list(user),
        "this_session": request.session.session_key,
        "second_factor": second_factor_on.test(user),
    }
    return render(request, "accounts/account.html", context)


def _with_choices(answer: HttpResponse, form: ProfileForm) -> HttpResponse:
    """A language or theme saved in the account takes the place of one chosen in the menu before."""
    answer.delete_cookie("django_language", samesite="Lax")
    answer.delete_cookie("kontor_theme", samesite="Lax")
    return answer


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@policy(SIGNED_IN)
def password(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(user=user, password=form.cleaned_data["new"], actor=actor_of(request))
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password was changed. Other devices were signed out."))
        return HttpResponseRedirect(reverse("accounts:account"))
    return render(request, "accounts/password.html", {"form": form})


@require_POST
@policy(SIGNED_IN)
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    actions.end_session(user=person_of(request), session_id=session_id, actor=actor_of(request))
    messages.success(request, _("The device was signed out."))
    return HttpResponseRedirect(reverse("accounts:account"))


@require_safe
@policy(SIGNED_IN)
def export(request: HttpRequest) -> HttpResponse:
    """Everything stored about the person, as one JSON file (GDPR articles 15 and 20)."""
    answer = JsonResponse(
        personal_data(person_of(request)), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    answer["Content-Disposition"] = 'attachment; filename="kontor-my-data.json"'
    return answer


urlpatterns = [
    path("account/", account, name="account"),
    path("account/password/", password, name="password"),
    path("account/sessions/<int:session_id>/end/", end_session, name="end-session"),
    path("account/my-data.json", export, name="export"),
]
