"""A calendar file (RFC 5545) that calendars of all makers read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from kontor.features.calls.announcing.queries import Entry

#: How long before a deadline a calendar reminds, and how long a deadline looks in it.
REMINDER, LOOKS = dt.timedelta(days=-3), dt.timedelta(minutes=30)


def calendar_file(entries: Iterable[Entry], name: str, now: dt.datetime) -> bytes:
    """All entries; times in UTC, so that no calendar needs to know a time zone. A deadline ends at its own
    instant, so that it never looks as if there were half an hour more.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kontor//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: dt.datetime) -> Event:
    starts, ends = entry.at.astimezone(dt.UTC), (entry.until or entry.at).astimezone(dt.UTC)
    if entry.is_deadline:
        starts -= LOOKS
    event = Event()
    event.add("uid", f"{entry.uid}@{settings.SITE_URL.partition('//')[2].partition('/')[0] or 'kontor'}")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends if ends > starts else starts + LOOKS)
    event.add("summary", f"{entry.label}: {entry.call}")
    event.add("url", f"{settings.SITE_URL}{entry.call.get_absolute_url()}")
    if entry.place:
        event.add("location", entry.place)
    if entry.is_deadline:
        event.add_component(_alarm(event))
    return event


def _alarm(event: Event) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(event["summary"]))
    alarm.add("trigger", REMINDER)
    return alarm
