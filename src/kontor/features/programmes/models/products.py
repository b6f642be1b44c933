"""Who can do what a programme's target products need, and how far each product has come."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models.programme import Programme


class CompetenceLevel(models.IntegerChoices):
    """How well a member masters a competence, as the lead partner or the member itself states it."""

    NONE = 0, _("none")
    BASIC = 1, _("basic: has done it once")
    GOOD = 2, _("good: does it regularly")
    LEADING = 3, _("leading: others come for it")


class MemberCompetence(models.Model):
    """One cell of the competence matrix. `competence` is the key in the file, the same over all products.

    `evidence` says what the level rests on: a reference, a certificate, a project. `revision` rises with each
    change, so that the second of two writers is shown what the first wrote.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="member_competences")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="stated_competences"
    )
    competence = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(
        choices=CompetenceLevel.choices, validators=[MaxValueValidator(CompetenceLevel.LEADING)]
    )
    evidence = models.TextField(_("evidence"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation", "competence"], name="member_competence_once"
            ),
            models.CheckConstraint(condition=Q(level__lte=3), name="member_competence_level"),
        ]
        indexes = [models.Index(fields=["programme", "competence", "-level"], name="competence_best")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.competence} {self.level}"


class ProductStage(models.TextChoices):
    IDEA = "idea", _("idea")
    PROTOTYPE = "prototype", _("prototype")
    TESTED = "tested", _("tested")
    MARKETED = "marketed", _("on the market")


class ProductStep(models.Model):
    """A product reached a stage, or fell back to one. The latest row says where it stands; none: an idea."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="product_steps")
    product = models.CharField(max_length=60)
    stage = models.CharField(max_length=10, choices=ProductStage.choices)
    note = models.CharField(_("what shows it"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["programme", "product", "-at"], name="product_step_latest")]

    def __str__(self) -> str:
        return f"{self.product} {self.stage}"
