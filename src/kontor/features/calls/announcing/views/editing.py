"""Drafting, publishing, extending and withdrawing a call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import Conflict, KontorError
from kontor.base.permissions import allowed, policy, require
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.actions.checks import faults_before_publication
from kontor.features.calls.announcing.forms import CallForm, DeadlineForm, NewCallForm, ReasonForm
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.announcing.regions import RegionForm, posted_regions, region_forms
from kontor.features.calls.announcing.rules import may_add_call, may_manage_some
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.models import Call
from kontor.features.calls.rules import may_manage_call
from kontor.features.organisations.views.problems import show_at_field
from kontor.features.programmes.models import Programme


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_some)
def add(request: HttpRequest) -> HttpResponse:
    """Choose the instrument; the draft that follows holds what the programme's file says."""
    rows = [one for one in Programme.objects.visible_to(request.user) if allowed(request, may_add_call, one)]
    form = NewCallForm(request.POST or None, programmes=rows, initial={"support": request.GET.get("support")})
    if request.method == "POST" and form.is_valid():
        key, definition, instrument = form.cleaned_data["support"].split("|")
        programme = get_object_or_404(Programme, key=key)
        require(request, may_add_call, programme)
        call = actions.add_call(
            programme=programme, definition=definition, instrument=instrument, actor=actor_of(request)
        )
        messages.success(request, _("The draft is begun. Nobody else sees it yet."))
        return redirect("calls:edit", call.key)
    context = {"form": form, "none": not rows}
    return render(request, "calls/announcing/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_call)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The draft; the buttons for regions answer the whole page with what was written so far."""
    call = managed(request, key)
    form = CallForm(request.POST or None, call=call)
    regions = posted_regions(request) if request.method == "POST" else region_forms(call)
    saves = request.method == "POST" and request.POST.get("step", "save") == "save"
    sound = [one.is_valid() for one in (form, *regions)] if saves else [False]
    if all(sound) and _saved(form, call, regions, request):
        messages.success(request, _("The draft is saved."))
        return redirect("calls:edit", call.key)
    context = {
        **head(request, call, "call"),
        "form": form,
        "regions": regions,
        "faults": list(faults_before_publication(call, timezone.now())),
    }
    return render(
        request, "calls/announcing/edit.html", context, status=400 if _wrong(form, regions) else 200
    )


def _wrong(form: forms.Form, regions: list[Any]) -> bool:
    return form.is_bound and bool(form.errors or any(one.is_bound and one.errors for one in regions))


def _saved(form: CallForm, call: Call, regions: list[RegionForm], request: HttpRequest) -> bool:
    before = {one["key"]: one for one in call.regions}
    assert form.zone is not None
    told = [one.values(call, before.get(one.cleaned_data["key"], {}), form.zone) for one in regions]
    if any(one.errors for one in regions):
        return False
    try:
        actions.save_call(
            call=call,
            values={**form.values(), "regions": told},
            revision=form.cleaned_data["revision"],
            actor=actor_of(request),
        )
    except Conflict as error:
        form.add_error(None, str(error))
        form.data = {**form.data, "revision": str(Call.objects.get(pk=call.pk).revision)}
        return False
    except KontorError as error:
        show_at_field(form, error)
        return False
    return True


@require_POST
@policy(may_manage_call)
def publish(request: HttpRequest, key: str) -> HttpResponse:
    call = managed(request, key)
    return _done(request, call, actions.publish_call, _("The call is published."), back="calls:edit")


@require_POST
@policy(may_manage_call)
def restore(request: HttpRequest, key: str) -> HttpResponse:
    call = managed(request, key)
    return _done(request, call, actions.restore_call, _("The call is as it was."))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_call)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    call = managed(request, key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, actions.withdraw_call, call=call, reason=reason, actor=actor_of(request)):
            messages.success(request, _("The call is withdrawn. Whoever was writing is told."))
            return redirect(call)
    lead = _("Nothing can be handed in any more. What was handed in stays, and you can put the call back.")
    return _page(request, call, form, _("Withdraw the call"), _("Withdraw"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_call)
def deadline(request: HttpRequest, key: str) -> HttpResponse:
    call = managed(request, key)
    form = DeadlineForm(request.POST or None, call=call)
    sound = request.method == "POST" and form.is_valid()
    if sound and tried(form, actions.move_deadline, call=call, actor=actor_of(request), **form.values()):
        messages.success(request, _("The deadline has moved. Whoever is writing is told."))
        return redirect(call)
    lead = _("Only to a later time: nobody's time is cut. Times are in %(zone)s.") % {"zone": call.time_zone}
    return _page(request, call, form, _("Move a deadline"), _("Move"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_call)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    call = managed(request, key)
    if request.method == "POST":
        try:
            actions.discard_call(call=call, actor=actor_of(request))
        except KontorError as error:
            messages.error(request, str(error))
            return redirect(call)
        messages.success(request, _("The draft is thrown away."))
        return redirect("calls:list")
    lead = _("The draft “%(title)s” is thrown away. Its texts stay in the log of changes.") % {"title": call}
    return _page(request, call, forms.Form(), _("Throw the draft away"), _("Throw away"), lead)


def managed(request: HttpRequest, key: str) -> Call:
    call = call_for(request.user, key)
    require(request, may_manage_call, call)
    return call


def tried(form: forms.Form, action: Any, **given: Any) -> bool:
    """Whether the action was taken; what it refuses becomes an error of the form."""
    try:
        action(**given)
    except KontorError as error:
        show_at_field(form, error)
        return False
    return True


def _done(request: HttpRequest, call: Call, action: Any, text: str, back: str = "calls:call") -> HttpResponse:
    try:
        action(call=call, actor=actor_of(request))
    except KontorError as error:
        messages.error(request, str(error))
        return redirect(back, call.key)
    messages.success(request, text)
    return redirect(call)


def _page(
    request: HttpRequest, call: Call, form: forms.Form, title: str, button: str, lead: str
) -> HttpResponse:
    context = {**head(request, call, ""), "form": form, "title": title, "button": button, "lead": lead}
    return render(request, "calls/announcing/ask.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("add/", add, name="add"),
    path("<slug:key>/edit/", edit, name="edit"),
    path("<slug:key>/publish/", publish, name="publish"),
    path("<slug:key>/withdraw/", withdraw, name="withdraw-call"),
    path("<slug:key>/restore/", restore, name="restore"),
    path("<slug:key>/deadline/", deadline, name="deadline"),
    path("<slug:key>/discard/", discard, name="discard"),
]
