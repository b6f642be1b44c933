"""The application an address names, with the right answer for those who may not see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest

from kontor.base.errors import KontorError
from kontor.base.permissions import Predicate, require
from kontor.features.calls.models import Application
from kontor.features.calls.queries import application_for
from kontor.features.calls.rules import may_read_application
from kontor.programmes.forms import Section


def application_by(request: HttpRequest, key: str, rule: Predicate = may_read_application) -> Application:
    """404 for those who may not even read it, so that an address betrays nothing; else what `rule` says."""
    if not request.user.is_authenticated:
        require(request, rule, None)
    application = application_for(request.user, key)
    require(request, rule, application)
    return application


def section_in(application: Application, key: str) -> Section:
    """A section that the step asks. Http404 for any other."""
    for section in application.questions.asked_in(application.step):
        if section.key == key:
            return section
    raise Http404


@contextmanager
def said(request: HttpRequest, done: object = "") -> Iterator[None]:
    """What was done, or why it could not be, above the page that follows."""
    try:
        yield
    except KontorError as error:
        messages.error(request, f"{error.message} {error.remedy}".strip())
    else:
        if done:
            messages.success(request, str(done))


def badge_of(application: Application) -> str:
    """The kind of badge of its state."""
    kinds: dict[str, Any] = {
        "draft": "neutral", "submitted": "good", "admissible": "good", "eligible": "good",
        "ineligible": "bad", "withdrawn": "warn",
    }  # fmt: skip
    return str(kinds.get(application.state, "info"))
