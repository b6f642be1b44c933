"""Experts, what ties them to others, their seats in panels, and waivers of conflicts."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.accounts.models import User
from kontor.features.accounts.rules import is_administrator
from kontor.features.calls.models import Application
from kontor.features.juries.models.panel import Panel, expert_q, programmes_managed
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import Programme


class ExpertQuerySet(models.QuerySet["Expert"]):
    def alive(self) -> Self:
        return self.filter(archived_at=None)

    def kept_by(self, user: Any) -> Self:
        """The pools of the programmes that the person manages."""
        if is_administrator.test(user):
            return self.alive()
        return self.alive().filter(programme__key__in=programmes_managed(user))

    def of_user(self, user: Any) -> Self:
        return self.alive().filter(expert_q(user))


class Expert(models.Model):
    """Somebody who can judge, in a programme's pool. `fields` are themes of the programme, `languages` those
    read; `load` most applications at a time, None: as the panel says.
    """

    key = models.CharField(max_length=12, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="experts")
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="expertises"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="experts"
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    profile = models.TextField(_("competence"), blank=True)
    fields = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    language = models.CharField(_("language of letters"), max_length=8, default="en")
    load = models.PositiveSmallIntegerField(_("applications at a time, at most"), null=True, blank=True)
    away_from = models.DateField(_("not available from"), null=True, blank=True)
    away_until = models.DateField(_("not available until"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "email"], condition=Q(archived_at=None), name="expert_once"
            ),
            models.CheckConstraint(
                condition=Q(away_from=None) | Q(away_until=None) | Q(away_until__gte=F("away_from")),
                name="expert_away",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("juries:expert", args=[self.key])

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2].lower()

    def is_away(self, day: dt.date) -> bool:
        if self.away_from is None and self.away_until is None:
            return False
        return (self.away_from or day) <= day <= (self.away_until or day)


class TieKind(models.TextChoices):
    SUPERVISOR = "supervisor", _("supervisor, or supervised")
    EMPLOYER = "employer", _("worked there")
    FAMILY = "family", _("family or close personal relation")
    MONEY = "money", _("financial interest")


class Tie(models.Model):
    """What binds an expert to an organisation or to a person (by address); `until` None: it still holds."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(_("kind"), max_length=12, choices=TieKind.choices)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="expert_ties"
    )
    person = models.CharField(_("person"), max_length=200, blank=True)
    email = models.EmailField(_("address of that person"), blank=True)
    until = models.DateField(_("ended on"), null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.kind}"


class GroupLink(models.Model):
    """Two organisations of one group of undertakings; links chain, so that a group of any size is told."""

    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="group_links")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="group_links_back")
    source = models.CharField(_("source"), max_length=200, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="group_link_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="group_link_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class MemberState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("juror", "invited")
    ACCEPTED = "accepted", pgettext_lazy("juror", "takes part")
    DECLINED = "declined", pgettext_lazy("juror", "declined")
    ILL = "ill", pgettext_lazy("juror", "ill or prevented")
    REMOVED = "removed", pgettext_lazy("juror", "taken out")


class Member(models.Model):
    """An expert's seat in a panel. `declared_at`: when the expert signed the declaration on conflicts.
    `reminded_on`: the last day on which a reminder of open sheets went out.
    """

    key = models.CharField(max_length=12, unique=True)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="members")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="seats")
    state = models.CharField(
        _("state"), max_length=10, choices=MemberState.choices, default=MemberState.INVITED
    )
    chair = models.BooleanField(_("chair"), default=False)
    load_min = models.PositiveSmallIntegerField(_("applications, at least"), default=0)
    load_max = models.PositiveSmallIntegerField(_("applications, at most"), null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    declared_as = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    invited_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["expert__name", "id"]
        constraints = [models.UniqueConstraint(fields=["panel", "expert"], name="member_of_panel_once")]

    def __str__(self) -> str:
        return f"{self.panel_id} {self.expert_id}"

    @property
    def counts(self) -> bool:
        """Whether applications may be given to this member: invited ones can be planned with."""
        return self.state in {MemberState.INVITED, MemberState.ACCEPTED}

    @property
    def most(self) -> int:
        """So many applications at most."""
        limits = [each for each in (self.load_max, self.expert.load) if each is not None]
        return min(limits, default=self.panel.load)


class DeclaredConflict(models.Model):
    """A conflict that somebody stated, with an application or with an organisation in any application."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="declared")
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.CASCADE, related_name="declared_conflicts"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="declared_conflicts"
    )
    reason = models.CharField(_("reason"), max_length=300)
    declared_at = models.DateTimeField(auto_now_add=True)
    declared_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(application=None) ^ Q(organisation=None), name="declared_about_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.reason}"


class Waiver(models.Model):
    """Somebody signed that an expert may assess although conflicts stand. It covers only `covers`, the
    fingerprints of the conflicts that stood then: a new one blocks again.
    """

    #: A name here proves who answered for public money: it stays when the person's data are erased.
    keeps_names = True

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="waivers")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="waivers")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="waivers")
    covers = models.JSONField(default=list)
    told = models.JSONField(default=list)
    reason = models.TextField(_("reason"))
    signed_as = models.CharField(_("signed"), max_length=200)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="waivers_signed")
    signed_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "expert", "application"],
                condition=Q(revoked_at=None),
                name="waiver_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.application_id}"
