"""The sample site as a process of its own, as `kontor demo` starts it, and people who look at it."""

from __future__ import annotations

import fcntl
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

from playwright.sync_api import Browser, BrowserContext, Page

from tests.own_site import OwnSite

PASSWORD = "as-in-the-demonstration"
LONGEST_START = 240  # s; twelve where the machine has nothing else to do
# A page that says "not yours", "not found" or "two versions" is a failed load to the browser, not to its
# reader; and who types on while an answer is awaited gives that one up.
EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of 40[349]|htmx:(sendAbort|afterRequest)"
)


@dataclass
class SampleSite:
    """`url` answers; jobs run beside it. People are signed in once and remembered."""

    url: str
    browser: Browser
    problems: list[str] = field(default_factory=list)
    _signed_in: dict[str, Any] = field(default_factory=dict)
    _desks: dict[str, Page] = field(default_factory=dict)
    _opened: list[BrowserContext] = field(default_factory=list)

    def page(self, who: str = "", *, width: int = 1440, scripts: bool = True, **cookies: str) -> Page:
        """A page in a browser of its own. `who` is a sample role such as `owner`; nobody is a visitor.

        `theme` and `language` are cookies. What goes wrong in a script is collected in `problems`.
        """
        state = self._state_of(who) if who else None
        context = self.browser.new_context(
            base_url=self.url,
            storage_state=state,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            viewport={"width": width, "height": 900},
        )
        self._opened.append(context)
        given = {
            "django_language": cookies.get("language", "en"),
            "kontor_theme": cookies.get("theme", "light"),
        }
        context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in given.items()]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._note(page.url, said.type, said.text))
        return page

    def desk(self, who: str) -> Page:
        """One page for all tests that only look: its browser keeps style sheets and scripts."""
        if who not in self._desks:
            self._desks[who] = self.page(who)
            self._opened.pop()
        return self._desks[who]

    def close_pages(self) -> None:
        while self._opened:
            self._opened.pop().close()

    def _note(self, url: str, kind: str, text: str) -> None:
        if kind == "error" and not EXPECTED.match(text):
            self.problems.append(f"{url}: {text}")

    def _state_of(self, who: str) -> Any:
        if who not in self._signed_in:
            context = self.browser.new_context(base_url=self.url)
            page = context.new_page()
            page.goto("/sign-in/")
            page.locator("main input[name=email]").fill(f"{who}@sample.kontor.example")
            page.locator("main input[type=password]").fill(PASSWORD)
            page.locator("main button.button-primary").click()
            page.wait_for_url(lambda address: "/sign-in/" not in address)
            self._signed_in[who] = context.storage_state()
            context.close()
        return self._signed_in[who]


@contextmanager
def serving(shared: Path, directory: Path, browser: Browser) -> Iterator[SampleSite]:
    """What `kontor demo` shows, on a free port and the embedded database.

    `shared` is a directory of all processes of this run: the first to come prepares the site in it, the
    others start from a copy.
    """
    shutil.copytree(_prepared(shared), directory, dirs_exist_ok=True)
    own = _site(directory)
    port = _free_port()
    server = own.start(f"from kontor.web.commands import serve; serve(port={port}, workers=1)")
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health/", server)
        yield SampleSite(url, browser)
    finally:
        _stop(own)


def _prepared(shared: Path) -> Path:
    """The directory with everything that `kontor demo` prepares."""
    ready, done = shared / "sample-site", shared / "sample-site.done"
    with (shared / "sample-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            ready.mkdir(exist_ok=True)
            _site(ready).python(
                "from kontor.web.commands import demo; demo(no_serve=True)", seconds=LONGEST_START
            )
            done.touch()
    return ready


def _site(directory: Path) -> OwnSite:
    return OwnSite.embedded(directory, KONTOR_DEMO_PASSWORD=PASSWORD, KONTOR_SAMPLE="yes")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[str]) -> None:
    end = time.monotonic() + LONGEST_START
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except (URLError, TimeoutError):
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.2)


def _stop(own: OwnSite) -> None:
    """Let the server end itself: it takes its worker with it."""
    for process in own.started:
        process.terminate()
        process.wait(timeout=30)
