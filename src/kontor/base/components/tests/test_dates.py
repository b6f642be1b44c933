from __future__ import annotations

import datetime as dt

from django.utils import timezone, translation

from kontor.base.components import dates

NIGHT = dt.datetime(2027, 3, 2, 23, 30, tzinfo=dt.UTC)


def test_days_are_written_in_words() -> None:
    with translation.override("en"):
        assert dates.day(dt.date(2027, 3, 3)) == '<time datetime="2027-03-03">3 March 2027</time>'
        assert dates.day(None) == "–"
    with translation.override("de"):
        assert dates.day(dt.date(2027, 3, 3)) == '<time datetime="2027-03-03">3. März 2027</time>'


def test_a_moment_has_its_zone_and_the_readers_day() -> None:
    with translation.override("en"), timezone.override("Europe/Berlin"):
        assert dates.moment(NIGHT) == '<time datetime="2027-03-03T00:30+01:00">3 March 2027, 00:30 CET</time>'
        assert "3 March" in dates.day(NIGHT)
    with translation.override("en"), timezone.override("Europe/Lisbon"):
        assert "2 March 2027, 23:30 WET" in dates.moment(NIGHT)
    assert dates.moment(None) == "–"
