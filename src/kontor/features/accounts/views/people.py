"""Who has which role where: one scope's people and invitations, and the administrator's list of all."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import PUBLIC, policy, require
from kontor.features.accounts import actions
from kontor.features.accounts.actions.invitations import find_invitation
from kontor.features.accounts.forms import AcceptForm, GrantForm, InvitationForm
from kontor.features.accounts.models import Invitation, RoleAssignment, User
from kontor.features.accounts.queries import all_roles, erasures_asked, open_invitations, people_in
from kontor.features.accounts.rules import hands_out_roles, is_administrator
from kontor.features.accounts.scopes import ROLES_IN, Scope, ScopeKind, names_of
from kontor.features.accounts.second_factor import finish_sign_in


def _scope(kind: str, key: str) -> Scope:
    if kind not in ROLES_IN:
        raise Http404
    return Scope(kind, "" if kind == ScopeKind.SITE else key)


def _page_of(scope: Scope) -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:people", args=[scope.kind, scope.key or "all"]))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(hands_out_roles)
def people(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The people of one organisation, cluster, programme or the site, and inviting another."""
    scope = _scope(kind, key)
    require(request, hands_out_roles, scope)
    form = InvitationForm(scope, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.invite_person(**form.cleaned_data, scope=scope, actor=actor_of(request))
        messages.success(request, _("The invitation was sent."))
        return _page_of(scope)
    context = {
        "scope": scope,
        "scope_key": scope.key or "all",
        "name": names_of([scope])[scope],
        "people": people_in(scope),
        "invitations": open_invitations(scope),
        "form": form,
    }
    return render(request, "accounts/people.html", context)


@require_POST
@policy(hands_out_roles)
def take(request: HttpRequest, assignment_id: int) -> HttpResponse:
    held = get_object_or_404(RoleAssignment.objects.select_related("user"), pk=assignment_id)
    scope = Scope(held.scope_kind, held.scope_key)
    require(request, hands_out_roles, scope)
    actions.take_role(assignment=held, actor=actor_of(request))
    messages.success(request, _("The role was taken away."))
    return _page_of(scope)


@require_POST
@policy(hands_out_roles)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation, key=key)
    scope = Scope(invitation.scope_kind, invitation.scope_key)
    require(request, hands_out_roles, scope)
    actions.withdraw_invitation(invitation=invitation, actor=actor_of(request))
    messages.success(request, _("The invitation was withdrawn."))
    return _page_of(scope)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Opening the mailed link shows what is offered; accepting it signs in."""
    offer = find_invitation(secret)
    known = User.objects.filter(email__iexact=offer.email).first()
    form = None if known else AcceptForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        name = form.cleaned_data["name"] if form else ""
        user = actions.accept_invitation(secret=secret, name=name, language=get_language() or "en")
        return finish_sign_in(request, user, method="mail", next_path="/")
    scope = Scope(offer.scope_kind, offer.scope_key)
    context = {"offer": offer, "name": names_of([scope])[scope], "form": form}
    return render(request, "accounts/invitation.html", context)


@require_safe
@policy(is_administrator)
def roles(request: HttpRequest) -> HttpResponse:
    """Every role on the site, with a search by name or address."""
    search = request.GET.get("q", "").strip()
    page = Paginator(all_roles(search), 50).get_page(request.GET.get("page"))
    names = names_of(Scope(row.scope_kind, row.scope_key) for row in page.object_list)
    rows = [(row, names[Scope(row.scope_kind, row.scope_key)]) for row in page.object_list]
    return render(
        request,
        "accounts/roles.html",
        {"page": page, "rows": rows, "q": search, "form": GrantForm(), "asked": erasures_asked()},
    )


@require_POST
@policy(is_administrator)
def grant(request: HttpRequest) -> HttpResponse:
    form = GrantForm(request.POST)
    user = User.objects.filter(email__iexact=request.POST.get("email", "").strip()).first()
    if form.is_valid() and user is None:
        form.add_error(
            "email", _("Nobody has this address. Invite the person from the page of the organisation.")
        )
    if not form.is_valid() or user is None:
        page = Paginator(all_roles(""), 50).get_page(1)
        return render(
            request, "accounts/roles.html", {"page": page, "rows": [], "q": "", "form": form}, status=422
        )
    values = form.cleaned_data
    actions.grant_role(user=user, role=values["role"], scope=values["scope"], actor=actor_of(request))
    messages.success(request, _("The role was given."))
    return HttpResponseRedirect(reverse("accounts:roles"))


urlpatterns = [
    path("people/role/<int:assignment_id>/take/", take, name="role-take"),
    path("people/invitation/<str:key>/withdraw/", withdraw, name="invitation-withdraw"),
    path("people/<str:kind>/<str:key>/", people, name="people"),
    path("invitation/<str:secret>/", invitation, name="invitation"),
    path("roles/", roles, name="roles"),
    path("roles/grant/", grant, name="role-grant"),
]
