"""A call: one dated opening of a programme's instrument, with everything an application rests on."""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kontor import programmes
from kontor.features.programmes.models import Programme, ProgrammeVersion
from kontor.programmes import Texts
from kontor.programmes.forms import Form, form_of


class CallState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("call", "being prepared")
    PUBLISHED = "published", pgettext_lazy("call", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("call", "withdrawn")


class FundingMode(models.TextChoices):
    """Whose money pays: one funder's, or that of several regions side by side."""

    SINGLE = "single", _("one envelope")
    VIRTUAL_POT = "virtual-pot", _("virtual common pot")
    MIXED = "mixed", _("mixed, with a balancing pot")
    REAL_POT = "real-pot", _("real common pot")


class CallQuerySet(models.QuerySet["Call"]):
    def published(self) -> Self:
        return self.filter(state=CallState.PUBLISHED)

    def open_at(self, moment: dt.datetime) -> Self:
        """Published calls whose first step takes applications at the moment."""
        return self.published().filter(opens_at__lte=moment, closes_at__gt=moment)


class Call(models.Model):
    """`version` is the programme's version the call rests on, frozen at the publication; `definition` is the
    key of the programme or of the variant it is for, `instrument` the key of what is given.

    `more` are the keys of further instruments one may apply for in the same call: judged by the same criteria
    and paid from the same part, so that one ranking holds for all; each asks its own form (`forms`, by key),
    and keeps its own rules, ceilings and clocks.

    `title` and `summary` are {language: text}. `form` is the snapshot of the form (docs/formats/form.md).
    `regions` are the regional annexes of a synchronised call, each {"key", "name": {language: text},
    "budget", "rate", "ceiling": "exact amounts as text", "kinds": [], "closes_at": ISO time or null,
    "nuts": []}.
    A deadline is over at its very instant: `closes_at` itself is late.
    """

    key = models.SlugField(max_length=60, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="calls")
    version = models.ForeignKey(
        ProgrammeVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="calls"
    )
    definition = models.CharField(max_length=60, blank=True)
    instrument = models.CharField(max_length=60)
    more = models.JSONField(default=list, blank=True)
    title = models.JSONField(_("title"), default=dict)
    summary = models.JSONField(_("summary"), default=dict, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin")
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    steps = models.PositiveSmallIntegerField(_("steps"), default=1)
    second_closes_at = models.DateTimeField(_("second step closes"), null=True, blank=True)
    form = models.JSONField(default=dict, blank=True)
    forms = models.JSONField(default=dict, blank=True)
    regions = models.JSONField(default=list, blank=True)
    mode = models.CharField(
        _("funding mode"), max_length=12, choices=FundingMode.choices, default=FundingMode.SINGLE
    )
    state = models.CharField(_("state"), max_length=10, choices=CallState.choices, default=CallState.DRAFT)
    is_sample = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "key"]
        indexes = [models.Index(fields=["state", "closes_at"], name="call_open")]

    def __str__(self) -> str:
        return self.said(self.title) or self.key

    def get_absolute_url(self) -> str:
        return reverse("calls:call", args=[self.key])

    @staticmethod
    def said(texts: dict[str, str]) -> str:
        """The text in the reader's language, else in the first there is."""
        return Texts(texts).best((get_language() or "en")[:2])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def definition_of_programme(self) -> programmes.Programme:
        """The programme, or its variant, in the version the call rests on (the current one before)."""
        version = self.version or self.programme.current
        if version is None:
            raise ProgrammeVersion.DoesNotExist
        return version.variant(self.definition or version.definition.key)

    @property
    def instrument_of_programme(self) -> programmes.Instrument:
        return self.definition_of_programme.instrument(self.instrument)

    @property
    def instruments(self) -> tuple[programmes.Instrument, ...]:
        """Everything one may apply for in this call, its main instrument first."""
        definition = self.definition_of_programme
        known = {one.key for one in definition.instruments}
        return tuple(definition.instrument(key) for key in (self.instrument, *self.more) if key in known)

    @property
    def questions(self) -> Form:
        """The form of its main instrument as the call froze it."""
        return self.form_of("")

    def form_of(self, instrument: str) -> Form:
        """The form of one of its instruments; the main one's where that has none of its own."""
        return _form(json.dumps(self.forms.get(instrument) or self.form, sort_keys=True))

    def closes_in(self, step: int, region: str = "") -> dt.datetime:
        """When a step closes; a region of a synchronised call may have its own end of the first one."""
        if step == 2:
            return self.second_closes_at or self.closes_at
        own = next((one.get("closes_at") for one in self.regions if one.get("key") == region), None)
        return dt.datetime.fromisoformat(own) if own else self.closes_at

    def takes(self, moment: dt.datetime, step: int = 1, region: str = "") -> bool:
        """Whether the step takes applications at the moment: the server's clock, never the browser's."""
        if self.state != CallState.PUBLISHED or moment < self.opens_at:
            return False
        return moment < self.closes_in(step, region)

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether one may begin now: in the call's own time, or in that of a region that closes later."""
        return any(self.takes(moment, 1, region) for region in ("", *(one["key"] for one in self.regions)))

    def region(self, key: str) -> dict[str, Any]:
        """One regional annex. KeyError where the call has no such region."""
        found: dict[str, Any] = {one["key"]: one for one in self.regions}[key]
        return found


@functools.lru_cache(maxsize=64)
def _form(text: str) -> Form:
    return form_of(json.loads(text))
