"""What the site's `kontor` commands share: setting the site up, and the contract of answers and refusals."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import django
import typer
from django.apps import apps

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def site() -> None:
    """Load settings and apps once; call it first in every command that needs the database."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.web.settings")
        django.setup()


@contextmanager
def told(as_json: bool) -> Iterator[None]:
    """Turns a KontorError into words on standard error, or one object with path, message and remedy on
    standard output, and exit code 2.
    """
    from kontor.base.errors import KontorError

    try:
        yield
    except KontorError as error:
        refuse(error, error.path, as_json)


def refuse(error: Any, path: str, as_json: bool) -> None:
    """Say what is wrong, where, and what to do; exit code 2."""
    found = {"path": path, "message": str(error.message), "remedy": str(error.remedy)}
    if as_json:
        typer.echo(json.dumps({"error": found}, ensure_ascii=False))
    else:
        words = f"{found['message']} {found['remedy']}".strip()
        typer.echo(f"{path}: {words}" if path else words, err=True)
    raise typer.Exit(2)


def answer(found: dict[str, Any], as_json: bool, text: str) -> None:
    """The object with --json, else `text`. Dates and decimals are written as text."""
    typer.echo(json.dumps(found, ensure_ascii=False, default=str) if as_json else text)


def write_out(path: Path, content: bytes) -> None:
    """Keep a result in a file. KontorError where that is not possible."""
    from kontor.base.errors import KontorError

    try:
        path.write_bytes(content)
    except OSError as error:
        raise KontorError(
            f"{str(path)!r} cannot be written: {error.strerror}.",
            code="unwritable",
            path="out",
            remedy="Name a file in a folder that exists.",
        ) from error
