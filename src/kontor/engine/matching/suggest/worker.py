"""One of several processes that compare blocks: `python -m … FOLDER COLUMNS NUMBER OF`."""

from __future__ import annotations

import sys
from pathlib import Path

from kontor.engine.matching.suggest.run import compare_blocks, params_of_plan
from kontor.engine.matching.suggest.table import Table


def main(folder: Path, columns: Path, number: int, of: int) -> None:
    """Every `of`-th block from `number` on."""
    table = Table.load(columns)
    blocks = table.blocks(params_of_plan(folder).block)
    compare_blocks(folder, table, range(number, len(blocks), of), lambda done: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
