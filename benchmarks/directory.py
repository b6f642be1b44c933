"""How long the directory's pages take through the whole stack, on every database given.

    python -m benchmarks.directory sqlite:////tmp/bench.sqlite3 postgresql://user:password@127.0.0.1/bench

Each database is migrated and, where it is empty, filled with `--rows` invented organisations. Prints a
table of p50 and p95 in milliseconds over `--rounds` requests of each page, one after the other, all
answered 200. Long counts are kept while nothing changes, so only the first request of a page counts; with
`--cold` every request does, as after a change. Exits 1 where a p95 is above the promise: 150 ms on
PostgreSQL, 300 ms on SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

PROMISE = {"postgresql": 150.0, "sqlite": 300.0}
PAGES = {
    "first page": "/directory/",
    "deep page": "/directory/?page=1800",
    "100 rows, nine columns": "/directory/?page_size=100&"
    + "&".join(
        f"columns={name}"
        for name in ["kind", "size", "country", "region", "offers", "needs", "clusters", "tags", "changed"]
    ),
    "common word": "/directory/?q=gmbh",
    "one letter": "/directory/?q=s",
    "rare words": "/directory/?q=zefir+muller+optics",
    "country": "/directory/?country=SI",
    "region": "/directory/?region=SI03",
    "large region": "/directory/?region=DE",
    "kind": "/directory/?kind=research",
    "size": "/directory/?size=micro",
    "NACE section C": "/directory/?nace=C",
    "NACE group": "/directory/?nace=20.1",
    "CPV division": "/directory/?cpv=03000000",
    "theme": "/directory/?theme=hydrogen",
    "key technology": "/directory/?ket=photonics",
    "cluster": "/directory/?cluster=b00000007",
    "language": "/directory/?language=de",
    "tag": "/directory/?tag=wood",
    "has offers": "/directory/?offers=yes",
    "no needs": "/directory/?needs=no",
    "fresh": "/directory/?fresh=90",
    "not fresh": "/directory/?fresh=older",
    "word, country, code, offers": "/directory/?q=solar&country=DE&nace=C&offers=yes",
    "country, code, offers": "/directory/?country=DE&nace=C&offers=yes",
    "changed last": "/directory/?sort=-changed",
    "by country, deep": "/directory/?sort=country&page=1500",
    "results as one types": "/directory/?q=sol",
    "map": "/directory/map/",
    "map of a word": "/directory/map/?q=solar",
    "organisation": "/directory/b00000500/",
    "API list": "/api/v1/organisations/?q=solar",
}


def measure(rows: int, rounds: int, *, cold: bool) -> dict[str, list[float]]:
    """Milliseconds of each request per page, on the database of KONTOR_DATABASE."""
    from django.core.management import call_command
    from django.test import Client

    from benchmarks.directory_data import fill  # sets Django up
    from kontor.features.organisations.models import Organisation

    call_command("migrate", verbosity=0)
    if not Organisation.objects.exists():
        fill(rows)
    client = Client(SERVER_NAME="localhost")
    return {
        name: [timed(client, page, cold=cold) for _round in range(rounds + 1)][1:]
        for name, page in PAGES.items()
    }


def timed(client: object, page: str, *, cold: bool = False) -> float:
    from django.core.cache import cache

    if cold:
        cache.clear()
    headers = {"HX-Request": "true"} if page.endswith("q=sol") else {}
    begin = time.perf_counter()
    answer = client.get(page, headers=headers)  # type: ignore[attr-defined]
    spent = (time.perf_counter() - begin) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{page} answered {answer.status_code}")
    return spent


def run_on(database: str, rows: int, rounds: int, *, cold: bool) -> dict[str, list[float]]:
    module = [sys.executable, "-m", "benchmarks.directory"]
    command = [*module, "--measure", "--rows", str(rows), "--rounds", str(rounds), database]
    command += ["--cold"] if cold else []
    environment = {**os.environ, "KONTOR_DATABASE": database, "KONTOR_API_RATE": "0"}
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, list[float]] = json.loads(answer.stdout)
    return found


def table(measured: dict[str, dict[str, list[float]]]) -> str:
    heads = [f"{kind} p50 | {kind} p95" for kind in measured]
    lines = [f"| page | {' | '.join(heads)} |", "| --- |" + " ---: | ---: |" * len(measured)]
    for name in PAGES:
        cells = [
            f"{statistics.median(times[name]):.0f} | {p95(times[name]):.0f}" for times in measured.values()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("databases", nargs="+")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--cold", action="store_true", help="Forget kept counts before every request.")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.rows, given.rounds, cold=given.cold)))
        return
    measured = {
        url.split(":")[0]: run_on(url, given.rows, given.rounds, cold=given.cold) for url in given.databases
    }
    print(table(measured))
    slow = [
        f"{kind}: {name}"
        for kind, times in measured.items()
        for name in PAGES
        if p95(times[name]) > PROMISE[kind]
    ]
    if slow:
        raise SystemExit(f"Above the promise: {', '.join(slow)}")


if __name__ == "__main__":
    main()
