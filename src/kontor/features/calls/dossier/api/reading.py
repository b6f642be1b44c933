"""Finding an application and its papers for a program."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from kontor.base.api import found
from kontor.base.permissions import SIGNED_IN, require
from kontor.features.calls.dossier.rules import may_read_papers, may_take_over
from kontor.features.calls.models import Amendment, Application, ApplicationPartner, Transfer
from kontor.features.calls.queries import applications_for

BINARY = {"schema": {"type": "string", "format": "binary"}}


def read_by(request: HttpRequest, key: str) -> Application:
    """404 for one that the person may not read, so that nobody learns that it exists."""
    require(request, SIGNED_IN)
    rows = applications_for(request.user).select_related("call__programme", "call__version")
    application: Application = found(rows, key=key)
    require(request, may_read_papers, application)
    return application


def written_by(request: HttpRequest, key: str) -> Application:
    """404 where the person may not read it, 403 where it may not write in it."""
    application = read_by(request, key)
    require(request, may_take_over, application)
    return application


def partner_in(application: Application, key: str) -> ApplicationPartner:
    rows = application.partners.current().select_related("organisation", "application")
    partner: ApplicationPartner = found(rows, key=key)
    return partner


def amendment_in(application: Application, key: str) -> Amendment:
    rows = application.amendments.select_related("application__call", "submission")
    amendment: Amendment = found(rows, key=key)
    return amendment


def transfer_in(application: Application, key: str) -> Transfer:
    transfer: Transfer = found(application.transfers.all(), key=key)
    transfer.application = application
    return transfer


def spoken() -> str:
    """The reader's language, as Accept-Language has it."""
    return (get_language() or "en")[:2]


def file_answer(kind: str) -> dict[str, Any]:
    """The part of the description that says: the answer is a file."""
    return {"responses": {200: {"content": {kind: BINARY}}}}
