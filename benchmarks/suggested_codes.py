"""Codes read from a question's text: what they find in the sample directory and among the 60 written pairs.

    python -m benchmarks.suggested_codes [--shares 0 .3 .5 .7 1]

Each need of the sample's pairs is asked as bare text, in its own language and in those of its translations,
of the whole sample directory across the border; found is one of the offers that its authors named. The
pairs of `instances/matching/pairs-60.json` have no codes: once their offers are left without, once they are
given those that are suggested for them. A share of 0 leaves the question without codes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from kontor.codes import lexicon as shipped
from kontor.codes.suggest import codes_read_from
from kontor.engine.matching import fit
from kontor.engine.matching.encoder import UniversalEncoder
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.learn import interval
from kontor.engine.matching.model import AUDIENCES_ALL, Code, Conditions, Profile, Query, Statement
from kontor.engine.matching.solve import search
from kontor.features.organisations.sample.read import read_sample

INSTANCES = Path(__file__).parents[1] / "instances/matching"
FEW = 5
# Language, text, keys of the organisations that answer, key of the one that asks.
Asked = tuple[str, str, frozenset[str], str]


def sample() -> tuple[list[Profile], list[Asked]]:
    told = read_sample()
    owner = {said.key: each.key for each in told.organisations for said in each.statements}
    said = {each.key: each for organisation in told.organisations for each in organisation.statements}
    profiles = [
        Profile(
            key=each.key,
            name=each.name,
            kind=each.kind,
            size=each.size,
            country=each.country,
            languages=each.languages,
            summary=each.summary,
            codes=tuple(Code.parse(code) for code in each.codes),
            statements=tuple(
                Statement(
                    key=one.key,
                    kind=one.kind,
                    text=f"{one.title}. {one.text}" if one.title else one.text,
                    language=one.language,
                    codes=tuple(Code.parse(code) for code in one.codes),
                    trl=one.trl,
                    audience=one.visibility if one.visibility != "teaser" else "members",
                )
                for one in each.statements
            ),
        )
        for each in told.organisations
    ]
    asked = []
    for pair in told.pairs:
        need = said[pair.need]
        right = frozenset(owner[offer] for offer in pair.offers)
        worded = [need, *(each for each in need.translations if each.origin != "stale")]
        asked += [(each.language, each.text, right, owner[pair.need]) for each in worded]
    return profiles, asked


def pairs(*, with_codes: bool) -> tuple[list[Profile], list[Asked]]:
    rows = json.loads((INSTANCES / "pairs-60.json").read_text(encoding="utf-8"))["pairs"]
    profiles, asked = [], []
    for number, row in enumerate(rows):
        language, text = row["offer"]
        codes = codes_read_from(text, language) if with_codes else ()
        said = Statement(f"s{number:02}", "offer", text, language, codes)
        profiles.append(Profile(f"o{number:02}", f"Firm {number}", statements=(said,)))
        asked.append((*row["need"], frozenset([f"o{number:02}"]), ""))
    return profiles, asked


def places(
    index: Index, asked: Sequence[Asked], told: Sequence[tuple[Code, ...]], encoder: UniversalEncoder
) -> np.ndarray:
    """For each question the place of the first right answer, 0 for the first, 99 where it is not shown."""
    found = []
    for (language, text, right, asker), codes in zip(asked, told, strict=True):
        across = index.profile(asker)[0].country if asker else ""
        query = Query(
            text=text,
            language=language,
            suggested=codes,
            conditions=Conditions(across_from=across),
            top=FEW,
            newcomer_share=0,
            audiences=AUDIENCES_ALL,
        )
        matches = search(index, query, lexicon=shipped.load(), encoder=encoder).matches
        found.append(next((n for n, match in enumerate(matches) if match.key in right), 99))
    return np.array(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shares", type=float, nargs="+", default=[0, 0.3, 0.5, 0.7, 1])
    options = parser.parse_args()
    encoder = UniversalEncoder()
    sets = {
        "sample directory": sample(),
        "pairs-60, offers without codes": pairs(with_codes=False),
        "pairs-60, codes suggested for the offers": pairs(with_codes=True),
    }
    print(
        "| needs | share | first | among five | gain among five, 95 % |\n| --- | ---: | ---: | ---: | --- |"
    )
    for label, (profiles, asked) in sets.items():
        index = Index.build(encode_profiles(profiles, shipped.load(), encoder))
        started = time.process_time()
        told = [codes_read_from(text, language) for language, text, *_ in asked]
        each = 1000 * (time.process_time() - started) / len(asked)
        bare = np.zeros(0)
        for share in options.shares:
            with patch.object(fit, "SUGGESTED_SHARE", share):
                found = places(index, asked, told if share else [()] * len(asked), encoder)
            bare = found if not bare.size else bare
            mean, low, high = interval((found < FEW).astype(float) - (bare < FEW))
            first, few = (found < 1).mean(), (found < FEW).mean()
            line = f"| {label} ({len(asked)}) | {share:g} | {first:.2f} | {few:.2f} |"
            print(f"{line} {mean:+.3f} ({low:+.3f} to {high:+.3f}) |", flush=True)
        print(f"reading codes: {each:.0f} ms of processor time for each question", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
