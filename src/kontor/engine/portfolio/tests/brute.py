"""Every choice of a small problem, tried one by one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from kontor.engine.portfolio.model import CountryShare, Envelope, Pot, Problem, Proposal, Rule
from kontor.engine.portfolio.rules import broken_rules

ENVELOPES = ("heat", "storage")


def choices(problem: Problem) -> Iterator[dict[str, int]]:
    """All that keep every rule, as the rules themselves say."""
    options = [(0, 100, *each.partial) for each in problem.proposals]
    for levels in product(*options):
        pairs = zip(problem.proposals, levels, strict=True)
        choice = {each.key: level for each, level in pairs if level}
        if not broken_rules(problem, choice):
            yield choice


def worth(problem: Problem, choice: dict[str, int]) -> Decimal:
    return sum(
        (Decimal(problem.by_key[key].worth * percent) / 1_000_000 for key, percent in choice.items()),
        Decimal(0),
    )


@st.composite
def problems(draw: st.DrawFn, rule: Rule, partial: bool = True, shares: bool = True) -> Problem:
    """Up to six proposals and two envelopes, with every rule now and then. Money has odd cents."""
    money = st.integers(1, 60).map(lambda n: Decimal(n * 1017) / 100)
    keys = [f"p{n}" for n in range(draw(st.integers(1, 6)))]
    proposals = []
    for key in keys:
        draws = draw(st.dictionaries(st.sampled_from(ENVELOPES), money, min_size=1, max_size=2))
        partners = draw(st.integers(1, 4))
        countries = {"NL": min(draws.values()), "DE": draw(money)} if draw(st.booleans()) else {}
        requires = draw(st.sampled_from([(), (), (), (draw(st.sampled_from(keys)),)]))
        proposals.append(
            Proposal(
                key,
                Decimal(draw(st.integers(50, 60))),
                draws,
                partial=draw(st.sampled_from([(), (), (60,), (80, 50)])) if partial else (),
                partners=partners,
                new=draw(st.integers(0, partners)),
                countries=countries,
                requires=tuple(each for each in requires if each != key),
                led_before=draw(st.booleans()),
            )
        )
    pot = draw(st.sampled_from(list(Pot)))
    pair = draw(st.lists(st.sampled_from(keys), unique=True, min_size=2, max_size=2)) if len(keys) > 1 else []
    country = CountryShare("NL", draw(st.sampled_from([Decimal(0), Decimal("0.1")])), Decimal("0.4"))
    return Problem(
        tuple(Envelope(key, draw(st.integers(0, 150)) * Decimal("10.17")) for key in ENVELOPES),
        tuple(proposals),
        rule,
        pot,
        draw(money) if pot == Pot.BALANCING else Decimal(0),
        min_score=draw(st.sampled_from([Decimal(0), Decimal(53)])),
        new_share=draw(st.sampled_from([None, Decimal("0.4")])) if shares else None,
        countries=(country,) if shares and draw(st.booleans()) else (),
        exclusive=(tuple(pair),) if pair and draw(st.booleans()) else (),
        fixed=(draw(st.sampled_from(keys)),) if draw(st.integers(0, 4)) == 0 else (),
    )
