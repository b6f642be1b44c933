"""Questions that the programme asks about an application that was handed in."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models.application import Application, Submission


class AmendmentState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("amendment", "asked")
    ANSWERED = "answered", pgettext_lazy("amendment", "answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "withdrawn")


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def waiting(self, moment: dt.datetime) -> Self:
        """Asked, and still in time."""
        return self.filter(state=AmendmentState.ASKED, deadline__gt=moment)


class Amendment(models.Model):
    """An officer asks for changes of named fields until a deadline; nothing else may be changed.

    `before` are the answers as they stood when it was asked, `after` those that the applicant writes and then
    hands in; both are kept ({field: value}, docs/formats/form.md). `revision` rises with each saved draft;
    `revisions` are those in which each field was saved last. `submission` is the handing in that the answer
    made.
    """

    key = models.CharField(max_length=12, unique=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="amendments")
    fields = models.JSONField(default=list)
    question = models.TextField(_("question"))
    deadline = models.DateTimeField(_("deadline"))
    state = models.CharField(
        _("state"), max_length=9, choices=AmendmentState.choices, default=AmendmentState.ASKED
    )
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("answer"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    revisions = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    asked_by_key = models.CharField(max_length=64)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.SET_NULL, related_name="amendments"
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "deadline"], name="amendment_due")]

    def __str__(self) -> str:
        return f"{self.application} {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("calls:amendment", args=[self.application.key, self.key])

    def is_waiting(self, moment: dt.datetime) -> bool:
        """Whether the applicant may still answer: the deadline itself is late."""
        return self.state == AmendmentState.ASKED and moment < self.deadline

    def is_overdue(self, moment: dt.datetime) -> bool:
        return self.state == AmendmentState.ASKED and moment >= self.deadline
