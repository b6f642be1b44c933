"""The matchmaker's pages as a browser without scripts sees them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.test import Client

from kontor.features.matching.ask import Ask
from kontor.features.matching.models import SavedSearch
from kontor.features.matching.products import targets
from kontor.features.programmes.models import Programme

from .conftest import SECRET

pytestmark = pytest.mark.django_db
QUESTION = {"q": "warmtewisselaar voor biogas", "origin": "NL", "across": "on"}
ADDRESS = f"/matches/?{urlencode(QUESTION)}"


def test_nothing_asked_says_what_to_do(client: Client) -> None:
    page = client.get("/matches/").content.decode()
    assert "Nothing asked yet" in page


def test_the_answer_names_partners_with_reasons_and_hides_what_is_hidden(
    client: Client, directory: SimpleNamespace
) -> None:
    page = client.get(ADDRESS).content.decode()
    assert "Rauchkamm Thermik GmbH" in page
    assert page.count('class="doubt"') == page.count("<article")
    for secret in (SECRET, "Skjult Varme", directory.hidden.key, "Scambiatori", "Polderwarmte"):
        assert secret not in page


def test_a_posted_question_becomes_an_address(client: Client, directory: SimpleNamespace) -> None:
    answer = client.post("/matches/", QUESTION)
    assert answer.status_code == 303
    assert answer["Location"] == ADDRESS.replace(
        "q=warmtewisselaar+voor+biogas&origin=NL&across=on",
        "origin=NL&across=on&q=warmtewisselaar+voor+biogas",
    )


def test_a_text_too_long_for_an_address_is_answered_at_once(
    client: Client, directory: SimpleNamespace
) -> None:
    answer = client.post("/matches/", {"q": "warmtewisselaar voor biogas. " * 400})
    assert answer.status_code == 200
    assert "Rauchkamm" in answer.content.decode()


def test_a_text_beyond_the_limit_is_refused_in_words(client: Client, directory: SimpleNamespace) -> None:
    answer = client.post("/matches/", {"q": "x" * 200_001})
    assert answer.status_code == 200
    assert "Paste the part that matters" in answer.content.decode()


def test_htmx_gets_the_results_alone_and_the_address(client: Client, directory: SimpleNamespace) -> None:
    answer = client.post("/matches/", QUESTION, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "Rauchkamm" in page
    assert answer["HX-Replace-Url"].startswith("/matches/?")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("area", "XX99", "no NUTS region"),
        ("code", "nace:99999", "in no list"),
        ("trl_max", "2", "below readiness from"),
        ("origin", "Atlantis", "Select a valid choice"),
    ],
)
def test_bad_conditions_are_said(client: Client, field: str, value: str, said: str) -> None:
    page = client.get("/matches/", {"q": "heat", "trl_min": "5", field: value}).content.decode()
    assert said in page


def test_chips_lead_to_the_question_without_their_condition(
    client: Client, directory: SimpleNamespace
) -> None:
    page = client.get(f"{ADDRESS}&sme=on").content.decode()
    assert "small or medium-sized" in page
    without = client.get(ADDRESS).content.decode()
    assert 'class="chip' in page
    assert page.count('class="chip') == without.count('class="chip') + 1


def test_two_partners_stand_side_by_side(client: Client, directory: SimpleNamespace) -> None:
    query = urlencode([*QUESTION.items(), ("with", directory.german.key), ("with", directory.french.key)])
    page = client.get(f"/matches/compare/?{query}").content.decode()
    assert "Rauchkamm Thermik GmbH" in page
    assert "Échangeurs Valmont SARL" in page
    assert "What speaks against it" in page


def test_one_partner_alone_is_not_compared(client: Client, directory: SimpleNamespace) -> None:
    answer = client.get(f"/matches/compare/?{urlencode(QUESTION)}&with={directory.german.key}")
    assert answer.status_code == 302
    assert "with=" not in answer["Location"]


def test_target_products_ask_with_their_competences(
    client: Client, directory: SimpleNamespace, cleantech: Programme
) -> None:
    assert len(targets()) >= 10
    page = client.get("/matches/products/").content.decode()
    for key, target in targets().items():
        assert target.name in page.replace("&#x27;", "'").replace("&amp;", "&")
        assert f"product={key.replace('/', '/')}" in page or key in page
    answer = client.get("/matches/", {"product": next(iter(targets()))})
    assert "It needs:" in answer.content.decode()


def test_an_unknown_product_is_said(client: Client) -> None:
    answer = client.get("/matches/", {"product": "no/such"})
    assert answer.status_code == 404
    assert "No programme has this target product" in answer.content.decode()


def test_saving_sharing_deleting_and_taking_back(
    directory: SimpleNamespace, user_with: Callable[..., object], signed_in: Callable[..., Client]
) -> None:
    owner, other, stranger = signed_in(user_with()), signed_in(user_with()), Client()
    query = Ask(text="warmtewisselaar voor biogas", origin="NL", across=True).query_string()
    address = owner.post("/matches/save/", {"query": query, "name": "Biogas"})["Location"]
    assert "Rauchkamm" in owner.get(address).content.decode()
    assert [c.get(address).status_code for c in (other, stranger)] == [404, 404]

    owner.post(f"{address}change/", {"verb": "share"})
    assert "Rauchkamm" in stranger.get(address).content.decode()
    assert other.post(f"{address}change/", {"verb": "delete"}).status_code == 404

    owner.post(f"{address}change/", {"verb": "delete"})
    assert stranger.get(address).status_code == 404
    assert SavedSearch.objects.count() == 1
    owner.post(f"{address}change/", {"verb": "restore"})
    assert "Biogas" in owner.get("/matches/saved/").content.decode()


def test_a_shared_search_shows_each_reader_what_they_may_see(
    directory: SimpleNamespace, user_with: Callable[..., object], signed_in: Callable[..., Client]
) -> None:
    member = signed_in(user_with("owner", directory.asker.key))
    query = Ask(text="scambiatori di calore per biogas").query_string()
    address = member.post("/matches/save/", {"query": query, "name": "Scambiatori"})["Location"]
    member.post(f"{address}change/", {"verb": "share"})
    assert "Scambiatori Lecco SRL" in member.get(address).content.decode()
    assert "Scambiatori Lecco SRL" not in Client().get(address).content.decode()


def test_the_list_of_saved_searches_has_a_fixed_number_of_queries(
    user_with: Callable[..., object],
    signed_in: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
) -> None:
    user = user_with()
    client = signed_in(user)
    for count in (1, 3):
        while SavedSearch.objects.count() < count:
            client.post("/matches/save/", {"query": "q=heat", "name": "Heat"})
        with django_assert_num_queries(4):
            client.get("/matches/saved/")
