"""Who the contact persons of a call are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.features.accounts.models import User
from kontor.features.calls.announcing.views.editing import managed, tried
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.casework import actions
from kontor.features.calls.casework.forms import ContactForm
from kontor.features.calls.casework.queries import contacts_with_load
from kontor.features.calls.models import Call
from kontor.features.calls.rules import may_manage_call
from kontor.features.organisations.models import Organisation


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_call)
def contacts(request: HttpRequest, key: str) -> HttpResponse:
    """Everybody with the open cases they have, and a form for one more."""
    call = managed(request, key)
    form = ContactForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid() and _added(request, call, form):
        messages.success(request, _("The contact person is added."))
        return redirect("calls:contacts", call.key)
    return _page(request, call, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_call)
def contact(request: HttpRequest, key: str, number: int) -> HttpResponse:
    call = managed(request, key)
    row = get_object_or_404(call.contacts.select_related("user", "organisation"), pk=number)
    form = ContactForm(request.POST or None, call=call, contact=row)
    if request.method == "POST" and form.is_valid():
        values = _values(form, request)
        if tried(form, actions.change_call_contact, contact=row, values=values, actor=actor_of(request)):
            messages.success(request, _("Saved."))
            return redirect("calls:contacts", call.key)
    return _page(request, call, form, row)


@require_POST
@policy(may_manage_call)
def remove_contact(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Open cases go to the colleagues who fit best."""
    call = managed(request, key)
    row = get_object_or_404(call.contacts, pk=number)
    count = actions.remove_call_contact(contact=row, actor=actor_of(request))
    text = ngettext(
        "Taken off the call; %(count)s open case has a new contact person.",
        "Taken off the call; %(count)s open cases have a new contact person.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("calls:contacts", call.key)


def _added(request: HttpRequest, call: Call, form: ContactForm) -> bool:
    user = User.objects.filter(email__iexact=form.cleaned_data["email"], is_active=True).first()
    if user is None:
        form.add_error("email", _("Nobody has an account with this address. Invite the person first."))
        return False
    values = _values(form, request)
    return tried(form, actions.add_call_contact, call=call, user=user, values=values, actor=actor_of(request))


def _values(form: ContactForm, request: HttpRequest) -> dict[str, Any]:
    name = form.cleaned_data["organisation"].strip()
    rows = Organisation.objects.visible_to(request.user)
    return {
        **form.values(),
        "organisation": rows.filter(Q(key=name) | Q(name=name)).first() if name else None,
    }


def _page(request: HttpRequest, call: Call, form: ContactForm, row: Any) -> HttpResponse:
    context = {
        **head(request, call, "contacts"),
        "rows": contacts_with_load(call),
        "form": form,
        "changing": row,
    }
    return render(request, "calls/casework/contacts.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("<slug:key>/contacts/", contacts, name="contacts"),
    path("<slug:key>/contacts/<int:number>/", contact, name="contact-person"),
    path("<slug:key>/contacts/<int:number>/remove/", remove_contact, name="remove-contact"),
]
