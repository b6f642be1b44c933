"""Mail leaves after commit, in the recipient's language, once; events reach their subscribers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.template import engines

from kontor.base import events, mail
from kontor.base.jobs import run_due_jobs


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mail").mkdir()
    engine: Any = engines["django"].engine
    loader = engine.template_loaders[0]
    for each in getattr(loader, "loaders", [loader]):
        monkeypatch.setattr(each, "get_dirs", lambda: [tmp_path])
    return tmp_path / "mail"


def write(folder: Path, text: str) -> str:
    name = f"t{abs(hash(text))}"
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return name


@pytest.mark.django_db
def test_mail_is_written_in_the_recipients_language(templates: Path) -> None:
    name = write(
        templates,
        "{% load i18n %}{% get_current_language as l %}Subject: {{ site_name }} {{ l }}\n\nBody {{ x }}",
    )
    mail.send(to="a@example.org", language="nl", template=name, context={"x": "ž"})
    assert outbox.outbox == []
    run_due_jobs()
    sent = outbox.outbox[0]
    assert (sent.subject, sent.body, sent.to) == ("Kontor nl", "Body ž\n", ["a@example.org"])
    assert sent.extra_headers["Message-ID"].endswith("@localhost>")


@pytest.mark.django_db(transaction=True)
def test_mail_of_a_rolled_back_change_is_never_sent(templates: Path) -> None:
    name = write(templates, "Subject: S\n\nB")
    with transaction.atomic():
        mail.send(to="a@example.org", language="en", template=name, context={})
        transaction.set_rollback(True)
    run_due_jobs()
    assert outbox.outbox == []


@pytest.mark.django_db
def test_subject_cannot_carry_further_headers(templates: Path) -> None:
    name = write(templates, "Subject: {{ x }}\n\nB")
    mail.send(to="a@example.org", language="en", template=name, context={"x": "Hi\r\nBcc: all@example.org"})
    run_due_jobs()
    assert outbox.outbox[0].recipients() == ["a@example.org"]
    assert "Bcc" not in str(outbox.outbox[0].message()["Subject"])


@pytest.mark.django_db
def test_template_without_subject_is_refused(templates: Path) -> None:
    name = write(templates, "Hello")
    with pytest.raises(ValueError, match="Subject"):
        mail.send(to="a@example.org", language="en", template=name, context={})


@dataclass(frozen=True)
class Rang:
    bell: str


@dataclass(frozen=True)
class Knocked:
    door: str


def test_events_reach_subscribers_of_their_type_once() -> None:
    heard: list[object] = []
    events.subscribe(Rang, heard.append)
    events.subscribe(Rang, heard.append)
    events.emit(Knocked("front"))
    events.emit(Rang("small"))
    events.unsubscribe(Rang, heard.append)
    events.emit(Rang("big"))
    assert heard == [Rang("small")]


def test_refusal_of_a_subscriber_reaches_the_emitter() -> None:
    def refuse(event: Rang) -> None:
        raise PermissionError(event.bell)

    events.subscribe(Rang, refuse)
    with pytest.raises(PermissionError, match="small"):
        events.emit(Rang("small"))
    events.unsubscribe(Rang, refuse)
