"""Sample calls from their files to rows, as the actions would have left them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.events import SampleLoaded
from kontor.features.accounts.actions import add_person, grant_role
from kontor.features.accounts.models import User
from kontor.features.accounts.queries import people_in
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.calls.announcing.actions import add_call, publish_call
from kontor.features.calls.models import Call, CallContact, CallDay, PartnerWish, Question
from kontor.features.calls.sample.applications import write_applications, write_case
from kontor.features.calls.sample.papers import owners
from kontor.features.calls.sample.read import CALLS, Told, read_call, read_people, variant_text
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.actions import commit_money, publish_draft, save_draft
from kontor.features.programmes.models import Programme, ProgrammeVersion

ACTOR = Actor.system("sample")
_VALUES = ("title", "summary", "time_zone", "steps", "mode", "more")


@transaction.atomic
def load_calls(event: SampleLoaded) -> None:
    """Write the calls that are missing; what is there stays as people changed it."""
    organisations = Organisation.objects.filter(is_sample=True).in_bulk(field_name="key")
    known = set(Call.objects.values_list("key", flat=True))
    owned: dict[str, tuple[User, str]] = {}
    for name in CALLS:
        told = read_call(name)
        programme = Programme.objects.filter(is_sample=True, key=told["call"]["programme"]).first()
        if programme is None or told["call"]["key"] in known or not organisations:
            continue
        people = _people(organisations)
        owned = owned or owners(organisations)
        call = _call(told, programme)
        _contacts(call, told, people, organisations)
        _days(call, told)
        _questions(call, told)
        _wishes(call, told, organisations)
        _earlier(programme, told)
        write_applications(call, told, organisations, owned, _officer(programme))
        for case in told.get("case", ()):
            write_case(call, case, organisations)


def _officer(programme: Programme) -> tuple[str, str]:
    """Key and name of the sample person who manages the programme; the sample itself where there is none."""
    found = people_in(Scope(ScopeKind.PROGRAMME, programme.key)).filter(
        role=Role.PROGRAMME_MANAGER, user__is_sample=True
    )
    held = found.select_related("user").first()
    return (held.user.key, str(held.user)) if held else (ACTOR.key, ACTOR.label)


def _people(organisations: dict[str, Organisation]) -> dict[str, User]:
    """The contact persons by address; those that are missing are added."""
    found = {}
    for told in read_people():
        user = User.objects.filter(email=told["email"]).first()
        if user is None:
            values = {name: told[name] for name in ("email", "name", "language")}
            user = add_person(**values, is_sample=True, actor=ACTOR)
            if told.get("cluster") in organisations:
                scope = Scope(ScopeKind.CLUSTER, told["cluster"])
                grant_role(user=user, role=Role.CONTACT_PERSON, scope=scope, actor=ACTOR)
            if "programme" in told:
                scope = Scope(ScopeKind.PROGRAMME, told["programme"])
                grant_role(user=user, role=Role.PROGRAMME_MANAGER, scope=scope, actor=ACTOR)
        found[user.email] = user
    return found


def _call(told: Told, programme: Programme) -> Call:
    """Drafted and published as a manager would, then dated back."""
    wanted = told["call"]
    _with_variant(programme, wanted["definition"])
    values = {name: wanted[name] for name in _VALUES if name in wanted}
    call = add_call(
        programme=programme,
        instrument=wanted["instrument"],
        definition=wanted["definition"],
        key=wanted["key"],
        values=values,
        is_sample=True,
        actor=ACTOR,
    )
    call = publish_call(call=call, actor=ACTOR)
    call.opens_at = _at(call, -wanted["opened_days_ago"], 9)
    call.closes_at = _at(call, wanted.get("closes_in_days", -wanted.get("closed_days_ago", 0)), 17)
    if "second_closes_in_days" in wanted:
        call.second_closes_at = _at(call, wanted["second_closes_in_days"], 17)
    call.regions = [_region(call, region, told.get("region", [])) for region in call.regions]
    call.published_at = call.opens_at - dt.timedelta(days=7)
    call.save()
    return call


def _with_variant(programme: Programme, key: str) -> None:
    """The sample's own variant in a further version of the programme, unless it is there already."""
    version = programme.current
    assert version is not None
    if key in {version.definition.key, *(one.key for one in version.definition.variants)}:
        return
    save_draft(
        programme=programme,
        text=_sound_text(version) + variant_text(),
        revision=None,
        note="The terms of the sample's last round",
        actor=ACTOR,
    )
    publish_draft(programme=programme, actor=ACTOR)


def _sound_text(version: ProgrammeVersion) -> str:
    """The version's text; the library's where an earlier Kontor published one that today's checks refuse."""
    if not programmes.check(version.text.encode())[1]:
        return version.text
    return programmes.shipped_texts()[version.programme.key]


def _region(call: Call, region: Told, wanted: list[Told]) -> Told:
    told = next((one for one in wanted if one["key"] == region["key"]), {})
    extra = told.get("extra_days")
    later = call.closes_at + dt.timedelta(days=extra) if extra else None
    region = {**region, "closes_at": later.isoformat() if later else None}
    for name in ("budget", "rate", "ceiling", "kinds"):
        region[name] = told.get(name, region[name])
    return region


def _contacts(
    call: Call, told: Told, people: dict[str, User], organisations: dict[str, Organisation]
) -> None:
    CallContact.objects.bulk_create(
        CallContact(
            call=call,
            user=people[one["user"]],
            organisation=organisations.get(one.get("organisation", "")),
            regions=one.get("regions", []),
            themes=one.get("themes", []),
            languages=one["languages"],
            capacity=one.get("capacity"),
            position=position,
        )
        for position, one in enumerate(told["contact"])
    )


def _days(call: Call, told: Told) -> None:
    for number, one in enumerate(told.get("day", ())):
        starts = _at(call, one.get("in_days", -one.get("days_ago", 0)), one["hour"])
        CallDay.objects.create(
            key=_key("day", call, number),
            call=call,
            kind=one["kind"],
            name=one["name"],
            place=one["place"],
            starts_at=starts,
            ends_at=starts + dt.timedelta(hours=one["hours"]),
        )


def _questions(call: Call, told: Told) -> None:
    now = timezone.now()
    for number, one in enumerate(told.get("question", ())):
        asked = now - dt.timedelta(days=one["days_ago"])
        answered = asked + dt.timedelta(days=2) if "texts" in one else None
        Question.objects.create(
            key=_key("faq", call, number),
            call=call,
            asked=one.get("asked", ""),
            language=one.get("language", "en"),
            texts=one.get("texts", {}),
            position=number,
            asked_at=asked,
            answered_at=answered,
            answered_by=ACTOR.label if answered else "",
            published_at=answered,
        )


def _wishes(call: Call, told: Told, organisations: dict[str, Organisation]) -> None:
    for one in told.get("wish", ()):
        if one["organisation"] not in organisations:
            continue
        wish = PartnerWish.objects.create(
            key=one["key"],
            call=call,
            organisation=organisations[one["organisation"]],
            title=one["title"],
            text=one["text"],
            language=one["language"],
            themes=one["themes"],
            kinds=one["kinds"],
            changed_by=ACTOR.label,
        )
        at = timezone.now() - dt.timedelta(days=one["days_ago"])
        PartnerWish.objects.filter(pk=wish.pk).update(created_at=at)


def _earlier(programme: Programme, told: Told) -> None:
    """What earlier rounds have used of the money, unless something is committed already."""
    if programme.commitments.exists():
        return
    for one in told.get("earlier", ()):
        made = commit_money(
            programme=programme,
            draws=dict.fromkeys(one["envelopes"], Decimal(one["amount"])),
            reference=one["reference"],
            actor=ACTOR,
        )
        at = timezone.now() - dt.timedelta(days=one["days_ago"])
        programme.commitments.filter(pk=made.pk).update(made_at=at)


def _at(call: Call, days: int, hour: int) -> dt.datetime:
    """So many days from today at a full hour of the call's time zone."""
    day = timezone.localdate(timezone=call.zone) + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour), call.zone)


def _key(kind: str, call: Call, number: int) -> str:
    return f"smp{kind}{call.pk % 10_000:04d}{number:02d}"[:12]
