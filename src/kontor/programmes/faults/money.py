"""The programme's money adds up, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kontor.programmes.faults.fault import Check, Fault
from kontor.programmes.schema import Programme

_HALF_STEP = Decimal("0.005")


def envelopes_fit_the_budget(programme: Programme) -> Iterator[Fault]:
    """The money of all themes together is at most the budget."""
    left = programme.unassigned()
    if left is not None and left < 0:
        yield ("budget",), f"is {-left} less than the envelopes of all themes.", "Lower an envelope."


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
            message = f"takes the envelopes {over} over the {ceiling} there are."
            yield ("envelope", at, "amount"), message, "Lower an envelope."


def parts_are_the_budget(programme: Programme) -> Iterator[Fault]:
    total = sum((part.share for part in programme.parts), Decimal(0))
    if programme.parts and total != 100:
        message = f"takes all parts together to {total} percent."
        yield ("part", len(programme.parts) - 1, "share"), message, "Make the shares add up to 100."


def financing_is_the_budget(programme: Programme) -> Iterator[Fault]:
    """Where every financier has an amount, they pay the budget to the cent; rates are at most 100 percent."""
    amounts = [financier.amount for financier in programme.financing if financier.amount is not None]
    if programme.budget is not None and len(amounts) == len(programme.financing) > 0:
        off = sum(amounts, Decimal(0)) - programme.budget
        if off:
            word = "more" if off > 0 else "less"
            yield (
                ("financing", len(amounts) - 1, "amount"),
                f"makes all amounts together {abs(off)} {word} than the budget of {programme.budget}.",
                "Correct an amount.",
            )
    rates = sum((financier.rate or Decimal(0) for financier in programme.financing), Decimal(0))
    if rates > 100 + _HALF_STEP * len(programme.financing):
        path = ("financing", len(programme.financing) - 1, "rate")
        yield path, f"takes all rates together to {rates} percent.", "Lower a rate."


def rates_fit_amounts(programme: Programme) -> Iterator[Fault]:
    """A printed rate is the amount's share of the budget, rounded to two decimals."""
    for at, financier in enumerate(programme.financing):
        if not programme.budget or financier.amount is None or financier.rate is None:
            continue
        exact = financier.amount * 100 / programme.budget
        if abs(exact - financier.rate) > _HALF_STEP:
            message = f"is {financier.rate}, but the amount is {exact:.2f} percent of the budget."
            yield ("financing", at, "rate"), message, "Correct the rate or the amount."


def ceilings_fit_each_other(programme: Programme) -> Iterator[Fault]:
    """A grant ceiling above rate times project ceiling can never be reached."""
    for at, instrument in enumerate(programme.instruments):
        project, rate, grant = instrument.project_ceiling, instrument.rate, instrument.grant_ceiling
        if project is not None and rate is not None and grant is not None and grant > project * rate / 100:
            message = f"is {grant}, more than {rate} percent of the project ceiling of {project}."
            yield ("instrument", at, "grant_ceiling"), message, "Lower it, or raise the other two."
        least, most = instrument.least_months, instrument.most_months
        if least is not None and (most is None or most < least):
            yield ("instrument", at, "least_months"), "has no greater most_months.", "Give most_months."


CHECKS: tuple[Check, ...] = (
    envelopes_fit_the_budget,
    envelopes_of_a_kind_fit,
    parts_are_the_budget,
    financing_is_the_budget,
    rates_fit_amounts,
    ceilings_fit_each_other,
)
