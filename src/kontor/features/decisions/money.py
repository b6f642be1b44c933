"""Whose money an application asks for: its split over the envelopes of a round, and what pots add."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.engine.portfolio.model import euros, parts_of
from kontor.features.calls.annexes import region_of
from kontor.features.calls.models import Application, ApplicationPartner, Call
from kontor.features.decisions.models import PotKind, PurseKind, RoundEnvelope
from kontor.programmes.schema import divide

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
    percent: int = 100,
) -> Split:
    """What it asks of each envelope at `percent` of its grants. Of a region: what its partners there ask; of
    its themes: their shares, which add up to the whole; of every other envelope that it belongs to: the
    whole, once in each. KontorError where a partner with money belongs to no region.
    """
    if call.regions:
        return share_of(_by_region(application, partners, call), percent)
    total = asked(partners)
    if not total:
        return {}
    rows = [row for row in envelopes if row.kind in (PurseKind.PROGRAMME, PurseKind.CALL)]
    shares = _by_theme(application, rows, call, total)
    whole = {row.key: total for row in rows if not theme_of(row.key)}
    parts = shares_at(shares, percent) | share_of(whole, percent)
    return {row.key: parts[row.key] for row in rows if row.key in parts}


def shares_at(shares: Mapping[str, Decimal], percent: int) -> Split:
    """The themes' shares at a percentage: together they are that percentage of the whole, to the cent, in
    the same way as in the engine's answer.
    """
    return {key: euros(amount) for key, amount in parts_of(percent, shares).items() if amount}


def _by_theme(application: Application, rows: Sequence[RoundEnvelope], call: Call, total: Decimal) -> Split:
    """The themes' shares as the programme says, exact to the cent, of those that have money of their own: all
    in the one named first or called the main theme, the stated percentages, or even ones (also where the
    applicant, asked for a main theme or shares, named none: one theme alone needs no naming).
    """
    themed = {theme_of(row.key): row.key for row in rows if theme_of(row.key)}
    weights = {
        themed[theme]: weight for theme, weight in _weights(application, call, themed).items() if weight
    }
    # an odd cent goes by the programme's order of themes, not by the order in which somebody ticked them
    ordered = [row.key for row in rows if row.key in weights]
    shares = divide(total, [weights[key] for key in ordered]) if ordered else ()
    return {key: share for key, share in zip(ordered, shares, strict=True) if share}


def _weights(application: Application, call: Call, themed: Collection[str]) -> dict[str, Decimal]:
    """What each theme with money of its own counts."""
    rule = call.definition_of_programme.several_themes
    wanted = [theme for theme in dict.fromkeys(application.themes) if theme in themed]
    if rule == "stated" and application.theme_shares:
        return {theme: Decimal(application.theme_shares.get(theme, 0)) for theme in wanted}
    if rule == "main" and application.main_theme:
        wanted = [theme for theme in wanted if theme == application.main_theme]
    return dict.fromkeys(wanted[:1] if rule == "first" else wanted, Decimal(1))


def theme_of(key: str) -> str:
    """The theme whose money an envelope holds; empty for any other."""
    own = key.rpartition("/")[2]
    return own.removeprefix("theme:") if own.startswith("theme:") else ""


def _by_region(application: Application, partners: Sequence[ApplicationPartner], call: Call) -> Split:
    found: Split = {}
    for one in partners:
        if not one.grant:
            continue
        key = region_of(one, call)
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


def homeless_in(partners: Iterable[ApplicationPartner], call: Call) -> str:
    """The first partner with money that belongs to no region of the call; empty without one."""
    if not call.regions:
        return ""
    return next((str(one.organisation) for one in partners if one.grant and not region_of(one, call)), "")


def share_of(split: Mapping[str, Decimal], percent: int) -> Split:
    """The split at a percentage, each part rounded to the cent, half a cent upwards, as the engine does."""
    return {key: _cents(amount * percent / 100) for key, amount in split.items() if amount}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def granted_by(split: Mapping[str, Decimal], call: Call) -> Decimal:
    """What the applicants get: the amount that counts once in each envelope; where regions or themes alone
    pay, the sum of their shares.
    """
    whole = [] if call.regions else [amount for key, amount in split.items() if not theme_of(key)]
    return max(whole) if whole else sum(split.values(), ZERO)


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
