"""Values of a programme's indicators that people entered, each with its day and source."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kontor.features.programmes.models.programme import Programme


class ReadingQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        return self.filter(removed_at=None)


class IndicatorReading(models.Model):
    """What `source` said on `day` of the indicator with this key. Never changed: a correction is removed and
    entered anew, so that figures that were read before can be found again.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="readings")
    key = models.CharField(max_length=12, unique=True)
    indicator = models.CharField(max_length=60)
    amount = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    day = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=300)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["programme", "indicator", "-day"], name="reading_latest")]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="reading_not_below_zero")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.amount}"
