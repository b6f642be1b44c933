"""What people write: the answers of an application, every version of each, and who writes where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.models.application import Application
from kontor.features.organisations.models import Organisation


class Answer(models.Model):
    """The value of one field as it stands. `value` has the shape of the field's kind (docs/formats/form.md);
    `revision` is the application's at the change, `language` the one a text was written in.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    field = models.CharField(max_length=80)
    value = models.JSONField()
    language = models.CharField(max_length=8, blank=True)
    revision = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    changed_by_key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "field"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.field}"


class VersionOrigin(models.TextChoices):
    """How a version came to be."""

    WRITTEN = "written", _("written")
    MERGED = "merged", _("joined with what somebody else wrote")
    PARKED = "parked", _("kept beside what somebody else wrote")
    RESTORED = "restored", _("brought back")
    COPIED = "copied", _("copied")
    FILE = "file", _("from a file")


class AnswerVersion(models.Model):
    """One value that somebody saved; rows are added, never changed but for `settled_at`.

    A `parked` one could not be joined with what stood there: it is shown beside it until somebody settles it,
    so that nobody's text is lost.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="versions")
    field = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    value = models.JSONField()
    language = models.CharField(max_length=8, blank=True)
    origin = models.CharField(max_length=8, choices=VersionOrigin.choices, default=VersionOrigin.WRITTEN)
    at = models.DateTimeField()
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["application", "field", "-id"], name="answer_versions")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.field} {self.revision}"


class Presence(models.Model):
    """Where a person writes at the moment, so that others see it; forgotten after a minute."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    field = models.CharField(max_length=80, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.user_id} {self.field}"


class SectionOwner(models.Model):
    """Who answers for a section: an organisation of the application, and a person of it if one is named."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="section_owners")
    section = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="application_sections"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="sections"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="section_owner_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section}"
