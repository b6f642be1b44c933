"""The shipped lists, read when first asked for and kept: some 1 MB for one language of CPV."""

from __future__ import annotations

import lzma
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from kontor.codes.model import SchemeName

#: The official languages of the European Union, in which the long lists are kept.
LANGUAGES = tuple(
    re.findall(r"[a-z]+", "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv")
)

_DATA = files("kontor.codes") / "data"


@dataclass(frozen=True, slots=True)
class Table:
    """A scheme without its wording: codes in list order, the code above each, its level and its marks."""

    codes: tuple[str, ...]
    parents: tuple[str, ...]
    levels: tuple[int, ...]
    flags: tuple[frozenset[str], ...]
    position: dict[str, int]
    children: dict[str, tuple[str, ...]]


def read_bytes(name: str) -> bytes:
    return (_DATA / name).read_bytes()


def read_lines(name: str) -> list[str]:
    """The lines of a packed list; FileNotFoundError where the list does not exist."""
    return lzma.decompress(read_bytes(f"{name}.xz")).decode().split("\n")


@cache
def own_list(scheme: SchemeName) -> list[dict[str, Any]]:
    """The lists kept by hand: themes and key enabling technologies, with their labels and keywords."""
    text = (_DATA / f"{scheme}.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)[scheme]
    return rows


def _own_rows(scheme: SchemeName) -> list[tuple[str, str, int, str]]:
    rows = own_list(scheme)
    return [(r["code"], r.get("parent", ""), 2 if "parent" in r else 1, r.get("flags", "")) for r in rows]


def _packed_rows(scheme: SchemeName) -> list[tuple[str, str, int, str]]:
    cells = (line.split("\t") for line in read_lines(f"{scheme}.codes"))
    return [(code, parent, int(level), flags) for code, parent, level, flags in cells]


@cache
def table(scheme: SchemeName) -> Table:
    rows = _own_rows(scheme) if scheme in ("ket", "theme") else _packed_rows(scheme)
    below: dict[str, list[str]] = {}
    for code, parent, _, _ in rows:
        below.setdefault(parent, []).append(code)
    codes, parents, levels, flags = zip(*rows, strict=True)
    return Table(
        codes,
        parents,
        levels,
        tuple(frozenset(f.split()) for f in flags),
        {code: at for at, code in enumerate(codes)},
        {parent: tuple(found) for parent, found in below.items()},
    )


@cache
def wording(scheme: SchemeName, language: str) -> tuple[str, ...]:
    """Labels of a scheme in one language, in list order; "" where there is none. () if the language is not
    kept.
    """
    if scheme in ("ket", "theme"):
        labels = tuple(str(row["label"].get(language, "")) for row in own_list(scheme))
        return labels if any(labels) else ()
    try:
        return tuple(read_lines(f"{scheme}.{language}"))
    except FileNotFoundError:
        return ()
