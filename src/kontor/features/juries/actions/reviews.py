"""Score sheets: saved field by field from any device, handed in, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.juries.actions.locking import refused, with_reason
from kontor.features.juries.conflicts import conflicts_of
from kontor.features.juries.marking import Scale, scale_of
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Phase,
    Review,
    ReviewClash,
    ReviewState,
    ReviewValue,
)
from kontor.features.juries.models.panel import WRITING
from kontor.features.juries.outcomes import COMMENT, MARK, NOTES, WHY

# Characters of one field.
LONGEST = 10_000


@dataclass(frozen=True)
class Change:
    """What a device wrote into a field, and the revision it had seen (0: the field was empty)."""

    field: str
    value: str
    base: int


@dataclass
class Saved:
    """What came of it: each field as it stands now, and fields where both versions wait for a choice."""

    fields: dict[str, tuple[str, int]] = field(default_factory=dict)
    clashes: list[ReviewClash] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def fields_of(scale: Scale) -> list[str]:
    """The fields of a sheet, in the order in which they are written."""
    found = []
    for key in scale.keys:
        found += [f"{MARK}{key}", f"{WHY}{key}"]
    return [*found, COMMENT, NOTES]


@transaction.atomic
def save_fields(
    *,
    assignment: Assignment,
    changes: Sequence[Change],
    language: str = "",
    device: str = "",
    actor: Actor,
) -> Saved:
    """Take over what a device wrote, perhaps hours ago without a network. A field that another device changed
    in between keeps its value; the second version is kept beside it until the author chooses. Bad marks are
    told by field and not stored; everything else is.
    """
    row, scale = _writable(assignment)
    review, _new = Review.objects.select_for_update().get_or_create(assignment=row)
    if review.state == ReviewState.SUBMITTED:
        raise _handed_in()
    values = {value.field: value for value in review.values.all()}
    known = set(fields_of(scale))
    saved = Saved()
    for change in changes:
        if change.field not in known:
            saved.faults[change.field] = str(_("There is no such field."))
            continue
        try:
            _take(review, values, change, scale, device, saved)
        except KontorError as error:
            saved.faults[change.field] = str(error)
    if language and language != review.language:
        review.language = language[:8]
    review.save()
    told = ReviewValue.objects.filter(review=review)
    saved.fields = {value.field: (value.value, value.revision) for value in told}
    saved.clashes = list(review.clashes.filter(settled_at=None))
    return saved


@transaction.atomic
def settle_clash(*, clash: ReviewClash, take: bool, actor: Actor) -> None:
    """Choose between two versions: `take` the waiting one, or keep what stands; the other stays on record."""
    _writable(clash.review.assignment)
    stored = ReviewClash.objects.select_for_update().filter(pk=clash.pk, settled_at=None).first()
    if stored is None:
        return
    if take:
        value = ReviewValue.objects.select_for_update().get(review=clash.review, field=clash.field)
        stored.value, value.value = value.value, stored.value
        value.revision += 1
        value.device = stored.device
        value.save()
    stored.settled_at = timezone.now()
    stored.save()


def missing_in(values: Mapping[str, str], scale: Scale) -> list[KontorError]:
    """What a sheet lacks before it can be handed in, each with the field it belongs to."""
    found = [
        KontorError(
            _("A mark is missing."),
            code="mark-invalid",
            path=f"{MARK}{key}",
            remedy=_("Choose one of the steps of the scale."),
        )
        for key in scale.keys
        if not values.get(f"{MARK}{key}")
    ]
    if not values.get(COMMENT, "").strip():
        found.append(
            KontorError(
                _("The words for the applicants are missing."),
                code="comment-missing",
                path=COMMENT,
                remedy=_("Write what is good, what is not, and what would help."),
            )
        )
    return found


@transaction.atomic
def submit_review(*, assignment: Assignment, actor: Actor) -> Review:
    """Hand the sheet in. KontorError naming the first field that is missing; conflicts of interest are looked
    for once more.
    """
    row, scale = _writable(assignment)
    review, _new = Review.objects.select_for_update().get_or_create(assignment=row)
    if review.state == ReviewState.SUBMITTED:
        return review
    if review.clashes.filter(settled_at=None).exists():
        raise refused(
            _("A field has two versions."), "sheet-clash", _("Choose one of them first."), path="clashes"
        )
    for fault in missing_in({value.field: value.value for value in review.values.all()}, scale):
        raise fault
    found = conflicts_of(row.panel, [row.member.expert], [row.application])
    if found.blocks(row.member.expert_id, row.application_id):
        raise refused(_("You are in conflict with this application."), "conflict-of-interest")
    review.state, review.submitted_at = ReviewState.SUBMITTED, timezone.now()
    review.save()
    record(actor=actor, verb="review.submitted", subject=row, changes={"state": ["draft", "submitted"]})
    return review


@transaction.atomic
def take_back_review(*, assignment: Assignment, actor: Actor) -> None:
    """Its author changes it once more, while nobody sees the others' scores yet."""
    row = _locked(assignment)
    if row.panel.phase != Phase.REVIEWING:
        raise refused(
            _("The discussion has begun: your sheet stays as you handed it in."),
            "sheet-fixed",
            _("What you think now belongs into the consensus report."),
        )
    _reopen(row, "review.taken_back", "", actor)


@transaction.atomic
def reopen_review(*, assignment: Assignment, reason: str, actor: Actor) -> None:
    """Give a sheet back to its author, with a reason, as long as the individual review runs."""
    why, row = with_reason(reason), _locked(assignment)
    if row.panel.phase != Phase.REVIEWING:
        raise refused(
            _("The discussion has begun: sheets stay as they were handed in."), "sheet-fixed", path="reason"
        )
    _reopen(row, "review.reopened", why, actor)


def _reopen(row: Assignment, verb: str, reason: str, actor: Actor) -> None:
    done = Review.objects.filter(assignment=row, state=ReviewState.SUBMITTED)
    if done.update(state=ReviewState.DRAFT, submitted_at=None):
        changes = {"state": ["submitted", "draft"]}
        record(actor=actor, verb=verb, subject=row, changes=changes, reason=reason)


def _take(
    review: Review,
    values: dict[str, ReviewValue],
    change: Change,
    scale: Scale,
    device: str,
    saved: Saved,
) -> None:
    text = change.value.replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise KontorError(
            _("This text is too long: {count} characters.").format(count=len(text)),
            code="text-too-long",
            path=change.field,
            remedy=_("Shorten it to {most}; until then it is not saved.").format(most=LONGEST),
        )
    if change.field.startswith(MARK) and text.strip():
        text = scale.mark(change.field.removeprefix(MARK), text.strip())
    value = values.get(change.field)
    if value is None:
        value = ReviewValue(review=review, field=change.field, revision=0)
        values[change.field] = value
    if value.value == text:
        if value.pk is None and text:
            value.revision = 1
            value.save()
        return
    if value.revision != change.base:
        same = {"review": review, "field": change.field, "value": text, "settled_at": None}
        ReviewClash.objects.get_or_create(**same, defaults={"device": device[:40]})
        return
    value.value, value.device = text, device[:40]
    value.revision += 1
    value.save()


def _writable(assignment: Assignment) -> tuple[Assignment, Scale]:
    row = _locked(assignment)
    if row.state != AssignmentState.ACTIVE:
        raise refused(
            _("This assignment was taken back or is blocked by a conflict of interest."), "sheet-closed"
        )
    if row.panel.phase not in WRITING:
        raise refused(
            _("Score sheets cannot be written in this phase: {phase}.").format(
                phase=row.panel.get_phase_display()
            ),
            "sheet-phase",
            _("Ask whoever runs the jury."),
        )
    return row, scale_of(row.panel)


def _locked(assignment: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",))
    whole = rows.select_related(
        "panel__call__programme", "panel__call__version", "member__expert", "application"
    )
    return whole.get(pk=assignment.pk)


def _handed_in() -> KontorError:
    return refused(
        _("This sheet is handed in."), "sheet-submitted", _("Take it back first, if you want to change it.")
    )


def as_changes(values: Mapping[str, Any], bases: Mapping[str, int]) -> list[Change]:
    """Fields of a form with the revisions it was shown."""
    return [Change(name, str(value), bases.get(name, 0)) for name, value in values.items()]
