"""The partner board of a call: who looks for a partner across the border."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models.call import Call
from kontor.features.organisations.models import Organisation


class WishState(models.TextChoices):
    OPEN = "open", pgettext_lazy("partner wish", "looking")
    FOUND = "found", pgettext_lazy("partner wish", "found")
    WITHDRAWN = "withdrawn", pgettext_lazy("partner wish", "taken down")


class WishQuerySet(models.QuerySet["PartnerWish"]):
    def open(self) -> Self:
        return self.filter(state=WishState.OPEN)


class PartnerWish(models.Model):
    """`text` says, in `language`, what the organisation brings and whom it looks for; `countries` (ISO 3166)
    and `kinds` (of organisations) narrow it. Empty `countries`: any but its own.
    """

    key = models.CharField(max_length=12, unique=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="wishes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="partner_wishes")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    language = models.CharField(max_length=8, default="en")
    countries = models.JSONField(default=list, blank=True)
    kinds = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=WishState.choices, default=WishState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=200, blank=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["call", "state", "-created_at"], name="wish_of_call")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:wish", args=[self.call.key, self.key])
