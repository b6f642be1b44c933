"""Words cut into the pieces that a BERT model knows (Devlin et al. 2019, Wu et al. 2016): uncased, longest
piece first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CONTINUED = "##"
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_LONGEST_WORD = 100
_REMEMBERED = 100_000
_CJK = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")


class Wordpieces:
    """`pieces` are all pieces in the order of their numbers; a text becomes at most `most` numbers."""

    def __init__(self, pieces: Sequence[str], most: int = 256) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        self._unknown, self._start, self._end = (self._numbers[name] for name in ("[UNK]", "[CLS]", "[SEP]"))
        self._most = most
        self._cut: dict[str, tuple[int, ...]] = {}

    def numbers(self, text: str) -> list[int]:
        """The text as numbers of pieces."""
        found = [self._start]
        for token in _TOKEN.findall(_plain(text)):
            found += self._pieces(token)
            if len(found) >= self._most:
                break
        return [*found[: self._most - 1], self._end]

    def _pieces(self, token: str) -> tuple[int, ...]:
        known = self._cut.get(token)
        if known is None:
            if len(self._cut) >= _REMEMBERED:
                self._cut.clear()
            known = self._cut[token] = self._longest_first(token)
        return known

    def _longest_first(self, token: str) -> tuple[int, ...]:
        found: list[int] = []
        start = 0
        while start < len(token) <= _LONGEST_WORD:
            mark = _CONTINUED if start else ""
            ends = range(len(token), start, -1)
            end = next((end for end in ends if mark + token[start:end] in self._numbers), 0)
            if not end:
                return (self._unknown,)
            found.append(self._numbers[mark + token[start:end]])
            start = end
        return tuple(found) or (self._unknown,)


def _plain(text: str) -> str:
    """Small letters without accents; each Chinese character a word of its own."""
    apart = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")
    return _CJK.sub(r" \1 ", bare)
