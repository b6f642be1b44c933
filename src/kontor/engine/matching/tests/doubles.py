"""Small stand-ins for tests: an encoder that needs no weights, and organisations in a line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from kontor.engine.matching.encoder import DIMENSIONS, quantised
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import learn
from kontor.engine.matching.model import Params, Profile, Query, Result, Statement
from kontor.engine.matching.solve import search
from kontor.engine.matching.stems import fold, tokens

INSTANCES = Path(__file__).parents[5] / "instances" / "matching"
TODAY = "2026-11-01"

LEXICON = learn(
    {
        "de": [
            ("Batterien", "Batteries"),
            ("Speicher", "Storage"),
            ("Wärme", "Heat"),
            ("Pumpen", "Pumps"),
            ("Wärmepumpen", "Heat pumps"),
            ("Metall", "Metal"),
            ("Gas", "Gas"),
        ],
        "da": [
            ("Varme", "Heat"),
            ("Pumper", "Pumps"),
            ("Varmepumper", "Heat pumps"),
            ("Fjernvarme", "District heat"),
        ],
    }
)


class WordEncoder:
    """Adds up a random direction for each word: texts with words in common lie close together."""

    name = "words/1"
    languages = frozenset({"en", "de", "nl", "fr", "it", "es"})
    english = None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return quantised(
            np.array([self._direction(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)
        )

    def _direction(self, text: str) -> np.ndarray:
        total = np.zeros(DIMENSIONS)
        for word in tokens(text):
            seed = int.from_bytes(hashlib.blake2b(fold(word)[:5].encode(), digest_size=4).digest())
            total += np.random.default_rng(seed).standard_normal(DIMENSIONS)
        return total


ENCODER = WordEncoder()


def offer(key: str, text: str = "We build heat pumps for dairies.", **facts: object) -> Profile:
    """An organisation with one English offer; `facts` are fields of Profile or, after `statement_`, of
    Statement.
    """
    told = {
        name.removeprefix("statement_"): value
        for name, value in facts.items()
        if name.startswith("statement_")
    }
    about = {name: value for name, value in facts.items() if not name.startswith("statement_")}
    told = {"kind": "offer", "language": "en"} | told
    return Profile(
        key=key, name=f"Firm {key}", statements=(Statement(f"{key}-1", text=text, **told),), **about
    )


def index_of(profiles: Iterable[Profile]) -> Index:
    return Index.build(encode_profiles(profiles, LEXICON, ENCODER))


def ask(index: Index, query: Query, seed: int = 0, **params: object) -> Result:
    return search(index, query, lexicon=LEXICON, encoder=ENCODER, seed=seed, params=Params(**params))


def keys(result: Result) -> list[str]:
    return [match.key for match in result.matches]
