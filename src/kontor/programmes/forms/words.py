"""How long a text is, counted as a page and a word processor count it."""

from __future__ import annotations


def count_words(text: str) -> int:
    """Runs of characters between white space."""
    return len(text.split())


def count_characters(text: str) -> int:
    """Every character, a line's end as one."""
    return len(text.replace("\r\n", "\n"))
