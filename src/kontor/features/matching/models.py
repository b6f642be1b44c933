"""What the matchmaker keeps: the index's rows and the searches that people saved."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kontor.features.accounts.models import User


class IndexEntry(models.Model):
    """The indexed form of one organisation.

    `stamp` orders changes: a process that holds the index in memory reads what is newer than its own. A
    removed organisation leaves a row with `gone` set and no content. `dirty` rows wait for the indexing job:
    what they hold is older than the directory. `expires_on` is the first day on which a statement in it is
    no longer valid.
    """

    organisation_key = models.CharField(max_length=12, unique=True)
    stamp = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    dirty = models.BooleanField(default=False)
    expires_on = models.DateField(null=True)
    # One row of 512 int8 per passage; NULL before the encoder ran: words and codes are found without it.
    vectors = models.BinaryField(null=True)
    content = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["stamp"], name="index_stamp"),
            models.Index(fields=["organisation_key"], name="index_dirty", condition=Q(dirty=True)),
            models.Index(fields=["expires_on"], name="index_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_key} @{self.stamp}"


class IndexStamp(models.Model):
    """One row: the last stamp given. It is locked while stamps are given, so they commit in order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.value)


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user, deleted_at=None) if user.is_authenticated else self.none()

    def readable_by(self, user: Any) -> Self:
        """One's own, and those shared by link."""
        readable = Q(shared=True)
        if user.is_authenticated:
            readable |= Q(owner=user)
        return self.filter(readable, deleted_at=None)


class SavedSearch(models.Model):
    """A search that can be opened again or shared.

    Only the question is kept. Whoever opens it gets the answer that they may see, computed anew.
    """

    key = models.CharField(max_length=22, unique=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=200)
    query = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matching:saved-detail", args=[self.key])
