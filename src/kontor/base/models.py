"""Rows that every feature shares: the audit chain, texts per language, attachments and jobs.

People are named by `actor_key` and `actor_label` instead of a foreign key: base stands below accounts, and an
audit row must outlive the account it names.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):  # reads as a sentence: raise AppendOnly
    """Somebody tried to change or delete what is only ever added to."""


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **values: Any) -> int:
        raise AppendOnly("audit rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly("audit rows are never deleted")


class AuditEvent(models.Model):
    """One change. `hash` covers the row's content and `previous_hash`, so the rows form a chain.

    `seq` counts 1, 2, 3 … without gaps; it is taken under a lock in the transaction that made the change.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=64)
    subject_label = models.CharField(max_length=300)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_key", "-seq"], name="audit_subject"),
            models.Index(fields=["actor_key", "-seq"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject_kind} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise AppendOnly("audit rows are written by base.audit.record only")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("audit rows are never deleted")


class AuditHead(models.Model):
    """The chain's end: one row, locked while an event is added. Its hash betrays a cut-off tail."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:8]}"


class TextOrigin(models.TextChoices):
    SOURCE = "source", _("source text")
    HUMAN = "human", _("translated by a person")
    MACHINE = "machine", _("translated by machine")


class Text(models.Model):
    """A content text of an object's field in one language. A new language needs no migration.

    `stale` marks a translation whose source has changed since ("out of date").
    """

    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    text = models.TextField()
    origin = models.CharField(max_length=8, choices=TextOrigin.choices, default=TextOrigin.SOURCE)
    stale = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "field", "language"], name="text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.field} [{self.language}]"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, subject: models.Model) -> Self:
        """Those of one thing that were not removed."""
        kind = str(subject._meta.model_name)
        return self.filter(subject_kind=kind, subject_id=subject.pk, removed_at=None)


class Attachment(models.Model):
    """A file that belongs to a thing; its bytes lie under MEDIA_ROOT, named by `key` alone.

    `name` is what it was called when it was uploaded, `media_type` what its ending stands for. Removed ones
    can be brought back; whoever shows one asks the policy of the thing it belongs to.
    """

    key = models.CharField(max_length=26, unique=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.name


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    RETRYING = "retrying", _("will be tried again")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Job(models.Model):
    """Durable work with progress. Runs at least once: handlers are idempotent.

    The queue itself is django-tasks' database backend; this row carries what people see and what a retry
    needs.
    """

    key = models.CharField(max_length=26, unique=True)
    kind = models.CharField(max_length=60)
    # Two enqueues with one dedup_key while the first is unfinished are one job.
    dedup_key = models.CharField(max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    step = models.CharField(max_length=200, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    run_after = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    # host/pid/start of the process that runs it, so that a dead worker's job can be taken over
    worker = models.CharField(max_length=120, blank=True)
    cancel_requested = models.BooleanField(default=False)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_after"], name="job_due"),
            models.Index(fields=["actor_key", "-created_at"], name="job_actor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "dedup_key"],
                condition=models.Q(state__in=["waiting", "running", "retrying"]) & ~models.Q(dedup_key=""),
                name="job_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"
