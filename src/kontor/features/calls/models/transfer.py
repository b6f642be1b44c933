"""Answers that come from elsewhere: a Word file, another application, the directory."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.models.application import Application


class TransferKind(models.TextChoices):
    WORD = "word", _("Word file")
    APPLICATION = "application", _("another application")
    DIRECTORY = "directory", _("the directory")


class Transfer(models.Model):
    """`source` says where from: the file's name, the other application's number, the organisation's name.

    A Word file waits with its `values` ({field: value}) and with what could not be taken (`unread`, each
    {"code", "field", "text"}) until somebody chooses field by field; `base_revision` is the application's
    when it was downloaded. The file itself is attached. `taken` is what was written: {field: {"before":
    value or null, "after": value}}; taking it back needs that nobody has written there since.
    """

    key = models.CharField(max_length=12, unique=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="transfers")
    kind = models.CharField(max_length=11, choices=TransferKind.choices)
    source = models.CharField(max_length=300)
    base_revision = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    values = models.JSONField(default=dict, blank=True)
    unread = models.JSONField(default=list, blank=True)
    taken = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["application", "-id"], name="transfer_of_application")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind} {self.key}"
