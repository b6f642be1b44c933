"""Whose money an application asks for: its split over the envelopes of a round, and what pots add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.features.calls.models import Application, ApplicationPartner, Call
from kontor.features.decisions.models import PotKind, PurseKind, RoundEnvelope

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
Split = dict[str, Decimal]


def asked(partners: Iterable[ApplicationPartner]) -> Decimal:
    return sum((one.grant or ZERO for one in partners), ZERO)


def split_of(
    application: Application,
    partners: Sequence[ApplicationPartner],
    envelopes: Sequence[RoundEnvelope],
    call: Call,
) -> Split:
    """What it asks of each envelope. Of a region: what its partners there ask; of every other envelope
    that it belongs to: the whole, once in each. KontorError where a partner with money belongs to no region.
    """
    if call.regions:
        return _by_region(application, partners, call)
    total = asked(partners)
    themed = [row for row in envelopes if _theme(row)]
    mine = next((row for theme in application.themes for row in themed if _theme(row) == theme), None)
    rows = [row for row in envelopes if row.kind in (PurseKind.PROGRAMME, PurseKind.CALL)]
    keys = [row.key for row in rows if not _theme(row) or row is mine]
    return dict.fromkeys(keys, total) if total else {}


def _theme(row: RoundEnvelope) -> str:
    return row.key.rpartition("theme:")[2] if row.key.rpartition("/")[2].startswith("theme:") else ""


def _by_region(application: Application, partners: Sequence[ApplicationPartner], call: Call) -> Split:
    found: Split = {}
    for one in partners:
        if not one.grant:
            continue
        key = one.region or _region_at(one, call)
        if not key:
            raise KontorError(
                _("{partner} of {number} belongs to no region of the call.").format(
                    partner=one.organisation, number=application.number
                ),
                code="partner-without-region",
                path=f"partners.{one.key}",
                remedy=_("Say in the application which region pays for this partner."),
                status=409,
            )
        found[key] = found.get(key, ZERO) + one.grant
    return found


def _region_at(partner: ApplicationPartner, call: Call) -> str:
    """The region in whose area the organisation lies."""
    nuts = partner.organisation.nuts3 or ""
    fits = (one["key"] for one in call.regions for area in one.get("nuts", ()) if nuts.startswith(area))
    return next(fits, "") if nuts else ""


def share_of(split: Mapping[str, Decimal], percent: int) -> Split:
    """The split at a percentage, each part rounded to the cent, half a cent upwards, as the engine does."""
    return {
        key: (amount * percent / 100).quantize(CENT, ROUND_HALF_UP) for key, amount in split.items() if amount
    }


def granted_by(split: Mapping[str, Decimal], call: Call) -> Decimal:
    """What the applicants get: the sum over regions; else the amount that counts once in each envelope."""
    amounts = list(split.values())
    return sum(amounts, ZERO) if call.regions else max(amounts, default=ZERO)


def draws_of(
    split: Mapping[str, Decimal], envelopes: Sequence[RoundEnvelope], pot: str
) -> dict[str, Decimal]:
    """What is really taken from each envelope, where pots help: first its own, then the balancing pot, or
    with one real pot the others, those with most left first. KontorError where it is not enough.
    """
    rows = {row.key: row for row in envelopes}
    if pot == PotKind.VIRTUAL:
        for key, amount in split.items():
            if amount > rows[key].left:
                raise exceeded(rows[key], amount)
        return dict(split)
    draws: dict[str, Decimal] = {}
    lacking = ZERO
    for key, amount in split.items():
        own = min(amount, max(rows[key].left, ZERO))
        lacking += amount - own
        if own:
            draws[key] = own
    helpers = [row for row in envelopes if (row.kind == PurseKind.BALANCING) == (pot == PotKind.BALANCING)]
    for row in sorted(helpers, key=lambda row: (-(row.left - draws.get(row.key, ZERO)), row.position)):
        helped = min(lacking, max(row.left - draws.get(row.key, ZERO), ZERO))
        if helped:
            draws[row.key] = draws.get(row.key, ZERO) + helped
            lacking -= helped
    if lacking:
        raise _pot_short(lacking)
    return draws


def exceeded(row: RoundEnvelope, amount: Decimal) -> KontorError:
    return KontorError(
        _("“{name}” has {left} left, {asked} are asked for.").format(name=row, left=row.left, asked=amount),
        code="envelope-exceeded",
        path=f"draws.{row.key}",
        remedy=_("Put the proposal on the reserve list, grant less, or free money first."),
        status=409,
    )


def _pot_short(lacking: Decimal) -> KontorError:
    return KontorError(
        _("The pots lack {amount}.").format(amount=lacking),
        code="envelope-exceeded",
        path="draws",
        remedy=_("Put the proposal on the reserve list, grant less, or free money first."),
        status=409,
    )
