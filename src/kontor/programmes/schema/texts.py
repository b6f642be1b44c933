"""Texts in several languages."""

from __future__ import annotations


class Texts(dict[str, str]):
    """One text in several languages, the programme's main language first."""

    def best(self, language: str) -> str:
        """The text in `language`, else in the first language there is, else ""."""
        return self.get(language) or next(iter(self.values()), "")
