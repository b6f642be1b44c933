"""`make bench`: every benchmark beside its peers, each in a process of its own: memory figures stay clean.

python -m benchmarks [NAME ...]     names as listed below; without any, all of them in order

The shared data lie in KONTOR_SHARED, by default ../shared/data. Databases: a new SQLite file, and PostgreSQL
where KONTOR_BENCH_POSTGRES names one to use (`make bench` starts one of its own).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(os.environ.get("KONTOR_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data")
NAMES = [
    "single_query",
    "million",
    "suggest",
    "languages",
    "suggested_codes",
    "partners",
    "consortia",
    "consortia_real",
    "directory",
    "importing",
    "juries",
    "portfolio",
    "deadline",
]


def arguments(name: str, folder: str) -> list[str]:
    """What each benchmark is given when nothing else is said."""
    codes = SHARED / "codes"
    postgres = os.environ.get("KONTOR_BENCH_POSTGRES", "")
    databases = [f"sqlite:///{folder}/{name}.sqlite3", *([f"{postgres}/{name}"] if postgres else [])]
    given = {
        "languages": [str(codes / "cpv_24lang.csv"), "--learn", str(codes / "nace_wide.csv")],
        "partners": [str(SHARED)],
        "consortia_real": [str(SHARED)],
        "directory": databases,
        "importing": databases,
        "deadline": databases[1:],
    }
    return given.get(name, [])


def main() -> int:
    chosen = [name.replace("-", "_") for name in sys.argv[1:]] or NAMES
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            if name in ("languages", "consortia_real") and not SHARED.is_dir():
                print(f"{name} needs the shared data; {SHARED} is not there.", file=sys.stderr)
                continue
            if name == "deadline" and not os.environ.get("KONTOR_BENCH_POSTGRES"):
                print("deadline needs a PostgreSQL in KONTOR_BENCH_POSTGRES.", file=sys.stderr)
                continue
            print(f"\n## {name}\n", flush=True)
            command = [sys.executable, "-m", f"benchmarks.{name}", *arguments(name, folder)]
            if subprocess.run(command, check=False).returncode:
                failed.append(name)
    if failed:
        print(f"Above a promise, or not finished: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
