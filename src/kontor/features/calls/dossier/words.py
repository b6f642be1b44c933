"""What the log's verbs about the papers of applications mean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS: dict[str, object] = {
    "application.signed": _("signed the application"),
    "application.signatures_asked": _("asked for signatures"),
    "application.signature_voided": _("made a signature void by a change"),
    "application.signature_taken_back": _("took a signature back"),
    "application.section_assigned": _("said who answers for a section"),
    "application.section_marked": _("said whether a section is done"),
    "application.file_returned": _("uploaded a Word file of the application"),
    "application.taken_over": _("took answers over from elsewhere"),
    "application.take_over_undone": _("took back what was taken over"),
    "amendment.asked": _("asked for an amendment"),
    "amendment.answered": _("answered an amendment"),
    "amendment.withdrawn": _("withdrew a request for an amendment"),
    "amendment.deadline": _("set a new deadline for an amendment"),
}
