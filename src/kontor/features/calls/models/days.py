"""Days of a call beside its deadlines: information meetings, partnering events, the jury."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models.call import Call


class DayKind(models.TextChoices):
    INFORMATION = "information", _("information meeting")
    MATCHMAKING = "matchmaking", _("partnering event")
    CONSULTATION = "consultation", _("consultation hour")
    JURY = "jury", pgettext_lazy("day", "jury")
    DECISION = "decision", pgettext_lazy("day", "decision")
    OTHER = "other", pgettext_lazy("day", "other")


class CallDay(models.Model):
    """`name` is {language: text}; times are instants, shown in the call's time zone."""

    key = models.CharField(max_length=12, unique=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="days")
    kind = models.CharField(_("kind"), max_length=12, choices=DayKind.choices, default=DayKind.INFORMATION)
    name = models.JSONField(default=dict)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        ordering = ["starts_at", "id"]

    def __str__(self) -> str:
        return Call.said(self.name)
