"""The design system on one page: every component, drawn from fixed examples."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kontor.base.permissions import PUBLIC, policy


@require_safe
@policy(PUBLIC)
def design(request: HttpRequest) -> HttpResponse:
    """Every component with its states; the test run looks at this page with axe."""
    return render(request, "kontor/design.html", {})
