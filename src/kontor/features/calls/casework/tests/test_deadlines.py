"""One region's deadline moves alone, and clocks that are put forward or back shift nobody's deadline."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from typer.testing import CliRunner

from kontor.base.errors import KontorError
from kontor.base.models import AuditEvent, Job
from kontor.features.accounts.models import User
from kontor.features.calls.actions import add_partner, begin_application, deadline_of
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.forms import CallForm, DayForm, DeadlineForm
from kontor.features.calls.commands import call as command
from kontor.features.calls.dossier.forms import DeadlineForm as AmendmentDeadlineForm
from kontor.features.calls.models import Call
from kontor.features.organisations.tests.factories import ACTOR

SKIPPED, DOUBLED = "2027-03-28T02:30", "2027-10-31T02:30"
ZONE = "Atlantic/Azores"  # two hours from the site's own zone, so that the wrong one is seen


@pytest.fixture
def split(place: SimpleNamespace) -> SimpleNamespace:
    """Two regions pay: the Netherlands for Lumen BV, Germany for Licht GmbH, until the call's deadline."""
    regions = [
        {"key": "nl", "name": {"en": "the Netherlands", "nl": "Nederland"}, "budget": "5.00", "nuts": ["NL"]},
        {"key": "de", "name": {"en": "Germany", "de": "Deutschland"}, "budget": "5.00", "nuts": ["DE"]},
    ]
    Call.objects.filter(pk=place.call.pk).update(regions=regions, mode="virtual-pot", time_zone=ZONE)
    place.call = Call.objects.get(pk=place.call.pk)
    return place


def later(call: Call, days: int) -> dt.datetime:
    return call.closes_at + dt.timedelta(days=days)


def mails() -> list[tuple[str, str]]:
    rows = Job.objects.filter(kind="mail.send").order_by("pk")
    return [(job.payload["to"], job.payload["body"]) for job in rows if "moved" in job.payload["body"]]


def test_a_region_moves_alone_and_only_those_with_partners_there_are_told(
    split: SimpleNamespace, user_with: Callable[..., User]
) -> None:
    both = begin_application(call=split.call, lead=split.lead, actor=ACTOR)
    add_partner(application=both, organisation=split.partner, values={}, actor=ACTOR)
    begin_application(call=split.call, lead=split.rival, actor=ACTOR)  # Germany alone pays there
    to = later(split.call, 3)
    given = {"call": split.call, "step": 1, "region": "nl", "reason": "Storm in Zeeland", "actor": ACTOR}
    actions.move_deadline(to=to, **given)
    call = Call.objects.get(pk=split.call.pk)
    assert (call.closes_at, call.closes_in(1, "nl"), call.closes_in(1, "de")) == (
        split.call.closes_at, to, split.call.closes_at,
    )  # fmt: skip
    both.call = call
    assert deadline_of(both) == split.call.closes_at
    ((who, body),) = mails()
    assert who == split.owner.email
    assert "whom the Netherlands pays the deadline has moved" in body
    assert f"{to.astimezone(call.zone):%H:%M} ({ZONE})" in body
    event = AuditEvent.objects.get(verb="call.deadline-moved")
    assert (list(event.changes), event.reason) == (["regions.nl.closes_at"], "Storm in Zeeland")
    for wrong, code in (
        ({"to": to}, "deadline-earlier"),
        ({"to": later(call, 2)}, "deadline-earlier"),
        ({"to": later(call, 9), "region": "fr"}, "region-unknown"),
        ({"to": later(call, 9), "step": 2}, "region-step"),
    ):
        with pytest.raises(KontorError) as refused:
            actions.move_deadline(**{**given, **wrong})
        assert refused.value.code == code
    assert len(mails()) == 1


def test_the_page_the_program_and_the_command_move_it(
    split: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    key, client = split.call.key, signed_in(split.mona)
    page = reverse("calls:deadline", args=[key])
    assert "of the region Germany alone" in client.get(page).content.decode()
    local = later(split.call, 3).astimezone(split.call.zone).strftime("%Y-%m-%dT%H:%M")
    assert client.post(page, {"which": "region:fr", "to": local, "reason": "Storm"}).status_code == 400
    assert client.post(page, {"which": "region:de", "to": local, "reason": "Storm"}).status_code == 302
    moved = Call.objects.get(key=key)
    assert moved.closes_in(1, "de").strftime("%Y-%m-%dT%H:%M") == local
    assert moved.closes_in(1, "nl") == moved.closes_at
    body = {"region": "nl", "to": later(split.call, 4).isoformat(), "reason": "Storm"}
    address = f"/api/v1/calls/{key}/deadline"
    assert client.post(address, json.dumps(body), content_type="application/json").status_code == 200
    stranger = signed_in(split.owner)
    assert stranger.post(address, json.dumps(body), content_type="application/json").status_code == 403
    assert Call.objects.get(key=key).closes_in(1, "nl") == later(split.call, 4)
    asked = ["deadline", key, "--region", "nl", "--reason", "Storm", "--json", "--to"]
    done = CliRunner().invoke(command, [*asked, "2098-07-01T17:00"])
    assert json.loads(done.stdout)["status"] == "moved"
    at = Call.objects.get(key=key).closes_in(1, "nl")
    assert at.astimezone(dt.UTC) == dt.datetime(2098, 7, 1, 17, tzinfo=dt.UTC)
    for text, words in (("soon", "no day with a time"), ("2098-10-26T00:30", "comes twice")):
        refused = CliRunner().invoke(command, [*asked, text])
        told = json.loads(refused.stdout)["error"]
        assert (refused.exit_code, told["path"], words in told["message"]) == (2, "to", True)


@pytest.mark.parametrize("local", [SKIPPED, DOUBLED])
def test_no_form_shifts_a_time_that_clocks_skip_or_show_twice(draft: Call, local: str) -> None:
    draft.regions = [{"key": "nl", "name": {"en": "NL"}}]
    words = "comes twice" if local == DOUBLED else "There is no 02:30"
    whole = {
        "languages": ["en"],
        "time_zone": "Europe/Berlin",
        "steps": "2",
        "mode": "single",
        "revision": "1",
    }
    times = dict.fromkeys(("opens_at", "closes_at", "second_closes_at"), local)
    days = {"kind": "jury", "name_en": "Jury", "starts_at": local, "ends_at": local}
    deadline = {"which": "region:nl", "to": local, "reason": "x"}
    forms = [
        (CallForm({**whole, **times}, call=draft), set(times)),
        (DayForm(days, call=draft), {"starts_at", "ends_at"}),
        (DeadlineForm(deadline, call=draft), {"to"}),
        (AmendmentDeadlineForm({"deadline": local}, zone=draft.zone), {"deadline"}),
    ]
    for form, names in forms:
        assert set(form.errors) == names
        assert all(words in str(form.errors[name]) for name in names)


def test_the_editor_tells_at_the_region_what_clocks_do_not_show(
    draft: Call, signed_in: Callable[[User], Client], user_with: Callable[..., User]
) -> None:
    client = signed_in(user_with("programme_manager", "border-light", language="en"))
    told = {
        "languages": ["en"], "time_zone": "Europe/Berlin", "steps": "1", "mode": "virtual-pot",
        "opens_at": "2027-01-04T09:00", "closes_at": "2027-11-04T17:00", "revision": str(draft.revision),
        "title_en": "Light", "regions": "1", "r0-name": "Nederland", "r0-closes_at": DOUBLED,
    }  # fmt: skip
    answer = client.post(reverse("calls:edit", args=[draft.key]), told)
    assert (answer.status_code, "02:30 comes twice" in answer.content.decode()) == (400, True)
    assert Call.objects.get(pk=draft.pk).regions == []
    told["r0-closes_at"] = "2027-07-01T17:00"
    told["time_zone"] = "Europe/Lisbon"
    assert client.post(reverse("calls:edit", args=[draft.key]), told).status_code == 302
    at = Call.objects.get(pk=draft.pk).closes_in(1, "nederland")
    assert at.astimezone(dt.UTC) == dt.datetime(2027, 7, 1, 16, tzinfo=dt.UTC)
    assert timezone.is_aware(at)


def test_a_refused_choice_of_a_new_call_is_no_success(
    split: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(split.mona).post(reverse("calls:add"), {"support": "border-light|x|y"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["support"])
