"""Decisions on applications: what, why, from which money, by whom, and when applicants may know."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models import Application
from kontor.features.decisions.models.rounds import Round, RoundEnvelope
from kontor.features.decisions.models.scenarios import Scenario
from kontor.features.programmes.models import Commitment
from kontor.features.programmes.models.money import money

ZERO = Decimal("0.00")


class DecisionKind(models.TextChoices):
    APPROVE = "approve", pgettext_lazy("decision", "approved")
    CONDITIONS = "conditions", pgettext_lazy("decision", "approved with conditions")
    RESERVE = "reserve", pgettext_lazy("decision", "on the reserve list")
    POSTPONE = "postpone", pgettext_lazy("decision", "postponed")
    REDIRECT = "redirect", pgettext_lazy("decision", "sent on elsewhere")
    REJECT = "reject", pgettext_lazy("decision", "rejected")


#: They commit money.
GRANTING = (DecisionKind.APPROVE, DecisionKind.CONDITIONS)


class Ending(models.TextChoices):
    """Why a decision no longer holds."""

    UNDONE = "undone", pgettext_lazy("decision", "taken back")
    REPLACED = "replaced", pgettext_lazy("decision", "replaced by a later one")
    WITHDRAWN = "withdrawn", pgettext_lazy("decision", "the application was withdrawn")


class Publication(models.Model):
    """From `at` on the applicants know the decisions that name it. The minutes of that moment hang on it."""

    #: A name here proves who answered for public money: it stays when the person's data are erased.
    keeps_names = True

    key = models.CharField(max_length=12, unique=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="publications")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="publication_number_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def live(self) -> Self:
        """Those that hold."""
        return self.filter(ended_at=None)

    def published(self) -> Self:
        return self.exclude(publication=None)

    def granting(self) -> Self:
        return self.filter(kind__in=GRANTING)


class Decision(models.Model):
    """`reason` is in `language`; `grounds` are the same as data ({"code", "params"}) where the software
    worded it, so that a letter can say it in the applicant's language. `amount` is what is granted,
    `percent` of what was asked; `split` says from which envelopes of the round before any pot helped.
    `replaces` is the decision that held before. One per application holds at a time; the database insists.
    """

    #: A name here proves who answered for public money: it stays when the person's data are erased.
    keeps_names = True

    key = models.CharField(max_length=12, unique=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="decisions")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind.choices)
    reason = models.TextField(_("reason"))
    language = models.CharField(max_length=8, default="en")
    grounds = models.JSONField(default=dict, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    redirect_to = models.CharField(_("where to"), max_length=300, blank=True)
    amount = money(default=ZERO)
    percent = models.PositiveSmallIntegerField(default=100)
    split = models.JSONField(default=dict, blank=True)
    reserve_place = models.PositiveSmallIntegerField(null=True, blank=True)
    scenario = models.ForeignKey(
        Scenario, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    commitment = models.ForeignKey(
        Commitment, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200)
    decided_by_key = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at=None), name="decision_one_holds"
            )
        ]
        indexes = [models.Index(fields=["round", "kind"], name="decision_of_round")]

    def __str__(self) -> str:
        return f"{self.application}"

    @property
    def grants(self) -> bool:
        return self.kind in GRANTING

    @property
    def needs_confirmation(self) -> bool:
        return bool(self.grants and self.round.four_eyes and self.confirmed_at is None)


class DecisionDraw(models.Model):
    """What a decision takes out of one envelope of its round, after any pot helped."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="draws")
    envelope = models.ForeignKey(RoundEnvelope, on_delete=models.CASCADE, related_name="draws")
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "envelope"], name="decision_draw_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="decision_draw_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.envelope_id}"
