"""Documentation is part of the product: what is not written, or points nowhere, fails here."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from kontor.cli.lazy import OWN

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXT = "\n".join(page.read_text() for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_readme_shows_the_two_commands_first() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text().splitlines()[:24])
    assert "make demo" in first_screen
    assert "make test" in first_screen
    assert "![" in first_screen


def test_every_command_is_documented() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][
        "kontor.commands"
    ]
    nouns = [*declared, *OWN]
    missing = [noun for noun in nouns if f"kontor {noun}" not in TEXT]
    assert missing == []


def test_every_setting_is_documented() -> None:
    files = (p for p in (ROOT / "src" / "kontor").rglob("*.py") if "tests" not in p.parts)
    source = "\n".join(path.read_text() for path in files)
    settings = set(re.findall(r"\"(KONTOR_[A-Z0-9_]+)\"", source))
    page = (ROOT / "docs/howto/configure.md").read_text()
    assert settings
    assert sorted(name for name in settings if name not in page) == []


def test_make_targets_named_in_documentation_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"`make ([a-z-]+)`", TEXT))
    assert sorted(t for t in named if not re.search(rf"^{t}:", makefile, re.M)) == []


def test_no_bytes_of_generated_catalogues_are_committed() -> None:
    command = ["git", "ls-files", "*.mo", "*.sqlite3"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == ""
