"""What the log's verbs about introductions and suggestions mean. None of them names the other side."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.audit.read import name_fields, name_verbs

VERBS: dict[str, object] = {
    "introduction.proposed": _("Introduction proposed"),
    "introduction.answered_yes": _("Introduction answered with yes"),
    "introduction.answered_no": _("Introduction answered with no"),
    "introduction.answered_later": _("Time to answer an introduction asked for"),
    "introduction.answer_undone": _("Answer to an introduction taken back"),
    "introduction.reminded": _("Reminded of an introduction"),
    "introduction.withdrawn": _("Introduction withdrawn"),
    "introduction.expired": _("Introduction expired unanswered"),
    "introduction.not_this_one": _("Declined a suggested partner"),
    "introduction.no_lifted": _("Lifted a no to a partner"),
    "introduction.outcome_asked": _("Asked what became of an introduction"),
    "introduction.reported": _("Told what became of an introduction"),
    "run": _("started a computation"),
}
FIELDS: dict[str, object] = {
    "side": _("side"),
    "reply": _("answer"),
    "deadline": _("deadline"),
    "month": _("month"),
    "amount": _("amount"),
}


def register() -> None:
    name_verbs(VERBS)
    name_fields(FIELDS)
