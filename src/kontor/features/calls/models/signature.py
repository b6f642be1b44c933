"""Signatures of partners under an application."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.models.application import Application
from kontor.features.calls.models.partner import ApplicationPartner


class SignatureWay(models.TextChoices):
    HERE = "here", _("signed here")
    PAPER = "paper", _("signed on paper")


class SignatureQuerySet(models.QuerySet["Signature"]):
    def standing(self) -> Self:
        """Those that nothing has made void."""
        return self.filter(voided_at=None)


class Signature(models.Model):
    """One partner's authorised person stands for what the sections say. `sections` are their keys; a
    change of one of them makes the signature void (`voided_at`, `voided_by`, `changed`: the sections),
    which stays on record. `capacity` is in which function the person signs; a signature on paper has its
    scan attached.
    """

    #: A name here proves who answered for public money: it stays when the person's data are erased.
    keeps_names = True

    key = models.CharField(max_length=12, unique=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="signatures")
    partner = models.ForeignKey(ApplicationPartner, on_delete=models.CASCADE, related_name="signatures")
    sections = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField()
    way = models.CharField(max_length=5, choices=SignatureWay.choices, default=SignatureWay.HERE)
    name = models.CharField(_("name"), max_length=200)
    capacity = models.CharField(_("function"), max_length=200, blank=True)
    signed_at = models.DateTimeField()
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.CharField(max_length=200, blank=True)
    changed = models.JSONField(default=list, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(voided_at=None), name="signature_standing_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.partner_id} {self.key}"
