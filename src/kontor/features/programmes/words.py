"""What the log's verbs about programmes mean."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kontor.base.audit.read import name_verbs
from kontor.engine.core.errors import InvalidInput
from kontor.programmes.messages import Message

VERBS: dict[str, object] = {
    "start-draft": _("began a draft"),
    "save-draft": _("saved the draft"),
    "discard-draft": _("threw the draft away"),
    "publish": _("published"),
    "freeze": _("froze"),
    "archive": _("archived"),
    "state-competence": _("stated a competence"),
    "move-product": _("moved a product on"),
    "commit": _("committed money"),
    "release": _("released committed money"),
    "add-reading": _("entered a value of an indicator"),
    "remove-reading": _("removed a value of an indicator"),
    "restore-reading": _("brought a value of an indicator back"),
    "reallocate": _("moved money between envelopes"),
}


def translated(message: str) -> str:
    """What a check says of a file, in the reader's language; a text without a template stays as it is."""
    return message.translated(gettext) if isinstance(message, Message) else message


def refused(error: InvalidInput) -> str:
    """What is wrong with what somebody described, where, and what to do, in the reader's language."""
    return f"{error.path}: {translated(error.message)} {translated(error.remedy)}".strip()


def register() -> None:
    name_verbs(VERBS)
