"""What an officer decided about an application's eligibility: a row for each decision, never overwritten."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models.application import Application
from kontor.features.matching.models.added import AddedOnly


class Verdict(models.TextChoices):
    ELIGIBLE = "eligible", pgettext_lazy("verdict", "eligible")
    INELIGIBLE = "ineligible", pgettext_lazy("verdict", "not eligible")
    TAKEN_BACK = "taken-back", pgettext_lazy("verdict", "decision taken back")


class EligibilityDecision(AddedOnly):
    """The row with the highest `number` counts. `answers` is what each rule said at that moment: [{"rule",
    "state", "text", "reasons": [..], "source"}]; `waived` names the rules that said otherwise than the
    officer decided. `receipt` is the submission that was looked at.
    """

    #: A name here proves who answered for public money: it stays when the person's data are erased.
    keeps_names = True

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="eligibility_decisions"
    )
    number = models.PositiveSmallIntegerField()
    verdict = models.CharField(_("decision"), max_length=12, choices=Verdict.choices)
    reason = models.TextField(_("reason"))
    computed = models.CharField(max_length=8)
    answers = models.JSONField(default=list)
    waived = models.JSONField(default=list)
    receipt = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField()
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="eligibility_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.number} {self.verdict}"


class ClockWarning(AddedOnly):
    """A warning that went out about a deadline; `level` is soon, very-soon or late. Each goes out once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="clock_warnings")
    phase = models.CharField(max_length=60)
    due_on = models.DateField()
    level = models.CharField(max_length=10)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "phase", "due_on", "level"], name="clock_warning_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.phase} {self.level}"
