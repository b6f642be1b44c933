"""A scenario: one way of placing the money, computed and kept as it came out."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.features.decisions.models.rounds import Round


class Scenario(models.Model):
    """`settings` is what was asked (settings.Settings), `problem` the whole question in the format
    `kontor-portfolio/1`, which `kontor portfolio solve` answers in the same way, `result` the answer
    (problem.py says its shape). `fingerprint` is that of the problem: where today's differs, the scenario
    is out of date. `names`: the name in other languages, where whoever made it gave some.
    """

    key = models.CharField(max_length=12, unique=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(_("name"), max_length=120)
    names = models.JSONField(default=dict, blank=True)
    settings = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="scenario_name_once")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("decisions:scenario", args=[self.round.key, self.key])

    @property
    def label(self) -> str:
        """The name in the reader's language, as far as there is one."""
        return str(self.names.get((get_language() or "en")[:2]) or self.name)
