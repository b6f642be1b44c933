"""Pages behind links in mails. Opening one shows, pressing its button acts; the signature is the right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kontor.base.actor import Actor, actor_of
from kontor.base.links import broken_link, read_link
from kontor.base.permissions import PUBLIC, policy
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.actions.mailing import ANSWER, REPORT
from kontor.features.matching.introductions.disclosure import reader_of_mail
from kontor.features.matching.introductions.forms import OutcomeForm
from kontor.features.matching.introductions.views.showing import (
    answer_form,
    answer_tabs,
    page_of,
    said_after,
    shown_row,
    take_answer,
    take_report,
)
from kontor.features.matching.models import Introduction, Side
from kontor.features.matching.models.states import Channel


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def answer_by_link(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """Yes, no or later, and taking it back, without signing in."""
    introduction, side, _payload = _sides(purpose, ANSWER, token)
    chosen, form = answer_form(request)
    if request.method == "POST" and "undo" in request.POST:
        actions.undo_answer(introduction=introduction, organisation=side.organisation, actor=_actor(request))
        messages.success(request, _("Your answer is taken back."))
        return HttpResponseRedirect(request.path)
    if request.method == "POST" and take_answer(form, introduction, side, _actor(request)):
        messages.success(request, said_after(chosen))
        return HttpResponseRedirect(request.path)
    context = {
        **_page(request, introduction, side),
        "form": form,
        "answer": chosen,
        "tabs": answer_tabs(chosen, request.path),
        "undo_href": request.path,
    }
    return render(request, "matching/introductions/link.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def report_by_link(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """What became of it: the mail's choice is ticked, amount and note may follow."""
    introduction, side, payload = _sides(purpose, REPORT, token)
    form = OutcomeForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    month = int(payload["month"])
    if request.method == "POST" and take_report(form, introduction, side, _actor(request), month):
        messages.success(request, _("Thank you. It is in the ledger."))
        return HttpResponseRedirect(request.path)
    context = {**_page(request, introduction, side), "form": form, "month": month}
    return render(request, "matching/introductions/outcome.html", context)


def _sides(given: str, purpose: str, token: str) -> tuple[Introduction, Side, dict[str, Any]]:
    """The introduction and the side the mail went to; KontorError 404 for a link of another kind."""
    if given != purpose:
        raise broken_link()
    payload = read_link(purpose, token)
    rows = Introduction.objects.filter(key=payload["introduction"])
    introduction = rows.prefetch_related("sides__organisation", "sides__statement", "outcomes").first()
    if introduction is None:
        raise broken_link()
    for side in introduction.sides.all():
        if side.organisation.key == payload["organisation"]:
            return introduction, side, payload
    raise broken_link()


def _page(request: HttpRequest, introduction: Introduction, side: Side) -> dict[str, Any]:
    row = shown_row(introduction, reader_of_mail(side.organisation), Channel.LINK)
    return {**page_of(row, side), "by_link": True}


def _actor(request: HttpRequest) -> Actor:
    """The person signed in, else whoever received the mail."""
    if request.user.is_authenticated:
        return actor_of(request)
    return Actor(key="link:introductions", label=str(_("by a link in a mail")))


urlpatterns = [
    path("link/<str:purpose>/<str:token>/", answer_by_link, name="introduction-link"),
    path("outcome/<str:purpose>/<str:token>/", report_by_link, name="outcome-link"),
]
