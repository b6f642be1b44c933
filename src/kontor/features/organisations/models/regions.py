"""Region outlines that the operator imported; Kontor ships none (EuroGeographics' notice must be shown)."""

from __future__ import annotations

from django.db import models


class RegionShape(models.Model):
    """`path` is an SVG path in the map's own plane (ETRS89-LAEA, simplified)."""

    code = models.CharField(max_length=5)
    version = models.CharField(max_length=4)
    level = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    path = models.TextField()
    notice = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="region_shape_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
