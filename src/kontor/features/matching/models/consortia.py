"""Consortia: organisations in seats around an opportunity, from the idea to the end.

A consortium has several variants side by side; each is a team of seats. `revision` of the consortium rises
with every change of its board, so that an open page can tell that something happened; `revision` of a seat or
of the details refuses the second of two writers who did not see the first.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.matching.models.added import AddedOnly
from kontor.features.matching.models.states import NoReason
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.programmes.models import Programme, ProgrammeVersion


class ConsortiumState(models.TextChoices):
    COMPOSING = "composing", _("being composed")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    CLOSED = "closed", _("finished")
    WITHDRAWN = "withdrawn", pgettext_lazy("consortium", "given up")


# Every legal step of a consortium as a whole.
COURSE: dict[str, frozenset[str]] = {
    ConsortiumState.COMPOSING: frozenset({ConsortiumState.SUBMITTED, ConsortiumState.WITHDRAWN}),
    ConsortiumState.SUBMITTED: frozenset(
        {ConsortiumState.COMPOSING, ConsortiumState.APPROVED, ConsortiumState.REJECTED}
    ),
    ConsortiumState.APPROVED: frozenset({ConsortiumState.CLOSED}),
    ConsortiumState.REJECTED: frozenset(),
    ConsortiumState.CLOSED: frozenset(),
    ConsortiumState.WITHDRAWN: frozenset({ConsortiumState.COMPOSING}),
}


class SeatRole(models.TextChoices):
    LEAD = "lead", _("lead partner")
    PARTNER = "partner", _("partner")
    ASSOCIATED = "associated", _("associated partner, without money")


class SeatState(models.TextChoices):
    """How far the organisation in a seat has come; `open`: nobody sits there."""

    OPEN = "open", pgettext_lazy("seat", "open")
    PROPOSED = "proposed", pgettext_lazy("seat", "proposed")
    INVITED = "invited", pgettext_lazy("seat", "invited")
    ACCEPTED = "accepted", pgettext_lazy("seat", "accepted")
    DECLINED = "declined", pgettext_lazy("seat", "declined")


# Whoever sits here counts for the rules.
COUNTING = (SeatState.PROPOSED, SeatState.INVITED, SeatState.ACCEPTED)


def euro(**options: Any) -> models.DecimalField[Any, Any]:
    """Exact to the cent, below ten milliard; empty means: not known yet."""
    return models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, **options)


class Consortium(models.Model):
    """`lead` is the organisation that composes: its people and the managers of its cluster.

    `version` is the programme's version it rests on: the current one while it is composed, frozen from its
    submission on. `definition` is the key of the programme itself or of one of its variants. `frozen` holds
    the team's facts as they were at the submission: what the directory says later changes no decided case.
    """

    key = models.CharField(max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("idea"), blank=True)
    language = models.CharField(max_length=8, default="en")
    lead = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="consortia_led")
    need = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.SET_NULL, related_name="consortia"
    )
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.CASCADE, related_name="consortia"
    )
    version = models.ForeignKey(
        ProgrammeVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="consortia"
    )
    definition = models.CharField(max_length=60, blank=True)
    instrument = models.CharField(max_length=60, blank=True)
    product = models.CharField(max_length=60, blank=True)
    themes = models.JSONField(default=list, blank=True)
    kets = models.JSONField(default=list, blank=True)
    months = models.PositiveSmallIntegerField(_("duration in months"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ConsortiumState.choices, default=ConsortiumState.COMPOSING
    )
    chosen = models.ForeignKey(
        "TeamVariant", null=True, blank=True, on_delete=models.SET_NULL, related_name="chosen_for"
    )
    offered_to = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="consortia_offered"
    )
    frozen = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=1)
    details_revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["state", "-changed_at"], name="consortium_latest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matching:consortium", args=[self.key])

    @property
    def is_open(self) -> bool:
        """Whether its board may still change."""
        return self.state == ConsortiumState.COMPOSING

    @property
    def is_decided(self) -> bool:
        return self.state in {ConsortiumState.APPROVED, ConsortiumState.REJECTED, ConsortiumState.CLOSED}


class TeamVariantQuerySet(models.QuerySet["TeamVariant"]):
    def alive(self) -> Self:
        return self.filter(removed_at=None)


class TeamVariant(models.Model):
    """One possible team. `proposal` is what the composer proposed, where the team began as a proposal:
    whoever leaves it says why.
    """

    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="variants")
    key = models.CharField(max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    proposal = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = TeamVariantQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A place in a team: what it is for, who sits there, how far that is, and with which money.

    `statement`: the anonymous statement by which the organisation was found. Until it accepts, nobody but its
    own people reads more of it than the teaser. `brings` are keys of competences the seat is there for,
    `facts` what only the organisation knows (`led_before`, `new`, `in_difficulty`); absent: not known yet.
    """

    key = models.CharField(max_length=12, unique=True)
    variant = models.ForeignKey(TeamVariant, on_delete=models.CASCADE, related_name="seats")
    position = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(_("role"), max_length=10, choices=SeatRole.choices, default=SeatRole.PARTNER)
    task = models.CharField(_("what this seat is for"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats"
    )
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats"
    )
    anonymous = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=SeatState.choices, default=SeatState.OPEN)
    reason = models.CharField(_("reason"), max_length=12, choices=NoReason.choices, blank=True)
    words = models.TextField(_("in your own words"), blank=True)
    cost = euro(verbose_name=_("cost in EUR"))
    grant = euro(verbose_name=_("grant in EUR"))
    brings = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="seat_cost"),
            models.CheckConstraint(condition=Q(grant=None) | Q(grant__gte=0), name="seat_grant"),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="seat_of")]

    def __str__(self) -> str:
        # no name: the log shows this to people who may not know who sits there
        return self.key

    @property
    def counts(self) -> bool:
        return self.organisation_id is not None and self.state in COUNTING


class BoardStep(models.Model):
    """One change of a board, with the board as it was before: the latest can be taken back.

    `final`: somebody outside answered after it, an organisation left or it was decided; it stays.
    """

    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    before = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True, blank=True)
    final = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.consortium_id} {self.verb}"


class Override(AddedOnly):
    """Somebody left what the composer proposed, and said why. Stays on record with the consortium."""

    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="overrides")
    variant_name = models.CharField(max_length=120)
    change = models.CharField(max_length=12)
    about = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="consortium_overrides"
    )
    anonymous = models.BooleanField(default=False)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(auto_now_add=True)
    actor_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.consortium_id} {self.change}"


class Composition(models.Model):
    """What the composer answered: `result` holds keys only, so that names are read anew by whoever looks."""

    key = models.CharField(max_length=12, unique=True)
    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="compositions")
    asked = models.JSONField(default=dict)
    job_key = models.CharField(max_length=26, blank=True)
    status = models.CharField(max_length=12, blank=True)
    result = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.consortium_id} {self.status}"


class Comment(models.Model):
    """What somebody wrote in the shared space, for an organisation; removed ones can be brought back."""

    key = models.CharField(max_length=12, unique=True)
    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="comments")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="consortium_comments"
    )
    text = models.TextField(_("comment"))
    language = models.CharField(max_length=8, default="en")
    at = models.DateTimeField(auto_now_add=True)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.consortium_id} {self.key}"
