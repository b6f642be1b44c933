"""What the code lists answer with: codes, labels that say their language, hits, regions and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

SchemeName = Literal["country", "nuts", "nace", "cpv", "ket", "theme"]

#: How a hit was found, weakest last. Shown to people, so it is part of the contract.
How = Literal["code", "words", "close words", "meaning", "meaning and words"]


class CodesError(ValueError):
    """A code list was asked for something it cannot answer. `remedy` says what to do instead."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


class Label(str):
    """A label ready to be shown. One that fell back to another language ends with its code: `Peanuts [en]`.

    `text` is the bare wording, `language` the language it is in; `fallback` says it is not the one asked for.
    """

    text: str
    language: str
    fallback: bool

    def __new__(cls, text: str, language: str, *, fallback: bool = False) -> Self:
        label = super().__new__(cls, f"{text} [{language}]" if fallback else text)
        label.text = text
        label.language = language
        label.fallback = fallback
        return label

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, bool]]:
        return (self.text, self.language), {"fallback": self.fallback}


@dataclass(frozen=True, slots=True)
class Found:
    """One code found for a text. `score` lies in 0..1 and falls along a result; `how` says why."""

    scheme: SchemeName
    code: str
    label: Label
    score: float
    how: How


@dataclass(frozen=True, slots=True)
class NutsHit:
    """A NUTS 3 region found for an address.

    `version` is the NUTS vintage of the code. `share` is the part of the matching postcodes that lie in
    this region: 1.0 when there is no doubt, less when a short postcode spans several regions. `how` is
    "postcode", "postcode prefix", "place" or "only region of the country".
    """

    code: str
    version: str
    share: float
    how: str


class Place(NamedTuple):
    """WGS 84 degrees and inhabitants of a populated place (GeoNames)."""

    latitude: float
    longitude: float
    population: int
