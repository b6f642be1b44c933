"""Asking a question and making first contact, with or without an account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor import codes
from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, policy
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.forms import FirstContactForm, QuestionForm
from kontor.features.calls.announcing.limits import not_too_many
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.casework.actions import open_case
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.views.problems import show_at_field


@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """A question that the call's contact persons answer, for everybody to read."""
    call = call_for(request.user, key)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            not_too_many(request)
            actions.ask_question(
                call=call,
                text=form.cleaned_data["text"],
                email=form.cleaned_data["email"],
                language=(get_language() or "en")[:2],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Your question has arrived. The answer will stand on this page."))
            return redirect(call)
    return _page(request, call, form, _("Ask a question"), _("Ask"))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def contact(request: HttpRequest, key: str) -> HttpResponse:
    """First contact: opens a case and gives it to the contact person who fits best."""
    call = call_for(request.user, key)
    form = FirstContactForm(request.POST or None, call=call, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        try:
            not_too_many(request)
            case = open_case(call=call, confirm=True, actor=actor_of(request), **_values(request, form))
        except KontorError as error:
            show_at_field(form, error)
        else:
            who = case.contact.user.name if case.contact else _("The programme's managers")
            messages.success(request, _("%(name)s will answer you.") % {"name": who})
            return redirect(call)
    return _page(request, call, form, _("Talk to a contact person"), _("Send"))


def _known(request: HttpRequest) -> dict[str, str]:
    user: Any = request.user
    known = {"language": (get_language() or "en")[:2]}
    return known | ({"name": user.name, "email": user.email} if user.is_authenticated else {})


def _values(request: HttpRequest, form: FirstContactForm) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    name = given.pop("organisation").strip()
    rows = Organisation.objects.visible_to(request.user)
    found = rows.filter(Q(key=name) | Q(name=name)).first() if name else None
    region = given.pop("region").strip().upper()
    if region and not codes.valid("nuts", region):
        raise KontorError(
            _("“{code}” is no NUTS code.").format(code=region),
            code="region-unknown",
            path="region",
            remedy=_("Leave it empty if you do not know it."),
        )
    if name and found is None:
        given["text"] = f"{given['text']}\n\n{name}"
    return {**given, "organisation": found, "region": region}


def _page(request: HttpRequest, call: Any, form: Any, title: str, button: str) -> HttpResponse:
    context = {**head(request, call, ""), "form": form, "title": title, "button": button}
    return render(request, "calls/announcing/ask.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("<slug:key>/ask/", ask, name="ask"),
    path("<slug:key>/contact/", contact, name="contact"),
]
