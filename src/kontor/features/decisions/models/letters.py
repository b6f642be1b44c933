"""What applicants are told in writing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.decisions.models.decisions import Decision


class Letter(models.Model):
    """Once sent it is never changed; `sent_to` are the addresses it went to. `accepted` says that somebody
    looked at what the check for jargon found and lets it stand.
    """

    key = models.CharField(max_length=12, unique=True)
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="letter")
    language = models.CharField(_("language"), max_length=8)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    accepted = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    prepared_at = models.DateTimeField(auto_now_add=True)
    prepared_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=200, blank=True)
    sent_to = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["decision__application__number"]

    def __str__(self) -> str:
        return self.subject
