"""Introductions: who was introduced to whom, what each side said, who saw what, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kontor.features.matching.models.added import AddedOnly
from kontor.features.matching.models.states import (
    BLOCKING,
    MUTUAL,
    OPEN,
    Channel,
    Level,
    NoReason,
    OutcomeKind,
    Reply,
    Role,
    State,
)
from kontor.features.organisations.models import Organisation, Statement


class Introduction(models.Model):
    """Two organisations are asked whether they want to be introduced.

    `pair` holds both keys in alphabetical order: one pair has at most one introduction that blocks another.
    `parts` are the values (0 to 1) of the score's parts when it was proposed, empty where it was not scored;
    `score` their weighted sum. Both sides read `note`.
    """

    key = models.CharField(max_length=12, unique=True)
    pair = models.CharField(max_length=25)
    asker = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="introductions_asked")
    partner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="introductions_received")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    note = models.TextField(_("what it is about"), blank=True)
    language = models.CharField(max_length=8, default="en")
    parts = models.JSONField(default=dict)
    score = models.FloatField(null=True)
    proposed_at = models.DateTimeField()
    proposed_by_key = models.CharField(max_length=64)
    proposed_by_label = models.CharField(max_length=200)
    deadline_on = models.DateField()
    agreed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair"], condition=Q(state__in=BLOCKING), name="introduction_once"
            ),
            models.CheckConstraint(condition=~Q(asker=models.F("partner")), name="introduction_not_self"),
        ]
        indexes = [
            models.Index(fields=["state", "deadline_on"], name="introduction_due"),
            models.Index(fields=["state", "agreed_at"], name="introduction_agreed"),
        ]

    def __str__(self) -> str:
        # no names: audit rows and job titles show this to people who may know one side only
        return f"{self.key}"

    def get_absolute_url(self) -> str:
        return reverse("matching:introduction", args=[self.key])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_mutual(self) -> bool:
        return self.state in MUTUAL

    def side_of(self, organisation_id: int) -> Side:
        """The side of one of the two organisations; reads `sides`, prefetched where it matters."""
        return next(side for side in self.sides.all() if side.organisation_id == organisation_id)

    def other_side(self, side: Side) -> Side:
        return next(other for other in self.sides.all() if other.pk != side.pk)


class Side(models.Model):
    """One organisation's part in an introduction.

    `named_at_start`: the other side knew its name when it was proposed (a match that was not anonymous).
    `statement`: the anonymous statement the match rested on; only its teaser is shown before both agree.
    `asked_at` is empty for the side that proposed: it was never asked. `later_until` is the day on which it
    wants to be asked again, `remind_on` the day of the next reminder, `reports_asked` the latest month of the
    outcome ledger it was asked about.
    """

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="sides")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="introduction_sides"
    )
    role = models.CharField(max_length=8, choices=Role.choices)
    named_at_start = models.BooleanField(default=False)
    statement = models.ForeignKey(
        Statement, null=True, on_delete=models.SET_NULL, related_name="introduction_sides"
    )
    reply = models.CharField(_("answer"), max_length=6, choices=Reply.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=NoReason.choices, blank=True)
    words = models.TextField(_("in your own words"), blank=True)
    later_until = models.DateField(null=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    remind_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reports_asked = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["introduction", "role"], name="side_once"),
        ]

    def __str__(self) -> str:
        return f"{self.introduction_id} {self.role}"

    @property
    def has_answered(self) -> bool:
        """Yes or no; asking for time is no answer."""
        return self.reply in {Reply.YES, Reply.NO}


class Refusal(models.Model):
    """`by` does not want to be introduced to `other`, until `by` lifts it. `statement`: see Side.

    `named`: `by` knew the name of `other` when it said no; `by_named`: `other` knew the name of `by`.
    """

    by = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="refusals_made")
    other = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="refusals_met")
    introduction = models.ForeignKey(
        Introduction, null=True, on_delete=models.CASCADE, related_name="refusals"
    )
    statement = models.ForeignKey(Statement, null=True, on_delete=models.SET_NULL, related_name="refusals")
    named = models.BooleanField(default=False)
    by_named = models.BooleanField(default=True)
    reason = models.CharField(_("reason"), max_length=12, choices=NoReason.choices)
    words = models.TextField(_("in your own words"), blank=True)
    parts = models.JSONField(default=dict)
    at = models.DateTimeField()
    actor_label = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["by", "other"], condition=Q(lifted_at=None), name="refusal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.reason}"


class Outcome(AddedOnly):
    """What one side reports `month` months after both agreed (0: told before anybody asked).

    A correction is a later row for the same month. `amount` in EUR: what the contract, pilot or bid is worth.
    """

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="outcomes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="outcomes")
    month = models.PositiveSmallIntegerField()
    kind = models.CharField(_("what became of it"), max_length=10, choices=OutcomeKind.choices)
    amount = models.DecimalField(_("worth in EUR"), max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField()
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["introduction", "id"], name="outcome_ledger")]
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="outcome_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.introduction_id} {self.month} {self.kind}"


class Disclosure(AddedOnly):
    """Somebody was shown more of `about` than its teaser: in an introduction, or on the board of a consortium
    that found it by its teaser. In lists and files once a day for each viewer, of a board in every channel.
    """

    introduction = models.ForeignKey(
        Introduction, null=True, blank=True, on_delete=models.CASCADE, related_name="disclosures"
    )
    consortium = models.ForeignKey(
        "matching.Consortium", null=True, blank=True, on_delete=models.CASCADE, related_name="disclosures"
    )
    about = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="disclosures")
    level = models.CharField(_("what"), max_length=8, choices=Level.choices)
    channel = models.CharField(_("where"), max_length=6, choices=Channel.choices)
    viewer_key = models.CharField(max_length=64)
    viewer_label = models.CharField(_("who"), max_length=200)
    at = models.DateTimeField(_("when"))
    on = models.DateField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["about", "-id"], name="disclosure_about")]
        constraints = [
            models.UniqueConstraint(
                fields=["introduction", "about", "viewer_key", "level", "channel", "on"],
                condition=Q(channel__in=["list", "file"]),
                name="disclosure_daily",
            ),
            models.UniqueConstraint(
                fields=["consortium", "about", "viewer_key", "level", "channel", "on"],
                condition=Q(consortium__isnull=False),
                name="disclosure_of_board_daily",
            ),
            models.CheckConstraint(
                condition=Q(introduction__isnull=True, consortium__isnull=False)
                | Q(introduction__isnull=False, consortium__isnull=True),
                name="disclosure_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about_id} {self.level} {self.viewer_key}"
