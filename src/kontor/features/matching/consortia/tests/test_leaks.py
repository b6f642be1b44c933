"""Who must not see a consortium, on every page and in every list, with data that could leak."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.base.actor import Actor
from kontor.base.models import Attachment
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.tests.conftest import IDEA
from kontor.features.matching.models import Seat

pytestmark = pytest.mark.django_db

COMMENT = "We offer 40,000 for the circuit"
FILE = "letter-of-intent.pdf"


@pytest.fixture
def full(place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]) -> SimpleNamespace:
    """A partner accepted, an institute is invited, the rival declined; a comment and a file lie there."""
    by = Actor.of_user(place.composer)
    accepted = seated(place.pump, "accepted")
    declined = seated(place.rival, "declined")
    actions.add_comment(consortium=board.consortium, text=COMMENT, actor=by, organisation=place.lead)
    upload = SimpleUploadedFile(FILE, b"%PDF-1.7 secret budget")
    file = actions.attach_file(consortium=board.consortium, upload=upload, actor=by)
    return SimpleNamespace(
        consortium=board.consortium, variant=board.variant, accepted=accepted, declined=declined, file=file
    )


def addresses(full: SimpleNamespace) -> list[str]:
    root = full.consortium.get_absolute_url()
    parts = ("", "board/", "gaps/", "compare/", "details/", "history/", "space/", "compose/", "decide/")
    beside = (f"seats/{full.accepted.key}/", f"variants/{full.variant.key}/", f"files/{full.file.key}/")
    return [f"{root}{part}" for part in (*parts, *beside)]


@pytest.mark.parametrize("who", ["competitor", "other_manager", "programme_manager"])
def test_strangers_find_nothing(
    full: SimpleNamespace, place: SimpleNamespace, signed_in: Callable[..., Client], who: str
) -> None:
    if who == "other_manager":
        # its member takes part: the manager reads as its people do, unless the member left
        actions.withdraw_invitation(seat=full.accepted, actor=Actor.of_user(place.composer))
    client = signed_in(getattr(place, who))
    for path in addresses(full):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert IDEA not in answer.content.decode()
    listed = client.get("/consortia/").content.decode()
    assert "A heat pump nobody hears" not in listed
    assert COMMENT not in listed


def test_anonymous_visitors_sign_in_first(full: SimpleNamespace, client: Client) -> None:
    for path in addresses(full):
        answer = client.get(path)
        assert answer.status_code in {302, 404}, path
        assert IDEA not in answer.content.decode()


def test_strangers_change_nothing(
    full: SimpleNamespace, place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    root = full.consortium.get_absolute_url()
    for who in (place.competitor, place.partner, place.reader):
        client = signed_in(who)
        answer = client.post(f"{root}do/remove/", {"seat": full.accepted.key})
        assert answer.status_code in {403, 404}
        assert client.post(f"{root}do/submit/").status_code in {403, 404}
    assert Seat.objects.filter(pk=full.accepted.pk).exists()


def test_a_partner_reads_its_variant_and_the_space_and_no_candidates(
    full: SimpleNamespace, place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    other = actions.add_variant(
        consortium=full.consortium, name="Without Propanwerk", actor=Actor.of_user(place.composer)
    )
    actions.add_seat(variant=other, organisation=place.rival, actor=Actor.of_user(place.composer))
    actions.add_seat(variant=full.variant, organisation=place.institute, actor=Actor.of_user(place.composer))
    client = signed_in(place.partner)
    root = full.consortium.get_absolute_url()
    pages = [client.get(f"{root}{part}").content.decode() for part in ("", "compare/", "history/", "space/")]
    assert IDEA in pages[0]
    assert COMMENT in pages[3]
    for page in pages:
        assert "Without Propanwerk" not in page
        assert "Instituut Wand" not in page, "only proposed: it does not know itself"
        assert "Lautlos" not in page, "declined"
    served = client.get(f"{root}files/{full.file.key}/")
    assert b"".join(served.streaming_content) == b"%PDF-1.7 secret budget"  # type: ignore[attr-defined]
    served.close()
    assert served["Content-Disposition"] == f'attachment; filename="{FILE}"'
    assert served["X-Content-Type-Options"] == "nosniff"


def test_rights_follow_the_organisation(
    full: SimpleNamespace, place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    root = full.consortium.get_absolute_url()
    assert signed_in(place.other_manager).get(root).status_code == 200, "its member takes part"
    actions.withdraw_invitation(seat=full.accepted, actor=Actor.of_user(place.composer))
    for who in (place.partner, place.other_manager):
        assert signed_in(who).get(root).status_code == 404
        assert signed_in(who).get(f"{root}files/{full.file.key}/").status_code == 404


def test_the_invited_read_the_invitation_only(
    full: SimpleNamespace,
    place: SimpleNamespace,
    seated: Callable[..., Seat],
    signed_in: Callable[..., Client],
) -> None:
    actions.take_answer_back(seat=full.declined, actor=Actor.of_user(place.competitor))
    client = signed_in(place.competitor)
    page = client.get(f"/consortia/invitations/{full.declined.key}/").content.decode()
    assert IDEA in page
    assert "Propanwerk" not in page
    assert COMMENT not in page
    assert client.get(full.consortium.get_absolute_url()).status_code == 404
    assert client.get(f"/consortia/invitations/{full.accepted.key}/").status_code == 403


def test_a_removed_file_is_gone_and_comes_back(
    full: SimpleNamespace, place: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(place.composer)
    path = f"{full.consortium.get_absolute_url()}files/{full.file.key}/"
    client.post(f"{path}change/")
    assert client.get(path).status_code == 404
    client.post(f"{path}change/", {"restore": "on"})
    assert client.get(path).status_code == 200
    assert Attachment.objects.of(full.consortium).get().name == FILE
