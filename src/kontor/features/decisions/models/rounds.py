"""A round: the decisions on the applications of one call, and the money it may place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.features.accounts.rules import is_administrator, is_controller
from kontor.features.accounts.scopes import Role, ScopeKind
from kontor.features.calls.models import Application, Call, FundingMode
from kontor.features.programmes.models import Envelope
from kontor.features.programmes.models.money import money
from kontor.programmes import Texts

ZERO = Decimal("0.00")


class PotKind(models.TextChoices):
    """How the money of several envelopes is held; the names are the engine's."""

    VIRTUAL = "virtual", _("virtual pot: each envelope pays its own")
    BALANCING = "balancing", _("mixed: a balancing pot helps envelopes that run short")
    REAL = "real", _("real pot: all money lies in one")


POT_OF = {
    FundingMode.SINGLE: PotKind.VIRTUAL,
    FundingMode.VIRTUAL_POT: PotKind.VIRTUAL,
    FundingMode.MIXED: PotKind.BALANCING,
    FundingMode.REAL_POT: PotKind.REAL,
}


class PurseKind(models.TextChoices):
    PROGRAMME = "programme", _("envelope of the programme")
    REGION = "region", _("region")
    CALL = "call", _("set aside for this call")
    BALANCING = "balancing", _("balancing pot")


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: Any) -> Self:
        """Those of programmes one manages; administrators and controllers see all."""
        if not user.is_authenticated:
            return self.none()
        if is_administrator.test(user) or is_controller.test(user):
            return self
        keys = [
            held.scope_key
            for held in user.roles()
            if held.role == Role.PROGRAMME_MANAGER and held.scope_kind == ScopeKind.PROGRAMME
        ]
        return self.filter(call__programme__key__in=keys)


class Round(models.Model):
    """`four_eyes`: grants are confirmed by a second person before they are published. `seed` draws lots
    between equals. `adopted` is the scenario that the board follows. `met_on`, `place`, `present` and
    `notes` stand in the minutes. `revision` rises with every change, so that two people notice each other.
    """

    key = models.CharField(max_length=12, unique=True)
    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="decision_round")
    pot = models.CharField(
        _("how the money is held"), max_length=10, choices=PotKind.choices, default=PotKind.VIRTUAL
    )
    four_eyes = models.BooleanField(_("a second person confirms grants"), default=True)
    seed = models.PositiveIntegerField(default=0)
    adopted = models.ForeignKey(
        "decisions.Scenario", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    met_on = models.DateField(_("day of the meeting"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    present = models.TextField(_("present"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    is_sample = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.call)

    def get_absolute_url(self) -> str:
        return reverse("decisions:board", args=[self.key])

    @property
    def threshold(self) -> Decimal:
        """The least total of 100 that the programme asks for, 0 where it asks for none."""
        assessment = self.call.instrument_of_programme.assessment
        return assessment.threshold or Decimal(0) if assessment else Decimal(0)


class RoundEnvelope(models.Model):
    """Money that the round may place. `key` names it within the round: a programme's envelope, a region of a
    synchronised call, what was set aside for the call, the balancing pot.

    `amount` is a limit of its own; None: only `envelope`, the programme's, limits it. `committed` is what
    this round placed. The database itself refuses `committed` above `amount`.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="envelopes")
    key = models.CharField(max_length=130)
    kind = models.CharField(max_length=10, choices=PurseKind.choices)
    names = models.JSONField(default=dict)
    amount = money(null=True, blank=True)
    envelope = models.ForeignKey(
        Envelope, null=True, blank=True, on_delete=models.SET_NULL, related_name="round_envelopes"
    )
    committed = money(default=ZERO)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "key"], name="round_envelope_once"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(committed__lte=F("amount")), name="round_envelope_not_exceeded"
            ),
            models.CheckConstraint(condition=Q(committed__gte=0), name="round_envelope_not_below_zero"),
        ]

    def __str__(self) -> str:
        return Texts(self.names).best((get_language() or "en")[:2]) or self.key

    @property
    def limit(self) -> Decimal:
        """What the round can place in all: its own limit, and what the programme's envelope still holds."""
        limits = [] if self.amount is None else [self.amount]
        if self.envelope is not None:
            limits.append(self.envelope.remaining + self.committed)
        return min(limits, default=ZERO)

    @property
    def left(self) -> Decimal:
        return self.limit - self.committed

    @property
    def share_committed(self) -> str:
        """Percent of the limit, with a point in every language: the width of a bar."""
        return f"{self.committed * 100 / self.limit:.1f}" if self.limit else "0"


class HandScore(models.Model):
    """A total of 100 that was found outside Kontor, by a joint meeting of experts of several funders;
    `source` says where. It counts where no jury of the site assessed the application.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="hand_scores")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="hand_scores")
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=4)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "application"], name="hand_score_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="hand_score_of_100"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.score}"
