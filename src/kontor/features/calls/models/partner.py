"""The organisations of an application and their money."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models.application import Application
from kontor.features.matching.models.consortia import euro
from kontor.features.organisations.models import Organisation


class PartnerRole(models.TextChoices):
    LEAD = "lead", _("lead partner")
    PARTNER = "partner", _("partner")
    ASSOCIATED = "associated", _("associated partner, without money")


class PartnerQuerySet(models.QuerySet["ApplicationPartner"]):
    def current(self) -> Self:
        """Those that were not taken out."""
        return self.filter(removed_at=None)


class ApplicationPartner(models.Model):
    """One organisation in an application. `cost` and `grant` are in the programme's currency, None: not known
    yet; `region` is the key of the call's regional annex that would pay. `led_before`, `new` and
    `in_difficulty` are what the partner declared. `signed_at` says when its authorised person signed what
    stands in the application at `signed_revision`; a later change asks for a new signature.
    """

    #: A name here proves who answered for public money: it stays when the person's data are erased.
    keeps_names = True

    key = models.CharField(max_length=12, unique=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="application_partners"
    )
    role = models.CharField(
        _("role"), max_length=10, choices=PartnerRole.choices, default=PartnerRole.PARTNER
    )
    position = models.PositiveSmallIntegerField(default=0)
    region = models.CharField(_("region"), max_length=60, blank=True)
    cost = euro(verbose_name=_("cost"))
    grant = euro(verbose_name=pgettext_lazy("money", "grant"))
    led_before = models.BooleanField(null=True, blank=True)
    new = models.BooleanField(null=True, blank=True)
    in_difficulty = models.BooleanField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=200, blank=True)
    signed_by_key = models.CharField(max_length=64, blank=True)
    signed_revision = models.PositiveIntegerField(null=True, blank=True)
    asked_to_sign_on = models.DateField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation"],
                condition=Q(removed_at=None),
                name="application_partner_once",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(role=PartnerRole.LEAD, removed_at=None),
                name="application_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
