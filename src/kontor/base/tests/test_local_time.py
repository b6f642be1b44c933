"""Times that clocks skip or show twice are refused, never shifted."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from kontor.base.errors import KontorError
from kontor.base.local_time import instant

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2027-03-28T01:59", "2027-03-28T00:59"), ("2027-03-28T03:00", "2027-03-28T01:00"),
        ("2027-10-31T01:59", "2027-10-30T23:59"), ("2027-10-31T03:00", "2027-10-31T02:00"),
        ("2027-07-01T17:00", "2027-07-01T15:00"),
    ],
)  # fmt: skip
def test_times_around_the_change_are_what_clocks_show(text: str, utc: str) -> None:
    found = instant(dt.datetime.fromisoformat(text), BERLIN)
    assert found.astimezone(dt.UTC).isoformat()[:16] == utc


@pytest.mark.parametrize(
    ("text", "zone", "code", "words"),
    [
        ("2027-03-28T02:00", BERLIN, "time-skipped", "There is no 02:00 on 28 March 2027 in Europe/Berlin"),
        ("2027-03-28T02:59", BERLIN, "time-skipped", "There is no 02:59"),
        ("2027-10-31T02:00", BERLIN, "time-doubled", "02:00 comes twice on 31 October 2027 in Europe/Berlin"),
        ("2027-10-31T02:59", BERLIN, "time-doubled", "02:59 comes twice"),
        ("2027-10-31T00:30", ZoneInfo("Atlantic/Azores"), "time-doubled", "00:30 comes twice"),
    ],
)
def test_a_time_that_is_skipped_or_doubled_is_refused_with_words(
    text: str, zone: ZoneInfo, code: str, words: str
) -> None:
    with pytest.raises(KontorError) as refused:
        instant(dt.datetime.fromisoformat(text), zone, "to")
    assert (refused.value.code, refused.value.path, refused.value.status) == (code, "to", 422)
    assert words in str(refused.value)
