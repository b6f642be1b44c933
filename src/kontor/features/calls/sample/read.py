"""The files of the sample, as they stand."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

Told = dict[str, Any]
HERE = Path(__file__).parent
CALLS = ("round", "alps", "studies")


@cache
def read_call(name: str) -> Told:
    """One call with days, contacts, questions, wishes and applications; `name` is one of CALLS."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def read_people() -> list[Told]:
    told: list[Told] = tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8"))["person"]
    return told


@cache
def read_owners() -> list[Told]:
    """Who owns the entries of the organisations that apply."""
    told: list[Told] = tomllib.loads((HERE / "owners.toml").read_text(encoding="utf-8"))["owner"]
    return told


@cache
def read_papers() -> dict[str, list[Told]]:
    """Letters, scans, sections with an owner, amendments, summaries, each with the key of its application."""
    return tomllib.loads((HERE / "papers.toml").read_text(encoding="utf-8"))


@cache
def variant_text() -> str:
    """What the sample adds to the file of the programme whose last round it invents."""
    return (HERE / "terms.toml").read_text(encoding="utf-8")
