"""What a call must hold before it can be published: each fault names its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.base.errors import KontorError
from kontor.features.calls.models import Call, FundingMode
from kontor.features.organisations.models import OrganisationKind
from kontor.programmes.schema import Instrument

#: Words that stand in addresses where the key of a call stands.
RESERVED = frozenset(
    {"add", "applications", "calendar", "cases", "check", "checks", "desk", "mine", "questions", "wishes"}
)
#: Years in which a call may lie.
FIRST_YEAR, LAST_YEAR = 2000, 2199
#: What the file may say in each language of a call.
LONGEST = {"title": 200, "summary": 3_000}


def check_values(call: Call) -> None:
    """Refuse what no call may hold, not even a draft. KontorError with the first fault."""
    _zone(call.time_zone)
    if not call.languages:
        raise _fault("languages", _("A call needs a language."), _("Choose at least one."))
    for name, most in LONGEST.items():
        texts: dict[str, str] = getattr(call, name)
        for language, text in texts.items():
            if len(text) > most:
                place = f"{name}_{language}"
                raise _fault(
                    place,
                    _("The text has {count} characters.").format(count=len(text)),
                    _("Keep it below {most}.").format(most=most),
                )
    _times(call)
    if call.steps not in (1, 2):
        raise _fault("steps", _("A call has one step or two."), _("Give 1 or 2."))
    known = {one.key for one in call.definition_of_programme.instruments}
    for key in (call.instrument, *call.more):
        if key not in known:
            raise _fault(
                "instrument",
                _("The programme has no instrument “{key}”.").format(key=key),
                _("Choose one of the programme's page."),
            )
    _more(call)
    _regions(call)


def _more(call: Call) -> None:
    """Further instruments share the ranking, so they share what it rests on."""
    definition, main = call.definition_of_programme, call.instrument_of_programme
    for key in call.more:
        other = definition.instrument(key)
        if key == call.instrument or call.more.count(key) > 1:
            words = _("“{name}” is named twice.").format(name=call.said(dict(other.name)))
            raise _fault("more", words, _("Name each instrument once."))
        if _ranking(other) != _ranking(main):
            raise _fault(
                "more",
                _("“{name}” is judged by other criteria or paid from another part of the budget.").format(
                    name=call.said(dict(other.name))
                ),
                _("Open a call of its own for it; both can open and close at the same moments."),
            )


def _ranking(instrument: Instrument) -> tuple[Any, ...]:
    """What must be the same for two proposals to stand in one ranking."""
    told = instrument.assessment
    if told is None:
        return (instrument.part, instrument.award)
    criteria = tuple((one.key, one.weight, one.group, one.knock_out) for one in told.criteria)
    verdicts = tuple((one.key, one.passes) for one in told.verdicts)
    scale = (told.method, told.lowest, told.highest, told.threshold, told.each)
    return (instrument.part, instrument.award, scale, criteria, verdicts)


def faults_before_publication(call: Call, now: dt.datetime) -> Iterator[KontorError]:
    """Everything that stands in the way of publishing."""
    for name, sentence in (
        ("title", _("The title is missing in {language}.")),
        ("summary", _("The summary is missing in {language}.")),
    ):
        texts: dict[str, str] = getattr(call, name)
        for language in call.languages:
            if not texts.get(language, "").strip():
                yield _fault(
                    f"{name}_{language}",
                    str(sentence).format(language=language),
                    _("Write it, or drop the language."),
                )
    if call.closes_at <= now:
        yield _fault("closes_at", _("The deadline has passed."), _("Give a day in the future."))
    if call.regions and call.mode == FundingMode.SINGLE:
        yield _fault(
            "mode",
            _("A call with regional annexes needs a funding mode of several pots."),
            _("Choose virtual, mixed or real."),
        )
    for at, region in enumerate(call.regions):
        if not region.get("budget") and not region.get("envelope"):
            yield _fault(
                f"regions.{at}.budget",
                _("{region} has no budget.").format(region=call.said(region["name"])),
                _("Write what the region sets aside for this call."),
            )


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise _fault(
            "time_zone",
            _("“{zone}” is no time zone.").format(zone=name),
            _("Give a name such as Europe/Berlin."),
        ) from None


def _times(call: Call) -> None:
    for name in ("opens_at", "closes_at", "second_closes_at"):
        moment: dt.datetime | None = getattr(call, name)
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise _fault(
                name,
                _("The year {year} is too far away.").format(year=moment.year),
                _("Give a day between {first} and {last}.").format(first=FIRST_YEAR, last=LAST_YEAR),
            )
    if call.closes_at <= call.opens_at:
        raise _fault("closes_at", _("The call closes before it opens."), _("Give a later time."))
    second = call.second_closes_at
    if call.steps == 2 and second is not None and second <= call.closes_at:
        raise _fault(
            "second_closes_at",
            _("The second step closes before the first."),
            _("Give a later time, or leave it empty until it is known."),
        )


def _regions(call: Call) -> None:
    keys = [region.get("key") for region in call.regions]
    if len(set(keys)) != len(keys):
        raise _fault("regions", _("Two annexes have the same key."), _("Give each its own."))
    for at, region in enumerate(call.regions):
        for name, most in (
            ("budget", Decimal(10) ** 10),
            ("ceiling", Decimal(10) ** 10),
            ("rate", Decimal(100)),
        ):
            _amount(region.get(name), most, f"regions.{at}.{name}")
        for nuts in region.get("nuts", ()):
            if not codes.valid("nuts", nuts):
                raise _fault(
                    f"regions.{at}.nuts",
                    _("“{code}” is no NUTS code.").format(code=nuts),
                    _("Give codes such as DE1 or AT31."),
                )
        for kind in region.get("kinds", ()):
            if kind not in OrganisationKind.values:
                raise _fault(
                    f"regions.{at}.kinds",
                    _("“{kind}” is no kind of organisation.").format(kind=kind),
                    _("Choose from the list."),
                )


def _amount(value: Any, most: Decimal, path: str) -> None:
    if value in (None, ""):
        return
    try:
        amount = Decimal(str(value))
        fits = amount.is_finite() and 0 <= amount <= most and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        fits = False
    if not fits:
        raise _fault(
            path,
            _("“{value}” is no amount.").format(value=value),
            _("Give a figure of at least 0 with at most two decimals."),
        )


def _fault(path: str, message: object, remedy: object) -> KontorError:
    return KontorError(message, code="call-faulty", path=path, remedy=remedy)
