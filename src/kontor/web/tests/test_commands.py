"""`kontor serve` and `kontor demo`, as real processes on a database of their own."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import time
import urllib.error
import urllib.request

import pytest
from tests.own_site import OwnSite

SERVE = (
    "import typer; from kontor.web.commands import serve; typer.run(lambda: serve(port={port}, workers=1))"
)
QUEUE = """
from kontor.base.command import site
site()
from kontor.base import mail
from kontor.base.models import Job
context = {"link": "x", "name": "A", "minutes": 1}
mail.send(to="a@example.org", language="en", template="sign_in", context=context)
print(Job.objects.latest("id").key)
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def get(address: str, seconds: float = 60) -> bytes:
    """The page, as soon as somebody answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def waiting(port: int) -> http.client.HTTPConnection:
    """A browser that got its answer and keeps the connection open for the next question."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/health/")
    assert connection.getresponse().read()
    return connection


@pytest.mark.slow
@pytest.mark.one_database
def test_serve_answers_and_does_jobs_and_stops_clean(own_site: OwnSite) -> None:
    port = free_port()
    process = own_site.start(SERVE.format(port=port))
    assert json.loads(get(f"http://127.0.0.1:{port}/health/")) == {"status": "ok"}
    page = get(f"http://127.0.0.1:{port}/sign-in/").decode()
    assert "/static/kontor/css/base.css" in page
    assert b"--" in get(f"http://127.0.0.1:{port}/static/kontor/css/tokens.css")
    open_ones = [waiting(port) for _each in range(160)]
    assert json.loads(get(f"http://127.0.0.1:{port}/health/")) == {"status": "ok"}
    for each in open_ones:
        each.close()
    second = own_site.start(SERVE.format(port=port))
    # 2: a taken port is refused
    assert second.wait(timeout=60) == 2
    key = own_site.python(QUEUE).strip()
    deadline = time.monotonic() + 60
    while f"{key}  done" not in own_site.kontor("jobs", "list").stdout:
        assert time.monotonic() < deadline, "nobody does the jobs"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    with pytest.raises(urllib.error.URLError):
        get(f"http://127.0.0.1:{port}/health/", seconds=0)


@pytest.mark.slow
@pytest.mark.one_database
def test_demo_prepares_everything_and_names_the_log_ins(own_site: OwnSite) -> None:
    prepare = "from kontor.web.commands import demo; demo(port=8000, workers=1, no_serve=True)"
    said = own_site.python(prepare)
    assert "http://127.0.0.1:8000/sign-in/" in said
    assert "administrator@sample.kontor.example" in said
    again = own_site.python(prepare)
    assert again.count("@sample.kontor.example") == said.count("@sample.kontor.example")
    assert own_site.kontor("audit", "verify").returncode == 0
