"""Every text a user sees is translated, and no translation loses a placeholder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

LOCALE = Path(settings.LOCALE_PATHS[0])
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}|%%|</?[a-z]+")


def _catalogue(language: str):  # type: ignore[no-untyped-def]
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language: str) -> None:
    missing = [m.id for m in _catalogue(language) if m.id and (not all(_forms(m.string)) or m.fuzzy)]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_survive(language: str) -> None:
    """Each plural form holds the places of the English one it stands for."""
    for message in _catalogue(language):
        if not message.id:
            continue
        wanted = {place for text in _forms(message.id) for place in PLACEHOLDER.findall(text)}
        always = set.intersection(*(set(PLACEHOLDER.findall(text)) for text in _forms(message.id)))
        for text in _forms(message.string):
            found = set(PLACEHOLDER.findall(text))
            assert always <= found <= wanted, message.id


@pytest.mark.slow
def test_the_catalogues_hold_every_text_of_the_sources(tmp_path: Path) -> None:
    """Gathers the texts anew and compares: a new text that nobody gathered fails here."""
    root = Path(__file__).resolve().parents[2]
    copy = tmp_path / "kontor"
    files = subprocess.run(
        ["git", "ls-files", "src/kontor"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    for name in files:
        path = root / name
        if "tests" in path.parts or path.suffix not in {".py", ".html", ".txt", ".po"} or not path.exists():
            continue
        target = copy / Path(name).relative_to("src/kontor")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (copy / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "de", "-e", "html,txt,py"]
    # Without settings the command writes into the copy's own folder, never into the real catalogue.
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([*command, "--no-location"], cwd=copy, env=bare, check=True, capture_output=True)
    with (copy / "locale" / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        gathered = {_forms(m.id) for m in read_po(file, locale="de") if m.id}
    known = {_forms(m.id) for m in _catalogue("de") if m.id}
    assert sorted(gathered - known) == []
