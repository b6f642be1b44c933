"""Invitations, answers by link and signed in, staged disclosure."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.models import Job
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.inviting import answer_path
from kontor.features.matching.consortia.actions.stepping import undoable
from kontor.features.matching.consortia.tests.conftest import SECRET_NAME, TEASER
from kontor.features.matching.models import Seat

pytestmark = pytest.mark.django_db


def mails() -> list[dict[str, str]]:
    return [job.payload for job in Job.objects.filter(kind="mail.send").order_by("pk")]


def test_the_mail_leads_to_a_page_that_answers_without_signing_in(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat], client: Client
) -> None:
    seat = seated(place.pump, "invited", task="builds the circuit")
    [mail] = [each for each in mails() if "builds the circuit" in each["body"]]
    found = re.search(r"https?://[^/]+(/consortia/link/\S+)", mail["body"])
    assert found
    path = found[1]
    page = client.get(path).content.decode()
    assert "A heat pump nobody hears" in page
    assert "Lautlos" not in page
    seat.refresh_from_db()
    assert seat.state == "invited", "opening a link changes nothing"
    client.post(path, {"answer": "yes"})
    seat.refresh_from_db()
    assert (seat.state, seat.answered_by) == ("accepted", "by a link in a mail")
    client.post(path, {"answer": "undo"})
    client.post(path, {"answer": "no", "reason": "size", "words": "Too large for us"})
    seat.refresh_from_db()
    assert (seat.state, seat.reason, seat.words) == ("declined", "size", "Too large for us")


def test_declining_needs_a_reason(seated: Callable[..., Seat], place: SimpleNamespace) -> None:
    seat = seated(place.pump, "invited")
    with pytest.raises(KontorError) as refused:
        actions.answer_seat(seat=seat, accept=False, actor=Actor.of_user(place.partner))
    assert refused.value.code == "reason-missing"


def test_a_link_for_another_purpose_is_refused(
    place: SimpleNamespace, seated: Callable[..., Seat], client: Client
) -> None:
    path = answer_path(seated(place.pump, "invited"))
    assert client.get(path.replace("matching.seat", "matching.introduction")).status_code == 404
    assert client.get(path[:-3] + "xx/").status_code == 404


def test_a_withdrawn_invitation_shows_nothing(
    place: SimpleNamespace, seated: Callable[..., Seat], client: Client
) -> None:
    seat = seated(place.pump, "invited")
    path = answer_path(seat)
    actions.withdraw_invitation(seat=seat, actor=Actor.of_user(place.composer))
    page = client.get(path).content.decode()
    assert "was withdrawn" in page
    assert "A heat pump nobody hears" not in page
    with pytest.raises(Conflict):
        actions.answer_seat(seat=seat, accept=True, actor=Actor.of_user(place.partner))


def test_taking_an_invitation_back_tells_the_invited(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seat = seated(place.pump, "invited")
    before = len(mails())
    step = undoable(board.consortium)
    assert step is not None
    actions.undo_step(consortium=board.consortium, step=step.pk, actor=Actor.of_user(place.composer))
    seat.refresh_from_db()
    assert seat.state == "proposed"
    assert [each["to"] for each in mails()[before:]] == [place.partner.email]


def test_the_composer_cannot_take_an_answer_back(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seated(place.pump, "accepted")
    assert undoable(board.consortium) is None


def test_an_anonymous_partner_is_named_when_it_accepts_and_not_when_it_declines(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    signed_in: Callable[..., Client],
) -> None:
    seat = seated(place.hidden, "invited", statement=place.teaser)
    address = board.consortium.get_absolute_url()
    pages = [address, f"{address}compare/", f"{address}history/", f"{address}seats/{seat.key}/"]
    composer = signed_in(place.composer)
    for path in pages:
        assert SECRET_NAME not in composer.get(path).content.decode(), path
    assert TEASER in composer.get(address).content.decode()
    actions.answer_seat(seat=seat, accept=False, reason="time", actor=Actor.system("hidden"))
    for path in pages:
        assert SECRET_NAME not in composer.get(path).content.decode(), path
    lead_mails = [each for each in mails() if each["to"] in {place.composer.email, place.colleague.email}]
    assert lead_mails
    assert not any(SECRET_NAME in each["body"] or SECRET_NAME in each["subject"] for each in lead_mails)
    actions.take_answer_back(seat=seat, actor=Actor.system("hidden"))
    actions.answer_seat(seat=seat, accept=True, actor=Actor.system("hidden"))
    assert SECRET_NAME in composer.get(address).content.decode()
