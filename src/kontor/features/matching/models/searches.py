"""Searches that people saved."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kontor.features.accounts.models import User


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user, deleted_at=None) if user.is_authenticated else self.none()

    def readable_by(self, user: Any) -> Self:
        """One's own, and those shared by link."""
        readable = Q(shared=True)
        if user.is_authenticated:
            readable |= Q(owner=user)
        return self.filter(readable, deleted_at=None)


class SavedSearch(models.Model):
    """A search that can be opened again or shared.

    Only the question is kept. Whoever opens it gets the answer that they may see, computed anew.
    """

    key = models.CharField(max_length=22, unique=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=200)
    query = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matching:saved-detail", args=[self.key])
