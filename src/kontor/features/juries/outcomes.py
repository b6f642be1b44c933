"""What the assessments of a panel come to: read once, in a fixed number of queries, and added up exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from kontor.engine.core.explanation import Reason
from kontor.engine.juries import scoring
from kontor.engine.juries.calibration import Calibration, Rating, calibrate
from kontor.features.calls.models import Application
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.marking import Judged, Marks, Scale, scale_of
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Consensus,
    LiveScore,
    Panel,
    PitchSlot,
    Review,
    ReviewState,
)

MARK, WHY, COMMENT, NOTES = "mark:", "why:", "comment", "notes"


@dataclass(frozen=True)
class Sheet:
    """An assignment with what was written: `values` by field. `judged` is None until every mark is there."""

    assignment: Assignment
    review: Review | None
    values: dict[str, str]
    scale: Scale

    @property
    def submitted(self) -> bool:
        return self.review is not None and self.review.state == ReviewState.SUBMITTED

    @property
    def marks(self) -> dict[str, str]:
        told = ((key, self.values.get(f"{MARK}{key}", "")) for key in self.scale.keys)
        return {key: mark for key, mark in told if mark}

    @cached_property
    def judged(self) -> Judged | None:
        return self.scale.judge(self.marks) if len(self.marks) == len(self.scale.keys) else None


@dataclass(frozen=True)
class Outcome:
    """One application. `written`: of all sheets handed in, or of the consensus; `pitch`: of the live scores
    once all are in; `final` only when everything that counts is there. `third` says why a third assessor is
    due.
    """

    application: Application
    sheets: tuple[Sheet, ...]
    consensus: Consensus | None
    written: Judged | None
    pitch: Judged | None
    final: Judged | None
    third: Reason | None
    needed: int
    shift: Fraction | None = None

    @property
    def handed_in(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.submitted)

    @property
    def complete(self) -> bool:
        """Whether as many as needed are handed in and none is open."""
        return len(self.sheets) >= self.needed and len(self.handed_in) == len(self.sheets)

    @property
    def total(self) -> Fraction | None:
        return self.final.total if self.final else None

    @property
    def adjusted(self) -> Fraction | None:
        """The total with the severity of its assessors taken out."""
        if self.final is None or self.shift is None:
            return self.total
        return self.final.total + self.shift

    @property
    def below(self) -> tuple[str, ...]:
        """Criteria that miss their threshold or knock out."""
        failures = self.final.score.failures if self.final else ()
        return tuple(str(each.params["criterion"]) for each in failures if "criterion" in each.params)


@dataclass
class Round:
    """A panel with its sheets, consensus reports and live scores."""

    panel: Panel
    scale: Scale
    applications: list[Application]
    sheets: dict[int, list[Sheet]] = field(default_factory=lambda: defaultdict(list))
    consensus: dict[int, Consensus] = field(default_factory=dict)
    slots: dict[int, PitchSlot] = field(default_factory=dict)
    live: dict[int, list[LiveScore]] = field(default_factory=lambda: defaultdict(list))

    @cached_property
    def calibration(self) -> Calibration | None:
        """Severities by member key, rankings by application key; None without a sheet handed in."""
        ratings = [
            Rating(sheet.assignment.member.key, application.key, float(sheet.judged.total))
            for application in self.applications
            for sheet in self.sheets[application.pk]
            if sheet.submitted and sheet.judged
        ]
        return calibrate(ratings, minimum=self.panel.minimum) if ratings else None

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """In the order of the applications' numbers."""
        effects = self._effects()
        return tuple(self._outcome(each, effects) for each in self.applications)

    def outcome(self, application: Application) -> Outcome:
        return next(each for each in self.outcomes if each.application.pk == application.pk)

    def ranked(self, *, adjusted: bool) -> list[tuple[int, Outcome]]:
        """Those with a final total, by the engine's rule: who passes first, then the total; equals share the
        better rank and stand by their numbers. Verdicts rank by the points they are worth.
        """
        done = {each.application.number: each for each in self.outcomes if each.final is not None}
        orders = {
            number: scoring.order(
                passed=each.final is not None and each.final.passed,
                total=each.adjusted if adjusted else each.total,
            )
            for number, each in done.items()
        }
        return [(rank, done[number]) for rank, number in scoring.ranking(orders)]

    def _effects(self) -> dict[str, Fraction]:
        found = self.calibration
        return {each.juror: Fraction(each.effect) for each in found.jurors if each.used} if found else {}

    def _outcome(self, application: Application, effects: dict[str, Fraction]) -> Outcome:
        sheets = tuple(self.sheets[application.pk])
        ready = [sheet for sheet in sheets if sheet.submitted and sheet.judged]
        agreed = self.consensus.get(application.pk)
        counting = [agreed.marks] if agreed and agreed.agreed_at else [sheet.marks for sheet in ready]
        written = self.scale.joint(counting) if counting else None
        live = self.pitch_marks(application.pk)
        pitch = self.scale.joint(live) if live else None
        third = None
        if len(ready) == 2 and len(sheets) == 2 and not (agreed and agreed.agreed_at):
            third = self.scale.third([sheet.marks for sheet in ready])
        made = Outcome(application, sheets, agreed, written, pitch, None, third, self.panel.reviews)
        final = self._final(made, counting, live)
        shift = None
        if final is not None and not (agreed and agreed.agreed_at) and ready and not self.scale.in_words:
            share = Fraction(100 - self._pitch_share, 100)
            told = [effects.get(sheet.assignment.member.key, Fraction(0)) for sheet in ready]
            shift = -share * sum(told, Fraction(0)) / len(told)
        return Outcome(application, sheets, agreed, written, pitch, final, third, self.panel.reviews, shift)

    @property
    def _pitch_share(self) -> int:
        return 0 if self.scale.in_words else self.panel.pitch_share

    def _final(self, made: Outcome, counting: Sequence[Marks], live: Sequence[Marks]) -> Judged | None:
        if not counting or not made.complete:
            return None
        share = Fraction(self._pitch_share, 100)
        if not share:
            return made.written
        if not live:
            return None
        return self.scale.blend([(counting, 1 - share), (live, share)])

    def pitch_marks(self, application: int) -> list[Marks]:
        """The live marks of a pitch once every juror who heard it has handed in; empty before."""
        slot = self.slots.get(application)
        if slot is None:
            return []
        given = {row.member_id: row.marks for row in self.live[application] if row.submitted_at}
        heard = sorted(member.pk for member in slot.present.all())
        return [given[pk] for pk in heard] if pitch_complete(slot) else []


def pitch_complete(slot: PitchSlot) -> bool:
    """Whether every juror who heard the pitch has handed in."""
    heard = {member.pk for member in slot.present.all()}
    return bool(heard) and heard <= {row.member_id for row in slot.scores.all() if row.submitted_at}


def read_round(panel: Panel) -> Round:
    """A fixed number of queries, whatever the number of applications."""
    found = Round(panel, scale_of(panel), list(assessable(panel).select_related("lead")))
    rows = Assignment.objects.filter(panel=panel, state=AssignmentState.ACTIVE)
    rows = rows.select_related("member__expert", "review").prefetch_related("review__values")
    for row in rows.order_by("-kind", "member__expert__name", "pk"):
        review = getattr(row, "review", None)
        values = {value.field: value.value for value in review.values.all()} if review else {}
        row.panel = panel
        found.sheets[row.application_id].append(Sheet(row, review, values, found.scale))
    for consensus in Consensus.objects.filter(panel=panel):
        found.consensus[consensus.application_id] = consensus
    slots = PitchSlot.objects.filter(day__panel=panel).prefetch_related("present__expert", "scores")
    for slot in slots:
        found.slots[slot.application_id] = slot
        found.live[slot.application_id] = list(slot.scores.all())
    return found
