"""Reading import runs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kontor.base.models import Job
from kontor.features.accounts.queries import clusters_managed
from kontor.features.accounts.rules import is_administrator
from kontor.features.organisations.imports.catalogue import label
from kontor.features.organisations.imports.compare import Change
from kontor.features.organisations.imports.problems import Problem
from kontor.features.organisations.models import ImportRow, ImportRun, Organisation


def runs_visible_to(user: Any) -> QuerySet[ImportRun]:
    """All runs for administrators, those of their clusters for managers; newest first."""
    runs = ImportRun.objects.order_by("-created_at", "-id")
    return runs if is_administrator(user) else runs.filter(cluster_key__in=clusters_managed(user))


def clusters_for(user: Any) -> QuerySet[Organisation]:
    """The clusters a person may import into."""
    clusters = Organisation.objects.alive().filter(kind="cluster")
    return clusters if is_administrator(user) else clusters.filter(key__in=clusters_managed(user))


def job_of(run: ImportRun) -> Job | None:
    return Job.objects.filter(key=run.job_key).first() if run.job_key else None


def problems_of(row: ImportRow) -> list[Problem]:
    return [Problem.from_json(item) for item in row.problems]


def changes_of(row: ImportRow, language: str) -> list[dict[str, Any]]:
    """Before and after of each field that a row changes, with the field's name in the reader's language."""
    change = Change.from_json(dict(row.values.get("change") or {}))
    return [
        {"label": label(name, language), "before": _shown(old), "after": _shown(new)}
        for name, old, new in change.shown()
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return "" if value is None else str(value)
