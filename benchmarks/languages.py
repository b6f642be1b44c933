"""Across languages: a CPV title in one language has to find the English entry; recall at 1 and at 10.

    python benchmarks/languages.py CPV.csv [--queries N] [--learn NACE.csv]

Side by side: BM25 on the words as they stand, the bare encoder, the matchmaker's words, meaning, and both.
The shipped lexicon was learned from these very titles; with `--learn` a lexicon is learned from all titles
*but* those asked, and the figures are those of unseen titles. Then the development pairs of
`instances/matching/pairs.json`.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import numpy as np

from kontor.codes import lexicon as shipped
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.fit import MEANING_DEVIATION, MEANING_MEAN, WORDS_DEVIATION, WORDS_WEIGHT
from kontor.engine.matching.index.postings import Postings
from kontor.engine.matching.lexicon import Lexicon, learn
from kontor.engine.matching.reader import Reader
from kontor.engine.matching.stems import fold, tokens
from kontor.engine.matching.terms import ONE, terms_of_text

LANGUAGES = ["de", "nl", "fr", "it", "es", "pl", "da", "sl", "sv", "cs", "hu", "fi", "el", "bg"]
PAIRS = Path(__file__).parents[1] / "instances" / "matching" / "pairs.json"
METHODS = ("BM25", "encoder", "words", "meaning", "both")


class Targets:
    """English texts, ready to be searched by each method."""

    def __init__(self, texts: list[tuple[str, str]], lexicon: Lexicon, encoder: UniversalEncoder) -> None:
        self.reader = Reader(lexicon, encoder)
        self.raw = Postings.build(_raw(text) for _, text in texts)
        self.words = Postings.build(terms_of_text(text, language, lexicon) for language, text in texts)
        self.bare = _units(encoder.encode([text for _, text in texts]))
        self.meaning = _units(self.reader.vectors([(text, language) for language, text in texts]))

    def scores(self, language: str, text: str) -> dict[str, np.ndarray]:
        terms = _weighted(self.words, terms_of_text(text, language, self.reader.lexicon))
        words = self.words.scores(terms)
        share = np.minimum(
            1, words / max(1e-9, sum(sorted((weight for _, weight in terms), reverse=True)[:8]))
        )
        meaning = self.meaning @ _units(self.reader.vector(text, language)[None, :])[0]
        z = (meaning - MEANING_MEAN) / MEANING_DEVIATION
        return {
            "BM25": self.raw.scores(_weighted(self.raw, _raw(text))),
            "encoder": self.bare @ _units(self.reader.encoder.encode([text]))[0],
            "words": words,
            "meaning": meaning,
            "both": z + WORDS_WEIGHT / WORDS_DEVIATION * share,
        }


def _raw(text: str) -> dict[str, int]:
    bag: dict[str, int] = {}
    for word in tokens(text):
        bag[fold(word)] = min(255, bag.get(fold(word), 0) + ONE)
    return bag


def _weighted(postings: Postings, bag: dict[str, int]) -> list[tuple[str, float]]:
    weighted = []
    for term, weight in sorted(bag.items()):
        held = len(postings.of(term)[0])
        if held:
            weighted.append(
                (term, weight / ONE * float(np.log(1 + (postings.passages - held + 0.5) / (held + 0.5))))
            )
    return weighted


def _units(vectors: np.ndarray) -> np.ndarray:
    rows = vectors.astype(np.float32)
    return rows / np.maximum(1e-9, np.linalg.norm(rows, axis=1, keepdims=True))


def rank(scores: np.ndarray, target: int) -> int:
    """Places before the target; of equals half are before it."""
    return int((scores > scores[target]).sum() + ((scores == scores[target]).sum() - 1) // 2)


def recall(targets: Targets, asked: list[tuple[str, str, int]]) -> dict[str, tuple[float, float]]:
    ranks = {method: [] for method in METHODS}
    for language, text, target in asked:
        for method, scores in targets.scores(language, text).items():
            ranks[method].append(rank(scores, target))
    return {
        m: (float(np.mean([r < 1 for r in v])), float(np.mean([r < 10 for r in v]))) for m, v in ranks.items()
    }


def line(label: str, found: dict[str, tuple[float, float]]) -> str:
    return f"| {label} | " + " | ".join(f"{found[m][0]:.2f} / {found[m][1]:.2f}" for m in METHODS) + " |"


def _pairs(labels: list[dict], language: str) -> list[tuple[str, str]]:
    return [(row[language], row["en"]) for row in labels if row.get(language) and row.get("en")]


def unseen_lexicon(rows: list[dict], nace: list[dict], left_out: set[int]) -> Lexicon:
    labels = [row for number, row in enumerate(rows) if number not in left_out] + nace
    return learn({code: _pairs(labels, code) for code in LANGUAGES})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cpv", type=Path)
    parser.add_argument("--learn", type=Path, default=None)
    parser.add_argument("--queries", type=int, default=300)
    options = parser.parse_args()
    rows = list(csv.DictReader(options.cpv.open(encoding="utf-8")))
    drawn = np.random.default_rng(0).choice(len(rows), options.queries, replace=False).tolist()
    encoder = UniversalEncoder()
    lexicon = shipped.load()
    if options.learn:
        nace = list(csv.DictReader(options.learn.open(encoding="utf-8")))
        lexicon = unseen_lexicon(rows, nace, set(drawn))
    print(f"| recall@1 / recall@10, {options.queries} titles of {len(rows)} | " + " | ".join(METHODS) + " |")
    print("| --- |" + " ---: |" * len(METHODS))
    targets = Targets([("en", row["en"]) for row in rows], lexicon, encoder)
    for language in LANGUAGES:
        print(line(language, recall(targets, [(language, rows[n][language], n) for n in drawn])), flush=True)
    pairs = json.loads(PAIRS.read_text(encoding="utf-8"))["pairs"]
    targets = Targets([tuple(pair["offer"]) for pair in pairs], lexicon, encoder)
    print(line("40 development pairs", recall(targets, [(*p["need"], n) for n, p in enumerate(pairs)])))


if __name__ == "__main__":
    main()
