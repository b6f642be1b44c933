"""What became of organisations in applications: merged, gone from the directory, other than they were."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models.application import Application
from kontor.features.organisations.models import Organisation


class NoticeKind(models.TextChoices):
    MERGED = "merged", pgettext_lazy("organisation", "merged with another")
    LEFT = "left", pgettext_lazy("organisation", "left the directory")
    RULES = "rules", pgettext_lazy("organisation", "rules are answered otherwise now")


class NoticeQuerySet(models.QuerySet["OrganisationNotice"]):
    def waiting(self) -> Self:
        """Those that nobody has looked at."""
        return self.filter(settled_at=None)

    def merged(self) -> Self:
        """Of merges that hold."""
        return self.filter(kind=NoticeKind.MERGED, undone_at=None)


class OrganisationNotice(models.Model):
    """Something that whoever handles the application should know; what was handed in stays as it was.

    `organisation` is the one it is about, `name` what it was called then; `other` the one it was merged into.
    `details` of a merge are the rows that followed, so that they can go back; of rules {rule: {"was", "now",
    "text": {language: wording}}}. `undone_at`: the merge was taken back.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="organisation_notices"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="application_notices"
    )
    name = models.CharField(max_length=300)
    other = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=6, choices=NoticeKind.choices)
    details = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation", "kind"],
                condition=models.Q(settled_at=None, kind__in=["left", "rules"]),
                name="organisation_notice_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"
