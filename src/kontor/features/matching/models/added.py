"""Rows that are only ever added to."""

from __future__ import annotations

from typing import Any

from django.db import models

from kontor.base.models import AppendOnly


class AddedOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> int:
        raise AppendOnly(f"{self.model.__name__} rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly(f"{self.model.__name__} rows are never deleted")


AddedOnlyManager = models.Manager.from_queryset(AddedOnlyQuerySet)


class AddedOnly(models.Model):
    """Rows that are only ever added. They go with the organisation they are about, by cascade alone."""

    objects = AddedOnlyManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly(f"{type(self).__name__} rows are never deleted")
