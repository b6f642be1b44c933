"""Opening a jury, its settings, its phase, who sees what, and which scores rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.calls.actions import move_application
from kontor.features.calls.models import ApplicationState, Call
from kontor.features.juries.actions.locking import locked, refused, with_reason
from kontor.features.juries.actions.reminding import tell_of_new
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import Assignment, AssignmentState, Panel, Phase, PitchSlot
from kontor.features.juries.models.panel import ORDER
from kontor.features.juries.outcomes import pitch_complete, read_round
from kontor.features.juries.visibility import clean_matrix, file_fields, open_files

SETTINGS = (
    *("reviews", "load", "years", "fields_needed", "languages_needed", "cluster_members", "blind"),
    *("due_on", "remind_days", "pitch_share", "minimum", "files_open"),
)
#: Settings that results are made of.
COUNTING = ("reviews", "pitch_share", "minimum")


@transaction.atomic
def open_panel(
    *,
    call: Call,
    step: int = 1,
    values: Mapping[str, Any] | None = None,
    is_sample: bool = False,
    actor: Actor,
) -> Panel:
    """A jury for a step of a call, as the programme's assessment says it. KontorError where there is one."""
    panel = Panel(key=new_key(), call=call, step=step, is_sample=is_sample, changed_by=actor.label[:200])
    assessment = scale_of(panel).assessment
    panel.reviews = max(assessment.assessors, 1)
    panel.pitch_share = 50 if assessment.pitch and assessment.method == "points" else 0
    _set(panel, values or {})
    try:
        with transaction.atomic():
            panel.save()
    except IntegrityError as error:
        raise refused(
            _("This step of the call has a jury already."),
            "jury-there",
            _("Open it in the list of juries."),
            path="call",
        ) from error
    record(
        actor=actor,
        verb="jury.opened",
        subject=panel,
        changes={"call": [None, call.key], "step": [None, step]},
    )
    return panel


@transaction.atomic
def change_panel(*, panel: Panel, values: Mapping[str, Any], revision: int | None, actor: Actor) -> Panel:
    """Change settings. Conflict where somebody changed them since; names cannot be uncovered once
    assessing.
    """
    row = locked(panel, revision)
    before = {name: getattr(row, name) for name in SETTINGS}
    _set(row, values)
    counting = next((name for name in COUNTING if getattr(row, name) != before[name]), "")
    if row.is_over and counting:
        raise refused(
            _("Results are fixed: what they are made of stays as it is."),
            "jury-results-fixed",
            _("Take the jury back a phase first."),
            path=counting,
        )
    if row.due_on and row.due_on != before["due_on"] and row.due_on < timezone.localdate():
        raise KontorError(
            _("This day is over."), code="day-over", path="due_on", remedy=_("Give today or a later day.")
        )
    if row.phase != Phase.PREPARING and row.blind != before["blind"]:
        raise refused(
            _("Names stay hidden or known as they were when assessing began."),
            "jury-names-fixed",
            _("Take the jury back to its preparation first."),
            path="blind",
        )
    row.matrix = clean_matrix(row.matrix, row.blind)
    _saved(row, actor)
    changes = changed_fields(_plain(before), _plain({name: getattr(row, name) for name in SETTINGS}))
    if changes:
        record(actor=actor, verb="jury.changed", subject=row, changes=changes)
    return row


@transaction.atomic
def set_matrix(
    *, panel: Panel, matrix: Mapping[str, Mapping[str, list[str]]], revision: int | None, actor: Actor
) -> Panel:
    """Who sees what in which phase; what is beyond the limits is left out, whoever asks for it."""
    row = locked(panel, revision)
    asked = bool(open_files(row)) or not file_fields(row)
    before, row.matrix = row.matrix, clean_matrix(matrix, row.blind, files=asked)
    _saved(row, actor)
    if before != row.matrix:
        record(actor=actor, verb="jury.matrix", subject=row, changes={"matrix": [before, row.matrix]})
    return row


@transaction.atomic
def move_phase(
    *,
    panel: Panel,
    to: str,
    revision: int | None,
    reason: str = "",
    confirmed: bool = False,
    actor: Actor,
) -> Panel:
    """One phase on, or back with a reason. Results are fixed only when everything is in. `confirmed`: that
    applicants read them before the decision, which cannot be taken back.

    KontorError where the way is not open; Conflict where somebody moved it in between.
    """
    row, target = locked(panel, revision), Phase(to)
    before = Phase(row.phase)
    if target == before:
        return row
    if before == Phase.PUBLISHED:
        raise refused(_("Applicants are informed: nothing goes back."), "jury-published", path="to")
    if ORDER.index(target) < ORDER.index(before):
        with_reason(reason)
    elif target not in _ways_on(row):
        raise refused(
            _("From “{old}” the jury does not go to “{new}”.").format(old=before.label, new=target.label),
            "jury-phase",
            _("Go on phase by phase."),
            path="to",
        )
    _ready(row, target, reason)
    changes: dict[str, Any] = {"phase": [before.value, target.value]}
    if target == Phase.PUBLISHED and (early := undecided(row)):
        _confirmed(early, confirmed=confirmed)
        changes["not decided"] = [None, early]
    row.phase = target
    _saved(row, actor)
    record(actor=actor, verb="jury.moved", subject=row, changes=changes, reason=reason.strip())
    _move_applications(row, actor)
    if (before, target) == (Phase.PREPARING, Phase.REVIEWING):
        tell_of_new(row)
    return row


@transaction.atomic
def note_applicants_informed(*, call: Call, actor: Actor) -> int:
    """The letters on the call's applications have gone out: juries whose results are fixed are over; how
    many. One that still assesses stays where it is.
    """
    rows = Panel.objects.filter(call=call, phase=Phase.CLOSED).select_related(
        "call__programme", "call__version"
    )
    for row in rows:
        move_phase(panel=row, to=Phase.PUBLISHED, revision=None, confirmed=True, actor=actor)
    return len(rows)


@transaction.atomic
def use_adjusted(*, panel: Panel, adjusted: bool, reason: str, revision: int | None, actor: Actor) -> Panel:
    """Let the calibrated totals rank instead of the raw ones, or back; a decision with its reason."""
    row = locked(panel, revision)
    if row.phase == Phase.PUBLISHED:
        raise refused(_("Applicants are informed: the ranking stays."), "jury-published", path="adjusted")
    if row.adjusted == adjusted:
        return row
    why = with_reason(reason)
    row.adjusted, row.adjusted_reason = adjusted, why[:500]
    _saved(row, actor)
    changes = {"adjusted": [not adjusted, adjusted]}
    record(actor=actor, verb="jury.calibrated", subject=row, changes=changes, reason=why)
    return row


def _set(panel: Panel, values: Mapping[str, Any]) -> None:
    for name in SETTINGS:
        if name in values:
            setattr(panel, name, values[name])
    if panel.pitch_share and scale_of(panel).in_words:
        raise KontorError(
            _("Verdicts in words cannot be mixed with the pitch in percent."),
            code="pitch-share",
            path="pitch_share",
            remedy=_("Set the share of the pitch to 0."),
        )


def _saved(panel: Panel, actor: Actor) -> None:
    panel.revision += 1
    panel.changed_by = actor.label[:200]
    panel.save()


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name == "due_on" and value else value for name, value in values.items()}


def _ways_on(panel: Panel) -> set[Phase]:
    """The next phase; the pitch day may be left out."""
    at = ORDER.index(Phase(panel.phase))
    ways = {ORDER[at + 1]}
    if panel.phase == Phase.DISCUSSION:
        ways.add(Phase.CLOSED)
    return ways


def _ready(panel: Panel, target: Phase, reason: str) -> None:
    """What has to be there before a phase begins."""
    active = Assignment.objects.filter(panel=panel, state=AssignmentState.ACTIVE)
    if target == Phase.REVIEWING and not active.exists():
        raise refused(
            _("Nobody is assigned yet."), "jury-unassigned", _("Assign the applications first."), path="to"
        )
    if target == Phase.DISCUSSION and panel.phase == Phase.REVIEWING and not reason.strip():
        missing = active.exclude(review__state="submitted").count()
        if missing:
            raise refused(
                _("{count} score sheets are not handed in.").format(count=missing),
                "jury-sheets-missing",
                _("Wait for them, or say why the jury goes on without."),
                path="reason",
            )
    if target == Phase.CLOSED:
        _pitches_heard(panel, reason)
    if target in {Phase.CLOSED, Phase.PUBLISHED}:
        open_ones = [each.application.number for each in read_round(panel).outcomes if each.final is None]
        if open_ones:
            raise refused(
                _("Not everything is in yet: {numbers}.").format(numbers=", ".join(open_ones[:10])),
                "jury-incomplete",
                _("Results are fixed when every sheet and every live score is handed in."),
                path="to",
            )


def undecided(panel: Panel) -> int:
    """Applications of the jury on which nothing is decided yet."""
    return int(assessable(panel).exclude(state=ApplicationState.DECIDED).count())


def _confirmed(early: int, *, confirmed: bool) -> None:
    if not confirmed:
        words = ngettext(
            "%(count)s application is not decided yet: its applicants would read the result before the "
            "decision.",
            "%(count)s applications are not decided yet: their applicants would read the results before the "
            "decision.",
            early,
        )
        raise refused(
            words % {"count": early},
            "jury-undecided",
            _("Results open by themselves when the letters go out. Confirm if they are to be read now."),
            path="confirmed",
        )


def _pitches_heard(panel: Panel, reason: str) -> None:
    """A pitch day that has begun is heard to its end and scored, or somebody says why not."""
    slots = PitchSlot.objects.filter(day__panel=panel, day__state__in=("running", "over"))
    rows = slots.prefetch_related("present", "scores")
    missing = sum(not pitch_complete(each) for each in rows)
    if missing and not reason.strip():
        words = ngettext(
            "%(count)s pitch is not scored by everybody who hears it.",
            "%(count)s pitches are not scored by everybody who hears them.",
            missing,
        )
        raise refused(
            words % {"count": missing},
            "jury-pitches-open",
            _("Wait for them, or say why the jury goes on without."),
            path="reason",
        )


def _move_applications(panel: Panel, actor: Actor) -> None:
    """Applications follow: assessed when the sheets are discussed, pitched when results are fixed."""
    if panel.phase not in {Phase.DISCUSSION, Phase.PITCHES, Phase.CLOSED}:
        return
    for outcome in read_round(panel).outcomes:
        application = outcome.application
        if outcome.complete and application.state == ApplicationState.ELIGIBLE:
            move_application(application=application, to=ApplicationState.ASSESSED, actor=actor)
        heard = panel.phase == Phase.CLOSED and outcome.pitch is not None
        if heard and application.state == ApplicationState.ASSESSED:
            move_application(application=application, to=ApplicationState.PITCHED, actor=actor)
