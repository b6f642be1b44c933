"""From a programme's instrument to a call: what its file says already."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from kontor import programmes

#: Hours at which a call opens and closes where the file gives days only.
OPENS, CLOSES = dt.time(9), dt.time(17)
#: Days until a call opens, and how long it stays open, where the file gives none.
LEAD_DAYS, OPEN_DAYS = 14, 56


def planned(definition: programmes.Programme, instrument: programmes.Instrument, zone: str) -> dict[str, Any]:
    """Values of a new call by the file: texts, languages, steps, regional annexes, and funding mode."""
    regions = regions_of(definition, instrument)
    return {
        "title": {
            language: f"{definition.name.best(language)}: {instrument.name.best(language)}"
            for language in definition.languages
        },
        "summary": dict(instrument.summary),
        "languages": list(definition.languages),
        "steps": 2 if sum(phase.role == "applicant" for phase in instrument.phases) > 1 else 1,
        "regions": regions,
        "mode": "virtual-pot" if regions else "single",
        "time_zone": zone,
    }


def dates(
    instrument: programmes.Instrument, zone: ZoneInfo, today: dt.date
) -> tuple[dt.datetime, dt.datetime]:
    """The next dated opening in the file, else two weeks from today for eight weeks."""
    coming = sorted((one for one in instrument.calls if one.closes > today), key=lambda one: one.opens)
    if coming:
        opens, closes = coming[0].opens, coming[0].closes
    else:
        opens = today + dt.timedelta(days=LEAD_DAYS)
        closes = opens + dt.timedelta(days=OPEN_DAYS)
    return dt.datetime.combine(opens, OPENS, zone), dt.datetime.combine(closes, CLOSES, zone)


def regions_of(definition: programmes.Programme, instrument: programmes.Instrument) -> list[dict[str, Any]]:
    """One annex for each envelope that the file sets aside for the instrument in a region."""
    return [
        {
            "key": envelope.key.removeprefix("call-"),
            "name": dict(envelope.name),
            "envelope": envelope.key,
            "nuts": [envelope.region],
            "budget": str(envelope.amount) if envelope.amount is not None else "",
            "rate": str(instrument.rate) if instrument.rate is not None else "",
            "ceiling": str(instrument.grant_ceiling) if instrument.grant_ceiling is not None else "",
            "kinds": [],
            "closes_at": None,
        }
        for envelope in definition.envelopes
        if envelope.instrument == instrument.key and envelope.region
    ]
