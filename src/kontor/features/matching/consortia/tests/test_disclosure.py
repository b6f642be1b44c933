"""Whoever reads the name of a partner that was found by its teaser is noted for that partner to read."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kontor.base.actor import Actor
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.tests.conftest import SECRET_NAME
from kontor.features.matching.models import Disclosure, Seat

pytestmark = pytest.mark.django_db


def noted() -> list[tuple[str, str, str]]:
    rows = Disclosure.objects.order_by("id").select_related("about")
    return [(row.viewer_label, row.about.name, row.channel) for row in rows]


@pytest.fixture
def hidden_seat(place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]) -> Seat:
    seated(place.pump, "accepted")
    return seated(place.hidden, "invited", statement=place.teaser)


def accept(seat: Seat) -> None:
    actions.answer_seat(seat=seat, accept=True, actor=Actor.system("hidden"))


def test_nothing_is_noted_while_nobody_is_named(
    place: SimpleNamespace, board: SimpleNamespace, hidden_seat: Seat, signed_in: Callable[..., Client]
) -> None:
    page = signed_in(place.composer).get(board.consortium.get_absolute_url()).content.decode()
    assert SECRET_NAME not in page
    assert noted() == []


def test_every_reader_of_the_name_is_noted_once_a_day(
    place: SimpleNamespace,
    board: SimpleNamespace,
    hidden_seat: Seat,
    signed_in: Callable[..., Client],
    api_client: Callable[..., Client],
) -> None:
    accept(hidden_seat)
    assert noted() == [(place.lead.name, SECRET_NAME, "mail")], "its yes was mailed to the lead by name"
    root = board.consortium.get_absolute_url()
    composer = signed_in(place.composer)
    for path in (root, f"{root}board/", f"{root}compare/", f"{root}history/"):
        assert SECRET_NAME in composer.get(path).content.decode()
    assert SECRET_NAME in signed_in(place.partner).get(root).content.decode()
    read = api_client("matching:read", user=place.composer).get(f"/api/v1/consortia/{board.consortium.key}/")
    assert SECRET_NAME in read.content.decode()
    assert noted()[1:] == [
        ("Ans Composer", SECRET_NAME, "page"),
        ("Paul Partner", SECRET_NAME, "page"),
        ("Ans Composer", SECRET_NAME, "api"),
    ]


def test_its_words_in_the_shared_space_name_it_too(
    place: SimpleNamespace, board: SimpleNamespace, hidden_seat: Seat, signed_in: Callable[..., Client]
) -> None:
    accept(hidden_seat)
    client, space = signed_in(place.reader), f"{board.consortium.get_absolute_url()}space/"
    client.get(space)
    assert len(noted()) == 1, "it has not spoken: only the mail named it"
    actions.add_comment(
        consortium=board.consortium, text="Hello", actor=Actor.system("x"), organisation=place.hidden
    )
    assert SECRET_NAME in client.get(space).content.decode()
    assert noted()[1:] == [("Ria Reader", SECRET_NAME, "page")]


def test_the_partner_reads_who_was_shown_its_name_and_others_do_not(
    place: SimpleNamespace,
    board: SimpleNamespace,
    hidden_seat: Seat,
    signed_in: Callable[..., Client],
    user_with: Callable[..., object],
) -> None:
    accept(hidden_seat)
    signed_in(place.composer).get(board.consortium.get_absolute_url())
    owner = user_with("owner", place.hidden.key)
    log = f"/matches/introductions/seen/{place.hidden.key}/"
    page = signed_in(owner).get(log).content.decode()
    assert "Ans Composer" in page
    assert board.consortium.key in page
    for who in (place.composer, place.partner, place.competitor):
        assert signed_in(who).get(log).status_code in {403, 404}
    signed_in(owner).get(board.consortium.get_absolute_url())
    assert len(noted()) == 2, "one's own name is no disclosure"


def test_a_row_is_of_an_introduction_or_of_a_consortium(place: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.bulk_create(
            [Disclosure(about=place.pump, level="named", channel="page", viewer_key="x", viewer_label="x",
                        at="2026-11-27T12:00Z", on="2026-11-27")]
        )  # fmt: skip
