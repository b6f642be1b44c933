"""The index as rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


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
