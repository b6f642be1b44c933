"""Consent, contact persons, cluster members, and who may change the organisation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import allowed, policy
from kontor.features.accounts.models import RoleAssignment
from kontor.features.accounts.rules import hands_out_roles
from kontor.features.accounts.scopes import Scope, ScopeKind
from kontor.features.organisations import actions
from kontor.features.organisations.directory.fulltext import named
from kontor.features.organisations.forms import ContactForm, MembershipForm
from kontor.features.organisations.models import ContactPerson, Membership, Organisation
from kontor.features.organisations.queries import last_editor, members_of
from kontor.features.organisations.rules import (
    may_decide_consent,
    may_edit,
    may_manage_cluster,
    may_take_in,
)
from kontor.features.organisations.sealing import seal
from kontor.features.organisations.views.conflicts import begun_with, chosen_values, conflict_page
from kontor.features.organisations.views.finding import contact_for, membership_for, organisation_for
from kontor.features.organisations.views.problems import show_at_field

_MEMBERS_PER_PAGE = 50
_ASKED = gettext_lazy(
    "Others look after this organisation, so they were asked by mail. It is a member once they agree."
)


@require_safe
@policy(may_edit)
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Who may change the organisation, its contact persons, and its consent."""
    organisation = organisation_for(request, key, may_edit)
    assignments = RoleAssignment.objects.filter(scope_kind=ScopeKind.ORGANISATION, scope_key=key)
    context = {
        "organisation": organisation,
        "assignments": assignments.select_related("user").order_by("role", "user__name"),
        "contacts": organisation.contacts.all(),
        "may_invite": allowed(request, hands_out_roles, Scope(ScopeKind.ORGANISATION, key)),
        "may_decide_consent": allowed(request, may_decide_consent, organisation),
    }
    return render(request, "organisations/people.html", context)


@require_POST
@policy(may_decide_consent)
def consent(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw (`listing=withdrawn`), or agree to be listed or shown to members."""
    organisation = organisation_for(request, key, may_decide_consent)
    listing = request.POST.get("listing", "")
    if listing == "withdrawn":
        actions.withdraw_consent(organisation=organisation, actor=actor_of(request))
        messages.success(
            request, _("Your organisation is hidden now: in the directory, in searches and in matches.")
        )
    else:
        actions.give_consent(organisation=organisation, listing=listing, actor=actor_of(request))
        messages.success(request, _("Thank you. Your organisation can be found again."))
    return redirect("organisations:people", key)


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def add_contact(request: HttpRequest, key: str) -> HttpResponse:
    organisation = organisation_for(request, key, may_edit)
    form = ContactForm(request.POST or None, initial={"language": organisation.language})
    if request.method == "POST" and form.is_valid():
        actions.add_contact(
            organisation=organisation, actor=actor_of(request), notify=True, **form.cleaned_data
        )
        messages.success(request, _("The contact person is saved."))
        return redirect("organisations:people", key)
    return render(request, "organisations/people_contact.html", {"organisation": organisation, "form": form})


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def change_contact(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Joined with what others saved meanwhile, as for profiles."""
    contact = contact_for(request, key, pk)
    if request.POST.get("step") == "resolve":
        return _save_contact(request, contact, *chosen_values(request, _about(contact)))
    begun = actions.contact_snapshot(contact)
    # Where consent is not in force its old words stay out of the form: saving them would give it again.
    initial = {**begun, "consent_source": contact.consent_source if contact.may_be_shown else ""}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _save_contact(request, contact, dict(form.cleaned_data), begun_with(request, _about(contact)))
    base = request.POST.get("base") or seal(begun, _about(contact))
    context = {"organisation": contact.organisation, "contact": contact, "form": form, "base": base}
    return render(request, "organisations/people_contact.html", context)


def _about(row: ContactPerson | Membership) -> str:
    return f"{row._meta.model_name} {row.pk}"


def _save_contact(
    request: HttpRequest, contact: ContactPerson, values: dict[str, Any], base: dict[str, Any]
) -> HttpResponse:
    organisation, source = contact.organisation, values.pop("consent_source")
    try:
        actions.change_contact(
            contact=contact, values=values, base=base, consent_source=source, actor=actor_of(request)
        )
    except actions.EditConflict as conflict:
        return conflict_page(
            request,
            conflict,
            labels={name: field.label for name, field in ContactForm.base_fields.items()},
            title=organisation.name,
            back=reverse("organisations:people", args=[organisation.key]),
            who=last_editor(organisation, "organisation.contact_changed"),
            about=_about(contact),
            carried={"consent_source": source},
        )
    messages.success(request, _("The contact person is saved."))
    return redirect("organisations:people", organisation.key)


@require_POST
@policy(may_edit)
def withdraw_contact(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    actions.withdraw_contact_consent(contact=contact_for(request, key, pk), actor=actor_of(request))
    messages.success(request, _("The contact person is no longer shown."))
    return redirect("organisations:people", key)


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def erase_contact(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Asks first: what is erased cannot be brought back."""
    contact = contact_for(request, key, pk)
    if request.method == "POST":
        actions.erase_contact(contact=contact, actor=actor_of(request))
        messages.success(request, _("The contact person is erased."))
        return redirect("organisations:people", key)
    context = {"organisation": contact.organisation, "contact": contact}
    return render(request, "organisations/people_erase.html", context)


@require_http_methods(["GET", "POST"])
@policy(may_manage_cluster)
def members(request: HttpRequest, key: str) -> HttpResponse:
    """The members of a cluster with their dates; adding one, or asking one that others look after."""
    cluster = organisation_for(request, key, may_manage_cluster)
    form = MembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add_member(request, cluster, form):
        return redirect("organisations:members", key)
    page = Paginator(members_of(cluster), _MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"organisation": cluster, "form": form, "page": page}
    return render(request, "organisations/people_members.html", context)


def _add_member(request: HttpRequest, cluster: Organisation, form: MembershipForm) -> bool:
    values: dict[str, Any] = dict(form.cleaned_data)
    member = _member_named(request, form, values.pop("member"))
    if member is None:
        return False
    takes_in = allowed(request, may_take_in, member)
    use_case = actions.add_membership if takes_in else actions.ask_to_join
    try:
        use_case(cluster=cluster, member=member, actor=actor_of(request), **values)
    except KontorError as error:
        show_at_field(form, error)
        return False
    messages.success(request, _("The member is added.") if takes_in else _ASKED)
    return True


def _member_named(request: HttpRequest, form: MembershipForm, text: str) -> Organisation | None:
    """The one organisation of this key or name; None, with the form's error, where there is none or more."""
    found = list(named(request.user, text)[:2])
    if len(found) == 1:
        return found[0]
    several = _("Several organisations have these words in their names. Write the whole name, or the key.")
    nothing = _("There is no such organisation that you may see.")
    form.add_error("member", several if found else nothing)
    return None


@require_http_methods(["GET", "POST"])
@policy(may_manage_cluster)
def change_membership(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Joined with what others saved meanwhile, as for profiles."""
    membership = membership_for(request, key, pk)
    if request.POST.get("step") == "resolve":
        return _save_membership(request, membership, *chosen_values(request, _about(membership)))
    begun = actions.membership_snapshot(membership)
    form = MembershipForm(request.POST or None, initial=begun)
    del form.fields["member"]
    if request.method == "POST" and form.is_valid():
        base = begun_with(request, _about(membership))
        return _save_membership(request, membership, form.cleaned_data, base, form)
    return _membership_page(
        request, membership, form, request.POST.get("base") or seal(begun, _about(membership))
    )


def _membership_page(
    request: HttpRequest, membership: Membership, form: MembershipForm, base: str
) -> HttpResponse:
    context = {"organisation": membership.cluster, "membership": membership, "form": form, "base": base}
    return render(request, "organisations/people_membership.html", context)


def _save_membership(
    request: HttpRequest,
    membership: Membership,
    values: dict[str, Any],
    base: dict[str, Any],
    form: MembershipForm | None = None,
) -> HttpResponse:
    members = reverse("organisations:members", args=[membership.cluster.key])
    try:
        actions.change_membership(membership=membership, base=base, actor=actor_of(request), **values)
    except actions.EditConflict as conflict:
        return conflict_page(
            request,
            conflict,
            labels={name: field.label for name, field in MembershipForm.base_fields.items()},
            title=membership.cluster.name,
            back=members,
            who=last_editor(membership.member, "membership.changed"),
            about=_about(membership),
        )
    except KontorError as error:
        if form is None:
            raise
        show_at_field(form, error)
        return _membership_page(request, membership, form, request.POST["base"])
    messages.success(request, _("The membership is saved."))
    return redirect(members)


urlpatterns = [
    path("<slug:key>/people/", people, name="people"),
    path("<slug:key>/consent/", consent, name="consent"),
    path("<slug:key>/contacts/new/", add_contact, name="contact-add"),
    path("<slug:key>/contacts/<int:pk>/", change_contact, name="contact-change"),
    path("<slug:key>/contacts/<int:pk>/withdraw/", withdraw_contact, name="contact-withdraw"),
    path("<slug:key>/contacts/<int:pk>/erase/", erase_contact, name="contact-erase"),
    path("<slug:key>/members/", members, name="members"),
    path("<slug:key>/members/<int:pk>/", change_membership, name="membership-change"),
]
