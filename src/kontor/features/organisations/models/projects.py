"""Projects of earlier years, and who took part: what organisations have done together before Kontor."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.models.imports import ImportRun
from kontor.features.organisations.models.organisation import Listing, Organisation, visible_q


class ParticipationRole(models.TextChoices):
    LEAD = "lead", _("lead partner")
    PARTNER = "partner", _("partner")


class EarlierProject(models.Model):
    """A project that some organisations worked in together.

    `source` says where it was read from (`cordis`, `keep`, `sample`), `external_id` is its number there.
    `language` is that of title and text, empty where it is not known.
    """

    key = models.CharField(max_length=12, unique=True)
    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("number in the source file"), max_length=120)
    title = models.CharField(_("title"), max_length=500)
    text = models.TextField(_("description"), blank=True)
    language = models.CharField(max_length=8, blank=True)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    started_on = models.DateField(_("began on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = [F("started_on").desc(nulls_last=True), "title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="earlier_project_once"),
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="earlier_project_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Any) -> Self:
        """Parts of organisations that `user` may see: a project shows nobody who is not found otherwise."""
        return self.filter(visible_q(user, "organisation__"))

    def findable(self) -> Self:
        """Parts of organisations that agreed to be found; the matchmaker knows of no others."""
        return self.filter(
            organisation__listing__in=[Listing.LISTED, Listing.MEMBERS],
            organisation__merged_into=None,
            organisation__archived_at=None,
        )


class Participation(models.Model):
    """One organisation's part in one project. `run` is the import that wrote it, if one did."""

    project = models.ForeignKey(EarlierProject, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(
        _("role"), max_length=8, choices=ParticipationRole.choices, default=ParticipationRole.PARTNER
    )
    run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="participations"
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["project", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="participation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.project_id}"
