"""An organisation: one record that serves every later module."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.features.accounts.queries import clusters_managed, organisations_of
from kontor.features.accounts.rules import EDITING_ROLES, is_administrator, is_member


class OrganisationKind(models.TextChoices):
    FIRM = "firm", _("firm")
    RESEARCH = "research", _("research institute")
    PUBLIC = "public", _("public body")
    CLUSTER = "cluster", _("cluster organisation")
    BUYER = "buyer", _("corporate buyer")
    OTHER = "other", _("other organisation")


class SizeClass(models.TextChoices):
    """Recommendation 2003/361/EC; `unknown` is said, never guessed."""

    MICRO = "micro", _("micro")
    SMALL = "small", _("small")
    MEDIUM = "medium", _("medium")
    LARGE = "large", _("large")
    UNKNOWN = "unknown", _("size not known")


class Listing(models.TextChoices):
    """Whether the organisation agreed to be found."""

    LISTED = "listed", _("listed in the public directory")
    MEMBERS = "members", _("visible to signed-in members")
    HIDDEN = "hidden", _("not listed")
    WITHDRAWN = "withdrawn", _("consent withdrawn")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def alive(self) -> Self:
        """Neither merged into another nor archived."""
        return self.filter(merged_into=None, archived_at=None)

    def public(self) -> Self:
        return self.alive().filter(listing=Listing.LISTED)

    def visible_to(self, user: Any) -> Self:
        """What lists and searches may show to `user` (rules.may_see for one row).

        A withdrawn organisation is shown to its own people only, an administrator included.
        """
        return self.filter(visible_q(user))

    def editable_by(self, user: Any) -> Self:
        """What `user` may change (rules.may_edit for one row); withdrawn ones only by their own people."""
        return self.filter(editable_q(user), merged_into=None, archived_at=None)


def visible_q(user: Any, prefix: str = "") -> models.Q:
    """The condition of `visible_to`, for a query over rows that reach the organisation by `prefix`."""
    shown = [Listing.LISTED, Listing.MEMBERS] if is_member(user) else [Listing.LISTED]
    condition = models.Q(**{f"{prefix}listing__in": shown}) | editable_q(user, prefix)
    if own := organisations_of(user):
        condition |= models.Q(**{f"{prefix}key__in": sorted(own)})
    return condition & models.Q(**{f"{prefix}merged_into": None, f"{prefix}archived_at": None})


def editable_q(user: Any, prefix: str = "") -> models.Q:
    """The condition of `editable_by`; matches nothing for a stranger."""
    own = sorted(key for key, role in organisations_of(user).items() if role in EDITING_ROLES)
    condition = models.Q(**{f"{prefix}key__in": own})
    not_withdrawn = ~models.Q(**{f"{prefix}listing": Listing.WITHDRAWN})
    if is_administrator(user):
        return condition | not_withdrawn
    if clusters := clusters_managed(user):
        today = timezone.localdate()
        members = Organisation.objects.filter(
            models.Q(member_of__until=None) | models.Q(member_of__until__gte=today),
            member_of__cluster__key__in=clusters,
        ).values("pk")
        managed = models.Q(**{f"{prefix}key__in": clusters}) | models.Q(**{f"{prefix}pk__in": members})
        condition |= managed & not_withdrawn
    return condition


_LISTED = ("merged_into", "archived_at")


class Organisation(models.Model):
    """`name` is the name in the source language; names in other languages are rows of base.Text.

    `revision` rises by one with each change: an edit that started from an older one is shown what changed.
    """

    key = models.CharField(max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=OrganisationKind.choices, default=OrganisationKind.FIRM
    )
    size = models.CharField(
        _("size class"), max_length=8, choices=SizeClass.choices, default=SizeClass.UNKNOWN
    )
    language = models.CharField(_("language of the profile"), max_length=8, default="en")
    languages = models.JSONField(_("working languages"), default=list, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    country = models.CharField(_("country"), max_length=2)
    nuts3 = models.CharField(_("NUTS 3 region"), max_length=5, blank=True)
    nuts_version = models.CharField(_("NUTS version"), max_length=4, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    website = models.URLField(_("web site"), blank=True, max_length=300)
    domain = models.CharField(max_length=120, blank=True)
    vat = models.CharField(_("VAT number"), max_length=20, null=True, blank=True)
    register_number = models.CharField(_("register number"), max_length=60, null=True, blank=True)
    pic = models.CharField(_("PIC"), max_length=9, null=True, blank=True)
    external_id = models.CharField(_("number in the source file"), max_length=120, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)

    listing = models.CharField(
        _("visibility"), max_length=10, choices=Listing.choices, default=Listing.LISTED
    )
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Nearly all are NULL: a plain index would lure SQLite into reading the whole table through it.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)
    # Normalised name, short name, place and tags (see features.organisations.search); never shown.
    search_text = models.TextField(blank=True)
    # Name without legal form, accents and case; blocks the search for duplicates.
    name_key = models.CharField(max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["vat"], condition=models.Q(merged_into=None), name="organisation_vat"
            ),
            models.UniqueConstraint(
                fields=["pic"], condition=models.Q(merged_into=None), name="organisation_pic"
            ),
        ]
        indexes = [
            # The directory's lists: everything the common filters look at, so that only a page's rows are
            # read. SQLite looks at the conditions' columns again, so they stand in the index too.
            models.Index(
                fields=["name_key", "id", "listing", "country", "kind", "size", "is_sample", *_LISTED],
                condition=models.Q(merged_into=None, archived_at=None),
                name="directory_name",
            ),
            models.Index(
                fields=["country", "name_key", "id", "listing", "kind", "size", "is_sample", *_LISTED],
                condition=models.Q(merged_into=None, archived_at=None),
                name="directory_country",
            ),
            models.Index(
                fields=["changed_at", "id", "listing", "country", "kind", "size", "is_sample", *_LISTED],
                condition=models.Q(merged_into=None, archived_at=None),
                name="directory_changed",
            ),
            models.Index(
                fields=["country", "kind", "size", "listing", "is_sample", "id", *_LISTED],
                condition=models.Q(merged_into=None, archived_at=None),
                name="directory_count",
            ),
            models.Index(
                fields=[
                    *(
                        "country",
                        "nuts3",
                        "latitude",
                        "longitude",
                        "listing",
                        "kind",
                        "size",
                        "is_sample",
                        "id",
                    ),
                    *_LISTED,
                ],
                condition=models.Q(merged_into=None, archived_at=None),
                name="directory_map",
            ),
            models.Index(fields=["nuts3"], opclasses=["varchar_pattern_ops"], name="organisation_nuts3"),
            models.Index(
                fields=["merged_into"], condition=~models.Q(merged_into=None), name="organisation_merged"
            ),
            models.Index(
                fields=["archived_at"], condition=~models.Q(archived_at=None), name="organisation_archived"
            ),
            models.Index(fields=["domain"], name="organisation_domain"),
            models.Index(fields=["name_key"], name="organisation_name_key"),
            models.Index(fields=["source", "external_id"], name="organisation_external"),
            models.Index(fields=["register_number"], name="organisation_register"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisations:detail", args=[self.key])

    @property
    def findable(self) -> bool:
        """Whether people outside it may come upon it: neither hidden, withdrawn, merged nor archived."""
        alive = self.merged_into_id is None and self.archived_at is None
        return alive and self.listing in {Listing.LISTED, Listing.MEMBERS}


class OrganisationCode(models.Model):
    """A code of an organisation: scheme `nace`, `cpv`, `ket` or `theme`."""

    # `organisation_code_once` begins with it.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="codes", db_index=False
    )
    scheme = models.CharField(max_length=10)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "scheme", "code"], name="organisation_code_once"),
        ]
        indexes = [
            models.Index(
                fields=["scheme", "code", "organisation"],
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops", "int8_ops"],
                name="organisation_code_find",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class YearFigures(models.Model):
    """Staff in annual work units and money in euro of one year (2003/361/EC, articles 2 and 5)."""

    # `figures_once` begins with it.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="figures", db_index=False
    )
    year = models.PositiveSmallIntegerField(_("year"))
    staff = models.DecimalField(
        _("staff (annual work units)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    turnover = models.DecimalField(
        _("turnover (EUR)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    balance = models.DecimalField(
        _("balance sheet total (EUR)"), max_digits=16, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="figures_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"
