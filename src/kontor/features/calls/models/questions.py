"""Frequently asked questions of a call: asked by anybody, answered and published by those who help."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.models.call import Call


class QuestionQuerySet(models.QuerySet["Question"]):
    def published(self) -> Self:
        return self.exclude(published_at=None)

    def waiting(self) -> Self:
        """Asked, and not answered yet."""
        return self.filter(answered_at=None)


class Question(models.Model):
    """`asked` is what somebody wrote, in `language`; the one who asked is never shown. `texts` is what is
    published: {language: {"question", "answer"}}.
    """

    key = models.CharField(max_length=12, unique=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="faq")
    asked = models.TextField(_("question"), blank=True)
    language = models.CharField(max_length=8, default="en")
    email = models.EmailField(blank=True)
    asked_at = models.DateTimeField()
    texts = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["call", "published_at"], name="question_published")]

    def __str__(self) -> str:
        return self.said("question") or self.asked

    @property
    def answer(self) -> str:
        return self.said("answer")

    def said(self, part: str) -> str:
        """The question or the answer in the reader's language, else in the first there is."""
        return Call.said({language: each.get(part, "") for language, each in self.texts.items()})
