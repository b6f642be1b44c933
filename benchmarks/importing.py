"""How long a member list of 100,000 rows takes from file to directory, and how much memory.

    python -m benchmarks.importing [--rows N] sqlite:////tmp/bench.sqlite3 postgresql://user:password@127.0.0.1/bench

The file is invented: each row has a name, an address, a web site, a VAT number where the country is Germany,
codes, tags, figures of a year, a contact person, an offer and a need. Each database is made anew;
`kontor import` runs as a process of its own, so its memory is the whole process's. Exits 1 above the promise:
60 seconds and 1 GB.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stdnum.iso7064 import mod_11_10

SECONDS, MEGABYTES = 60.0, 1024.0
WORDS = [
    *(
        "pump",
        "heat",
        "turbine",
        "sensor",
        "hydrogen",
        "battery",
        "software",
        "marine",
        "coating",
        "recycling",
    ),
    *("laser", "optics", "filter", "biogas", "valve", "drone", "grid", "robot", "printing", "water"),
]
PLACES = [
    ("DE", "28195", "Bremen"),
    ("DE", "20095", "Hamburg"),
    ("NL", "1012 AB", "Amsterdam"),
    ("FR", "75001", "Paris"),
    ("DK", "8000", "Aarhus"),
    ("IT", "20121", "Milano"),
]
CODES = ["27.11", "28.12", "62.10", "71.12", "72.10", "35.11", "20.16"]


def row(number: int, lots: random.Random) -> dict[str, object]:
    country, postcode, place = lots.choice(PLACES)
    first, second, third = lots.sample(WORDS, 3)
    base = f"{10_000_000 + number * 7:08d}"
    domain = f"{first}{second}{number}.example"
    return {
        "Name": f"{first.title()} {second.title()} {number} GmbH",
        "Kind of organisation": "firm",
        "Country": country,
        "Postcode": postcode,
        "Place": place,
        "Street": f"Street {number % 300}",
        "Web site": f"https://www.{domain}",
        "VAT number": f"DE{base}{mod_11_10.calc_check_digit(base)}" if country == "DE" else "",
        "NACE": f"{lots.choice(CODES)}; {lots.choice(CODES)}",
        "Tags": f"{first}; {second}; {third}",
        "Staff": number % 200 + 1,
        "Turnover (EUR)": number % 1000 * 1000,
        "Year": 2025,
        "Contact": f"Person {number}",
        "E-mail": f"p{number}@{domain}",
        "Telephone": f"+49 421 {number}",
        "Offer 1": f"We build {first} systems with {second} for the {third} industry in series {number}.",
        "Offer 1: TRL": number % 9 + 1,
        "Need 1": f"We look for partners in {third} and {first} to test {second} prototypes at sea.",
        "Summary": f"{first.title()} maker from {place} with long experience in {third}.",
        "ID": number,
    }


def write(file: Path, count: int) -> None:
    lots = random.Random(1)
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.DictWriter(out, list(row(0, random.Random(1))), delimiter=";")
        writer.writeheader()
        writer.writerows(row(number, lots) for number in range(count))


def measure(url: str, file: Path, var: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and megabytes of one import into a new database."""
    environment = {**os.environ, "KONTOR_DATABASE": url, "KONTOR_VAR": str(var), "KONTOR_JOBS": "worker"}
    kontor = str(Path(sys.executable).with_name("kontor"))
    subprocess.run([kontor, "migrate"], env=environment, check=True, capture_output=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    command = [kontor, "import", str(file), "--json"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent, after.ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("databases", nargs="*")
    parser.add_argument("--rows", type=int, default=100_000)
    given = parser.parse_args()
    kept = True
    print(f"| {given.rows:,} rows | wall s | processor s | MB |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "members.csv"
        write(file, given.rows)
        for number, url in enumerate(given.databases or [f"sqlite:///{folder}/bench.sqlite3"]):
            var = Path(folder) / f"var{number}"
            var.mkdir()
            wall, spent, megabytes = measure(url, file, var)
            name = url.partition(":")[0]
            print(f"| {name} | {wall:.1f} | {spent:.1f} | {megabytes:.0f} |", flush=True)
            kept &= wall <= SECONDS and megabytes <= MEGABYTES
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
