"""Consortia for programs: the whole way, who must not see it, conflicts, bad input, fixed queries."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kontor.base.actor import Actor
from kontor.base.models import Attachment
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.tests.conftest import IDEA, SECRET_NAME, TEASER
from kontor.features.matching.models import Consortium, Seat

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/consortia/"
BOTH = ("matching:read", "matching:write")
COMMENT = "We offer 40,000 for the circuit"


def send(client: Client, path: str, verb: str = "post", **body: Any) -> tuple[int, Any]:
    answer = getattr(client, verb)(f"{ROOT}{path}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_from_the_idea_to_an_accepted_seat(place: SimpleNamespace, api_client: Callable[..., Client]) -> None:
    composer, partner = (api_client(*BOTH, user=user) for user in (place.composer, place.partner))
    told = {"programme": place.programme.key, "definition": place.programme.key, "instrument": "sub-project"}
    status, made = send(
        composer, "", lead=place.lead.key, title="Quiet pump", text=IDEA, product="quiet-heat-pump", **told
    )
    assert status == 201
    [variant] = made["variants"]
    assert [need["key"] for need in variant["missing"]] == ["refrigerant-circuit", "heat-pump-control"]
    assert next(light["rule"] for light in variant["lights"] if light["state"] == "no") == "minimum-countries"
    assert all(light["text"] and light["reasons"] for light in variant["lights"] if light["state"] == "no")
    root = f"{made['key']}/"
    gaps = composer.get(f"{ROOT}{root}gaps/").json()
    found = {gap["competence"]: {c["title"] for c in gap["candidates"]} for gap in gaps}
    assert {"Propanwerk GmbH", "Lautlos Pumpen GmbH"} <= found["refrigerant-circuit"]
    status, added = send(
        composer, f"{root}seats/", variant=variant["key"], candidate=place.pump.key, cost="100000.30",
        grant="50000.15", task="builds the circuit",
    )  # fmt: skip
    assert status == 201
    seat = added["variants"][0]["seats"][1]
    assert (seat["title"], seat["state"], str(seat["cost"])) == ("Propanwerk GmbH", "proposed", "100000.30")
    assert str(added["variants"][0]["money"]["grant"]) == "50000.15"
    assert added["variants"][0]["missing"] == []
    assert (
        send(composer, f"{root}seats/{seat['key']}/invite/")[1]["variants"][0]["seats"][1]["state"]
        == "invited"
    )
    [invitation] = partner.get(f"{ROOT}invitations/").json()["items"]
    assert (invitation["seat"], invitation["task"]) == (seat["key"], "builds the circuit")
    assert partner.get(f"{ROOT}{root}").status_code == 404, "the invited read the invitation only"
    assert send(partner, f"invitations/{seat['key']}/answer/", accept=False)[0] == 422, "without a reason"
    assert send(partner, f"invitations/{seat['key']}/answer/", accept=True)[1]["state"] == "accepted"
    assert partner.get(f"{ROOT}{root}").json()["variants"][0]["seats"][1]["own"] is True
    assert send(partner, f"{root}comments/", text=COMMENT)[0] == 201
    [said] = composer.get(f"{ROOT}{root}comments/").json()["items"]
    assert (said["text"], said["organisation"]) == (COMMENT, "Propanwerk GmbH")
    assert send(composer, f"{root}submit/")[1]["error"]["code"] == "variant-not-chosen"
    send(composer, f"{root}variants/{variant['key']}/choose/")
    status, handed = send(composer, f"{root}submit/")
    assert (status, handed["state"]) == (200, "submitted")
    assert send(composer, f"{root}seats/{seat['key']}/remove/")[1]["error"]["code"] == "consortium-closed"
    assert send(composer, f"{root}take-back/")[1]["state"] == "composing"


def test_composed_and_taken_over(
    place: SimpleNamespace, board: SimpleNamespace, api_client: Callable[..., Client]
) -> None:
    composer, root = api_client(*BOTH, user=place.composer), f"{board.consortium.key}/"
    status, answer = send(composer, f"{root}compositions/", lead=place.lead.key, fixed=[place.lead.key])
    assert (status, answer["status"]) == (201, "optimal")
    best = answer["teams"][0]
    assert {each["key"] for each in best["members"]} >= {place.lead.key}
    assert [each["key"] for each in best["members"] if each["lead"]] == [place.lead.key]
    assert round(sum(part["points"] for part in best["parts"]), 4) == round(best["objective"], 4)
    assert all(each["price"] for each in best["members"] if each["key"] != place.lead.key)
    again = composer.get(f"{ROOT}{root}compositions/{answer['key']}/").json()
    assert again == answer
    status, adopted = send(composer, f"{root}compositions/{answer['key']}/adopt/", team=0, name="Best")
    assert (status, [each["name"] for each in adopted["variants"]]) == (201, ["First variant", "Best"])
    assert send(composer, f"{root}compositions/{answer['key']}/adopt/", team=99)[0] == 404
    everybody = [place.pump.key, place.rival.key]
    status, none = send(composer, f"{root}compositions/", excluded=everybody)
    assert (status, none["status"], none["teams"]) == (201, "infeasible", [])
    assert none["corrections"][0]["changes"]
    status, refused = send(composer, f"{root}compositions/", fixed=["nobody"])
    assert (status, refused["error"]["code"]) == (422, "candidate-unknown")


@pytest.mark.parametrize("who", ["competitor", "other_manager", "programme_manager"])
def test_strangers_find_nothing(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    api_client: Callable[..., Client],
    who: str,
) -> None:
    declined = seated(place.rival, "declined")
    actions.add_comment(consortium=board.consortium, text=COMMENT, actor=Actor.of_user(place.composer))
    client, root = api_client(*BOTH, user=getattr(place, who)), f"{board.consortium.key}/"
    assert client.get(ROOT).json()["count"] == 0
    for path in ("", "gaps/", "comments/", "compositions/x/"):
        answer = client.get(f"{ROOT}{root}{path}")
        assert answer.status_code == 404, path
        assert IDEA not in answer.content.decode()
    for path in ("submit/", "undo/", "compositions/", f"seats/{declined.key}/invite/"):
        assert send(client, f"{root}{path}")[0] == 404, path
    assert send(client, f"{root}comments/", text="x")[0] == 404
    assert send(client, root, "patch", title="Stolen")[0] == 404
    stolen = send(client, "", lead=place.lead.key, title="In its name")
    assert stolen[0] == 403
    assert Consortium.objects.get().title == "A heat pump nobody hears"


def test_nobody_signed_in_and_tokens_that_only_read(
    place: SimpleNamespace, board: SimpleNamespace, api_client: Callable[..., Client]
) -> None:
    root = f"{board.consortium.key}/"
    assert Client().get(ROOT).status_code == 401
    for path in (root, f"{root}gaps/", f"{root}comments/"):
        answer = Client().get(f"{ROOT}{path}")
        assert answer.status_code in {401, 404}
        assert IDEA not in answer.content.decode()
    for user in (place.reader, place.composer):
        scopes = BOTH if user is place.reader else BOTH[:1]
        assert send(api_client(*scopes, user=user), f"{root}submit/")[0] == 403


def test_a_partner_reads_no_candidates_and_an_anonymous_one_stays_so(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    api_client: Callable[..., Client],
) -> None:
    seated(place.institute)
    seated(place.rival, "declined", words="")
    seat = seated(place.hidden, "invited", statement=place.teaser)
    seated(place.pump, "accepted")
    partner, composer = (api_client(*BOTH, user=user) for user in (place.partner, place.composer))
    path = f"{ROOT}{board.consortium.key}/"
    for text in (partner.get(path).content.decode(), partner.get(ROOT).content.decode()):
        for name in ("Instituut Wand", "Lautlos", SECRET_NAME, place.institute.key, place.hidden.key):
            assert name not in text
    assert partner.get(f"{path}gaps/").status_code == 403
    whole = composer.get(path).content.decode()
    assert TEASER in whole
    for name in (SECRET_NAME, place.hidden.key):
        assert name not in whole
        assert name not in composer.get(f"{path}gaps/").content.decode()
    actions.answer_seat(seat=seat, accept=True, actor=Actor.system("hidden"))
    assert SECRET_NAME in composer.get(path).content.decode()


def test_a_list_counts_no_variant_that_the_reader_may_not_read(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    api_client: Callable[..., Client],
) -> None:
    by = Actor.of_user(place.composer)
    other = actions.add_variant(consortium=board.consortium, name="B", actor=by)
    seated(place.pump, "accepted", variant=other)
    [row] = api_client(*BOTH, user=place.partner).get(ROOT).json()["items"]
    assert (row["seats"], row["countries"]) == (1, ["DE"])
    [row] = api_client(*BOTH, user=place.composer).get(ROOT).json()["items"]
    assert (row["seats"], row["countries"]) == (1, ["NL"])


def test_who_writes_on_an_older_state_gets_a_conflict(
    place: SimpleNamespace,
    board: SimpleNamespace,
    seated: Callable[..., Seat],
    api_client: Callable[..., Client],
) -> None:
    seat, client = seated(place.pump), api_client(*BOTH, user=place.composer)
    path = f"{board.consortium.key}/seats/{seat.key}/"
    assert send(client, path, "patch", cost="5.00", revision=seat.revision)[0] == 200
    status, told = send(client, path, "patch", cost="6.00", revision=seat.revision)
    assert (status, told["error"]["code"]) == (409, "board-changed")
    assert "5.00" in told["error"]["message"]
    assert send(client, f"{path}remove/", revision=seat.revision)[0] == 409
    assert str(Seat.objects.get(pk=seat.pk).cost) == "5.00"
    assert send(client, f"{board.consortium.key}/undo/")[0] == 200
    assert Seat.objects.get(pk=seat.pk).cost is None
    details = f"{board.consortium.key}/"
    seen = client.get(f"{ROOT}{details}").json()["details_revision"]
    assert send(client, details, "patch", title="Other", revision=seen)[0] == 200
    assert send(client, details, "patch", title="Third", revision=seen)[0] == 409


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"cost": "1.001"}, "body.cost"),
        ({"cost": "-1"}, "body.cost"),
        ({"cost": "5.00", "grant": "6.00"}, "grant"),
        ({"role": "emperor"}, "role"),
        ({"brings": ["juggling"]}, "brings"),
    ],
)
def test_bad_input_names_the_field(
    place: SimpleNamespace,
    board: SimpleNamespace,
    api_client: Callable[..., Client],
    body: dict[str, Any],
    path: str,
) -> None:
    client, seat = api_client(*BOTH, user=place.composer), board.variant.seats.get()
    status, told = send(client, f"{board.consortium.key}/seats/{seat.key}/", "patch", **body)
    assert (status, told["error"]["path"]) == (422, path)


def test_an_unknown_programme_is_named(place: SimpleNamespace, api_client: Callable[..., Client]) -> None:
    client = api_client(*BOTH, user=place.composer)
    status, told = send(client, "", lead=place.lead.key, title="Idea", programme="moonshot")
    assert (status, told["error"]["code"]) == (422, "programme-unknown")


def test_lists_have_a_fixed_number_of_queries(
    place: SimpleNamespace,
    begin: Callable[..., Consortium],
    api_client: Callable[..., Client],
    signed_in: Callable[..., Client],
) -> None:
    begin()
    readers = ((api_client(*BOTH, user=place.composer), ROOT), (signed_in(place.composer), "/consortia/"))
    for client, path in readers:
        client.get(path)
    counted = [_queries(client, path) for client, path in readers]
    begin()
    begin()
    assert [_queries(client, path) for client, path in readers] == counted


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_files_of_a_wrong_kind_or_size_are_refused(
    place: SimpleNamespace,
    board: SimpleNamespace,
    signed_in: Callable[..., Client],
) -> None:
    client, path = signed_in(place.composer), f"{board.consortium.get_absolute_url()}space/"
    for name, content in (("run.exe", b"MZ\x90"), ("letter.pdf", b"MZ\x90 not a letter"), ("empty.pdf", b"")):
        client.post(path, {"file": SimpleUploadedFile(name, content)})
        assert Attachment.objects.of(board.consortium).count() == 0, name
    client.post(path, {"file": SimpleUploadedFile("big.pdf", b"%PDF-1.7" + bytes(25 * 1024 * 1024))})
    assert Attachment.objects.of(board.consortium).count() == 0
    client.post(path, {"file": SimpleUploadedFile("letter.pdf", b"%PDF-1.7 budget")})
    [file] = Attachment.objects.of(board.consortium)
    download = f"{board.consortium.get_absolute_url()}files/{file.key}/"
    for who in (place.competitor, place.partner):
        assert signed_in(who).get(download).status_code == 404
