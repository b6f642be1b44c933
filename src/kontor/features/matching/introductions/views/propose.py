"""From a match's card: introduce, or not this one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.matching.ask import Ask
from kontor.features.matching.forms import SearchForm
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.disclosure import anonymous_title
from kontor.features.matching.introductions.finding import (
    Found,
    ask_of,
    askers_for,
    measured_for,
    partner_of,
)
from kontor.features.matching.introductions.forms import NotThisOneForm, ProposeForm
from kontor.features.matching.introductions.rules import Pair, may_propose
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.rules import may_edit
from kontor.features.organisations.views.problems import show_at_field

LONGEST_TITLE = 600


@require_http_methods(["GET", "HEAD", "POST"])
@policy(SIGNED_IN)
def introduce(request: HttpRequest) -> HttpResponse:
    """Ask both sides: for whom, what about, until when. The address carries the card and its question."""
    ask, found, askers = _asked(request)
    note = ask.text.strip()[:LONGEST_TITLE]
    form = ProposeForm(
        request.POST or None, askers=[(each.key, each.name) for each in askers], initial={"note": note}
    )
    if request.method == "POST" and form.is_valid():
        asker = next(each for each in askers if each.key == form.cleaned_data["asker"])
        require(request, may_propose, Pair(asker, found.organisation))
        try:
            introduction = actions.propose_introduction(
                asker=asker,
                partner=found.organisation,
                statement=found.statement,
                note=form.cleaned_data["note"],
                name_asker=form.cleaned_data["name_asker"],
                days=form.cleaned_data["days"],
                measured=measured_for(ask_of(asker, ask), request.GET.get("with", ""), request.user),
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Both sides are asked. You see here how they answer."))
            return redirect(introduction)
    return render(request, "matching/introductions/introduce.html", _context(request, form, found, askers))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(SIGNED_IN)
def not_this_one(request: HttpRequest) -> HttpResponse:
    """Not suggested again, with the reason: it teaches the ranking, nobody is told."""
    ask, found, askers = _asked(request)
    askers = [each for each in askers if may_edit.test(request.user, each)]
    form = NotThisOneForm(request.POST or None, askers=[(each.key, each.name) for each in askers])
    if request.method == "POST" and form.is_valid():
        asker = next(each for each in askers if each.key == form.cleaned_data["asker"])
        measured = measured_for(ask_of(asker, ask), request.GET.get("with", ""), request.user)
        try:
            actions.refuse_match(
                by=asker,
                other=found.organisation,
                statement=found.statement,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                parts=measured.parts,
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(
                request, _("It is not suggested again. You can lift this under your introductions.")
            )
            return redirect(_back(ask))
    return render(request, "matching/introductions/not_this_one.html", _context(request, form, found, askers))


def _asked(request: HttpRequest) -> tuple[Ask, Found, list[Organisation]]:
    """The question of the card, whom it shows, and for whom the person may act."""
    found = partner_of(request.GET.get("with", ""), request.user)
    query = request.GET.copy()
    query.pop("with", None)
    form = SearchForm(QueryDict(query.urlencode()))
    ask = form.ask() if form.is_valid() else Ask()
    return ask, found, askers_for(request.user, ask, found.organisation)


def _context(request: HttpRequest, form: Any, found: Found, askers: list[Organisation]) -> dict[str, Any]:
    organisation, statement = found.organisation, found.statement
    return {
        "form": form,
        "askers": askers,
        "title": anonymous_title(organisation) if statement else organisation.name,
        "teaser": statement.teaser if statement else "",
        "anonymous": statement is not None,
        "query": request.GET.urlencode(),
    }


def _back(ask: Ask) -> str:
    return f"{reverse('matching:search')}?{ask.query_string()}"


urlpatterns = [
    path("new/", introduce, name="introduce"),
    path("not-this-one/", not_this_one, name="not-this-one"),
]
