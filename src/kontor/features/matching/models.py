"""What the matchmaker keeps: the index's rows and the searches that people saved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.accounts.models import User
from kontor.features.organisations.models import Organisation


class IndexEntry(models.Model):
    """The indexed form of one organisation's statements, written in the transaction that changed them.

    `stamp` orders changes: a process that holds the index in memory reads what is newer than its own stamp.
    A removed organisation leaves a row with `gone` set and no content.
    """

    organisation_key = models.CharField(max_length=12, unique=True)
    stamp = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    # None until the encoder has run: words and codes are found at once, the vector follows from a job.
    vectors = models.BinaryField(null=True)
    content = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["stamp"], name="index_stamp")]

    def __str__(self) -> str:
        return f"{self.organisation_key} @{self.stamp}"


class IndexStamp(models.Model):
    """One row: the last stamp given."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.value)


class SavedSearch(models.Model):
    """A search that can be opened again or shared. Its results are computed anew for whoever opens it."""

    key = models.CharField(max_length=22, unique=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    query = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
