"""A programme file to begin with: sound as it is, with what most programmes need."""

from __future__ import annotations

from importlib.resources import files


def blank() -> str:
    """The text; its key, `new-programme`, is to be replaced by the programme's own."""
    return (files("kontor.programmes") / "template.toml").read_text(encoding="utf-8")
