"""The pages: who may open them, what they show, and what they must not."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core import mail
from django.test import Client

from kontor.base.jobs import run_due_jobs
from kontor.features.matching.introductions import actions
from kontor.features.matching.models import Disclosure, Introduction, Outcome, Refusal
from kontor.features.organisations.tests.factories import ACTOR, membership, organisation

from .conftest import SECRET_NAME, SECRETS

pytestmark = pytest.mark.django_db
Propose = Callable[..., Introduction]
BOARD, MINE = "/matches/introductions/", "/matches/introductions/mine/"


def test_empty_pages_say_what_to_do(place: SimpleNamespace, open_as: Callable[..., str]) -> None:
    assert "No introductions yet" in open_as(place.manager, BOARD)
    assert "No introductions yet" in open_as(place.asker_owner, MINE)
    page = open_as(place.manager, f"{BOARD}answers/")
    assert "Nobody was asked yet" in page
    assert "Nobody has said no yet" in page
    log = open_as(place.asker_owner, f"{BOARD}seen/{place.asker.key}/")
    assert "Nobody was shown anything yet" in log


def test_who_may_open_what(
    place: SimpleNamespace, propose: Propose, signed_in: Callable[..., Client]
) -> None:
    introduction = propose()
    allowed = {
        introduction.get_absolute_url(): {"manager", "other_manager", "asker_owner", "partner_owner",
                                          "administrator", "programme_manager"},
        BOARD: {"manager", "other_manager", "administrator", "programme_manager"},
        f"{BOARD}export/": {"manager", "other_manager", "administrator", "programme_manager"},
        f"{BOARD}answers/": {"manager", "other_manager", "administrator", "programme_manager"},
        f"{BOARD}seen/{place.partner.key}/": {"other_manager", "partner_owner", "administrator"},
    }  # fmt: skip
    everybody = set.union(*allowed.values()) | {"stranger", "hidden_owner"}
    for path, may in allowed.items():
        found = {name for name in everybody if signed_in(getattr(place, name)).get(path).status_code == 200}
        assert found == may, path
        assert Client().get(path).status_code in {302, 403, 404}


def test_every_showing_is_noted_for_the_organisation_and_its_manager(
    place: SimpleNamespace, blind: Introduction, open_as: Callable[..., str]
) -> None:
    for _again in range(2):
        open_as(place.asker_owner, blind.get_absolute_url())
    rows = Disclosure.objects.filter(about=place.hidden, channel="page")
    assert list(rows.values_list("viewer_key", "level")) == [(place.asker_owner.key, "coded")] * 2
    log = open_as(place.hidden_owner, f"{BOARD}seen/{place.hidden.key}/")
    assert "Ans" in log
    assert not Disclosure.objects.filter(about=place.asker, viewer_key=place.asker_owner.key).exists()


def test_lists_note_a_name_once_a_day(
    place: SimpleNamespace, propose: Propose, open_as: Callable[..., str]
) -> None:
    propose()
    for _again in range(3):
        open_as(place.manager, BOARD)
    rows = Disclosure.objects.filter(about=place.partner, viewer_key=place.manager.key, channel="list")
    assert rows.count() == 1


def test_answering_on_the_page(
    place: SimpleNamespace, propose: Propose, signed_in: Callable[..., Client]
) -> None:
    introduction = propose()
    client, path = signed_in(place.partner_owner), introduction.get_absolute_url()
    assert "Say why not" not in client.get(f"{path}?answer=no").content.decode()
    refused = client.post(path, {"answer": "no"})
    assert refused.status_code == 200
    assert "error-summary" in refused.content.decode()
    assert client.post(path, {"answer": "no", "reason": "other"}).status_code == 200
    assert Introduction.objects.get().state == "proposed"
    assert client.post(path, {"answer": "no", "reason": "time", "words": "Spring"}).status_code == 302
    assert Introduction.objects.get().state == "declined"
    assert client.post(f"{path}undo/").status_code == 302
    assert client.post(path, {"answer": "yes"}).status_code == 302
    assert Introduction.objects.get().state == "waiting"


def test_managers_do_not_answer_for_members_nor_readers(
    place: SimpleNamespace,
    propose: Propose,
    signed_in: Callable[..., Client],
    user_with: Callable[..., object],
) -> None:
    introduction = propose()
    reader = user_with("reader", place.partner.key)
    for user in (place.manager, place.other_manager, place.administrator, reader):
        answer = signed_in(user).post(introduction.get_absolute_url(), {"answer": "yes"})
        assert answer.status_code == 403
    assert Introduction.objects.get().state == "proposed"


def test_the_reason_for_a_no_is_not_shown_to_the_other_side(
    place: SimpleNamespace, propose: Propose, say: Propose, open_as: Callable[..., str]
) -> None:
    introduction = propose()
    say(introduction, "partner", "no", reason="competitor", words="They copied us")
    path = introduction.get_absolute_url()
    for shown in (path, MINE):
        page = open_as(place.asker_owner, shown)
        assert "They copied us" not in page
        assert "competitor" not in page
    assert "They copied us" in open_as(place.manager, introduction.get_absolute_url())


def test_withdrawing_is_the_proposers(
    place: SimpleNamespace, propose: Propose, signed_in: Callable[..., Client]
) -> None:
    path = propose().get_absolute_url() + "withdraw/"
    assert signed_in(place.asker_owner).post(path).status_code == 403
    assert signed_in(place.manager).post(path).status_code == 302
    assert Introduction.objects.get().state == "withdrawn"


def link_of(text: str, word: str) -> str:
    line = next(line for line in text.splitlines() if word in line)
    return "/" + line.split("://", 1)[1].split("/", 1)[1].strip()


def test_links_in_mails_answer_with_one_button(place: SimpleNamespace, propose: Propose) -> None:
    propose()
    run_due_jobs()
    text = next(each.body for each in mail.outbox if each.to == [place.partner_owner.email])
    path = link_of(text, "answer=yes")
    client = Client()
    page = client.get(path).content.decode()
    assert Introduction.objects.get().state == "proposed"
    assert "Molenbeek" not in page
    assert client.post(path, {"answer": "yes"}).status_code == 302
    assert Introduction.objects.get().state == "waiting"
    bare = path.split("?")[0]
    assert "Take my answer back" in client.get(bare).content.decode()
    assert client.post(bare, {"undo": "on"}).status_code == 302
    assert Introduction.objects.get().state == "proposed"
    assert Disclosure.objects.filter(channel="link", viewer_key=f"mail:{place.partner.key}").exists()


def test_altered_links_and_links_of_another_kind_do_nothing(place: SimpleNamespace, propose: Propose) -> None:
    propose()
    run_due_jobs()
    path = link_of(mail.outbox[0].body, "answer=yes").split("?")[0]
    assert Client().post(path[:-4] + "abc/", {"answer": "yes"}).status_code == 404
    assert (
        Client()
        .post(path.replace("matching.introduction", "matching.outcome"), {"answer": "yes"})
        .status_code
        == 404
    )
    assert Client().post(path.replace("/link/", "/outcome/"), {"kind": "talk"}).status_code == 404
    assert Introduction.objects.get().state == "proposed"


def test_the_outcome_page_reports_exactly(
    place: SimpleNamespace, propose: Propose, say: Propose, signed_in: Callable[..., Client]
) -> None:
    introduction = propose()
    say(introduction, "asker", "yes")
    say(introduction, "partner", "yes")
    client, path = signed_in(place.asker_owner), f"{introduction.get_absolute_url()}outcome/"
    assert 'value="pilot"' in client.get(f"{path}?kind=pilot").content.decode()
    assert client.post(path, {"kind": "talk", "amount": "5"}).status_code == 200
    wrong = client.post(path, {"kind": "contract", "amount": "-5"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["amount"])
    told = {"kind": "contract", "amount": "118.500,10", "note": "First order"}
    assert client.post(path, told).status_code == 302
    assert str(Outcome.objects.get().amount) == "118500.10"
    page = signed_in(place.partner_owner).get(introduction.get_absolute_url()).content.decode()
    assert "118.500,10\xa0EUR" in page
    assert "First order" in page


def card(key: str, **ask: str) -> str:
    return urlencode({"with": key, "q": "warmtewisselaar voor biogas", **ask})


def test_introduce_from_a_card(
    place: SimpleNamespace, signed_in: Callable[..., Client], open_as: Callable[..., str]
) -> None:
    path = f"{BOARD}new/?{card(place.teaser.key)}"
    page = open_as(place.asker_owner, path)
    assert "This partner is anonymous" in page
    for secret in (*SECRETS, place.hidden.key):
        assert secret not in page
    answer = signed_in(place.asker_owner).post(path, {"asker": place.asker.key, "note": "Heat"})
    introduction = Introduction.objects.get()
    assert answer["Location"] == introduction.get_absolute_url()
    assert introduction.parts["fit"] > 0
    assert introduction.score is not None
    assert [side.named_at_start for side in introduction.sides.all()] == [False, False]


def test_nobody_introduces_for_others(place: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    path = f"{BOARD}new/?{card(place.partner.key, organisation=place.asker.key)}"
    answer = signed_in(place.stranger).post(path, {"asker": place.asker.key})
    assert answer.status_code == 403
    assert not Introduction.objects.exists()
    assert Client().post(path, {"asker": place.asker.key}).status_code == 302
    assert not Introduction.objects.exists()


def test_not_this_one_leaves_the_answers(
    place: SimpleNamespace, signed_in: Callable[..., Client], open_as: Callable[..., str]
) -> None:
    client = signed_in(place.asker_owner)
    search = f"/matches/?organisation={place.asker.key}&q=W%C3%A4rmetauscher"
    answer = client.post(
        f"{BOARD}not-this-one/?{card(place.partner.key)}", {"asker": place.asker.key, "reason": "size"}
    )
    assert answer.status_code == 302
    assert "Rauchkamm" not in client.get(search).content.decode()
    page = open_as(place.asker_owner, MINE)
    assert "Rauchkamm" in page
    assert (
        signed_in(place.stranger).post(f"{BOARD}refusals/{Refusal.objects.get().pk}/lift/").status_code == 403
    )
    assert client.post(f"{BOARD}refusals/{Refusal.objects.get().pk}/lift/").status_code == 302
    assert "You said no to" not in open_as(place.asker_owner, MINE)


def many(place: SimpleNamespace, propose: Propose, count: int) -> None:
    """`count` introductions in all, agreed, with a report each."""
    while (number := Introduction.objects.count()) < count:
        other = organisation(f"Partner {number} GmbH", "DE")
        from kontor.features.organisations.actions import add_contact

        add_contact(
            organisation=other, name="C", email=f"c{number}@example.org", consent_source="x", actor=ACTOR
        )
        membership(place.energy, other)
        introduction = propose(partner=other)
        for role in ("asker", "partner"):
            who = getattr(introduction, role)
            actions.answer_introduction(introduction=introduction, organisation=who, reply="yes", actor=ACTOR)
        actions.report_outcome(introduction=introduction, organisation=other, kind="talk", actor=ACTOR)


@pytest.mark.parametrize(
    ("path", "user", "queries"),
    [(BOARD, "manager", 10), (f"{BOARD}?view=list", "manager", 10), (MINE, "asker_owner", 9),
     (f"{BOARD}answers/", "manager", 7), (f"{BOARD}export/", "manager", 9)],
)  # fmt: skip
def test_lists_have_a_fixed_number_of_queries(
    place: SimpleNamespace,
    propose: Propose,
    signed_in: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
    path: str,
    user: str,
    queries: int,
) -> None:
    client = signed_in(getattr(place, user))
    client.get(path)
    for count in (1, 3):
        many(place, propose, count)
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [("country=DE", True), ("country=PT", False), ("theme=cleantech", False), ("since=2020-01-01", True),
     ("since=2999-01-01", False), ("member={asker}", True), ("cluster={energy}", True)],
)  # fmt: skip
def test_filters(
    place: SimpleNamespace, propose: Propose, open_as: Callable[..., str], query: str, found: bool
) -> None:
    propose()
    wanted = query.format(asker=place.asker.key, energy=place.energy.key)
    page = open_as(place.manager, f"{BOARD}?{wanted}")
    assert ("Molenbeek" in page.split("</form>")[-1]) is found


def test_a_theme_is_searched_on_ones_own_side_only(
    place: SimpleNamespace, propose: Propose, open_as: Callable[..., str]
) -> None:
    """Else a manager would learn, theme by theme, the codes of an unnamed partner."""
    propose()
    assert "Nothing found" in open_as(place.manager, f"{BOARD}?theme=cleantech")
    assert "Nothing found" not in open_as(place.other_manager, f"{BOARD}?theme=cleantech")


def test_the_file_holds_what_the_board_shows(
    place: SimpleNamespace, blind: Introduction, propose: Propose, signed_in: Callable[..., Client]
) -> None:
    propose()
    client = signed_in(place.manager)
    text = client.get(f"{BOARD}export/").content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 3
    assert "Rauchkamm" in text
    assert SECRET_NAME not in text
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{BOARD}export/?format=xlsx").content))
    rows = list(book.active.values)
    assert len(rows) == 3
    assert "Molenbeek Warmte BV" in rows[1]


def test_lessons_name_the_part_that_misled(
    place: SimpleNamespace, open_as: Callable[..., str], signed_in: Callable[..., Client]
) -> None:
    actions.refuse_match(
        by=place.asker, other=place.partner, reason="need", actor=ACTOR, parts={"fit": 0.9, "border": 0.1}
    )
    page = open_as(place.manager, f"{BOARD}answers/")
    assert "high in 1 of 1" in page
    assert "high in 0 of 1" in page
    assert "short texts are misread" in page
    unrelated = signed_in(place.stranger).get(f"{BOARD}answers/")
    assert unrelated.status_code == 403


def test_the_organisations_page_tells_its_people(
    place: SimpleNamespace, propose: Propose, open_as: Callable[..., str]
) -> None:
    propose()
    path = f"/directory/{place.partner.key}/"
    assert "Wem was gezeigt wurde" in open_as(place.partner_owner, path)
    assert "Who was shown what" not in open_as(place.stranger, path)
