"""Everyday words in many languages: what OpenStreetMap calls things on its map, and what CLDR calls emoji."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from extract_sources import fetch_npm

_MARKS = re.compile(r"<[^>]*>|\{[^}]*\}|`")


class Everyday:
    """Both packages, fetched once below `folder`."""

    def __init__(self, folder: Path) -> None:
        schema = fetch_npm("@openstreetmap/id-tagging-schema@6.19.2", folder)
        self._maps = schema / "dist" / "translations"
        self._emoji = fetch_npm("cldr-annotations-full@48.2.0", folder) / "annotations"
        self._read = cache(self._labels)

    def pairs(self, language: str) -> list[tuple[str, str]]:
        """Labels in `language` beside the English ones, without those that repeat them."""
        own, english = self._read(language), self._read("en")
        found = [(own[key], english[key]) for key in own if key in english and own[key] != english[key]]
        return list(dict.fromkeys(found))

    def _labels(self, language: str) -> dict[tuple[str, ...], str]:
        named = {**_of_maps(self._maps / f"{language}.json", language), **_of_emoji(self._emoji / language)}
        clean = {key: _MARKS.sub("", text).strip() for key, text in named.items() if isinstance(text, str)}
        return {key: text for key, text in clean.items() if text}


def _of_maps(file: Path, language: str) -> dict[tuple[str, ...], Any]:
    if not file.exists():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))[language].get("presets", {})
    found: dict[tuple[str, ...], Any] = {}
    for part in ("categories", "presets"):
        found |= {(part, key): said.get("name") for key, said in content.get(part, {}).items()}
    for key, said in content.get("fields", {}).items():
        found["field", key] = said.get("label")
        for option, text in (said.get("options") or {}).items():
            told = text if isinstance(text, dict) else {"title": text}
            found |= {(part, key, option): told.get(part) for part in ("title", "description")}
    return found


def _of_emoji(folder: Path) -> dict[tuple[str, ...], str]:
    file = folder / "annotations.json"
    if not file.exists():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))["annotations"]["annotations"]
    named = {("emoji", sign): said["tts"][0] for sign, said in content.items() if "tts" in said}
    words = {
        ("words", sign): " ".join(said["default"]) for sign, said in content.items() if "default" in said
    }
    return {**named, **words}
