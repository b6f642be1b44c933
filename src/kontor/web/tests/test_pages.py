"""The pages that belong to no feature: start, language, theme, errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.templatetags.static import static
from django.test import Client

from kontor.base import panels
from kontor.base.panels import Figure, Line, Panel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    monkeypatch.setattr(panels, "_figures", {})


def test_visitors_see_figures_and_no_tasks(client: Client) -> None:
    panels.register_panel("secret", lambda user: Panel("Secret panel"))
    panels.register_figure("offers", lambda: Figure("offers", 1234, "/directory/"))
    page = client.get("/").content.decode()
    assert "1,234" in page
    assert "Secret panel" not in page


def test_people_see_their_panels_in_order(
    signed_in: Callable[..., Client], user_with: Callable[..., Any]
) -> None:
    panels.register_panel("later", lambda user: Panel("Later", (Line("Row 7", "/x/", "refused"),)), order=20)
    panels.register_panel("first", lambda user: Panel("First", count=10_000, href="/y/"), order=10)
    panels.register_panel("none", lambda user: None)
    page = signed_in(user_with(name="Anke Brandt")).get("/").content.decode()
    assert page.index("First") < page.index("Later")
    assert "10,000" in page
    assert "Anke Brandt" in page


def test_an_empty_start_page_says_what_will_be_here(
    signed_in: Callable[..., Client], user_with: Callable[..., Any]
) -> None:
    assert "Nothing waits for you" in signed_in(user_with()).get("/").content.decode()


def test_theme_is_in_the_first_answer(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": "/design/"})
    assert (answer.status_code, answer["Location"]) == (302, "/design/")
    assert '<html lang="en" data-theme="dark">' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_theme_never_leads_elsewhere(client: Client, target: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_an_unknown_theme_changes_nothing(client: Client) -> None:
    assert client.post("/theme/", {"theme": '"><script>'}).cookies == {}
    client.cookies["kontor_theme"] = '"><script>'
    assert "data-theme" not in client.get("/").content.decode()


def test_choices_follow_the_person(signed_in: Callable[..., Client], user_with: Callable[..., Any]) -> None:
    user = user_with()
    browser = signed_in(user)
    browser.post("/theme/", {"theme": "dark"})
    browser.post("/language/", {"language": "de"})
    browser.post("/language/", {"language": "klingon"})
    user.refresh_from_db()
    assert (user.theme, user.language) == ("dark", "de")
    assert 'data-theme="dark"' in signed_in(user).get("/").content.decode()


def test_no_page_holds_inline_style_or_script(client: Client) -> None:
    for path in ("/", "/design/", "/no-such-page/"):
        page = client.get(path).content.decode()
        assert "<style" not in page
        assert ' style="' not in page
        assert "<script>" not in page
        assert " onclick" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/directory/?tag=a%00b",
        "/directory/?cluster=%00",
        "/directory/?q=%00",
        "/directory/views/%00/",
        "/matches/?statement=%00",
        "/matches/saved/%00/",
        "/link/%00/x/",
        "/invitation/%00/",
        "/sign-in/?next=%00",
    ],
)
def test_what_no_database_stores_is_refused_before_it_gets_there(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, "NUL" in answer.content.decode()) == (400, True)


def test_a_form_with_a_nul_character_is_refused(
    signed_in: Callable[..., Client], user_with: Callable[..., Any]
) -> None:
    answer = signed_in(user_with()).post("/directory/views/", {"name": "a\x00b", "query": "q=wind"})
    assert (answer.status_code, "NUL" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("http://testserver/directory/new/?check", "/directory/new/?check"),
        ("http://testserver//elsewhere.example/", "/elsewhere.example/"),
        ("https://elsewhere.example/directory/", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_it(
    client: Client, referer: str, leads_to: str
) -> None:
    answer = client.post("/directory/new/", {"name": "Lost"}, headers={"Referer": referer})
    address, _mark, query = answer["Location"].partition("?")
    assert (address, parse_qs(query)["next"]) == ("/sign-in/", [leads_to])
    page = client.get(answer["Location"]).content.decode()
    assert "Nothing was saved, because you are not signed in or your session has ended." in page
    assert "Nothing was saved" not in client.get("/sign-in/").content.decode()


def test_a_page_asked_for_by_a_visitor_loses_nothing(client: Client) -> None:
    answer = client.get("/directory/new/")
    assert "Nothing was saved" not in client.get(answer["Location"]).content.decode()


def test_the_icon_that_browsers_ask_for_is_the_mark(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, static("kontor/mark.svg"))


def test_a_missing_page_says_what_to_do(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Go to the start page" in answer.content.decode()
    assert "<h1>" in answer.content.decode()
