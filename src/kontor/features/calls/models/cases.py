"""Contact persons of a call, and the cases they accompany from the first contact to the end."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.features.calls.models.application import Application
from kontor.features.calls.models.call import Call
from kontor.features.calls.models.checks import SelfCheck
from kontor.features.matching.models.added import AddedOnly
from kontor.features.organisations.models import Organisation


class CallContact(models.Model):
    """A person who accompanies applicants of a call. `regions` are NUTS codes (a code stands for all below
    it), `themes` keys of the programme's themes; empty means: all. `capacity` is how many open cases are
    enough, None: no limit.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="contacts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="call_contacts")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="call_contacts"
    )
    regions = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(_("open cases at most"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="call_contact_once")]

    def __str__(self) -> str:
        return str(self.user)

    def is_away(self, today: dt.date) -> bool:
        """`away_until` is the last day of the absence."""
        return self.away_until is not None and today <= self.away_until


class CaseState(models.TextChoices):
    OPEN = "open", pgettext_lazy("case", "open")
    CLOSED = "closed", pgettext_lazy("case", "closed")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(state=CaseState.OPEN)


class Case(models.Model):
    """One idea that somebody came with: before there is an application, beside it, and after it.

    `name` and `email` are of the person who came; `region` is a NUTS code, `themes` keys of the programme.
    """

    key = models.CharField(max_length=12, unique=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="cases")
    title = models.CharField(_("about"), max_length=300)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="call_cases"
    )
    application = models.OneToOneField(
        Application, null=True, blank=True, on_delete=models.CASCADE, related_name="case"
    )
    check_made = models.ForeignKey(
        SelfCheck, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    region = models.CharField(_("region"), max_length=5, blank=True)
    themes = models.JSONField(default=list, blank=True)
    contact = models.ForeignKey(
        CallContact, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    state = models.CharField(
        _("state"), max_length=8, choices=CaseState.choices, default=CaseState.OPEN, db_index=True
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | Q(state="closed", closed_at__isnull=False),
                name="case_closed_has_day",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:case", args=[self.key])


class EntryKind(models.TextChoices):
    FIRST = "first", _("first contact")
    NOTE = "note", pgettext_lazy("case log", "note")
    TELEPHONE = "telephone", _("telephone call")
    MEETING = "meeting", pgettext_lazy("case log", "meeting")
    MAIL = "mail", pgettext_lazy("case log", "mail")
    ASSIGNED = "assigned", _("contact person assigned")
    HANDED_OVER = "handed-over", _("handed over")
    STEP = "step", pgettext_lazy("case log", "step")
    CLOSED = "closed", pgettext_lazy("case log", "closed")
    REOPENED = "reopened", pgettext_lazy("case log", "opened again")


#: What a person may enter; the other kinds are written by what happens.
BY_HAND = (EntryKind.NOTE, EntryKind.TELEPHONE, EntryKind.MEETING, EntryKind.MAIL)


class CaseEntry(AddedOnly):
    """A line of the log; what was written stays. `shared` lines are also read by the applicant."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    text = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    details = models.JSONField(default=dict, blank=True)
    actor_key = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
