"""Weights of the score that were learned from what became of introductions, every fit a row of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LearnedWeights(models.Model):
    """One fit. `number` counts the versions. `fitted` is the engine's record (parts, usual and learned
    weight, seed, held-out figures), `weights` what a search uses when this version is in use, `bias` who
    gains and loses by it: {grouping: [{group, candidates, partners, usual, learned}]}, shares from 0 to 1.

    `outcomes`: introductions with an answer that it rests on; `questions`: askers with a partner among them.
    `holds`: did no worse than the usual weights on questions it had not seen; only such may be used.
    """

    number = models.PositiveIntegerField(unique=True)
    fitted = models.JSONField()
    weights = models.JSONField()
    bias = models.JSONField(default=dict)
    outcomes = models.PositiveIntegerField(_("outcomes"))
    questions = models.PositiveIntegerField(_("questions"))
    seed = models.PositiveIntegerField(default=0)
    holds = models.BooleanField(default=False)
    active = models.BooleanField(_("in use"), default=False)
    made_at = models.DateTimeField(_("made on"))
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="weights_active_once"),
            models.CheckConstraint(condition=Q(active=False) | Q(holds=True), name="weights_active_hold"),
        ]

    def __str__(self) -> str:
        return str(self.number)
