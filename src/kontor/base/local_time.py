"""A time as a clock on the wall shows it, made an instant: nothing is shifted where clocks are put forward or
back.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from kontor.base.components.dates import day_text
from kontor.base.errors import KontorError


def instant(local: dt.datetime, zone: ZoneInfo, path: str = "") -> dt.datetime:
    """The instant at which clocks of `zone` show `local` (without a zone). KontorError (422) for a time that
    no clock shows that day, and for one that they show twice.
    """
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    day, time = day_text(local.date()), f"{local:%H:%M}"
    # of a time that is skipped, the way to UTC and back shows another one
    if first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None, fold=0) != local:
        raise KontorError(
            _("There is no {time} on {day} in {zone}: clocks are put forward then.").format(
                time=time, day=day, zone=zone.key
            ),
            code="time-skipped",
            path=path,
            remedy=_("Give a time an hour earlier or later."),
            status=422,
        )
    raise KontorError(
        _("{time} comes twice on {day} in {zone}: clocks are put back then.").format(
            time=time, day=day, zone=zone.key
        ),
        code="time-doubled",
        path=path,
        remedy=_("Give a time that comes once, an hour earlier or later."),
        status=422,
    )
