"""Across languages: a CPV title in one language has to find the English entry; recall at 1 and at 10.

    python benchmarks/languages.py CPV.csv [--queries N] [--learn NACE.csv [--everyday]] [--unseen]

Side by side: BM25, the bare encoder, the matchmaker's words, meaning, and both. BM25 reads groups of three
letters of the folded words (k1 1.2, b 0.75): of whole words, beginnings of words and groups of three to five
letters these found most, because they see words that languages share.
The shipped lexicon was learned from these very titles; with `--learn` a lexicon is learned from all titles
*but* those asked, and the figures are those of unseen titles; `--everyday` fetches the other labels that the
shipped one was learned from (npm) and adds them. Then needs against offers: the development pairs of
`instances/matching` (`pairs.json`, `pairs-60.json` and of `pairs-92.json` the even ones), with `--unseen` the
odd ones of `pairs-92.json`, which nothing was tuned on; each language of the need by itself.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from kontor.codes import encoder as installed
from kontor.codes import lexicon as shipped
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.fit import MEANING_DEVIATION, MEANING_MEAN, WORDS_DEVIATION, WORDS_WEIGHT
from kontor.engine.matching.index.postings import Postings
from kontor.engine.matching.lexicon import Lexicon, learn
from kontor.engine.matching.reader import Reader
from kontor.engine.matching.stems import fold, tokens
from kontor.engine.matching.terms import ONE, terms_of_text

LANGUAGES = ["de", "nl", "fr", "it", "es", "pl", "da", "sl", "sv", "cs", "hu", "fi", "el", "bg"]
INSTANCES = Path(__file__).parents[1] / "instances" / "matching"
K1, B = 1.2, 0.75
BARE = UniversalEncoder()
METHODS = ("BM25", "encoder", "words", "meaning", "both")


class Targets:
    """English texts, ready to be searched by each method."""

    def __init__(self, texts: list[tuple[str, str]], lexicon: Lexicon) -> None:
        self.reader = Reader(lexicon, installed.load())
        self.raw = Letters([text for _, text in texts])
        self.words = Postings.build(terms_of_text(text, language, lexicon) for language, text in texts)
        self.bare = _units(BARE.encode([text for _, text in texts]))
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
            "BM25": self.raw.scores(text),
            "encoder": self.bare @ _units(BARE.encode([text]))[0],
            "words": words,
            "meaning": meaning,
            "both": z + WORDS_WEIGHT / WORDS_DEVIATION * share,
        }


class Letters:
    """BM25 over groups of three letters."""

    def __init__(self, texts: list[str]) -> None:
        bags = [Counter(_groups(text)) for text in texts]
        lengths = np.array([sum(bag.values()) for bag in bags], dtype=float)
        held: dict[str, list[tuple[int, int]]] = {}
        for row, bag in enumerate(bags):
            for group, count in bag.items():
                held.setdefault(group, []).append((row, count))
        self.texts = len(texts)
        self.held = {group: self._impacts(found, lengths) for group, found in held.items()}

    def _impacts(self, found: list[tuple[int, int]], lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rows, counts = (np.array(column) for column in zip(*found, strict=True))
        rarity = np.log(1 + (self.texts - len(rows) + 0.5) / (len(rows) + 0.5))
        dampening = K1 * (1 - B + B * lengths[rows] / lengths.mean())
        return rows, rarity * counts * (K1 + 1) / (counts + dampening)

    def scores(self, text: str) -> np.ndarray:
        total = np.zeros(self.texts)
        for group in _groups(text):
            if group in self.held:
                rows, impacts = self.held[group]
                total[rows] += impacts
        return total


def _groups(text: str) -> list[str]:
    words = [f" {fold(word)} " for word in tokens(text)]
    return [word[at : at + 3] for word in words for at in range(len(word) - 2)]


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


def recall(
    targets: Targets, asked: list[tuple[str, str, int]], few: int = 10
) -> dict[str, tuple[float, float]]:
    """For each method the share of targets found first, and among the first `few`."""
    ranks = {method: [] for method in METHODS}
    for language, text, target in asked:
        for method, scores in targets.scores(language, text).items():
            ranks[method].append(rank(scores, target))
    return {
        m: (float(np.mean([r < 1 for r in v])), float(np.mean([r < few for r in v])))
        for m, v in ranks.items()
    }


def line(label: str, found: dict[str, tuple[float, float]]) -> str:
    return f"| {label} | " + " | ".join(f"{found[m][0]:.2f} / {found[m][1]:.2f}" for m in METHODS) + " |"


def _pairs(labels: list[dict], language: str) -> list[tuple[str, str]]:
    return [(row[language], row["en"]) for row in labels if row.get(language) and row.get("en")]


def unseen_lexicon(rows: list[dict], nace: list[dict], left_out: set[int], everyday: bool) -> Lexicon:
    labels = [row for number, row in enumerate(rows) if number not in left_out] + nace
    more = everyday_pairs() if everyday else {}
    return learn({code: [*_pairs(labels, code), *more.get(code, [])] for code in LANGUAGES})


def everyday_pairs() -> dict[str, list[tuple[str, str]]]:
    sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
    from extract_everyday import Everyday

    with tempfile.TemporaryDirectory() as folder:
        everyday = Everyday(Path(folder))
        return {language: everyday.pairs(language) for language in LANGUAGES}


def _heading(label: str) -> None:
    print(f"\n| {label} | " + " | ".join(METHODS) + " |")
    print("| --- |" + " ---: |" * len(METHODS))


def needs_and_offers(lexicon: Lexicon, unseen: bool) -> None:
    """Needs against all offers of their file: found first, among the first five."""
    _heading("found first / among five, need in")
    if unseen:
        _by_language("pairs-92.json", lexicon, slice(1, None, 2))
        return
    _by_language("pairs.json", lexicon, slice(None))
    _by_language("pairs-60.json", lexicon, slice(None))
    _by_language("pairs-92.json", lexicon, slice(0, None, 2))


def _by_language(name: str, lexicon: Lexicon, chosen: slice) -> None:
    pairs = _read(name)
    targets = Targets([tuple(pair["offer"]) for pair in pairs], lexicon)
    asked = [(*pair["need"], number) for number, pair in enumerate(pairs)][chosen]
    for language in dict.fromkeys(each[0] for each in asked):
        of_language = [each for each in asked if each[0] == language]
        print(line(f"{language} ({len(of_language)})", recall(targets, of_language, few=5)))
    print(line(f"{len(asked)} of {name}", recall(targets, asked, few=5)), flush=True)


def _read(name: str) -> list[dict]:
    return json.loads((INSTANCES / name).read_text(encoding="utf-8"))["pairs"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cpv", type=Path)
    parser.add_argument("--learn", type=Path, default=None)
    parser.add_argument("--everyday", action="store_true")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--unseen", action="store_true")
    options = parser.parse_args()
    rows = list(csv.DictReader(options.cpv.open(encoding="utf-8")))
    drawn = np.random.default_rng(0).choice(len(rows), options.queries, replace=False).tolist()
    lexicon = shipped.load()
    if options.learn:
        nace = list(csv.DictReader(options.learn.open(encoding="utf-8")))
        lexicon = unseen_lexicon(rows, nace, set(drawn), options.everyday)
    _heading(f"recall@1 / recall@10, {options.queries} titles of {len(rows)}")
    targets = Targets([("en", row["en"]) for row in rows], lexicon)
    for language in LANGUAGES:
        print(line(language, recall(targets, [(language, rows[n][language], n) for n in drawn])), flush=True)
    needs_and_offers(shipped.load(), options.unseen)


if __name__ == "__main__":
    main()
