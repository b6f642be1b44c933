"""What comes next in a jury, for whoever looks: one sentence and where to do it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.features.juries.models import Member, MemberState, Panel, Phase, PitchDayState
from kontor.features.juries.seeing import Seen


@dataclass(frozen=True)
class Advice:
    """`href` and `label` are empty where nothing is to be done on another page."""

    text: str
    href: str = ""
    label: str = ""


def for_manager(panel: Panel, rows: list[Seen], late: list[Member]) -> Advice:
    """`late`: assessors whose sheets are open."""

    def to(name: str, text: str, label: str) -> Advice:
        return Advice(text, reverse(f"juries:{name}", args=[panel.key]), label)

    match Phase(panel.phase):
        case Phase.PREPARING:
            return _preparing(panel, rows)
        case Phase.REVIEWING:
            if late:
                names = ", ".join(each.expert.name for each in late)
                return Advice(_("Still to hand in: %(names)s.") % {"names": names})
            return Advice(_("Every sheet is handed in: the discussion can begin."))
        case Phase.DISCUSSION:
            open_ones = [row for row in rows if row.apart]
            if open_ones:
                return to(
                    "assignment",
                    _("Some assessments are far apart: assign a third assessor, or have a report written."),
                    _("Assignment"),
                )
            return Advice(
                _("Where assessors differ they write a consensus report on the application's page.")
            )
        case Phase.PITCHES:
            return to("pitches", _("On the pitch day jurors listen and score live."), _("Pitch day"))
        case Phase.CLOSED:
            return to(
                "results",
                _("The decision comes next. When its letters have gone out, the jury is over by itself."),
                _("Results"),
            )
        case Phase.PUBLISHED:
            return Advice(_("The applicants are informed: this jury is over."))


def _preparing(panel: Panel, rows: list[Seen]) -> Advice:
    states = set(panel.members.values_list("state", flat=True))
    if not states & {MemberState.INVITED, MemberState.ACCEPTED}:
        address = reverse("juries:members", args=[panel.key])
        return Advice(_("First invite the assessors."), address, _("Invite assessors"))
    if any(row.sheets < panel.reviews for row in rows):
        address = reverse("juries:assignment", args=[panel.key])
        return Advice(_("Next give every application its assessors."), address, _("Assign"))
    return Advice(_("Every application has its assessors: the review can begin. They are told by mail."))


def for_assessor(panel: Panel, rows: list[Seen]) -> Advice:
    open_ones = [row for row in rows if row.own is not None and not row.own.submitted]
    if panel.phase == Phase.PREPARING:
        return Advice(_("Nothing to do yet. You get a mail when your applications are ready."))
    if open_ones and open_ones[0].own is not None and not panel.is_over:
        text = ngettext(
            "%(count)s score sheet waits for you.", "%(count)s score sheets wait for you.", len(open_ones)
        )
        address = reverse("juries:sheet", args=[open_ones[0].own.assignment.key])
        return Advice(text % {"count": len(open_ones)}, address, _("Write"))
    if panel.phase == Phase.REVIEWING:
        return Advice(_("Thank you, nothing is left to write. The discussion begins when everybody is done."))
    if panel.phase == Phase.PITCHES and hasattr(panel, "pitch_day"):
        address = reverse("juries:pitches", args=[panel.key])
        if panel.pitch_day.state == PitchDayState.RUNNING:
            return Advice(_("The pitch day is under way: listen, and score live."), address, _("Pitch day"))
        return Advice(_("The pitch day is next."), address, _("Pitch day"))
    if panel.phase == Phase.DISCUSSION:
        return Advice(_("Read what the others gave. Where you differ, write a consensus report together."))
    return Advice("")
