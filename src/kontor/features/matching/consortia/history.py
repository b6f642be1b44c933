"""What happened on a board, in words; names only where every reader of the board may know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.features.matching.models import BoardStep, Consortium

VERBS: dict[str, object] = {
    "created": gettext_lazy("began the consortium"),
    "details_changed": gettext_lazy("changed what it is about"),
    "variant_added": gettext_lazy("added a variant"),
    "variant_copied": gettext_lazy("copied a variant"),
    "variant_renamed": gettext_lazy("renamed a variant"),
    "variant_removed": gettext_lazy("removed a variant"),
    "variant_chosen": gettext_lazy("chose a variant"),
    "team_adopted": gettext_lazy("took a proposed team over"),
    "seat_added": gettext_lazy("added a seat"),
    "seat_changed": gettext_lazy("changed a seat"),
    "seat_taken": gettext_lazy("proposed an organisation for a seat"),
    "seat_emptied": gettext_lazy("emptied a seat"),
    "seat_removed": gettext_lazy("removed a seat"),
    "seat_moved": gettext_lazy("moved a seat"),
    "seats_swapped": gettext_lazy("swapped two seats"),
    "seat_invited": gettext_lazy("invited an organisation"),
    "seat_withdrawn": gettext_lazy("withdrew an invitation"),
    "seat_accepted": gettext_lazy("accepted a seat"),
    "seat_declined": gettext_lazy("declined a seat"),
    "seat_answer_undone": gettext_lazy("took an answer back"),
    "step_undone": gettext_lazy("took a step back"),
    "submitted": gettext_lazy("handed the consortium in"),
    "submission_taken_back": gettext_lazy("took the submission back"),
    "approved": gettext_lazy("approved the consortium"),
    "rejected": gettext_lazy("rejected the consortium"),
    "closed": gettext_lazy("finished the consortium"),
    "given_up": gettext_lazy("gave the consortium up"),
    "taken_up_again": gettext_lazy("took the consortium up again"),
    "lead_offered": gettext_lazy("offered the lead"),
    "lead_offer_withdrawn": gettext_lazy("withdrew the offer of the lead"),
    "lead_taken": gettext_lazy("took the lead"),
    "lead_refused": gettext_lazy("did not take the lead"),
    "partner_left": gettext_lazy("emptied the seats of an organisation that left the directory"),
    "commented": gettext_lazy("commented"),
    "comment_removed": gettext_lazy("removed a comment"),
    "comment_restored": gettext_lazy("brought a comment back"),
    "file_added": gettext_lazy("added a file"),
    "file_removed": gettext_lazy("removed a file"),
    "file_restored": gettext_lazy("brought a file back"),
}
# What the partners may read; the lead's other steps are its own affair.
SHARED = frozenset(
    {
        *("created", "details_changed", "variant_chosen", "seat_accepted", "submitted", "closed"),
        *("submission_taken_back", "approved", "rejected", "given_up", "taken_up_again", "lead_taken"),
    }
)


@dataclass(frozen=True)
class Happened:
    at: Any
    text: str
    who: str
    href: str = ""


def verb_names() -> dict[str, object]:
    """For the log: every verb as it stands there."""
    return {f"consortium.{verb}": words for verb, words in VERBS.items()}


def happened_in(consortium: Consortium, *, whole: bool) -> list[Happened]:
    """Latest first. Partners read of the steps that concern everybody, without what they are about."""
    rows = BoardStep.objects.filter(consortium=consortium)
    if not whole:
        rows = rows.filter(verb__in=SHARED)
    found = [_line(row, whole) for row in rows[:200]]
    began = Happened(consortium.created_at, str(VERBS["created"]), consortium.lead.name)
    return [*found, began]


def _line(row: BoardStep, whole: bool) -> Happened:
    text = str(VERBS.get(row.verb, row.verb))
    if row.about and whole:
        text = _("%(what)s: %(about)s") % {"what": text, "about": row.about}
    if row.undone_at:
        text = _("%(what)s (taken back)") % {"what": text}
    return Happened(row.at, text, row.actor_label)
