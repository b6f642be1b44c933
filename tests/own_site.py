"""A site in a database of its own, so that tests can start, kill and race real processes against it.

It lives on the same kind of database as the test run: a SQLite file, or a database made for it on the same
PostgreSQL server.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class OwnSite:
    """`environment` names the database and directory; every process gets it."""

    environment: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def beside(cls, database: Mapping[str, Any], directory: Path) -> Iterator[OwnSite]:
        """A migrated site; its database and processes are gone afterwards."""
        if database["ENGINE"].endswith("sqlite3"):
            site, drop = cls.embedded(directory), None
        else:
            url, drop = _create_postgresql(database)
            site = cls(_environment(url, directory))
        try:
            site.python("from kontor.web.commands import migrate; migrate()")
            yield site
        finally:
            for process in site.started:
                site.stop(process)
            if drop:
                drop()

    @classmethod
    def embedded(cls, directory: Path, **environment: str) -> OwnSite:
        """A site on the embedded database in `directory`, as it stands there; nothing is migrated."""
        return cls(_environment(f"sqlite:///{directory / 'own.sqlite3'}", directory) | environment)

    def start(self, code: str) -> subprocess.Popen[str]:
        """A Python process that runs `code` in the site."""
        process = subprocess.Popen([sys.executable, "-c", code], env=self.environment, text=True, cwd=ROOT)
        self.started.append(process)
        return process

    def stop(self, process: subprocess.Popen[str]) -> None:
        """End a process politely, so that it ends what it started itself; kill it when it does not listen."""
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def python(self, code: str, *, seconds: float = 120) -> str:
        """Run `code` to its end and give its standard output; fails the test when the code fails."""
        return self._run(["-c", code], check=True, seconds=seconds).stdout

    def kontor(self, command: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command that is registered under `kontor.commands`."""
        code = (
            "import sys, typer; from importlib.metadata import entry_points\n"
            "command = entry_points(group='kontor.commands')[sys.argv[1]].load()\n"
            "(command if isinstance(command, typer.Typer) else lambda args: typer.run(command))(sys.argv[2:])"
        )
        return self._run(["-c", code, command, *arguments], check=False, stdin=stdin)

    def audit_rows(self) -> int:
        """How many rows the audit has."""
        code = "from kontor.base.command import site; site()\n"
        return int(
            self.python(code + "from kontor.base.models import AuditEvent; print(AuditEvent.objects.count())")
        )

    def _run(
        self, arguments: list[str], *, check: bool, stdin: str = "", seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=seconds,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done


def _environment(database: str, directory: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**os.environ, "KONTOR_DATABASE": database, "KONTOR_VAR": str(directory), "PYTHONPATH": path}


def _create_postgresql(database: Mapping[str, Any]) -> tuple[str, Any]:
    import psycopg

    name = f"kontor_own_{secrets.token_hex(4)}"
    server = f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"

    def execute(statement: str) -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(statement)

    execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}", lambda: execute(f"DROP DATABASE {name} WITH (FORCE)")
