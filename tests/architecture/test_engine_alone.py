"""Engines, code lists, programmes and the command line's core run where no web framework is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

REFUSING = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "ninja", "rules", "allauth"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
"""

IMPORT_ALL = """
import importlib, pkgutil
for package in ("kontor.engine", "kontor.codes", "kontor.programmes", "kontor.cli"):
    found = importlib.import_module(package)
    for module in pkgutil.walk_packages(found.__path__, f"{package}."):
        if ".tests" not in module.name:
            importlib.import_module(module.name)
print("imported")
"""

COMMAND = """
from kontor.cli.main import app
app(sys.argv[1:])
"""


def alone(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", REFUSING + code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment,
    )


def test_everything_below_the_site_imports_alone() -> None:
    done = alone(IMPORT_ALL)
    assert done.stdout == "imported\n", done.stderr


def test_match_answers_alone(tmp_path: Path) -> None:
    crossing = str(ROOT / "instances" / "matching" / "crossing.json")
    done = alone(
        COMMAND,
        "match",
        "heat pumps for a dairy",
        "--directory",
        crossing,
        "--top",
        "1",
        XDG_CACHE_HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert "Calore Verde" in done.stdout


def test_a_command_of_the_site_says_what_to_install() -> None:
    done = alone(COMMAND, "audit", "verify")
    assert done.returncode == 2
    assert "install kontor[site]" in done.stderr


def test_match_without_a_site_asks_for_a_directory() -> None:
    done = alone(COMMAND, "match", "heat pumps", "--json")
    assert done.returncode == 2
    assert '"path": "directory"' in done.stdout
