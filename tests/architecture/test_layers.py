"""The architecture, executed: import contracts, foreign keys, file sizes and words."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kontor"
ORDER = ["accounts", "organisations", "programmes", "matching", "calls", "juries", "decisions"]


def _modules() -> list[Path]:
    return [p for p in sorted(SOURCE.rglob("*.py")) if "migrations" not in p.parts]


def test_import_contracts_hold() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_feature_contract_names_every_feature() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    named = config["importlinter:contract:features"]["layers"].split()
    present = sorted(p.name for p in (SOURCE / "features").iterdir() if (p / "__init__.py").exists())
    assert sorted(named) == present
    assert [name for name in reversed(named) if name in ORDER] == ORDER


def test_foreign_keys_point_down() -> None:
    """String references obey the order too, so no import contract could see them."""
    for model in apps.get_models():
        if not model.__module__.startswith("kontor."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target.__module__.startswith("kontor."):
                continue
            assert _rank(target.__module__) <= _rank(model.__module__), f"{model.__name__}.{field.name}"


def _rank(module: str) -> int:
    if module.startswith("kontor.base."):
        return -1
    return ORDER.index(module.split(".")[2])


@pytest.mark.parametrize("package", ["engine", "codes", "programmes", "cli"])
def test_pure_packages_never_name_the_web_framework(package: str) -> None:
    for path in (SOURCE / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not [n for n in names if n.split(".")[0] in {"django", "ninja"}], path


def test_files_stay_below_400_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in _modules() if (n := p.read_text().count("\n")) > 400}
    assert long == {}


def test_no_dumping_grounds() -> None:
    names = {"utils", "helpers", "common", "services", "misc"}
    assert [str(p) for p in SOURCE.rglob("*") if p.stem in names] == []


def test_writes_stay_out_of_doors() -> None:
    """Views, API and commands call an action; they never save rows themselves."""
    write = re.compile(r"\.(save|bulk_create|bulk_update|update_or_create|get_or_create|objects\.create)\(")
    doors = [
        p for p in _modules() if {"views", "views.py", "api.py", "commands.py"} & {p.name, p.parent.name}
    ]
    assert doors
    offending = [
        f"{p.relative_to(ROOT)}:{i}"
        for p in doors
        for i, line in enumerate(p.read_text().splitlines(), 1)
        if write.search(line) and "form.save" not in line and "tests" not in p.parts
    ]
    assert offending == []
