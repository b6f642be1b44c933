"""The pitch day: who presents when, who listens, what was scored live. Times are minutes after midnight."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models import Application
from kontor.features.juries.models.experts import Member
from kontor.features.juries.models.panel import Panel


class PitchDayState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("pitch day", "planned")
    RUNNING = "running", pgettext_lazy("pitch day", "under way")
    OVER = "over", pgettext_lazy("pitch day", "over")


class PitchDay(models.Model):
    """`breaks`: [[from, to]] in minutes after midnight. `blocked`: the rules that no order keeps together, in
    words by language code; empty where there is an order. `changes`: how often a juror goes out or comes in.
    """

    key = models.CharField(max_length=12, unique=True)
    panel = models.OneToOneField(Panel, on_delete=models.CASCADE, related_name="pitch_day")
    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    begins = models.PositiveSmallIntegerField(_("begins"), default=9 * 60)
    ends = models.PositiveSmallIntegerField(_("ends"), default=17 * 60)
    pitch = models.PositiveSmallIntegerField(_("minutes of pitch"), default=10)
    questions = models.PositiveSmallIntegerField(_("minutes of questions"), default=10)
    change = models.PositiveSmallIntegerField(_("minutes between"), default=5)
    breaks = models.JSONField(default=list, blank=True)
    quorum = models.PositiveSmallIntegerField(_("jurors who listen, at least"), default=3)
    state = models.CharField(
        _("state"), max_length=8, choices=PitchDayState.choices, default=PitchDayState.PLANNED
    )
    blocked = models.JSONField(default=list, blank=True)
    proven = models.BooleanField(default=False)
    changes = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")) & Q(ends__lte=1440), name="pitch_day_hours"
            )
        ]

    def __str__(self) -> str:
        return f"{self.panel_id} {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("juries:pitches", args=[self.panel.key])


class SlotState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("pitch", "waiting")
    PITCHING = "pitching", pgettext_lazy("pitch", "presenting")
    QUESTIONS = "questions", pgettext_lazy("pitch", "questions")
    OVER = "over", pgettext_lazy("pitch", "over")


class PitchSlot(models.Model):
    """A pitch. `arrives`, `leaves`: as travel has it; `promised`: a begin that was promised; `begins` None:
    not placed yet.
    """

    key = models.CharField(max_length=12, unique=True)
    day = models.ForeignKey(PitchDay, on_delete=models.CASCADE, related_name="slots")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="pitch_slots")
    arrives = models.PositiveSmallIntegerField(_("arrives"), default=0)
    leaves = models.PositiveSmallIntegerField(_("leaves"), default=1440)
    promised = models.PositiveSmallIntegerField(_("promised time"), null=True, blank=True)
    begins = models.PositiveSmallIntegerField(null=True, blank=True)
    ends = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=SlotState.choices, default=SlotState.WAITING)
    started_at = models.DateTimeField(null=True, blank=True)
    questions_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    present = models.ManyToManyField(Member, blank=True, related_name="hears")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = [F("begins").asc(nulls_last=True), "application__number"]
        constraints = [models.UniqueConstraint(fields=["day", "application"], name="pitch_slot_once")]

    def __str__(self) -> str:
        return self.key


class Attendance(models.Model):
    """When a juror comes and goes; a juror without a row is there all day."""

    day = models.ForeignKey(PitchDay, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="attendances")
    arrives = models.PositiveSmallIntegerField(_("arrives"), default=0)
    leaves = models.PositiveSmallIntegerField(_("leaves"), default=1440)
    absent = models.BooleanField(_("does not come"), default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["day", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.day_id} {self.member_id}"


class LiveScore(models.Model):
    """A juror's marks for one pitch; handed in once, taken back while the pitch day runs."""

    slot = models.ForeignKey(PitchSlot, on_delete=models.CASCADE, related_name="scores")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="live_scores")
    marks = models.JSONField(default=dict)
    words = models.TextField(_("comment"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["slot", "member"], name="live_score_once")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.member_id}"
