"""A programme and the versions of its file.

A version is a draft, of which a programme has at most one, until it is published. From then on its text never
changes (triggers of the database refuse it): a case decided under it stays as it was. `frozen_at` says since
when a case rests on it.
"""

from __future__ import annotations

import functools
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kontor import programmes
from kontor.features.accounts.rules import is_administrator, manages_programme


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    FROZEN = "frozen", _("frozen: cases rest on it")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def alive(self) -> Self:
        return self.filter(archived_at=None)

    def visible_to(self, user: Any) -> Self:
        """Those with a published version; drafts only to those who manage the programme."""
        if is_administrator(user):
            return self.alive()
        managed = [held.scope_key for held in _managed(user)]
        return self.alive().filter(Q(versions__published_at__isnull=False) | Q(key__in=managed)).distinct()


def _managed(user: Any) -> list[Any]:
    if not user.is_authenticated:
        return []
    return [held for held in user.roles() if manages_programme(user, held.scope_key)]


class Programme(models.Model):
    """`key` is the key in the file; `name` the name of the newest version in its first language."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=300)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "key"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programmes:detail", args=[self.key])

    @property
    def current(self) -> ProgrammeVersion | None:
        """The version published last."""
        return self.versions.published().order_by("-number").first()

    @property
    def draft(self) -> ProgrammeVersion | None:
        return self.versions.filter(published_at=None).first()


class VersionQuerySet(models.QuerySet["ProgrammeVersion"]):
    def published(self) -> Self:
        return self.exclude(published_at=None)


class ProgrammeVersion(models.Model):
    """`text` is the whole file (TOML); `label` the version the file gives itself; `number` counts from 1.

    `revision` rises with each change of a draft: who started from an older one is shown what changed.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(published_at=None), name="version_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:version", args=[self.programme.key, self.number])

    @property
    def state(self) -> VersionState:
        if self.frozen_at:
            return VersionState.FROZEN
        return VersionState.PUBLISHED if self.published_at else VersionState.DRAFT

    @property
    def definition(self) -> programmes.Programme:
        """What the text says. A published version is read as it stands, whatever checks came after it, so
        that what rests on it stays. programmes.ProgrammeError where a draft has faults.
        """
        return _recalled(self.text) if self.published_at else _parsed(self.text)

    @property
    def problems(self) -> list[programmes.Problem]:
        """Every fault of a draft with its line; a published version is checked no more."""
        return [] if self.published_at else programmes.check(self.text.encode())[1]

    def variant(self, key: str) -> programmes.Programme:
        """The programme itself or the variant with this key. KeyError where the file has neither."""
        whole = self.definition
        return {one.key: one for one in (whole, *whole.variants)}[key]


@functools.lru_cache(maxsize=64)
def _recalled(text: str) -> programmes.Programme:
    return programmes.recall(text.encode(), "programme.toml")


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> programmes.Programme:
    return programmes.parse(text.encode(), "programme.toml")
