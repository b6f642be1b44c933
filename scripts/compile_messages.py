"""Compile the interface texts (.po to .mo) that are newer than their compiled form; needs no gettext."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "src" / "kontor" / "web" / "locale"

for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        continue
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
    temporary = target.with_suffix(".tmp")
    with temporary.open("wb") as file:
        write_mo(file, catalog)
    temporary.replace(target)
    print(f"compiled {source.parts[-3]}: {len(catalog)} texts")
