"""An import from file to confirmed rows. Nothing reaches the directory before it is confirmed."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Uploads hold personal data: a run's files and rows are deleted after as long as it can be taken back.
KEPT = dt.timedelta(days=30)


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("ready to confirm")
    WRITING = "writing", _("being written")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")
    UNDONE = "undone", _("taken back")


class ImportRun(models.Model):
    key = models.CharField(max_length=12, unique=True)
    filename = models.CharField(max_length=300)
    path = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    reader = models.CharField(max_length=20, default="organisations")
    cluster_key = models.CharField(max_length=12, blank=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    counts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    skip_bad = models.BooleanField(default=False)
    job_key = models.CharField(max_length=26, blank=True)
    # What the run changed of earlier projects that were there already: see imports.parts.
    projects_before = models.JSONField(default=dict)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.filename} {self.state}"

    @property
    def can_be_undone(self) -> bool:
        """Written, and its rows still there to tell what it changed."""
        return self.state == ImportState.DONE and self.created_at >= timezone.now() - KEPT


class ImportRow(models.Model):
    """A row with problems, or an example of a good one; good rows are read again when written."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=10)  # new, change, same, refused
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    organisation_key = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.run_id} row {self.number}"
