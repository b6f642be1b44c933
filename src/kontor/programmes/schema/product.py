"""What a programme wants to see made, and what that takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kontor.programmes.schema.texts import Texts


@dataclass(frozen=True, slots=True)
class Competence:
    """What a team must be able to do. `level` 1 to 3 is the least level a member must have in it."""

    key: str
    text: Texts
    required: bool
    level: int
    nace: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    ket: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def codes(self) -> Iterator[tuple[str, str]]:
        """Pairs of scheme and code."""
        for scheme, codes in (
            ("nace", self.nace),
            ("cpv", self.cpv),
            ("ket", self.ket),
            ("theme", self.themes),
        ):
            yield from ((scheme, code) for code in codes)


@dataclass(frozen=True, slots=True)
class Product:
    """A target product: what the programme wants to see made, what that takes, and the planned TRL."""

    key: str
    theme: str
    name: Texts
    summary: Texts
    demand: Texts
    trl: int
    competences: tuple[Competence, ...]
