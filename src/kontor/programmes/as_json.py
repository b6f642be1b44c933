"""A programme and an assessment as JSON."""

from __future__ import annotations

from typing import Any

from kontor.programmes.schema import Programme


def as_json(programme: Programme) -> dict[str, Any]:
    """What `kontor programme check --json` prints about a sound file."""
    return {
        "key": programme.key,
        "version": programme.version,
        "languages": list(programme.languages),
        "budget": str(programme.budget) if programme.budget is not None else None,
        "themes": {t.key: str(t.envelope) if t.envelope is not None else None for t in programme.themes},
        "products": {p.key: len(p.competences) for p in programme.products},
        "defaults": [default.path for default in programme.defaults],
    }
