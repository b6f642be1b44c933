"""The list of calls, one call, the calendar as a page and as a file: for everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kontor.base.permissions import PUBLIC, allowed, policy
from kontor.features.calls.announcing.forms import ListForm
from kontor.features.calls.announcing.ics import calendar_file
from kontor.features.calls.announcing.queries import (
    WHENS,
    calendar_of,
    call_for,
    calls_for,
    left_by_region,
    money_left,
    open_wishes,
    phase_of,
)
from kontor.features.calls.announcing.rules import may_manage_some
from kontor.features.calls.casework.rules import may_help_in_call, may_see_desk
from kontor.features.calls.models import Call
from kontor.features.calls.queries import own_applications
from kontor.features.calls.rules import may_manage_call

#: Months ahead and behind that the calendar shows.
AHEAD, BEHIND = dt.timedelta(days=400), dt.timedelta(days=30)


@require_safe
@policy(PUBLIC)
def call_list(request: HttpRequest) -> HttpResponse:
    """Calls by deadline; `?when=` open, coming, closed or draft, `?q=` words."""
    form = ListForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"when": "", "q": ""}
    rows = calls_for(request.user, when=chosen["when"], words=chosen["q"])
    now = timezone.now()
    manages = allowed(request, may_manage_some)
    whens = [("", _("All")), *((key, label) for key, label in WHENS.items() if manages or key != "draft")]
    context = {
        "rows": [(row, phase_of(row, now)) for row in rows],
        "wanted": chosen["q"],
        "when": chosen["when"],
        "tabs": [
            {
                "label": label,
                "href": f"?when={key}" if key else "?",
                "current": key == chosen["when"],
                "count": None,
            }
            for key, label in whens
        ],
        "manages": manages,
    }
    return render(request, "calls/announcing/list.html", context)


@require_safe
@policy(PUBLIC)
def call_page(request: HttpRequest, key: str) -> HttpResponse:
    """The announcement: what, for whom, until when, how much is left, whom to ask."""
    call = call_for(request.user, key)
    left = money_left(call)
    entries = calendar_of([call])
    regions = left_by_region(call, left)
    context: dict[str, Any] = {
        **head(request, call, "call"),
        "instruments": call.instruments,
        "definition": call.definition_of_programme,
        "left": [one for one in left if not call.regions],
        "regions": [(region, regions.get(region["key"]), _closes(region)) for region in call.regions],
        "entries": entries,
        "questions": list(call.faq.published()),
        "contacts": list(call.contacts.select_related("user", "organisation")),
        "wishes": open_wishes(call),
        "mine": list(own_applications(request.user).filter(call=call)[:20]),
        "begin": _begin(call),
    }
    return render(request, "calls/announcing/call.html", context)


@require_safe
@policy(PUBLIC)
def calendar(request: HttpRequest) -> HttpResponse:
    """Openings, deadlines and days of all calls, month by month."""
    now = timezone.now()
    rows = calls_for(request.user).published().prefetch_related("days")
    near = [
        one for one in calendar_of(rows) if now - BEHIND <= (one.until or one.at) and one.at <= now + AHEAD
    ]
    coming = [one for one in near if (one.until or one.at) >= now]
    past = [one for one in near if (one.until or one.at) < now]
    context = {"months": _by_month(coming), "past": past}
    return render(request, "calls/announcing/calendar.html", context)


@require_safe
@policy(PUBLIC)
def calendar_download(request: HttpRequest) -> HttpResponse:
    """Every published call; a calendar that subscribes to the address stays up to date."""
    rows = calls_for(request.user).published().prefetch_related("days")
    return _file(calendar_file(calendar_of(rows), _("Calls"), timezone.now()), "calls")


@require_safe
@policy(PUBLIC)
def call_download(request: HttpRequest, key: str) -> HttpResponse:
    call = call_for(request.user, key)
    return _file(calendar_file(calendar_of([call]), str(call), timezone.now()), call.key)


def head(request: HttpRequest, call: Call, tab: str) -> dict[str, Any]:
    """What the head of every page of a call needs."""
    manages, helps = allowed(request, may_manage_call, call), allowed(request, may_help_in_call, call)
    pages = [("call", _("Announcement"), "calls:call"), ("board", _("Partner board"), "calls:board")]
    if call.state == "draft":
        pages = pages[:1]
    if allowed(request, may_see_desk, call):
        pages.append(("desk", _("Desk"), "calls:desk"))
    if helps:
        pages.append(("questions", _("Questions"), "calls:questions"))
    if manages:
        pages += [("contacts", _("Contact persons"), "calls:contacts"), ("days", _("Days"), "calls:days")]
    return {
        "call": call,
        "phase": phase_of(call, timezone.now()),
        "manages": manages,
        "helps": helps,
        "tabs": [
            {"label": label, "href": reverse(name, args=[call.key]), "current": key == tab, "count": None}
            for key, label, name in pages
        ],
    }


def _begin(call: Call) -> str:
    """Where an application is begun, while the call takes some."""
    if not call.takes(timezone.now()):
        return ""
    try:
        return reverse("calls:begin", args=[call.key])
    except NoReverseMatch:
        return ""


def _closes(region: dict[str, Any]) -> dt.datetime | None:
    own = region.get("closes_at")
    return dt.datetime.fromisoformat(own) if own else None


def _by_month(entries: list[Any]) -> list[tuple[dt.date, list[Any]]]:
    found: dict[dt.date, list[Any]] = {}
    for entry in entries:
        found.setdefault(timezone.localtime(entry.at).date().replace(day=1), []).append(entry)
    return list(found.items())


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


urlpatterns = [
    path("", call_list, name="list"),
    path("calendar/", calendar, name="calendar"),
    path("calendar.ics", calendar_download, name="calendar-file"),
    path("<slug:key>/", call_page, name="call"),
    path("<slug:key>/calendar.ics", call_download, name="call-file"),
]
