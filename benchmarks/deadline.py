"""500 applications in the last minutes of a call, against a real server on PostgreSQL.

    python -m benchmarks.deadline [--applications 500] [--minutes 10] [--late 25] postgresql://user:password@host/name

The database is made anew. `kontor serve` runs as processes of its own, jobs' worker and all. Every applicant
is a thread with a session of its own: it saves field by field as the writing page's script does, asks what
others did, opens the check and submits; half of all submit in the last fifth of the time, 5 % in the last two
seconds.
`--minutes` says how long the rush lasts: 500 in 5 minutes are twice as dense as what is promised.
`--late` more press the button up to five seconds after the deadline.

Printed: p50 and p99 of every kind of request, processor time of the server, and what was found afterwards:
every text that was answered as saved stands in the database, every receipt is of a time before the deadline
and matches its hash, nobody late was accepted, the log's chain is whole. Exits 1 where one of these fails.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

TOKEN = "k" * 32
WORDS = [
    "chip",
    "lens",
    "light",
    "milk",
    "smell",
    "sensor",
    "dairy",
    "farm",
    "border",
    "partner",
    "small",
    "cheap",
    "quick",
    "clean",
    "laser",
    "mirror",
]
FIELDS = (
    "title",
    "summary",
    "themes",
    "technologies",
    "innovation",
    "applied-before",
    "market",
    "cross-border",
)
#: 500 applications in the last ten minutes
PROMISED_A_MINUTE = 50.0
#: Seconds that a press of the button may need to the server, client and server sharing a busy machine.
GRACE = 2.0


@dataclass
class Applicant:
    """One who writes: the address of the application, the session, and what the server answered."""

    key: str
    session: str
    partner: str
    submits_at: float
    late: bool = False
    base: dict[str, int] = field(default_factory=dict)
    saved: dict[str, Any] = field(default_factory=dict)
    pressed: float = 0.0
    accepted: bool = False
    refused: str = ""
    errors: list[str] = field(default_factory=list)


@dataclass
class Clock:
    """Durations in seconds by kind of request; threads append."""

    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float) -> None:
        with self.lock:
            self.found[kind].append(seconds)


def prepared(count: int, late: int) -> tuple[list[Applicant], Any]:
    """A published call, and for each applicant an organisation, a person, a session and a draft."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from kontor import programmes
    from kontor.base.actor import Actor
    from kontor.base.keys import new_key
    from kontor.features.accounts.models import RoleAssignment, User
    from kontor.features.calls.models import Application, ApplicationPartner, Call
    from kontor.features.organisations.models import Organisation
    from kontor.features.programmes.actions import add_programme, publish_draft
    from kontor.programmes.forms import form_for, form_json

    by = Actor.system("benchmark")
    programme = add_programme(text=programmes.shipped_texts()["rocket"], actor=by)
    version = publish_draft(programme=programme, actor=by)
    form = form_for(version.definition, version.definition.instrument("innovation-project"))
    now = timezone.now()
    call = Call.objects.create(
        key="deadline", programme=programme, version=version, definition="rocket",
        instrument="innovation-project", title={"en": "Deadline"}, languages=["en"], steps=2,
        form=form_json(form),
        opens_at=now - dt.timedelta(days=30), closes_at=now + dt.timedelta(days=1), state="published",
    )  # fmt: skip
    whole = range(count + late)
    leads = Organisation.objects.bulk_create(
        Organisation(
            key=new_key(), name=f"Firm {n}", name_key=f"firm {n}", country="NL", nuts3="NL221", size="small"
        )
        for n in whole
    )
    users = User.objects.bulk_create(
        User(key=new_key(), email=f"p{n}@firm.example", name=f"Person {n}", password="!") for n in whole
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role="owner", scope_kind="organisation", scope_key=lead.key)
        for user, lead in zip(users, leads, strict=True)
    )
    rows = Application.objects.bulk_create(
        Application(key=new_key(), call=call, number=f"D-{new_key(6)}", lead=lead, language="en")
        for lead in leads
    )
    partners = ApplicationPartner.objects.bulk_create(
        ApplicationPartner(key=new_key(), application=row, organisation=lead, role="lead")
        for row, lead in zip(rows, leads, strict=True)
    )
    applicants = []
    for user, row, partner in zip(users, rows, partners, strict=True):
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.create()
        applicants.append(Applicant(row.key, session.session_key or "", partner.key, 0.0))
    return applicants, call


def answer(name: str, partner: str, lots: random.Random) -> Any:
    """What an applicant writes: paragraphs of 60 to 120 words."""
    text = " ".join(lots.choices(WORDS, k=lots.randint(60, 120))).capitalize() + "."
    return {
        "title": " ".join(lots.choices(WORDS, k=5)),
        "summary": {"de": text, "nl": text},
        "themes": ["health"],
        "technologies": ["photonics"],
        "applied-before": "no",
        "months": "24",
        "budget": {partner: {"own-wages": "80000", "third-party": "20000", "grant": "60000"}},
    }.get(name, text)


class Browser:
    """One connection that is kept open, with the session's cookie."""

    def __init__(self, port: int, applicant: Applicant, clock: Clock) -> None:
        self.port, self.who, self.clock = port, applicant, clock
        self.connection: http.client.HTTPConnection | None = None

    def ask(
        self, kind: str, method: str, rest: str, body: bytes = b"", media: str = ""
    ) -> tuple[int, bytes, str]:
        headers = {"Cookie": f"sessionid={self.who.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        if media:
            headers["Content-Type"] = media
        began = time.perf_counter()
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.connection.request(method, f"/calls/applications/{self.who.key}/{rest}", body, headers)
                reply = self.connection.getresponse()
                found = (reply.status, reply.read(), reply.headers.get("Location", ""))
                break
            except (http.client.HTTPException, OSError):
                # an idle connection that the server closed; what was sent may be sent again
                self.connection = None
                if attempt == 2:
                    raise
        self.clock.note(kind, time.perf_counter() - began)
        return found

    def save(self, written: dict[str, Any]) -> None:
        told = {key: {"value": value, "base": self.who.base.get(key, 0)} for key, value in written.items()}
        body = json.dumps({"answers": told}).encode()
        status, content, _place = self.ask("autosave", "POST", "save/", body, "application/json")
        if status != 200:
            self.who.errors.append(f"save {status}")
            return
        for key, one in json.loads(content)["answers"].items():
            self.who.base[key] = one["revision"]
            self.who.saved[key] = written[key]

    def submit(self) -> None:
        status, _content, place = self.ask(
            "submit", "POST", "submit/", b"revision=", "application/x-www-form-urlencoded"
        )
        self.who.accepted = status == 302 and place.endswith("/receipt/")
        self.who.refused = "" if self.who.accepted else f"{status} {place}"


def applies(applicant: Applicant, port: int, clock: Clock, start: float, seed: int) -> None:
    """Write what is still missing until the time to submit, look at it, and press the button."""
    lots = random.Random(seed)
    browser = Browser(port, applicant, clock)
    fields = [*FIELDS, "months", "budget"]
    begins = max(0.0, applicant.submits_at - lots.uniform(0.3, 0.6) * max(applicant.submits_at, 1.0))
    steps = [*fields, *lots.choices(["innovation", "market", "cross-border"], k=8)]
    pause = (applicant.submits_at - begins) * 0.9 / len(steps)
    _sleep_until(start + begins)
    for number, name in enumerate(steps):
        browser.save({name: answer(name, applicant.partner, lots)})
        if number % 4 == 3:
            browser.ask(
                "what others did", "POST", "changes/", b'{"since": 0, "field": ""}', "application/json"
            )
        time.sleep(pause * lots.uniform(0.5, 1.5))
    browser.ask("check", "GET", "check/")
    _sleep_until(start + applicant.submits_at)
    applicant.pressed = time.time()
    browser.submit()


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))


def plan(applicants: list[Applicant], count: int, seconds: float) -> None:
    """Half in the last fifth, 5 % in the last two seconds; the late ones within five seconds after."""
    lots = random.Random(7)
    for number, one in enumerate(applicants):
        if number >= count:
            one.late, one.submits_at = True, seconds + lots.uniform(0.05, 5)
        elif number % 20 == 0:
            one.submits_at = seconds - lots.uniform(0.3, 2)
        elif number % 2:
            one.submits_at = seconds * lots.uniform(0.8, 1.0) - 0.3
        else:
            one.submits_at = seconds * lots.uniform(0.3, 0.8)


def verified(applicants: list[Applicant], call: Any) -> list[str]:
    """Everything that is not as it must be."""
    from kontor.base.audit import verify
    from kontor.features.calls.models import Answer, Submission
    from kontor.features.calls.snapshot import digest_of

    wrong = []
    stored = {
        (row.application.key, row.field): row.value for row in Answer.objects.select_related("application")
    }
    submissions = {row.application.key: row for row in Submission.objects.select_related("application")}
    for one in applicants:
        wrong += [f"{one.key}: {error}" for error in one.errors]
        for name, value in one.saved.items():
            kept = stored.get((one.key, name))
            if json.dumps(kept) != json.dumps(value) and name != "budget":
                wrong.append(f"{one.key}: {name} is lost")
        made = submissions.get(one.key)
        if one.accepted != (made is not None):
            wrong.append(f"{one.key}: answered {one.accepted}, stored {made is not None}")
        if made and made.at >= call.closes_at:
            wrong.append(f"{one.key}: accepted at {made.at}")
        if made and digest_of(made.snapshot) != made.sha256:
            wrong.append(f"{one.key}: the hash does not fit")
        if one.accepted and one.pressed >= call.closes_at.timestamp():
            wrong.append(f"{one.key}: late and accepted")
        if one.pressed < call.closes_at.timestamp() - GRACE and not one.accepted:
            wrong.append(f"{one.key}: in time and refused: {one.refused}")
    checked = verify()
    return wrong if checked.ok else [*wrong, f"the chain of the log breaks: {checked.problem}"]


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--applications", type=int, default=500)
    parser.add_argument("--late", type=int, default=25)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--port", type=int, default=8077)
    chosen = parser.parse_args()
    _make_anew(chosen.database)
    os.environ |= {"KONTOR_DATABASE": chosen.database, "DJANGO_SETTINGS_MODULE": "kontor.web.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", interactive=False, verbosity=0)
    applicants, call = prepared(chosen.applications, chosen.late)
    server = subprocess.Popen(
        [sys.executable, "-c", "from kontor.cli.main import app; app()", "serve", "--port", str(chosen.port)],
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(chosen.port)
        seconds = chosen.minutes * 60
        plan(applicants, chosen.applications, seconds)
        start = time.time() + 1
        call.closes_at = dt.datetime.fromtimestamp(start + seconds, dt.UTC)
        call.save(update_fields=["closes_at"])
        clock = Clock()
        threads = [
            threading.Thread(target=applies, args=(one, chosen.port, clock, start, seed))
            for seed, one in enumerate(applicants)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    wrong = verified(applicants, call)
    _tell(chosen, clock, used.ru_utime + used.ru_stime, applicants, wrong, timezone.now())
    return 1 if wrong else 0


def _tell(
    chosen: Any,
    clock: Clock,
    processor: float,
    applicants: list[Applicant],
    wrong: list[str],
    now: dt.datetime,
) -> None:
    asked = sum(len(values) for values in clock.found.values())
    dense = (chosen.applications / chosen.minutes) / PROMISED_A_MINUTE
    print(f"{chosen.applications} applications in {chosen.minutes:g} minutes ({dense:.1f} times the promise)")
    print(f"{asked} requests, {asked / (chosen.minutes * 60):.0f} a second; {now:%Y-%m-%d}")
    print(
        f"processor time of server and jobs: {processor:.1f} s, {processor / asked * 1000:.1f} ms a request\n"
    )
    print("| request | count | p50 ms | p99 ms | longest ms |\n| --- | ---: | ---: | ---: | ---: |")
    for kind, values in sorted(clock.found.items()):
        row = (quantile(values, 0.5), quantile(values, 0.99), max(values) * 1000)
        print(f"| {kind} | {len(values)} | {row[0]:.0f} | {row[1]:.0f} | {row[2]:.0f} |")
    accepted = sum(one.accepted for one in applicants)
    late = sum(not one.accepted for one in applicants)
    saved = sum(len(one.saved) for one in applicants)
    print(f"\naccepted {accepted}, refused as late {late}, fields answered as saved and found again {saved}")
    for line in wrong[:20]:
        print(f"WRONG {line}")


def _make_anew(url: str) -> None:
    import psycopg

    parts = urlparse(url)
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgresql", "postgres") or not name.isidentifier():
        raise SystemExit("Name a PostgreSQL database like postgresql://user:password@127.0.0.1:5433/deadline")
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')


def _wait_for(port: int) -> None:
    for _each in range(120):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The server does not answer.")


if __name__ == "__main__":
    sys.exit(main())
