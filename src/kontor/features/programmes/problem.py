"""From a programme's file to rows: which envelopes it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kontor import programmes
from kontor.features.programmes.models import EnvelopeKind


@dataclass(frozen=True, slots=True)
class PlannedEnvelope:
    """An envelope as the file states it; `names` by language."""

    key: str
    kind: EnvelopeKind
    names: dict[str, str]
    amount: Decimal
    currency: str


def envelopes_of(programme: programmes.Programme) -> list[PlannedEnvelope]:
    """Those of the programme and of its variants that have an amount, in the order of the file."""
    found = list(_of(programme, ""))
    for variant in programme.variants:
        found += _of(variant, f"{variant.key}/")
    return found


def _of(one: programmes.Programme, prefix: str) -> Iterator[PlannedEnvelope]:
    stated = [
        ("budget", EnvelopeKind.BUDGET, one.name, one.budget),
        *((f"part:{part.key}", EnvelopeKind.PART, part.name, part.amount) for part in one.parts),
        *((f"theme:{theme.key}", EnvelopeKind.THEME, theme.name, theme.envelope) for theme in one.themes),
        *((envelope.key, EnvelopeKind.OTHER, envelope.name, envelope.amount) for envelope in one.envelopes),
    ]
    for key, kind, name, amount in stated:
        if amount is not None:
            yield PlannedEnvelope(f"{prefix}{key}", kind, dict(name), amount, one.currency)
