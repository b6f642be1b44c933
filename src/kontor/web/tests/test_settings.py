"""Nonsense in the environment stops the start with a sentence that says what to write instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from kontor.web import settings as site_settings

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    ("read", "name", "value", "says"),
    [
        (lambda n: site_settings.env_bool(n, True), "KONTOR_MFA", "perhaps", "write yes or no"),
        (lambda n: site_settings.env_int(n, 8, 3, 100), "KONTOR_SIGN_IN_ATTEMPTS", "1", "from 3 to 100"),
        (lambda n: site_settings.env_int(n, 8, 3, 100), "KONTOR_SIGN_IN_ATTEMPTS", "²", "whole number"),
        (lambda n: site_settings.env_choice(n, "a", {"a", "b"}), "KONTOR_JOBS", "c", "one of a, b"),
        (lambda n: site_settings.env_url(n, ""), "KONTOR_URL", "kontor.example", "https://host"),
        (lambda n: site_settings.env_url(n, ""), "KONTOR_URL", "https://x.example/path", "without a path"),
        (lambda n: site_settings.env_zone(n, ""), "KONTOR_TIME_ZONE", "Mars/Base", "Europe/Vienna"),
        (lambda n: site_settings.database(os.environ[n]), "KONTOR_DATABASE", "mysql://x", "postgresql://"),
        (lambda n: site_settings.mail(os.environ[n]), "KONTOR_MAIL", "pigeon://x", "smtp://host"),
    ],
)
def test_nonsense_is_refused(
    monkeypatch: pytest.MonkeyPatch, read: Any, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        read(name)
    assert says in str(refused.value)


def test_databases_are_understood() -> None:
    lite = site_settings.database("sqlite:////srv/kontor.sqlite3")
    assert (lite["NAME"], lite["OPTIONS"]["transaction_mode"]) == ("/srv/kontor.sqlite3", "IMMEDIATE")
    big = site_settings.database("postgresql://me:p%40ss@db:5433/kontor")
    assert [big[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "kontor",
        "me",
        "p@ss",
        "db",
        "5433",
    ]


def test_mail_is_encrypted_unless_it_stays_on_this_machine() -> None:
    assert site_settings.mail("smtp://mail.example.org")["EMAIL_USE_TLS"] is True
    assert site_settings.mail("smtp://localhost:25")["EMAIL_USE_TLS"] is False
    assert site_settings.mail("smtps://u:p@mail.example.org")["EMAIL_USE_SSL"] is True


def test_unsafe_site_does_not_start(settings: Any) -> None:
    settings.DEVELOPMENT = False
    settings.DEBUG = True
    settings.HTTPS = False
    settings.SECRET_KEY = "short"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    found = {message.id for message in run_checks(tags=["kontor"])}
    assert found == {"kontor.E002", "kontor.E003", "kontor.E004", "kontor.W001"}


@pytest.mark.slow
def test_real_site_insists_on_a_key_and_uses_hashed_files(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "KONTOR_VAR": str(tmp_path),
        "KONTOR_DEVELOPMENT": "no",
        "KONTOR_URL": "https://kontor.example.org",
        "KONTOR_MAIL": "smtps://mail.example.org",
        "PYTHONPATH": str(ROOT / "src"),
    }
    environment.pop("KONTOR_SECRET_KEY", None)
    code = (
        "from kontor.web import settings as s;"
        "manifest = 'Manifest' in s.STORAGES['staticfiles']['BACKEND'];"
        "print(s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, manifest)"
    )

    def run(**more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    refused = run()
    assert "KONTOR_SECRET_KEY is empty" in refused.stderr
    assert run(KONTOR_SECRET_KEY="x" * 50).stdout == "True True True\n"
