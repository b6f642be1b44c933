"""Is the site alive? For a monitor or a load balancer."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from kontor.base.permissions import PUBLIC, policy


@require_safe
@policy(PUBLIC)
def health(request: HttpRequest) -> JsonResponse:
    """200 with `{"status": "ok"}` when the database answers; a failing database fails the request (500)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
