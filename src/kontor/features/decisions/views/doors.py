"""What the views of a round share: finding it, asking the policy, and showing a refusal at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from kontor.base.errors import KontorError
from kontor.base.permissions import require
from kontor.features.decisions.models import Round
from kontor.features.decisions.queries import round_for
from kontor.features.decisions.rules import may_decide, may_read_round


def read_round(request: HttpRequest, key: str) -> Round:
    """Http404 for rounds that the person may not read."""
    found = round_for(request.user, key)
    require(request, may_read_round, found)
    return found


def decided_round(request: HttpRequest, key: str) -> Round:
    found = round_for(request.user, key)
    require(request, may_decide, found)
    return found


def tried(form: forms.Form, action: Callable[..., Any], **given: Any) -> Any:
    """What the action answers; None where it refused, which then stands at the form's field."""
    try:
        return action(**given) or True
    except KontorError as error:
        place = error.path.split(".")[0]
        at = form.fields.get(place)
        form.add_error(place if at is not None and not at.widget.is_hidden else None, str(error))
        return None


def done_or_told(request: HttpRequest, action: Callable[..., Any], **given: Any) -> Any:
    """For pages with a button and no form: the refusal is a message. What the action answers, None if
    refused.
    """
    try:
        return action(**given) or True
    except KontorError as error:
        messages.error(request, str(error))
        return None
