"""Two people write in one application at once, the network goes and comes back, and nobody's text is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kontor.base.actor import Actor
from kontor.features.calls import actions
from kontor.features.calls.actions import Written
from kontor.features.calls.models import Application
from kontor.features.calls.tests.conftest import draft, round_

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["draft", "round_"]
FIRST = "It smells milk. It costs little."


@pytest.fixture
def opened(
    browser: Browser, live_server: Any, signed_in: Callable[[Any], Client]
) -> Iterator[Callable[..., Page]]:
    """`opened(user, path)`: a page in a browser of its own, with that person signed in."""
    contexts: list[BrowserContext] = []

    def make(user: Any, path: str) -> Page:
        context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
        cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield make
    for context in contexts:
        context.close()


def stored(application: Application, field: str) -> Any:
    """What the server has; None also while it writes: the tests' database in memory lets nobody read then."""
    try:
        found = application.answers.filter(field=field).first()
    except OperationalError:
        return None
    return found.value if found else None


def until(application: Application, field: str, value: str) -> None:
    """Wait until the text has reached the server."""
    for _each in range(200):
        if stored(application, field) == value:
            return
        time.sleep(0.1)
    raise AssertionError(f"{stored(application, field)!r} is not {value!r}")


def test_two_browsers_lose_no_text(
    round_: SimpleNamespace, draft: Application, opened: Callable[..., Page]
) -> None:
    actions.save_answers(
        application=draft, written={"innovation": Written(FIRST)}, actor=Actor.of_user(round_.owner)
    )
    path = f"/calls/applications/{draft.key}/write/idea/"
    mine, theirs = opened(round_.owner, path), opened(round_.colleague, path)
    # another field appears by itself
    theirs.locator("#f-title").fill("A nose for milk, made by both")
    expect(theirs.locator("#saved")).to_contain_text("Saved at", timeout=20_000)
    expect(mine.locator("#f-title")).to_have_value("A nose for milk, made by both", timeout=20_000)
    # different sentences of one text are joined
    mine.context.set_offline(True)
    mine.locator("#f-innovation").fill("It smells milk. It costs nothing.")
    expect(mine.locator("#saved")).to_contain_text("No connection", timeout=20_000)
    theirs.locator("#f-innovation").fill("It smells sour milk. It costs little.")
    until(draft, "innovation", "It smells sour milk. It costs little.")
    mine.context.set_offline(False)
    expect(mine.locator("#f-innovation")).to_have_value(
        "It smells sour milk. It costs nothing.", timeout=20_000
    )
    assert stored(draft, "innovation") == "It smells sour milk. It costs nothing."
    # the same sentence: both are shown, one is chosen, the other stays on record
    expect(theirs.locator("#f-innovation")).to_have_value(
        "It smells sour milk. It costs nothing.", timeout=20_000
    )
    mine.context.set_offline(True)
    mine.locator("#f-innovation").fill("It tastes sour milk. It costs nothing.")
    expect(mine.locator("#saved")).to_contain_text("No connection", timeout=20_000)
    theirs.locator("#f-innovation").fill("It hears sour milk. It costs nothing.")
    until(draft, "innovation", "It hears sour milk. It costs nothing.")
    mine.context.set_offline(False)
    choice = mine.locator(".apply-choice")
    expect(choice).to_contain_text("It hears sour milk.", timeout=20_000)
    expect(choice).to_contain_text("It tastes sour milk.")
    choice.get_by_role("button", name="Use mine").click()
    expect(choice).to_have_count(0)
    expect(theirs.locator("#f-innovation")).to_have_value(
        "It tastes sour milk. It costs nothing.", timeout=20_000
    )
    kept = set(draft.versions.filter(field="innovation").values_list("value", flat=True))
    assert {"It hears sour milk. It costs nothing.", "It tastes sour milk. It costs nothing."} <= kept
    assert draft.versions.filter(origin="parked", settled_at=None).count() == 0


def test_a_closed_page_brings_its_text_back(
    round_: SimpleNamespace, draft: Application, opened: Callable[..., Page], axe_check: Any
) -> None:
    """The network is gone, the page is closed, and opened again later."""
    path = f"/calls/applications/{draft.key}/write/benefit/"
    page = opened(round_.owner, path)
    axe_check(page)
    page.context.set_offline(True)
    page.locator("#f-market").fill("Written on a train.")
    expect(page.locator("#saved")).to_contain_text("No connection", timeout=20_000)
    assert stored(draft, "market") is None
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(path)
    expect(again.locator("#f-market")).to_have_value("Written on a train.")
    until(draft, "market", "Written on a train.")
