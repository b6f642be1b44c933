"""The shipped lexicon: stems of 23 languages and the English stems they stand for.

Learned from the labels of CPV and NACE by `scripts/extract_lexicon.py` with the learner of the matchmaker.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

from kontor.engine.matching.lexicon import Lexicon


@cache
def load() -> Lexicon:
    """The lexicon, read once; a language is unpacked when it is first asked for."""
    with as_file(files("kontor.codes") / "data" / "lexicon.npz") as path:
        return Lexicon.load(path)
