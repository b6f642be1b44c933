"""Search a code list as people do: by the start of a code, by words in any order, with typing errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from kontor.codes.fold import fold
from kontor.codes.model import Found, How, SchemeName
from kontor.codes.schemes import Scheme, base_language, scheme
from kontor.codes.store import own_list, wording

_CLOSE = 78.0  # percent of letters two words share; below, "Pumpe" would find "Puppe"
_INSIDE = 0.6  # worth of a word met inside a longer one, as in Wärmepumpe, against one met at its start
_MISTYPED = 0.8  # worth of a word met with a typing error

_PARTLY = 0.6  # worth of a line that holds only some of the words asked for

Hit = tuple[float, How]


class _Index:
    """The folded wording of one list in one language, as one line a code."""

    def __init__(self, listed: Scheme, language: str) -> None:
        self.scheme = listed
        self.lines = tuple(f" {text} " for text in _searchable(listed, language))
        self.lengths = tuple(len(fold(text)) for text in _names(listed, language))
        self.codes = tuple(re.sub(r"[.\s]", "", code).upper() for code in listed.table.codes)

    @cached_property
    def words(self) -> dict[str, list[int]]:
        """Each word and the positions it stands at; made at the first typing error."""
        found: dict[str, list[int]] = {}
        for at, line in enumerate(self.lines):
            for word in set(line.split()):
                found.setdefault(word, []).append(at)
        return found

    def by_code(self, text: str) -> dict[int, Hit]:
        start = re.sub(r"[.\s]|-\d$", "", text).upper()
        if not re.fullmatch(r"[A-Z]{0,3}\d*\w{0,4}", start):
            return {}
        certain = any(c.isdigit() for c in start)
        found: dict[int, Hit] = {}
        for at, code in enumerate(self.codes):
            if code == start:
                found[at] = (1.0, "code")
            elif code.startswith(start):
                found[at] = (0.99 if certain else 0.3, "code")
        return found

    def by_words(self, tokens: list[str]) -> dict[int, Hit]:
        """Positions whose line holds every token, at the start of a word or inside one."""
        asked = sum(map(len, tokens)) + len(tokens) - 1
        found: dict[int, Hit] = {}
        for at, line in enumerate(self.lines):
            worth = 0.0
            for token in tokens:
                if f" {token}" in line:
                    worth += 1.0
                elif len(token) > 3 and token in line:
                    worth += _INSIDE
                else:
                    break
            else:
                cover = min(1.0, asked / max(1, self.lengths[at]))
                found[at] = (worth / len(tokens) * (0.5 + 0.48 * cover), "words")
        return found

    def by_close_words(self, tokens: list[str]) -> dict[int, Hit]:
        """Positions that hold for every token a word spelled nearly like it."""
        worths: dict[int, list[float]] = {}
        for token in tokens:
            best: dict[int, float] = {}
            for word, ratio, _ in process.extract(
                token, self.words.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=20
            ):
                for at in self.words[word]:
                    best[at] = max(best.get(at, 0.0), ratio / 100)
            for at, ratio in best.items():
                worths.setdefault(at, []).append(ratio)
        asked = sum(map(len, tokens))
        return {
            at: (
                _MISTYPED * min(ratios) * (0.5 + 0.48 * min(1.0, asked / max(1, self.lengths[at]))),
                "close words",
            )
            for at, ratios in worths.items()
            if len(ratios) == len(tokens)
        }

    def by_some_words(self, tokens: list[str]) -> dict[int, Hit]:
        """Positions that hold at least one token: `heat pump` where the list only speaks of pumps."""
        worths: dict[int, float] = {}
        for token in (token for token in tokens if len(token) > 2):
            for at, (worth, _) in self.by_words([token]).items():
                worths[at] = worths.get(at, 0.0) + worth
        return {at: (_PARTLY * worth / len(tokens), "words") for at, worth in worths.items()}


def find(name: str, text: str, language: str, limit: int = 20) -> list[Found]:
    """Codes of the list `name` for what somebody typed, best first, at most `limit`.

    Searched are codes by their beginning and the wording in `language`; where that language has no wording,
    the English one. Case and accents do not count, and words may stand in any order. Only when nothing holds
    all words may they be mistyped, or some be missing. An empty text finds the topmost codes.
    """
    listed = scheme(name)
    index = _index(listed.name, base_language(language))
    tokens = fold(text).split()
    if not tokens:
        return [
            _found(listed, listed.table.position[c], (1.0, "code"), language)
            for c in listed.children()[:limit]
        ]
    hits = index.by_words(tokens)
    hits = hits or index.by_close_words(tokens) or index.by_some_words(tokens)
    hits = _better(hits, index.by_code(text))
    ranked = sorted(hits, key=lambda at: (-hits[at][0], listed.table.levels[at], at))
    return [_found(listed, at, hits[at], language) for at in ranked[:limit]]


def _found(listed: Scheme, at: int, hit: Hit, language: str) -> Found:
    code = listed.table.codes[at]
    return Found(listed.name, code, listed.label(code, language), round(hit[0], 4), hit[1])


def _better(first: dict[int, Hit], second: dict[int, Hit]) -> dict[int, Hit]:
    return {at: max(first.get(at, (0.0, "code")), second.get(at, (0.0, "code"))) for at in first | second}


@lru_cache(maxsize=16)
def _index(name: SchemeName, language: str) -> _Index:
    return _Index(scheme(name), language)


def _names(listed: Scheme, language: str) -> Iterable[str]:
    return (listed.label(code, language).text for code in listed.table.codes)


def _searchable(listed: Scheme, language: str) -> Iterable[str]:
    """A name and what else it is known by: keywords of a theme, a region's name in its own letters."""
    names = (fold(name) for name in _names(listed, language))
    if listed.name in ("ket", "theme"):
        keywords = (fold(" ".join(row.get("keywords", ()))) for row in own_list(listed.name))
        return (f"{name} {more}" for name, more in zip(names, keywords, strict=True))
    if listed.name == "nuts":
        native = (fold(name) for name in wording("nuts", "native"))
        return (name if name == own else f"{name} {own}" for name, own in zip(names, native, strict=True))
    return names
