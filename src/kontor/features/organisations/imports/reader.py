"""The process that reads every n-th batch of an upload's rows for `pipes`. No database, no settings.

    python -m kontor.features.organisations.imports.reader < JOB > BATCHES

A batch is the length of its lines in four bytes and then the lines; after the last batch comes one of length
0.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson
from django.conf import settings

from kontor.features.organisations.imports.columns import is_known
from kontor.features.organisations.imports.pipes import LENGTH, Job
from kontor.features.organisations.imports.reading import Maker
from kontor.features.organisations.imports.tables import Row, Table, open_table


def shares(table: Table, number: int, count: int, size: int) -> Iterator[list[Row]]:
    """Every `count`-th batch of the rows, beginning with batch `number`. `size`: rows in a batch."""
    rows = table.rows()
    turn = 0
    while batch := list(islice(rows, size)):
        if turn % count == number:
            yield batch
        turn += 1


def main() -> None:
    # Whoever presses Ctrl-C stops the process that started this one, and that one stops this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is told to people is told by the process that started this one.
    settings.configure(USE_I18N=False)
    gc.set_threshold(100_000, 20, 50)
    job = Job.from_json(orjson.loads(sys.stdin.buffer.read()))
    table = open_table(Path(job.path), is_known, sheet=job.sheet, encoding=job.encoding)
    maker = Maker(table, job.manner)
    out = sys.stdout.buffer
    for batch in shares(table, job.number, job.count, job.size):
        content = b"".join(map(maker.line, batch))
        out.write(len(content).to_bytes(LENGTH, "big") + content)
        out.flush()
    out.write(bytes(LENGTH))
    out.flush()


if __name__ == "__main__":
    main()
