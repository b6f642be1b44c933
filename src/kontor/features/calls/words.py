"""What the log's verbs about calls and applications mean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.audit.read import name_verbs
from kontor.features.calls.dossier.words import VERBS as PAPERS

VERBS: dict[str, object] = {
    "application.begun": _("began an application"),
    "application.moved": _("moved the application on"),
    "application.prefilled": _("filled the application from a self-check"),
    "application.eligibility": _("decided about eligibility"),
    "application.warned": _("warned of a deadline"),
    "application.organisation_merged": _("followed an organisation that was merged"),
    "application.organisation_parted": _("went back to an organisation whose merge was undone"),
    "application.notice_settled": _("looked at what changed in the directory"),
    "call.added": _("drafted a call"),
    "call.saved": _("changed the draft of a call"),
    "call.discarded": _("threw the draft of a call away"),
    "call.published": _("published the call"),
    "call.withdrawn": _("withdrew the call"),
    "call.restored": _("put the call back"),
    "call.deadline-moved": _("moved a deadline"),
    "call.contact-added": _("named a contact person"),
    "call.contact-changed": _("changed what a contact person looks after"),
    "call.contact-removed": _("took a contact person off the call"),
    "call.asked": _("asked a question"),
    "call.answered": _("answered a question"),
    "call.question-discarded": _("discarded a question"),
    "call.day-added": _("added a day to the calendar"),
    "call.day-changed": _("changed a day of the calendar"),
    "call.day-removed": _("took a day off the calendar"),
    "case.opened": _("opened a case"),
    "case.assigned": _("assigned a contact person"),
    "case.noted": _("wrote into the log of a case"),
    "case.handed-over": _("handed a case over"),
    "case.closed": _("closed a case"),
    "case.reopened": _("opened a case again"),
    "wish.added": _("put a wish on the partner board"),
    "wish.changed": _("changed a wish on the partner board"),
    "wish.turned": _("took a wish off the partner board, or put it back"),
    "application.settled": _("decided between two versions of a text"),
    "application.partner_added": _("added a partner to the application"),
    "application.partner_changed": _("changed a partner of the application"),
    "application.partner_removed": _("took a partner out of the application"),
    "application.submitted": _("submitted the application"),
    "application.taken_back": _("took the submission back"),
    "application.withdrawn": _("withdrew the application"),
    "application.withdrawal_undone": _("took the withdrawal back"),
    "application.invited": _("invited to the second step"),
}


def register() -> None:
    name_verbs(VERBS | PAPERS)
