"""Who assesses what, and the plans that were worked out for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models import Application
from kontor.features.juries.models.experts import Member
from kontor.features.juries.models.panel import Panel


class Plan(models.Model):
    """An answer of the engine: `asked` the question, `result` pairs by key, or the rules that block.
    `seen` is the panel's `assigning` when it was asked: a plan made for another state cannot be adopted.
    `before` holds what was replaced at its adoption, so that it can be undone.
    """

    key = models.CharField(max_length=12, unique=True)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="plans")
    kind = models.CharField(max_length=8)
    asked = models.JSONField(default=dict)
    job_key = models.CharField(max_length=26, blank=True)
    status = models.CharField(max_length=12, blank=True)
    result = models.JSONField(default=dict)
    seen = models.PositiveIntegerField()
    before = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.panel_id} {self.status}"


class AssignmentState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("assignment", "assigned")
    BLOCKED = "blocked", pgettext_lazy("assignment", "blocked by a conflict")
    DROPPED = "dropped", pgettext_lazy("assignment", "taken back")


class AssignmentKind(models.TextChoices):
    USUAL = "usual", pgettext_lazy("assignment", "assessor")
    THIRD = "third", _("third assessor")


class Assignment(models.Model):
    """A member assesses an application. A dropped one keeps its review, which counts no more."""

    key = models.CharField(max_length=12, unique=True)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="assignments")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assignments")
    kind = models.CharField(max_length=8, choices=AssignmentKind.choices, default=AssignmentKind.USUAL)
    state = models.CharField(max_length=8, choices=AssignmentState.choices, default=AssignmentState.ACTIVE)
    fit = models.FloatField(default=0.0)
    reason = models.CharField(max_length=500, blank=True)
    assigned_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["application__number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "application"],
                condition=~Q(state="dropped"),
                name="assignment_once",
            )
        ]

    def __str__(self) -> str:
        return self.key
