"""The regional annexes of a synchronised call: which of them pays for whom, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kontor.features.calls.models import ApplicationPartner, Call, PartnerRole


def region_of(partner: ApplicationPartner, call: Call) -> str:
    """The key of the region that pays for the partner: the one it named, else the one in whose area its
    organisation lies; empty where there is none.
    """
    if partner.region:
        return partner.region
    nuts = partner.organisation.nuts3 or ""
    fits = (one["key"] for one in call.regions for area in one.get("nuts", ()) if nuts.startswith(area))
    return next(fits, "") if nuts else ""


def closes_for(call: Call, step: int, partners: Iterable[ApplicationPartner]) -> dt.datetime:
    """When the step closes for a team: one application goes to every region that pays in it, so the earliest
    of their deadlines counts. Partners come with their organisations.
    """
    if step == 2 or not call.regions:
        return call.closes_in(step)
    paying = (one for one in partners if one.role != PartnerRole.ASSOCIATED)
    regions = {region_of(one, call) for one in paying} - {""}
    return min((call.closes_in(step, region) for region in regions), default=call.closes_at)
