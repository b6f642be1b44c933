"""Contact persons, with their consent, and membership in clusters, with its dates."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.models.organisation import Organisation


class ContactPerson(models.Model):
    """Shown only while consent is given (GDPR article 7)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    function = models.CharField(_("function"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    consent_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    consent_source = models.CharField(_("how consent was given"), max_length=120, blank=True)
    consent_withdrawn_at = models.DateTimeField(_("consent withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_shown(self) -> bool:
        return self.consent_at is not None and self.consent_withdrawn_at is None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, today: dt.date) -> Self:
        """Not ended on `today`. One that begins later counts: its manager prepares the record."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=today))


class Membership(models.Model):
    """`cluster` is an organisation of kind cluster; an open membership has no end."""

    cluster = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="member_of")
    since = models.DateField(_("member since"), null=True, blank=True)
    until = models.DateField(_("member until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "member"], condition=models.Q(until=None), name="member_once"
            ),
            models.CheckConstraint(condition=~models.Q(cluster=models.F("member")), name="member_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.cluster_id}"
