"""Instants as programs send them: with their zone, and not out of this world."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime

from kontor.features.calls.announcing.actions.checks import FIRST_YEAR, LAST_YEAR


def _near(moment: dt.datetime) -> dt.datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(_("Give a year from {first} to {last}.").format(first=FIRST_YEAR, last=LAST_YEAR))
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_near)]
