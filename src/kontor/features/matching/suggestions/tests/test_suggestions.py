"""Suggestions on the site: the nightly run, who reads what, and what must not leak."""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.jobs import run_due_jobs
from kontor.base.jobs.lost import take_over_lost_jobs
from kontor.base.models import Job, JobState
from kontor.base.panels import panels_for
from kontor.engine.matching.suggest import SuggestParams, run
from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import cards_of
from kontor.features.matching.models import Refusal, Suggestion
from kontor.features.matching.queries import find_partners
from kontor.features.matching.suggestions import actions as suggestion_actions
from kontor.features.matching.suggestions import tasks as suggestion_tasks
from kontor.features.matching.suggestions.actions import SUGGEST, run_suggestions
from kontor.features.matching.suggestions.panel import suggested
from kontor.features.matching.suggestions.queries import cards_for
from kontor.features.matching.suggestions.tasks import plan_suggestions
from kontor.features.matching.tests.conftest import SECRET
from kontor.features.matching.tests.conftest import directory as directory  # the fixture
from kontor.features.matching.weights.tests.test_two_rows import two_rows
from kontor.features.organisations import actions as directory_actions
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import (
    cluster,
    membership,
    organisation,
    project,
    statement,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/matches/suggestions/"
UserWith = Callable[..., Any]
SignedIn = Callable[[Any], Client]


def _suggest() -> None:
    run_suggestions(actor=Actor.system("test"))
    run_due_jobs()


def _partners(of: Organisation) -> list[str]:
    return list(Suggestion.objects.filter(organisation=of).values_list("partner__name", flat=True))


def _row(of: Organisation, partner: Organisation, rank: int) -> Suggestion:
    return Suggestion.objects.create(
        organisation=of,
        partner=partner,
        rank=rank,
        score=0.9,
        direction="need",
        reasons=["need"],
        made_at=timezone.now(),
    )


def test_a_run_suggests_across_the_border_and_never_by_a_teaser(directory: SimpleNamespace) -> None:
    _suggest()
    names = _partners(directory.asker)
    assert names[0] in {"Rauchkamm Thermik GmbH", "Échangeurs Valmont SARL", "Scambiatori Lecco SRL"}
    assert "Polderwarmte BV" not in names
    assert "Skjult Varme ApS" not in names
    assert "Molenbeek Warmte BV" in _partners(directory.german)


def test_the_next_run_replaces_the_last(directory: SimpleNamespace) -> None:
    _suggest()
    before = {row.pk for row in Suggestion.objects.all()}
    _suggest()
    after = {row.pk for row in Suggestion.objects.all()}
    assert len(after) == len(before)
    assert not before & after


@pytest.mark.parametrize("rows", [False, True])
def test_the_night_counts_as_the_page_of_matches(
    directory: SimpleNamespace, user_with: UserWith, rows: bool
) -> None:
    """By both rows of learned weights and with earlier projects: the run, its page and the question agree."""
    project("Bread and heat", directory.german, directory.baker, year=2022)
    project("Green gas", directory.asker, directory.baker, year=2021)
    if rows:
        two_rows()
    _suggest()
    owner = user_with("owner", directory.asker.key)
    asked = find_partners(Ask(organisation=directory.asker.key, across=True, read_codes=False), owner)
    shown = {partner.key: partner.match.score for partner in asked.partners}
    told = Suggestion.objects.filter(organisation=directory.asker).select_related("partner")
    assert len(told) == 3
    assert {row.partner.key: row.score for row in told} == {
        row.partner.key: shown[row.partner.key] for row in told
    }
    cards = {card.key: card for card in cards_for(directory.asker, list(told), owner)}
    assert {key: card.points for key, card in cards.items()} == {
        card.key: card.points for card in cards_of(asked) if card.key in cards
    }
    assert "past" in [part.name for part in cards[directory.german.key].parts]


class Killed(BaseException):
    """What ends a process in the middle of a job, whatever it was doing."""


def _told() -> list[tuple[Any, ...]]:
    rows = Suggestion.objects.order_by("organisation__key", "rank")
    return list(rows.values_list("organisation__key", "partner__key", "rank", "score", "reasons"))


@pytest.mark.parametrize("killed_in", ["compare", "write"])
def test_a_run_that_was_killed_goes_on_and_gives_the_same(
    directory: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    """Blocks of one organisation each; killed in the fourth, or after the first batch was written."""
    _suggest()
    expected = _told()
    Suggestion.objects.all().delete()
    compared: list[int] = []
    block_of, replace = run.block_of, suggestion_actions.replace_suggestions

    def counted(*args: Any, **values: Any) -> Any:
        if killed_in == "compare" and len(compared) == 3:
            raise Killed
        compared.append(1)
        return block_of(*args, **values)

    def dying(*args: Any, **values: Any) -> int:
        replace(*args, **values)
        raise Killed

    small = functools.partial(SuggestParams, block=1)
    monkeypatch.setattr(suggestion_tasks, "SuggestParams", small)
    monkeypatch.setattr(run, "block_of", counted)
    monkeypatch.setattr(suggestion_actions, "BATCH", 2)
    if killed_in == "write":
        monkeypatch.setattr(suggestion_actions, "replace_suggestions", dying)
    job = run_suggestions(actor=Actor.system("test"))
    with pytest.raises(Killed):
        run_due_jobs()
    job.refresh_from_db()
    folder = Path(settings.JOBS_ROOT) / str(job.checkpoint["folder"])
    assert (job.state, len(list(folder.glob("block-*.npy")))) == (JobState.RUNNING, len(compared))

    killed_in = "never"
    monkeypatch.setattr(suggestion_actions, "replace_suggestions", replace)
    Job.objects.filter(pk=job.pk).update(worker=f"{socket.gethostname()[:60]}/1/long-ago")
    assert take_over_lost_jobs() == 1
    run_due_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert _told() == expected
    findable = Organisation.objects.filter(listing__in=["listed", "members"]).count()
    assert len(compared) == findable, "what was compared before the kill was compared again"
    assert not folder.exists()


def test_a_member_reads_its_list_with_reasons(
    directory: SimpleNamespace, user_with: UserWith, signed_in: SignedIn
) -> None:
    _suggest()
    page = signed_in(user_with("owner", directory.asker.key)).get(ADDRESS).content.decode()
    assert "Rauchkamm Thermik GmbH" in page
    assert page.count('class="doubt"') == page.count("<article") > 0
    for secret in (SECRET, "Skjult Varme", directory.hidden.key, "Polderwarmte"):
        assert secret not in page


def test_who_withdrew_vanishes_at_once(
    directory: SimpleNamespace, user_with: UserWith, signed_in: SignedIn
) -> None:
    _suggest()
    # behind the back of the event, as between a change and the transaction that tells of it
    Organisation.objects.filter(pk=directory.german.pk).update(listing="withdrawn")
    client = signed_in(user_with("owner", directory.asker.key))
    assert "Rauchkamm" not in client.get(ADDRESS).content.decode()
    told = client.get("/api/v1/matches/suggestions/", {"organisation": directory.asker.key})
    assert told.status_code == 200
    assert "Rauchkamm" not in told.content.decode()
    assert "Rauchkamm" not in client.get("/").content.decode()


def test_leaving_the_directory_takes_the_rows_along(directory: SimpleNamespace) -> None:
    _suggest()
    directory_actions.withdraw_consent(organisation=directory.german, actor=Actor.system("test"))
    assert not Suggestion.objects.filter(partner=directory.german).exists()
    assert not Suggestion.objects.filter(organisation=directory.german).exists()


def test_a_pair_that_said_no_is_neither_shown_nor_suggested_again(
    directory: SimpleNamespace, user_with: UserWith, signed_in: SignedIn
) -> None:
    _suggest()
    Refusal.objects.create(
        by=directory.german, other=directory.asker, reason="competitor", at=timezone.now(), actor_label="t"
    )
    client = signed_in(user_with("owner", directory.asker.key))
    assert "Rauchkamm" not in client.get(ADDRESS).content.decode()
    _suggest()
    assert "Rauchkamm Thermik GmbH" not in _partners(directory.asker)
    assert "Molenbeek Warmte BV" not in _partners(directory.german)


def test_strangers_and_other_members_read_nobodys_list(
    directory: SimpleNamespace, user_with: UserWith, signed_in: SignedIn, client: Client
) -> None:
    _suggest()
    address = f"{ADDRESS}?organisation={directory.asker.key}"
    assert client.get(address).status_code == 302
    other = signed_in(user_with("owner", directory.baker.key)).get(address)
    assert other.status_code == 404
    assert "Rauchkamm" not in other.content.decode()
    api = signed_in(user_with("owner", directory.baker.key)).get(
        "/api/v1/matches/suggestions/", {"organisation": directory.asker.key}
    )
    assert api.status_code == 404


def test_a_manager_sees_members_counts_and_runs(
    directory: SimpleNamespace, user_with: UserWith, signed_in: SignedIn
) -> None:
    home = cluster()
    membership(home, directory.asker)
    client = signed_in(user_with("cluster_manager", home.key))
    page = client.get(ADDRESS).content.decode()
    assert "Molenbeek Warmte BV" in page
    assert "Nothing has been computed yet." in page
    assert "Polderwarmte" not in page
    assert client.post(f"{ADDRESS}run/").status_code == 302
    run_due_jobs()
    assert Suggestion.objects.filter(organisation=directory.asker).exists()
    page = client.get(ADDRESS).content.decode()
    assert "Last computed on" in page
    member = client.get(f"{ADDRESS}?organisation={directory.asker.key}")
    assert "Rauchkamm" in member.content.decode()


def test_members_cannot_start_a_run(
    directory: SimpleNamespace, user_with: UserWith, signed_in: SignedIn
) -> None:
    assert signed_in(user_with("owner", directory.asker.key)).post(f"{ADDRESS}run/").status_code == 403
    assert not Job.objects.filter(kind=SUGGEST).exists()


def test_nothing_suggested_says_what_to_do(user_with: UserWith, signed_in: SignedIn) -> None:
    bare = organisation("Leer BV", "NL")
    page = signed_in(user_with("owner", bare.key)).get(ADDRESS).content.decode()
    assert "No suggestions yet" in page
    nobody = signed_in(user_with()).get(ADDRESS).content.decode()
    assert "No organisation of yours" in nobody


def test_the_night_is_planned_once() -> None:
    plan_suggestions()
    plan_suggestions()
    job = Job.objects.get(kind=SUGGEST)
    assert job.state == JobState.WAITING
    assert job.run_after is not None


def test_the_start_page_names_the_first(directory: SimpleNamespace, user_with: UserWith) -> None:
    _suggest()
    panel = suggested(user_with("owner", directory.asker.key))
    assert panel is not None
    assert panel in panels_for(user_with("owner", directory.asker.key))
    assert panel.count == len(_partners(directory.asker))
    assert suggested(user_with()) is None


def test_the_api_pages_through_the_list(
    directory: SimpleNamespace, user_with: UserWith, api_client: Callable[..., Any]
) -> None:
    _suggest()
    client = api_client("matching:read", user=user_with("owner", directory.asker.key))
    found = client.get(
        "/api/v1/matches/suggestions/", {"organisation": directory.asker.key, "page_size": 1}
    ).json()
    assert (found["count"], len(found["items"])) == (len(_partners(directory.asker)), 1)
    assert found["items"][0]["rank"] == 1
    assert found["items"][0]["reasons"][0] == "need"


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_overview_take_a_fixed_number_of_queries(
    rows: int, user_with: UserWith, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    home, asker = cluster(), organisation("Vrager BV", "NL")
    membership(home, asker)
    statement(asker, "We need heat exchangers for biogas.", kind="need")
    for number in range(rows):
        partner = organisation(f"Partner {number}", "DE")
        statement(partner, f"We build heat exchangers for biogas, series {number}.")
        _row(asker, partner, number + 1)
        membership(home, partner)
    client = signed_in(user_with("cluster_manager", home.key))
    for address, queries in ((f"{ADDRESS}?organisation={asker.key}", LIST_QUERIES), (ADDRESS, TABLE_QUERIES)):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


LIST_QUERIES = 14
TABLE_QUERIES = 8
