"""What one person sees of a jury. Every page, the preview and the API show what this says and nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kontor.base.errors import KontorError
from kontor.base.models import Attachment
from kontor.base.permissions import allowed
from kontor.features.accounts.rules import is_controller
from kontor.features.calls.models import Application, ApplicationPartner
from kontor.features.juries.conflicts import Conflicts, Found, conflicts_of
from kontor.features.juries.dossiers import Files, hidden, read_answers, read_files, words_of
from kontor.features.juries.models import Consensus, Member, MemberState, Panel
from kontor.features.juries.models.panel import TALKING
from kontor.features.juries.outcomes import Outcome, Round, Sheet
from kontor.features.juries.queries import comments_of, seat_of
from kontor.features.juries.rules import may_run_panel
from kontor.features.juries.visibility import Role, Thing, open_files, sees
from kontor.features.organisations.models import Organisation
from kontor.programmes.word.model import Box

ASSESSING = (Role.CHAIR, Role.JUROR)


@dataclass(frozen=True)
class Viewer:
    """Somebody's part in a panel, and what the matrix lets that part see in the phase."""

    role: Role
    sees: frozenset[Thing]
    member: Member | None = None
    preview: bool = False

    def may(self, thing: Thing) -> bool:
        return thing in self.sees


@dataclass(frozen=True)
class Other:
    """Another assessor's sheet; `label` is a name or a number, as the viewer may know it."""

    label: str
    sheet: Sheet
    third: bool


@dataclass(frozen=True)
class Seen:
    """One application as the viewer sees it. With `conflicts` nothing else is told."""

    application: Application
    title: str
    conflicts: tuple[Found, ...] = ()
    applicants: tuple[str, ...] | None = None
    answers: tuple[Box, ...] | None = None
    files: tuple[Files, ...] = ()
    own: Sheet | None = None
    others: tuple[Other, ...] | None = None
    consensus: Consensus | None = None
    outcome: Outcome | None = None
    comments: dict[str, list[str]] | None = None
    sheets: int = 0
    handed_in: int = 0
    apart: bool = False


def viewer_of(user: Any, panel: Panel) -> Viewer | None:
    """The person's part. A seat that was taken comes before everything else: a manager who assesses sees as
    an assessor.
    """
    seat = seat_of(user, panel)
    if seat is not None and seat.state != MemberState.INVITED:
        return viewer_as(panel, Role.CHAIR if seat.chair else Role.JUROR, member=seat)
    if allowed(user, may_run_panel, panel):
        return viewer_as(panel, Role.MANAGER)
    if is_controller.test(user):
        return viewer_as(panel, Role.CONTROLLER)
    return None


def only_from_outside(viewer: Viewer | None) -> None:
    """What shows every score is for those who run the jury without sitting in it. KontorError (403)."""
    if viewer is not None and viewer.member is not None:
        raise KontorError(
            _("You sit in this jury: you see scores as an assessor does."),
            code="manager-assesses",
            remedy=_(
                "Another manager of the programme decides which totals rank, and looks with others' eyes."
            ),
            status=403,
        )


def viewer_as(
    panel: Panel, role: Role, *, phase: str = "", member: Member | None = None, preview: bool = False
) -> Viewer:
    return Viewer(role, sees(panel, role, phase), member, preview)


def seen_by(viewer: Viewer, read: Round, only: Application | None = None) -> list[Seen]:
    """Every application, or one, as the viewer sees it; answers only of the one."""
    conflicts = _conflicts(viewer, read)
    rows = [each for each in read.outcomes if only is None or each.application.pk == only.pk]
    teams = _teams([each.application for each in rows])
    return [_seen(viewer, read, each, conflicts, teams, whole=only is not None) for each in rows]


def writes_report(panel: Panel, seen: Seen, viewer: Viewer) -> bool:
    """Who writes the consensus report: those who assessed it and the chair, once they may see the others'
    sheets; and whoever runs the jury.
    """
    if panel.phase not in TALKING or seen.conflicts or seen.others is None:
        return False
    return viewer.member is None or seen.own is not None or viewer.member.chair


def _conflicts(viewer: Viewer, read: Round) -> Conflicts:
    if viewer.member is None:
        return Conflicts()
    return conflicts_of(read.panel, [viewer.member.expert], read.applications)


def _seen(
    viewer: Viewer,
    read: Round,
    outcome: Outcome,
    conflicts: Conflicts,
    teams: dict[int, list[Organisation]],
    *,
    whole: bool,
) -> Seen:
    application = outcome.application
    team = teams.get(application.pk, [])
    names = [each.name for each in team]
    named = viewer.may(Thing.APPLICANTS)
    hide = [] if named else words_of(team)
    if viewer.member and conflicts.blocks(viewer.member.expert_id, application.pk):
        found = conflicts.found[viewer.member.expert_id, application.pk]
        return Seen(application, application.number, conflicts=found)
    mine = viewer.member.pk if viewer.member else 0
    own = next((each for each in outcome.sheets if each.assignment.member_id == mine), None)
    # whoever still writes is not told what the others gave, in whatever phase
    talks = viewer.may(Thing.OTHERS) and (own is None or own.submitted)
    results = viewer.may(Thing.RESULTS) and (own is None or own.submitted)
    title = hidden(application.title, hide) if viewer.may(Thing.TEXT) else ""
    reads = whole and viewer.may(Thing.TEXT)
    return Seen(
        application,
        f"{application.number} {title}".strip(),
        applicants=tuple(names) if named else None,
        answers=read_answers(application, hide, named=named) if reads else None,
        files=read_files(application, open_to(viewer, read.panel)) if reads else (),
        own=own if viewer.may(Thing.OWN) else None,
        others=tuple(_others(viewer, outcome, mine)) if talks else None,
        consensus=outcome.consensus if talks else None,
        outcome=outcome if results else None,
        comments=comments_of(outcome) if viewer.may(Thing.COMMENTS) else None,
        sheets=len(outcome.sheets),
        handed_in=len(outcome.handed_in),
        apart=talks and outcome.third is not None,
    )


def _others(viewer: Viewer, outcome: Outcome, mine: int) -> Iterable[Other]:
    """Sheets that others handed in, numbered where names stay hidden."""
    for number, sheet in enumerate(outcome.sheets, start=1):
        if sheet.assignment.member_id == mine or not (sheet.submitted or viewer.role == Role.MANAGER):
            continue
        named = viewer.may(Thing.JURORS)
        label = (
            sheet.assignment.member.expert.name if named else _("Assessor %(number)s") % {"number": number}
        )
        yield Other(label, sheet, sheet.assignment.kind == "third")


def offered_file(seen: Seen, key: str) -> Attachment | None:
    """A file that the viewer is offered; None for every other one."""
    offered = {each.key for field in seen.files for each in field.files or ()}
    if key not in offered:
        return None
    rows = Attachment.objects.filter(subject_kind="application", subject_id=seen.application.pk, key=key)
    return rows.first()


def open_to(viewer: Viewer, panel: Panel) -> frozenset[str] | None:
    """Fields whose files the viewer gets, None for all of them."""
    if not viewer.may(Thing.FILES):
        return frozenset()
    return open_files(panel) if viewer.role in ASSESSING else None


def _teams(applications: list[Application]) -> dict[int, list[Organisation]]:
    """Who applies, the lead first; one query."""
    found: dict[int, list[Organisation]] = {each.pk: [each.lead] for each in applications}
    rows = ApplicationPartner.objects.current().filter(application__in=list(found))
    for row in rows.select_related("organisation"):
        if row.organisation not in found[row.application_id]:
            found[row.application_id].append(row.organisation)
    return found
