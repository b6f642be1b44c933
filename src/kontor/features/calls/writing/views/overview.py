"""One application: where it stands, what is left to do, what it says, what happened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kontor.base.panels import sections_on
from kontor.base.permissions import allowed, policy
from kontor.features.calls.actions import deadline_of
from kontor.features.calls.completeness import blocking, problems_of, state_of
from kontor.features.calls.dossier.reading import (
    Content,
    ShownSection,
    content_for,
    ground_for,
    sections_shown,
)
from kontor.features.calls.dossier.views.reading import tabs_of
from kontor.features.calls.models import Application
from kontor.features.calls.rules import (
    may_read_application,
    may_submit_application,
    may_write_application,
)
from kontor.features.calls.writing.fields import language, section_views
from kontor.features.calls.writing.views.finding import application_by, badge_of


def head_of(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What every page about an application shows above."""
    closes = deadline_of(application)
    now = timezone.now()
    writes = allowed(request, may_write_application, application)
    return {
        "application": application,
        "name": application.title or _("Untitled application"),
        "call": application.call,
        "badge": badge_of(application),
        "writes": writes,
        "edits": writes and application.is_draft,
        "submits": allowed(request, may_submit_application, application),
        "closes": closes.astimezone(application.call.zone),
        "now": now,
        "is_over": now >= closes,
    }


def told_of(application: Application, content: Content) -> list[ShownSection]:
    """The answers of the content in the reader's language."""
    spoken = language()
    ground = ground_for(application, content, spoken)
    return sections_shown(application.questions, content, ground)


def _money(application: Application, *, live: bool) -> dict[str, Decimal | None]:
    """Cost and grant of all partners, as they stand or as they were handed in last."""
    if live:
        return application.partners.current().aggregate(cost=Sum("cost"), grant=Sum("grant"))
    rows = application.snapshot["partners"]
    told = {name: [Decimal(row[name]) for row in rows if row[name]] for name in ("cost", "grant")}
    return {name: sum(amounts, Decimal(0)) if amounts else None for name, amounts in told.items()}


@require_safe
@policy(may_read_application)
def application(request: HttpRequest, key: str) -> HttpResponse:
    found = application_by(request, key)
    context = {**head_of(request, found), "tabs": tabs_of(request, found, "application")}
    if context["writes"] or found.submitted_at is None:
        state = state_of(found)
        problems = problems_of(state)
        context |= {
            "sections": section_views(state, problems),
            "problems": blocking(problems),
            "unsigned": sum(one.code == "signature" for one in problems),
            "partners": state.partners,
        }
    context["submissions"] = list(found.submissions.defer("snapshot"))
    context["money"] = _money(found, live=context["writes"] or not context["submissions"])
    waiting = found.amendments.waiting(context["now"])
    context["asked"] = list(waiting) if context["writes"] else []
    context["panels"] = sections_on("application", request.user, found)
    return render(request, "calls/writing/application.html", context)


@require_safe
@policy(may_read_application)
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The whole application to read and to print."""
    found = application_by(request, key)
    context = head_of(request, found)
    content = content_for(request.user, found)
    context |= {"sections": told_of(found, content), "live": content.live}
    return render(request, "calls/writing/preview.html", context)


urlpatterns = [
    path("applications/<slug:key>/", application, name="application"),
    path("applications/<slug:key>/preview/", preview, name="preview"),
]
