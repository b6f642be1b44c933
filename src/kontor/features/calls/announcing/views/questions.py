"""Answering questions, and the days of the calendar: for those who help in a call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import policy, require
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.forms import AnswerForm, DayForm
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.announcing.views.editing import managed, tried
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.casework.rules import may_help_in_call
from kontor.features.calls.models import Call, Question
from kontor.features.calls.rules import may_manage_call


@require_safe
@policy(may_help_in_call)
def questions(request: HttpRequest, key: str) -> HttpResponse:
    """Those that wait first, then those answered."""
    call = _helped(request, key)
    rows = list(call.faq.all())
    context = {
        **head(request, call, "questions"),
        "waiting": [row for row in rows if row.answered_at is None],
        "answered": [row for row in rows if row.answered_at is not None],
    }
    return render(request, "calls/announcing/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_help_in_call)
def answer(request: HttpRequest, key: str, question: str) -> HttpResponse:
    call = _helped(request, key)
    row = get_object_or_404(Question, call=call, key=question)
    texts = row.texts or {row.language: {"question": row.asked, "answer": ""}}
    initial = {"revision": row.revision, "publish": row.published_at is not None or row.answered_at is None}
    form = AnswerForm(request.POST or None, call=call, texts=texts, asked=row.asked, initial=initial)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"texts": form.values(), "publish": form.cleaned_data["publish"]}
        given |= {"revision": form.cleaned_data["revision"], "question": row, "actor": actor_of(request)}
        if tried(form, actions.answer_question, **given):
            messages.success(request, _("The answer is saved."))
            return redirect("calls:questions", call.key)
    context = {**head(request, call, "questions"), "form": form, "question": row}
    return render(request, "calls/announcing/answer.html", context, status=400 if form.errors else 200)


@require_POST
@policy(may_help_in_call)
def turn_question(request: HttpRequest, key: str, question: str, verb: str) -> HttpResponse:
    """Take an answer off the page, or discard what nobody should read."""
    call = _helped(request, key)
    row = get_object_or_404(Question, call=call, key=question)
    if verb == "discard":
        actions.discard_question(question=row, actor=actor_of(request))
    else:
        actions.take_down_question(question=row, actor=actor_of(request))
    messages.success(request, _("Done."))
    return redirect("calls:questions", call.key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_manage_call)
def days(request: HttpRequest, key: str) -> HttpResponse:
    """The days, and a form for one more; `?day=` changes one."""
    call = managed(request, key)
    row = call.days.filter(key=request.GET.get("day", "")).first()
    form = DayForm(request.POST or None, call=call, day=row)
    if request.method == "POST" and form.is_valid():
        about: dict[str, Any] = {"day": row} if row else {"call": call}
        action = actions.change_day if row else actions.add_day
        if tried(form, action, values=form.values(), actor=actor_of(request), **about):
            messages.success(request, _("The day is saved."))
            return redirect("calls:days", call.key)
    context = {**head(request, call, "days"), "form": form, "day": row, "days": list(call.days.all())}
    return render(request, "calls/announcing/days.html", context, status=400 if form.errors else 200)


@require_POST
@policy(may_manage_call)
def remove_day(request: HttpRequest, key: str, day: str) -> HttpResponse:
    call = managed(request, key)
    actions.remove_day(day=get_object_or_404(call.days, key=day), actor=actor_of(request))
    messages.success(request, _("The day is taken off the calendar."))
    return redirect("calls:days", call.key)


def _helped(request: HttpRequest, key: str) -> Call:
    call = call_for(request.user, key)
    require(request, may_help_in_call, call)
    return call


urlpatterns = [
    path("<slug:key>/questions/", questions, name="questions"),
    path("<slug:key>/questions/<str:question>/", answer, name="answer"),
    path("<slug:key>/questions/<str:question>/<slug:verb>/", turn_question, name="turn-question"),
    path("<slug:key>/days/", days, name="days"),
    path("<slug:key>/days/<str:day>/remove/", remove_day, name="remove-day"),
]
