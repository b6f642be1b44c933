"""What was handed in for a call as rows of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from kontor.features.calls.casework.queries import desk_of, partners_by_application
from kontor.features.calls.models import Call
from kontor.features.organisations.imports.values import guarded


def rows_of(call: Call) -> list[dict[str, Any]]:
    """One for each application, by number; amounts are exact texts in the programme's currency, `countries`
    those of its partners. What is still being written is nobody's business.
    """
    desk = desk_of(call).rows
    teams = partners_by_application([row.application for row in desk])
    found = []
    for row in desk:
        one = row.application
        team = teams.get(one.pk, [])
        costs = [each.cost for each in team if each.cost is not None]
        found.append(
            {
                "number": one.number,
                "key": one.key,
                "title": one.title,
                "state": one.state,
                "step": one.step,
                "language": one.language,
                "themes": list(one.themes),
                "lead": one.lead.name,
                "partners": [each.organisation.name for each in team if each.organisation_id != one.lead_id],
                "countries": sorted({each.organisation.country for each in team}),
                "cost": f"{sum(costs, start=0):.2f}",
                "requested": f"{one.requested:.2f}",
                "submitted_at": one.submitted_at,
                "receipt": one.receipt,
                "eligibility": row.verdict,
                "contact": str(row.case.contact) if row.case and row.case.contact else "",
                "due_on": row.clock.due_on if row.clock else None,
                "days_left": row.left,
            }
        )
    return found


def csv_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """With a head line; several values of a cell are parted by `; `, and nothing is taken for a formula."""
    text = io.StringIO()
    listed = list(rows)
    writer = csv.writer(text, lineterminator="\n")
    if listed:
        writer.writerow(list(listed[0]))
    writer.writerows([_cell(value) for value in row.values()] for row in listed)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return guarded("; ".join(map(str, value)))
    return guarded(value.isoformat() if hasattr(value, "isoformat") else str(value))
