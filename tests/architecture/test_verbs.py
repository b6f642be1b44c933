"""Whatever the code writes into the log has words there, so that no reader meets a bare code."""

from __future__ import annotations

import ast
from pathlib import Path

from kontor.base.audit.read import verb_text

SOURCES = Path(__file__).resolve().parents[2] / "src" / "kontor"


def verbs_in(path: Path) -> set[str]:
    """Texts given as `verb=` in any call of a module."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    given = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "verb"]
    parts = [node for value in given for node in ast.walk(value) if not isinstance(value, ast.JoinedStr)]
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_every_verb_of_the_log_has_words() -> None:
    modules = [path for path in SOURCES.rglob("*.py") if "tests" not in path.parts]
    found = {verb for path in modules for verb in verbs_in(path)}
    assert {"organisation.changed", "grant role", "import.done"} <= found
    assert sorted(verb for verb in found if verb_text(verb) == verb) == []
