"""Statements: what an organisation offers, needs or is able to do."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.accounts.rules import is_member
from kontor.features.organisations.models.organisation import Listing, Organisation, editable_q, visible_q


class StatementKind(models.TextChoices):
    OFFER = "offer", _("offer")
    NEED = "need", _("need")
    COMPETENCE = "competence", _("competence")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public")
    MEMBERS = "members", _("members only")
    TEASER = "teaser", _("anonymous teaser until both sides agree")


class StatementQuerySet(models.QuerySet["Statement"]):
    def current(self, today: dt.date) -> Self:
        """Not expired and not closed on `today`."""
        return self.filter(closed_at=None).exclude(valid_until__lt=today)

    def visible_to(self, user: Any) -> Self:
        """Statements `user` may read with text and name (rules.may_see_statement for one row).

        Teasers and closed statements are for those who may edit the organisation. Expired ones are not
        secret: combine with `current` where they are not wanted.
        """
        shown = [Visibility.PUBLIC, Visibility.MEMBERS] if is_member(user) else [Visibility.PUBLIC]
        readable = models.Q(visibility__in=shown, closed_at=None) | editable_q(user, "organisation__")
        return self.filter(readable & visible_q(user, "organisation__"))

    def anonymous(self, today: dt.date) -> Self:
        """Teasers for anybody, to be shown without name and text: `kind`, `teaser`, `trl`, country, codes."""
        listed = {"organisation__listing__in": [Listing.LISTED, Listing.MEMBERS]}
        alive = {"organisation__merged_into": None, "organisation__archived_at": None}
        return self.current(today).filter(visibility=Visibility.TEASER, **listed, **alive).exclude(teaser="")


class Statement(models.Model):
    """`text` is in `language`; translations are rows of base.Text (field `text`).

    `teaser` is what a stranger reads of an anonymous statement: it must not name the organisation.
    """

    key = models.CharField(max_length=12, unique=True)
    # `statement_organisation` begins with it.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="statements", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=StatementKind.choices)
    language = models.CharField(_("language"), max_length=8)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    teaser = models.CharField(_("teaser"), max_length=300, blank=True)
    trl = models.PositiveSmallIntegerField(
        _("technology readiness level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    visibility = models.CharField(
        _("visibility"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    confirmed_at = models.DateTimeField(_("last confirmed"))
    confirmed_by = models.CharField(max_length=200, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-confirmed_at", "id"]
        indexes = [
            # What the directory's filters ask, answered without the texts: of one organisation, and of all.
            models.Index(
                fields=["organisation", "visibility", "kind", "closed_at", "valid_until", "confirmed_at"],
                name="statement_organisation",
            ),
            models.Index(
                fields=[
                    "kind",
                    "visibility",
                    "closed_at",
                    "confirmed_at",
                    "valid_until",
                    "organisation",
                    "id",
                ],
                name="statement_open",
            ),
            # From a code to its organisation, without the texts.
            models.Index(
                fields=["id", "visibility", "closed_at", "valid_until", "organisation"],
                name="statement_readable",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trl=None) | models.Q(trl__range=(1, 9)), name="statement_trl"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]


class StatementCode(models.Model):
    # `statement_code_once` begins with it.
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="codes", db_index=False)
    scheme = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    # `person` or `suggested` and accepted by one
    origin = models.CharField(max_length=10, default="person")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "scheme", "code"], name="statement_code_once")
        ]
        indexes = [
            models.Index(
                fields=["scheme", "code", "statement"],
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops", "int8_ops"],
                name="statement_code_find",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"
