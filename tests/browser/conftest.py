"""A real Chromium against the live server, axe, and pictures.

* `page`: a fresh browser page whose addresses start at the live server; it fails the test on any script error
  and on anything the content security policy refused.
* `visit(page, path, width=…, theme=…, language=…)`: open a page as one person would see it.
* `axe_check(page)`: fail with a readable list of what axe finds against WCAG 2.2 A and AA.
* `sample_site`: what `kontor demo` shows, with its worker for jobs, once per process of the tests; `seen` is
  the same for one test: its pages are closed afterwards, and script errors fail it.
* `screenshot(page, name)`: a picture of the whole page in KONTOR_SCREENS, where that is set.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import FLAGS, PROGRAM
from tests.browser.sample_site import SampleSite, serving

# Playwright keeps an event loop running in the test's thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file for the tests' database: in memory, the server's threads share one connection, and two browsers
    that save at once meet in one transaction.
    """
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = tmp_path_factory.mktemp("database") / "browser.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(PROGRAM).exists():
        pytest.fail(f"{PROGRAM} is not installed (apt-get install chromium)")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=PROGRAM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def sample_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleSite]:
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with serving(shared, tmp_path_factory.mktemp("sample-site"), browser) as site:
        yield site


@pytest.fixture
def seen(sample_site: SampleSite) -> Iterator[SampleSite]:
    sample_site.problems.clear()
    yield sample_site
    sample_site.close_pages()
    assert sample_site.problems == []


@pytest.fixture
def context(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Its errors end the test: a script that throws, a file that is missing, a policy that was broken."""
    problems: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    yield opened
    assert problems == []


@pytest.fixture
def visit(live_server: Any) -> Callable[..., Page]:
    def open_page(
        page: Page, path: str, *, width: int = 1440, theme: str = "light", language: str = "en"
    ) -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        page.context.add_cookies(
            [
                {"name": "django_language", "value": language, "url": live_server.url},
                {"name": "kontor_theme", "value": theme, "url": live_server.url},
            ]
        )
        page.goto(path)
        return page

    return open_page


@pytest.fixture
def axe_check() -> Callable[[Page], None]:
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page, options=RULES).response["violations"]
        lines = [
            f"{broken['id']} ({broken['impact']}): {node['target']} {node['failureSummary']}"
            for broken in found
            for node in broken["nodes"]
        ]
        assert lines == []

    return check


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    def take(page: Page, name: str) -> None:
        folder = os.environ.get("KONTOR_SCREENS")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
