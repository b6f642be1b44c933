"""A panel: the jury of one step of a call, its settings, its phase, and who sees what in which phase."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.accounts.rules import is_administrator, is_controller
from kontor.features.accounts.scopes import Role, ScopeKind
from kontor.features.calls.models import Call


class Phase(models.TextChoices):
    """In this order. Nobody sees another's scores before `discussion`, no applicant anything before
    `published`.
    """

    PREPARING = "preparing", pgettext_lazy("jury", "being prepared")
    REVIEWING = "reviewing", _("individual review")
    DISCUSSION = "discussion", _("discussion and consensus")
    PITCHES = "pitches", _("pitch day")
    CLOSED = "closed", _("results fixed")
    PUBLISHED = "published", _("applicants informed")


class Blindness(models.TextChoices):
    OPEN = "open", _("names are known")
    SINGLE = "single", _("assessors do not learn each other's names")
    DOUBLE = "double", _("assessors learn neither each other's nor the applicants' names")


# A sheet not handed in may be written in these: whoever has one open does not see the others' for it.
WRITING = (Phase.REVIEWING, Phase.DISCUSSION, Phase.PITCHES)
# In these a consensus report is written and answered.
TALKING = (Phase.DISCUSSION, Phase.PITCHES)
ORDER = tuple(Phase)


def programmes_managed(user: Any) -> list[str]:
    """Keys of the programmes whose manager the person is."""
    if not user.is_authenticated:
        return []
    return [
        held.scope_key
        for held in user.roles()
        if held.role == Role.PROGRAMME_MANAGER and held.scope_kind == ScopeKind.PROGRAMME
    ]


def expert_q(user: Any, prefix: str = "") -> Q:
    """Experts that are this person: linked to the account, or known by the account's address."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(**{f"{prefix}user": user}) | Q(**{f"{prefix}user": None, f"{prefix}email__iexact": user.email})


class PanelQuerySet(models.QuerySet["Panel"]):
    def visible_to(self, user: Any) -> Self:
        """Those one runs, controls, or sits in (invited, or a member)."""
        if not user.is_authenticated:
            return self.none()
        if is_administrator.test(user) or is_controller.test(user):
            return self
        seated = Panel.objects.filter(
            expert_q(user, "members__expert__"), members__state__in=("invited", "accepted", "ill")
        )
        return self.filter(
            Q(call__programme__key__in=programmes_managed(user)) | Q(pk__in=seated.values("pk"))
        )


class Panel(models.Model):
    """`reviews`: how many assess each application. `years`: consortia of so many years count as conflicts.
    `matrix`: {phase: {role: [thing]}}, where it departs from the usual one (rules.sees). `files_open`: keys
    of the form's fields whose files assessors get, None until somebody chose. `remind_days`: so many days
    before `due_on` those who have not handed in are reminded, 0 for never. `pitch_share`:
    percent of the total that a pitch counts. `adjusted`: whether the calibrated scores rank; raw ones unless
    somebody decided otherwise and said why. `revision` rises with every change of settings or phase,
    `assigning` with every change of the assignment.
    """

    key = models.CharField(max_length=12, unique=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="panels")
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices, default=Phase.PREPARING)
    reviews = models.PositiveSmallIntegerField(_("assessments per application"), default=2)
    load = models.PositiveSmallIntegerField(_("applications per assessor, at most"), default=6)
    years = models.PositiveSmallIntegerField(_("years in which joint projects count"), default=5)
    fields_needed = models.BooleanField(_("one assessor of the field for each application"), default=True)
    cluster_members = models.BooleanField(_("members of one cluster are in conflict"), default=True)
    languages_needed = models.BooleanField(_("assessors read the application's language"), default=True)
    blind = models.CharField(_("names"), max_length=8, choices=Blindness.choices, default=Blindness.OPEN)
    matrix = models.JSONField(default=dict, blank=True)
    files_open = models.JSONField(_("files that assessors read"), null=True, blank=True)
    due_on = models.DateField(_("assessments due on"), null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(_("days before the due date of the reminder"), default=3)
    pitch_share = models.PositiveSmallIntegerField(_("share of the pitch in percent"), default=0)
    minimum = models.PositiveSmallIntegerField(_("assessments needed for calibration"), default=5)
    adjusted = models.BooleanField(default=False)
    adjusted_reason = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)
    assigning = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)

    objects = PanelQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "step"], name="panel_once"),
            models.CheckConstraint(condition=Q(reviews__gte=1), name="panel_reviews"),
            models.CheckConstraint(condition=Q(pitch_share__lte=100), name="panel_pitch_share"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}/{self.step}"

    def get_absolute_url(self) -> str:
        return reverse("juries:panel", args=[self.key])

    @property
    def is_over(self) -> bool:
        return self.phase in {Phase.CLOSED, Phase.PUBLISHED}
