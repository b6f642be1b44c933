"""Weights of the score that were learned from what became of introductions, every fit a row of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LearnedWeights(models.Model):
    """One fit. `number` counts the versions. `fitted` is the engine's record (parts, usual and learned
    weight, seed, held-out figures), `weights` what a search uses when this version is in use, `bias` who
    gains and loses by it: {grouping: [{group, candidates, partners, usual, learned}]}, shares from 0 to 1.

    `small_fitted` and `small_weights` are the same for newcomers and small firms, who then have `share` of
    the places; null where all organisations are ranked by one row of weights.

    `outcomes`: introductions with an answer that it rests on; `questions`: askers with a partner among them.
    `holds`: did no worse than the usual weights on questions it had not seen; only such may be used.
    """

    number = models.PositiveIntegerField(unique=True)
    fitted = models.JSONField()
    weights = models.JSONField()
    small_fitted = models.JSONField(null=True, blank=True)
    small_weights = models.JSONField(null=True, blank=True)
    share = models.FloatField(default=0.0)
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
            models.CheckConstraint(condition=Q(share__gte=0) & Q(share__lte=1), name="weights_share_part"),
        ]

    def __str__(self) -> str:
        return str(self.number)
