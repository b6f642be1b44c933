"""What consortia add to a programme's indicators: approved and finished ones, as they were handed in.

Sizes, countries, costs and grants are the frozen ones, so that a decided case counts the same next year.
An enterprise counts once, however many consortia it sits in; one that was merged counts as the other, and one
that is deleted by then for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kontor import programmes
from kontor.features.matching.consortia.frozen import thawed
from kontor.features.matching.models import Consortium, Seat
from kontor.features.matching.models.consortia import ConsortiumState
from kontor.features.programmes.models import Programme

COUNTED = (ConsortiumState.APPROVED, ConsortiumState.CLOSED)


@dataclass
class _Tally:
    supported: set[str] = field(default_factory=set)
    granted: set[str] = field(default_factory=set)
    advised: set[str] = field(default_factory=set)
    across: set[str] = field(default_factory=set)
    with_research: set[str] = field(default_factory=set)
    institutes: set[str] = field(default_factory=set)
    private: Decimal = Decimal("0.00")


def count(programme: Programme) -> Mapping[str, Decimal]:
    """Amounts by the names of the programme file's `counts`. Two queries."""
    rows = Consortium.objects.filter(programme=programme, state__in=COUNTED).exclude(frozen={})
    consortia = list(rows)
    seats = Seat.objects.filter(variant__consortium__in=consortia)
    found = seats.values_list("key", "organisation_id", "organisation__merged_into_id")
    who = {key: str(merged or own or key) for key, own, merged in found}
    tally = _Tally()
    for consortium in consortia:
        team = thawed(consortium)
        if team is not None:
            _add(tally, [(who[each.key], each) for each in team.partners if each.key in who])
    sets = {
        "enterprises": tally.supported,
        "enterprises-granted": tally.granted,
        "enterprises-advised": tally.advised,
        "enterprises-across": tally.across,
        "enterprises-with-research": tally.with_research,
        "institutes-across": tally.institutes,
    }
    return {"private-money": tally.private, **{name: Decimal(len(each)) for name, each in sets.items()}}


def _add(tally: _Tally, partners: list[tuple[str, programmes.Partner]]) -> None:
    across = len({each.country for _pk, each in partners if each.country}) > 1
    research = {pk for pk, each in partners if each.kind == "research"}
    for pk, each in partners:
        if each.kind != "firm":
            continue
        tally.supported.add(pk)
        if each.grant:
            tally.granted.add(pk)
            # private money that matches a grant: what the enterprise pays itself (CO06)
            tally.private += (each.cost or each.grant) - each.grant
        else:
            tally.advised.add(pk)
        if across:
            tally.across.add(pk)
        if research:
            tally.with_research.add(pk)
    if across and any(each.kind == "firm" for _pk, each in partners):
        tally.institutes |= research
