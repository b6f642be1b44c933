"""What people keep of the directory: saved views, and changes to many organisations that can be taken
back.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.keys import new_key

UNDO_DAYS = 30


class SavedView(models.Model):
    """A search somebody named. It holds filters, never results: whoever opens it sees what they may see."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisations:view", args=[self.key])


class BulkVerb(models.TextChoices):
    TAG = "tag", _("add a tag")
    UNTAG = "untag", _("remove a tag")
    JOIN = "join", _("make members of a cluster")
    LEAVE = "leave", _("end membership in a cluster")
    ARCHIVE = "archive", _("archive")


class BulkChange(models.Model):
    """One change to many. `undo` holds per organisation's key what is needed to reverse it."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    verb = models.CharField(max_length=8, choices=BulkVerb.choices)
    value = models.CharField(max_length=80, blank=True)
    label = models.CharField(max_length=300, blank=True)
    undo = models.JSONField(default=dict)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["actor_key", "-made_at"], name="bulk_change_actor")]

    def __str__(self) -> str:
        return f"{self.verb} {self.label} ({len(self.undo)})"

    @property
    def undo_until(self) -> dt.datetime:
        return self.made_at + dt.timedelta(days=UNDO_DAYS)

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.undo_until
