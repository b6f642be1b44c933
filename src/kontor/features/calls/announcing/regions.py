"""Regional annexes as forms: one small form for each region of a synchronised call."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.announcing.forms import LocalTimeField, set_instants
from kontor.features.calls.models import Call
from kontor.features.organisations.forms.people import FigureField
from kontor.features.organisations.models import OrganisationKind

#: Regions of one call at most.
MOST = 30
_FIGURES = ("budget", "rate", "ceiling")


class RegionForm(forms.Form):
    """What one region pays, for whom, and until when."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    envelope = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Region"), max_length=120)
    nuts = forms.CharField(
        label=_("NUTS codes"),
        max_length=200,
        help_text=_("Several with spaces between: DE1 AT31"),
        required=False,
    )
    budget = FigureField(label=_("Budget"), required=False, max_digits=12, decimal_places=2)
    rate = FigureField(label=_("Rate in percent"), required=False, max_digits=5, decimal_places=2)
    ceiling = FigureField(label=_("At most for one partner"), required=False, max_digits=12, decimal_places=2)
    kinds = forms.MultipleChoiceField(
        label=_("Pays for"),
        required=False,
        choices=OrganisationKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all kinds."),
    )
    closes_at = LocalTimeField(
        label=_("Own deadline"), required=False, help_text=_("Only where it differs from the call's.")
    )

    def closes_in(self, zone: ZoneInfo) -> str | None:
        """The own deadline on clocks of the zone, as the call holds it; a time that they skip or show twice
        becomes an error of the form.
        """
        set_instants(self, zone, "closes_at")
        at: dt.datetime | None = self.cleaned_data.get("closes_at")
        return at.isoformat() if at else None

    def values(self, call: Call, before: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
        """As the call holds it; the name's other languages are kept where it did not change."""
        closes_at, given = self.closes_in(zone), self.cleaned_data
        name = given["name"].strip()
        names = before.get("name") or {}
        if name not in names.values():
            names = dict.fromkeys(call.languages or ["en"], name)
        figures = {one: str(given[one]) if given[one] is not None else "" for one in _FIGURES}
        return {
            "key": given["key"] or slugify(name)[:60],
            "name": names,
            "envelope": given["envelope"],
            "nuts": given["nuts"].upper().replace(",", " ").split(),
            "kinds": given["kinds"],
            "closes_at": closes_at,
            **figures,
        }


def region_forms(call: Call) -> list[RegionForm]:
    """Those that the call has."""
    return [RegionForm(prefix=f"r{at}", initial=_initial(call, one)) for at, one in enumerate(call.regions)]


def posted_regions(request: HttpRequest) -> list[RegionForm]:
    """Those of the posted page, after the button for one more or one less was pressed."""
    given = request.POST.get("regions", "0")
    count = min(int(given), MOST) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    step = request.POST.get("step", "")
    kept = [at for at in range(count) if step != f"remove-{at}"]
    found = [RegionForm(_renamed(request, at, new), prefix=f"r{new}") for new, at in enumerate(kept)]
    if step == "add-region" and len(found) < MOST:
        found.append(RegionForm(prefix=f"r{len(found)}"))
    return found


def _renamed(request: HttpRequest, old: int, new: int) -> Any:
    data = request.POST.copy()
    for name in RegionForm.base_fields:
        values = request.POST.getlist(f"r{old}-{name}")
        data.setlist(f"r{new}-{name}", values)
    return data


def _initial(call: Call, region: dict[str, Any]) -> dict[str, Any]:
    closes = region.get("closes_at")
    local = dt.datetime.fromisoformat(closes).astimezone(call.zone) if closes else None
    return {
        **region,
        **{name: Decimal(region[name]) for name in _FIGURES if region.get(name)},
        "name": call.said(region["name"]),
        "nuts": " ".join(region.get("nuts", ())),
        "closes_at": local.strftime("%Y-%m-%dT%H:%M") if local else "",
    }
