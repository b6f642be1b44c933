"""Score sheets field by field, second versions that nobody may lose, and consensus reports."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models import Application
from kontor.features.juries.models.assigning import Assignment
from kontor.features.juries.models.experts import Member
from kontor.features.juries.models.panel import Panel


class ReviewState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("review", "being written")
    SUBMITTED = "submitted", pgettext_lazy("review", "handed in")


class Review(models.Model):
    """One assessor's sheet for one application. `language`: that of the words for the applicants."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="review")
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.DRAFT)
    language = models.CharField(max_length=8, default="en")
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["assignment"]

    def __str__(self) -> str:
        return str(self.assignment_id)

    def get_absolute_url(self) -> str:
        return reverse("juries:sheet", args=[self.assignment.key])


class ReviewValue(models.Model):
    """One field of a sheet: `mark:CRITERION`, `why:CRITERION`, `comment` (for the applicants), `notes` (for
    the jury). `revision` rises with every change: who wrote on an older one is asked, not overruled.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="values")
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    device = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["field"]
        constraints = [models.UniqueConstraint(fields=["review", "field"], name="review_value_once")]

    def __str__(self) -> str:
        return self.field


class ReviewClash(models.Model):
    """What a second device wrote on an older state of a field; it waits until its author chooses."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="clashes")
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    device = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.field


class Consensus(models.Model):
    """What the assessors of an application agreed on. Its marks count instead of the means once all agree."""

    key = models.CharField(max_length=12, unique=True)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="consensuses")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consensuses")
    marks = models.JSONField(default=dict)
    text = models.TextField(_("report"), blank=True)
    comment = models.TextField(_("words for the applicants"), blank=True)
    language = models.CharField(max_length=8, default="en")
    revision = models.PositiveIntegerField(default=1)
    written_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(auto_now=True)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application__number"]
        constraints = [models.UniqueConstraint(fields=["panel", "application"], name="consensus_once")]

    def __str__(self) -> str:
        return f"{self.panel_id} {self.application_id}"


class ConsensusVoice(models.Model):
    """An assessor's answer to one revision of the report; a new revision asks anew."""

    consensus = models.ForeignKey(Consensus, on_delete=models.CASCADE, related_name="voices")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="voices")
    agrees = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["consensus", "member"], name="consensus_voice_once")]

    def __str__(self) -> str:
        return f"{self.consensus_id} {self.member_id}"
