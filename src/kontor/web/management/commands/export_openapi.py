"""Writes the committed description of the API anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kontor.web.openapi import document


class Command(BaseCommand):
    help = "Write docs/api/openapi.json anew after the API changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="docs/api/openapi.json")

    def handle(self, *args: Any, **options: Any) -> None:
        Path(options["file"]).write_text(document(), encoding="utf-8")
