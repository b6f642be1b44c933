"""What the log's verbs about calls and applications mean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.audit.read import name_verbs

VERBS: dict[str, object] = {
    "application.begun": _("began an application"),
    "application.moved": _("moved the application on"),
}


def register() -> None:
    name_verbs(VERBS)
