"""What the pages do, programs do too: files, comments, moving seats, variants, the lead, deciding."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.base.actor import Actor
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.tests.test_api import BOTH, COMMENT, ROOT, send
from kontor.features.matching.models import Comment, Consortium, Seat

pytestmark = pytest.mark.django_db
FILE = b"%PDF-1.7 secret budget"
MONEY = {"cost": Decimal("100000.00"), "grant": Decimal("60000.00")}


@pytest.fixture
def ready(place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]) -> Consortium:
    """Both sides, everybody accepted, chosen, all facts known."""
    by = Actor.of_user(place.composer)
    actions.change_details(consortium=board.consortium, values={"months": 24}, revision=None, actor=by)
    own = board.variant.seats.get()
    actions.change_seat(seat=own, values={**MONEY, "role": "partner"}, revision=None, actor=by)
    seated(place.pump, "accepted", role="lead", **MONEY)
    actions.choose_variant(variant=board.variant, actor=by)
    return Consortium.objects.get(pk=board.consortium.pk)


def attach(client: Client, root: str) -> Any:
    return client.post(f"{ROOT}{root}files/", {"file": SimpleUploadedFile("letter.pdf", FILE)})


def test_files_of_the_shared_space(
    place: SimpleNamespace, ready: Consortium, api_client: Callable[..., Client]
) -> None:
    composer, partner = (api_client(*BOTH, user=user) for user in (place.composer, place.partner))
    root = f"{ready.key}/"
    made = attach(partner, root)
    assert (made.status_code, made.json()["name"]) == (201, "letter.pdf")
    path = f"{root}files/{made.json()['key']}/"
    [listed] = composer.get(f"{ROOT}{root}files/").json()["items"]
    assert (listed["key"], listed["size"], listed["who"]) == (
        made.json()["key"],
        len(FILE),
        "Paul Partner (test)",
    )
    answer = composer.get(f"{ROOT}{path}")
    assert b"".join(answer.streaming_content) == FILE  # type: ignore[attr-defined] # the client's own type
    assert answer["Content-Disposition"].startswith("attachment")
    wrong = composer.post(f"{ROOT}{root}files/", {"file": SimpleUploadedFile("run.exe", b"MZ\x90")})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "attachment-type")
    for who in (place.competitor, place.other_manager, place.programme_manager):
        stranger = api_client(*BOTH, user=who)
        reads = who is place.other_manager  # the manager of the partner's cluster reads as its people do
        assert stranger.get(f"{ROOT}{path}").status_code == (200 if reads else 404)
        assert stranger.get(f"{ROOT}{root}files/").status_code == (200 if reads else 404)
        assert send(stranger, f"{path}remove/")[0] == (403 if reads else 404)
        assert attach(stranger, root).status_code == (201 if reads else 404)
    assert send(composer, f"{path}remove/")[0] == 200, "who composes may remove any"
    assert composer.get(f"{ROOT}{path}").status_code == 404
    assert send(partner, f"{path}restore/")[0] == 200
    assert partner.get(f"{ROOT}{path}").status_code == 200
    only_reads = api_client(BOTH[0], user=place.partner)
    assert attach(only_reads, root).status_code == 403
    assert send(only_reads, f"{path}remove/")[0] == 403


def test_a_comment_is_removed_by_its_writer_or_the_composer(
    place: SimpleNamespace, ready: Consortium, api_client: Callable[..., Client]
) -> None:
    composer, partner = (api_client(*BOTH, user=user) for user in (place.composer, place.partner))
    root = f"{ready.key}/comments/"
    own = send(partner, root, text=COMMENT)[1]["key"]
    others = send(composer, root, text="We look again in May")[1]["key"]
    assert send(partner, f"{root}{others}/remove/")[0] == 403
    assert send(api_client(*BOTH, user=place.competitor), f"{root}{own}/remove/")[0] == 404
    status, told = send(partner, f"{root}{own}/remove/")
    assert (status, told["removed"], told["text"]) == (200, True, "")
    assert COMMENT not in composer.get(f"{ROOT}{root}").content.decode()
    assert Comment.objects.get(key=own).text == COMMENT
    assert send(composer, f"{root}{own}/restore/")[1]["text"] == COMMENT


def test_seats_move_and_swap_and_variants_are_renamed(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    api_client: Callable[..., Client],
) -> None:
    pump, institute = seated(place.pump, task="circuit"), seated(place.institute, task="walls")
    accepted = board.variant.seats.first()
    client, root = api_client(*BOTH, user=place.composer), f"{board.consortium.key}/"

    def row(told: Any) -> list[tuple[str, str]]:
        return [(each["task"], each["title"]) for each in told["variants"][0]["seats"]]

    status, told = send(client, f"{root}seats/{institute.key}/move/", position=0)
    assert (status, row(told)[0]) == (200, ("walls", "Instituut Wand"))
    status, told = send(client, f"{root}seats/{institute.key}/swap/", other=pump.key)
    assert status == 200
    assert [each for each in row(told) if each[0]] == [
        ("walls", "Propanwerk GmbH"),
        ("circuit", "Instituut Wand"),
    ]
    status, told = send(client, f"{root}seats/{pump.key}/swap/", other=accepted.key)
    assert (status, told["error"]["code"]) == (409, "seat-taken")
    assert send(client, f"{root}seats/{pump.key}/swap/", other="nobody")[0] == 404
    assert send(client, f"{root}seats/{pump.key}/move/", position=-1)[0] == 422
    status, told = send(client, f"{root}variants/{board.variant.key}/", "patch", name="Small team")
    assert (status, told["variants"][0]["name"]) == (200, "Small team")
    assert send(client, f"{root}variants/{board.variant.key}/", "patch", name="")[0] == 422
    reader = api_client(*BOTH, user=place.reader)
    assert send(reader, f"{root}seats/{pump.key}/move/", position=0)[0] == 403
    assert send(reader, f"{root}variants/{board.variant.key}/", "patch", name="Mine")[0] == 403


def test_the_lead_is_passed_on(
    place: SimpleNamespace, ready: Consortium, api_client: Callable[..., Client]
) -> None:
    composer, partner = (api_client(*BOTH, user=user) for user in (place.composer, place.partner))
    root = f"{ready.key}/lead/"
    assert send(composer, f"{root}offer/", organisation=place.institute.key)[1]["error"]["code"] == (
        "lead-not-partner"
    )
    assert send(partner, f"{root}answer/", accept=True)[0] == 403, "nobody asked it yet"
    assert send(composer, f"{root}offer/", organisation=place.pump.key)[1]["offered_to"] == "Propanwerk GmbH"
    assert send(composer, f"{root}keep/")[1]["offered_to"] == ""
    send(composer, f"{root}offer/", organisation=place.pump.key)
    assert send(composer, f"{root}answer/", accept=True)[0] == 403, "only the partner answers"
    status, told = send(partner, f"{root}answer/", accept=True)
    assert (status, told["lead"], told["composes"]) == (200, "Propanwerk GmbH", True)
    assert send(composer, f"{ready.key}/give-up/")[0] == 403
    assert send(partner, f"{ready.key}/give-up/")[1]["state"] == "withdrawn"
    assert send(partner, f"{ready.key}/resume/")[1]["state"] == "composing"


def test_the_programmes_manager_decides(
    place: SimpleNamespace, ready: Consortium, api_client: Callable[..., Client]
) -> None:
    composer, manager = (api_client(*BOTH, user=u) for u in (place.composer, place.programme_manager))
    root = f"{ready.key}/"
    assert send(manager, f"{root}decide/", approve=True, reason="Good")[0] == 404, "not handed in yet"
    send(composer, f"{root}submit/")
    assert send(composer, f"{root}decide/", approve=True, reason="Good")[0] == 403
    assert send(manager, f"{root}decide/", approve=True, reason=" ")[1]["error"]["code"] == "decision-reason"
    assert send(composer, f"{root}close/")[1]["error"]["code"] == "consortium-state"
    status, told = send(manager, f"{root}decide/", approve=True, reason="Both sides, all covered")
    assert (status, told["state"], told["decision"]) == (200, "approved", "Both sides, all covered")
    assert send(manager, f"{root}decide/", approve=False, reason="After all")[0] == 409
    assert send(composer, f"{root}close/")[1]["state"] == "closed"
