"""Import runs as tests begin with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kontor.base.actor import Actor
from kontor.base.models import AuditEvent, Text
from kontor.features.organisations.imports import actions, files
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.models import (
    ContactPerson,
    ImportRun,
    Membership,
    Organisation,
    OrganisationCode,
    Statement,
    YearFigures,
)

ACTOR = Actor.system("import")
HEADER = [
    "Name", "Country", "Place", "VAT number", "NACE", "Tags", "Staff 2024", "E-mail", "Offer 1",
    "Member since", "Name (fr)", "ID",
]  # fmt: skip
ROWS = [
    ["Wind A GmbH", "DE", "Bremen", "DE136695976", "27.11", "wind; sea", "12,5", "a@a.example",
     "Rotors for sea winds.", "2020-01-01", "Vent A", "1"],
    ["Zon B BV", "NL", "Groningen", "", "35.11", "solar", "3", "b@b.example", "Solar roofs for barns.",
     "", "", "2"],
    ["Eau C", "FR", "Brest", "", "", "", "", "", "", "", "", "3"],
]  # fmt: skip


def check(path: Path, *, user: Any = None, cluster_key: str = "", **changes: Any) -> ImportRun:
    run, _table = actions.create_run(
        chunks=files.read_chunks(path), filename=path.name, actor=ACTOR, cluster_key=cluster_key
    )
    options = Options.from_json({**run.mapping, **changes})
    actions.start_check(run=run, options=options)
    actions.check_run(run=run, user=user)
    return run


def imported(path: Path, *, skip_bad: bool = False, **options: Any) -> ImportRun:
    run = check(path, **options)
    actions.claim_run(run=run, skip_bad=skip_bad)
    actions.write_run(run=run, actor=ACTOR, user=options.get("user"))
    return run


def counted(run: ImportRun) -> list[int]:
    return [run.counts[name] for name in ("new", "change", "same", "refused")]


def everything() -> dict[str, list[Any]]:
    """All rows an import can touch, as plain values."""
    models = (
        Organisation,
        OrganisationCode,
        YearFigures,
        ContactPerson,
        Statement,
        Membership,
        Text,
        AuditEvent,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
