"""What a programme's envelopes hold, what is committed out of them, and what was moved between them.

`planned` comes from the published file, `amount` is what the envelope holds after re-allocations, `committed`
is the sum of its live draws. The database itself refuses `committed` above `amount`, so that two people who
commit the last money at once cannot both succeed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kontor.features.programmes.models.programme import Programme

ZERO = Decimal("0.00")


def money(**options: Any) -> models.DecimalField[Decimal, Decimal]:
    """Euro and cents, below ten milliard."""
    return models.DecimalField(max_digits=12, decimal_places=2, **options)


class EnvelopeKind(models.TextChoices):
    BUDGET = "budget", _("whole budget")
    PART = "part", _("part of the budget")
    THEME = "theme", _("theme")
    OTHER = "other", _("envelope")


class Envelope(models.Model):
    """`key` is like `theme:heat`, of a variant `alpha-two/part:open`; `closed` when no version has it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="envelopes")
    key = models.CharField(max_length=130)
    kind = models.CharField(max_length=8, choices=EnvelopeKind.choices)
    names = models.JSONField(default=dict)
    currency = models.CharField(max_length=3, default="EUR")
    planned = money(default=ZERO)
    amount = money(default=ZERO)
    committed = money(default=ZERO)
    closed = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="envelope_once"),
            models.CheckConstraint(condition=Q(committed__lte=F("amount")), name="envelope_not_exceeded"),
            models.CheckConstraint(condition=Q(committed__gte=0), name="envelope_not_below_zero"),
        ]

    def __str__(self) -> str:
        return str(self.names.get("en") or next(iter(self.names.values()), self.key))

    @property
    def remaining(self) -> Decimal:
        return self.amount - self.committed

    @property
    def share_committed(self) -> str:
        """Percent of the amount, with a point in every language: the width of a bar."""
        return f"{self.committed * 100 / self.amount:.1f}" if self.amount else "0"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def live(self) -> Self:
        return self.filter(released_at=None)


class Commitment(models.Model):
    """Money promised to a case until released; `reference` says which (`call 2, Heat from sewage`)."""

    key = models.CharField(max_length=12, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="commitments")
    reference = models.CharField(_("for what"), max_length=300)
    amount = money()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=200, blank=True)
    release_reason = models.CharField(max_length=300, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="commitment_above_zero")]

    def __str__(self) -> str:
        return self.reference


class Draw(models.Model):
    """What a commitment takes out of one envelope. It may draw on several: its theme's and its part's."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="draws")
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="draws")
    amount = money()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "envelope"], name="draw_once")]

    def __str__(self) -> str:
        return f"{self.amount} of {self.envelope_id}"


class Reallocation(models.Model):
    """A decision to move money from one envelope to another. Never changed; the way back is another one."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="reallocations")
    source = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="given")
    target = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="taken")
    amount = money()
    reason = models.CharField(_("reason"), max_length=500)
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="reallocation_above_zero")]

    def __str__(self) -> str:
        return f"{self.amount} {self.source_id} to {self.target_id}"
