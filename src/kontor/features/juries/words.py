"""What the log's verbs about juries mean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.audit.read import name_verbs

VERBS: dict[str, object] = {
    "jury.opened": _("opened a jury"),
    "jury.changed": _("changed the jury's settings"),
    "jury.matrix": _("changed who sees what in the jury"),
    "jury.moved": _("moved the jury to another phase"),
    "jury.calibrated": _("decided which totals rank"),
    "jury.reminded": _("reminded assessors of open score sheets"),
    "expert.added": _("added an expert"),
    "expert.changed": _("changed an expert's profile"),
    "expert.archived": _("took an expert out of the pool"),
    "expert.erased": _("erased an expert's personal data"),
    "expert.restored": _("brought an expert back into the pool"),
    "expert.tied": _("noted a tie of an expert"),
    "expert.untied": _("took a tie of an expert out"),
    "group.linked": _("noted that two organisations are of one group"),
    "group.unlinked": _("took the link between two organisations of a group out"),
    "conflict.declared": _("declared a conflict of interest"),
    "conflict.withdrawn": _("withdrew a declared conflict of interest"),
    "assignment.blocked": _("blocked an assignment because of a conflict of interest"),
    "member.invited": _("invited an expert into the jury"),
    "member.accepted": _("joined the jury and signed the declaration"),
    "member.declined": _("declined to join the jury"),
    "member.changed": _("changed an assessor's part"),
    "member.ill": _("reported an assessor ill"),
    "member.back": _("reported an assessor back"),
    "member.removed": _("took an assessor out of the jury"),
    "waiver.signed": _("signed a waiver of a conflict of interest"),
    "waiver.revoked": _("revoked a waiver of a conflict of interest"),
    "plan.adopted": _("adopted an assignment"),
    "plan.undone": _("took an adopted assignment back"),
    "assignment.added": _("assigned an application by hand"),
    "assignment.dropped": _("took an assignment back"),
    "review.submitted": _("handed a score sheet in"),
    "review.taken_back": _("took a score sheet back"),
    "review.reopened": _("gave a score sheet back to its author"),
    "consensus.written": _("wrote a consensus report"),
    "consensus.answered": _("answered a consensus report"),
    "pitch.planned": _("planned the pitch day"),
    "pitch.ordered": _("worked out the running order"),
    "pitch.travel": _("changed when somebody arrives or leaves"),
    "pitch.attendance": _("changed when a juror is there"),
    "pitch.turned": _("opened or ended the pitch day"),
    "pitch.moved": _("moved a pitch on"),
    "pitch.sent_out": _("sent a juror out of a pitch because of a conflict of interest"),
    "live.submitted": _("handed in the scores of a pitch"),
    "live.taken_back": _("took the scores of a pitch back"),
}


def register() -> None:
    name_verbs(VERBS)
