"""The programme's money adds up, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kontor.programmes.faults.fault import Check, Fault
from kontor.programmes.lines import Path
from kontor.programmes.messages import message as _
from kontor.programmes.schema import Programme

_HALF_STEP = Decimal("0.005")


def envelopes_fit_the_budget(programme: Programme) -> Iterator[Fault]:
    """The money of all themes together is at most the budget."""
    left = programme.unassigned()
    if left is not None and left < 0:
        message = _("is {amount} less than the envelopes of all themes.", amount=-left)
        yield ("budget",), message, _("Lower an envelope.")


def envelopes_of_a_kind_fit(programme: Programme) -> Iterator[Fault]:
    """Envelopes that name the same part, or the same dimension of none, are at most its money."""
    ceilings = {part.key: part.amount for part in programme.parts}
    spent: dict[tuple[str, str], Decimal] = {}
    for at, envelope in enumerate(programme.envelopes):
        names = (("theme", envelope.theme), ("instrument", envelope.instrument), ("region", envelope.region))
        dimension = "+".join(name for name, value in names if value)
        group = (envelope.part, dimension)
        spent[group] = spent.get(group, Decimal(0)) + envelope.amount
        ceiling = ceilings.get(envelope.part, programme.budget)
        if ceiling is not None and spent[group] > ceiling:
            over = spent[group] - ceiling
            message = _(
                "takes the envelopes {over} over the {ceiling} there are.", over=over, ceiling=ceiling
            )
            yield ("envelope", at, "amount"), message, _("Lower an envelope.")


def parts_are_the_budget(programme: Programme) -> Iterator[Fault]:
    total = sum((part.share for part in programme.parts), Decimal(0))
    if programme.parts and total != 100:
        message = _("takes all parts together to {total} percent.", total=total)
        remedy = _("Make the shares add up to 100.")
        yield ("part", len(programme.parts) - 1, "share"), message, remedy


def financing_is_the_budget(programme: Programme) -> Iterator[Fault]:
    """Where every financier has an amount, they pay the budget to the cent; rates are at most 100 percent."""
    amounts = [financier.amount for financier in programme.financing if financier.amount is not None]
    if programme.budget is not None and len(amounts) == len(programme.financing) > 0:
        off = sum(amounts, Decimal(0)) - programme.budget
        if off:
            told = {"off": abs(off), "budget": programme.budget}
            more = _("makes all amounts together {off} more than the budget of {budget}.", **told)
            less = _("makes all amounts together {off} less than the budget of {budget}.", **told)
            path: Path = ("financing", len(amounts) - 1, "amount")
            yield path, more if off > 0 else less, _("Correct an amount.")
    rates = sum((financier.rate or Decimal(0) for financier in programme.financing), Decimal(0))
    if rates > 100 + _HALF_STEP * len(programme.financing):
        last: Path = ("financing", len(programme.financing) - 1, "rate")
        yield last, _("takes all rates together to {total} percent.", total=rates), _("Lower a rate.")


def rates_fit_amounts(programme: Programme) -> Iterator[Fault]:
    """A printed rate is the amount's share of the budget, rounded to two decimals."""
    for at, financier in enumerate(programme.financing):
        if not programme.budget or financier.amount is None or financier.rate is None:
            continue
        exact = financier.amount * 100 / programme.budget
        if abs(exact - financier.rate) > _HALF_STEP:
            message = _(
                "is {rate}, but the amount is {exact} percent of the budget.",
                rate=financier.rate,
                exact=f"{exact:.2f}",
            )
            yield ("financing", at, "rate"), message, _("Correct the rate or the amount.")


def ceilings_fit_each_other(programme: Programme) -> Iterator[Fault]:
    """A grant ceiling above rate times project ceiling can never be reached."""
    for at, instrument in enumerate(programme.instruments):
        project, rate, grant = instrument.project_ceiling, instrument.rate, instrument.grant_ceiling
        if project is not None and rate is not None and grant is not None and grant > project * rate / 100:
            message = _(
                "is {grant}, more than {rate} percent of the project ceiling of {ceiling}.",
                grant=grant,
                rate=rate,
                ceiling=project,
            )
            yield ("instrument", at, "grant_ceiling"), message, _("Lower it, or raise the other two.")
        least, most = instrument.least_months, instrument.most_months
        if least is not None and (most is None or most < least):
            path: Path = ("instrument", at, "least_months")
            yield path, _("has no greater most_months."), _("Give most_months.")


CHECKS: tuple[Check, ...] = (
    envelopes_fit_the_budget,
    envelopes_of_a_kind_fit,
    parts_are_the_budget,
    financing_is_the_budget,
    rates_fit_amounts,
    ceilings_fit_each_other,
)
