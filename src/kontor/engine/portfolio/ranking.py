"""Down the ranking: who gets money when, what is left, and who is passed over for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.lots import lot
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.best import PERCENT, Place, places_of, possible
from kontor.engine.portfolio.model import Pot, Problem, Proposal, Rule, cents
from kontor.engine.portfolio.rules import BY_NAME

SHARES = ("new_share", "country")


@dataclass(slots=True)
class Purse:
    """Cents left in each envelope and in the balancing pot; with one real pot the sum of `left` counts."""

    pot: Pot
    left: dict[str, int]
    balancing: int

    @classmethod
    def of(cls, problem: Problem) -> Purse:
        left = {each.key: cents(each.amount) for each in problem.envelopes}
        return cls(problem.pot, left, cents(problem.balancing))

    def short(self, draws: Mapping[str, int]) -> dict[str, int]:
        """What is lacking: by envelope, or with a pot in one sum under `balancing` or `*`."""
        lacking = {key: amount - self.left[key] for key, amount in draws.items() if amount > self.left[key]}
        if self.pot == Pot.VIRTUAL:
            return lacking
        if self.pot == Pot.REAL:
            over = sum(draws.values()) - sum(self.left.values())
            return {"*": over} if over > 0 else {}
        over = sum(lacking.values()) - self.balancing
        return {"balancing": over} if over > 0 else {}

    def pay(self, draws: Mapping[str, int]) -> int:
        """Takes the money; answers the part that the balancing pot gave."""
        helped = 0
        for key, amount in draws.items():
            if self.pot == Pot.BALANCING and amount > self.left[key]:
                helped += amount - self.left[key]
                self.left[key] = 0
            else:
                self.left[key] -= amount
        self.balancing -= helped
        return helped

    def copy(self) -> Purse:
        return Purse(self.pot, dict(self.left), self.balancing)


@dataclass(slots=True)
class Walk:
    """`choice` in the order of funding; `before[key]`: the purse when its turn came; `short[key]`: what
    lacked then; `passed[key]`: the rule and its place that stood against it.
    """

    order: list[Proposal]
    choice: dict[str, int] = field(default_factory=dict)
    before: dict[str, Purse] = field(default_factory=dict)
    short: dict[str, dict[str, int]] = field(default_factory=dict)
    passed: dict[str, Place] = field(default_factory=dict)
    stopped_at: str = ""


def ranked(problem: Problem, seed: int) -> list[Proposal]:
    """Best score first; among equals who did not lead before, then a lot."""
    return sorted(problem.proposals, key=lambda each: (-each.score, each.led_before, lot(seed, each.key)))


def walk(problem: Problem, seed: int, barred: Mapping[str, Place] | None = None) -> Walk:
    """Funds down the ranking. `barred`: proposals that a rule about the whole keeps out."""
    steps = Walk(ranked(problem, seed))
    purse = Purse.of(problem)
    for key in problem.fixed:
        steps.before[key] = purse.copy()
        purse.pay(problem.by_key[key].cents())
        steps.choice[key] = PERCENT
    waiting: list[Proposal] = []
    for proposal in steps.order:
        if proposal.key in steps.choice:
            continue
        if steps.stopped_at:
            break
        _take(problem, steps, purse, proposal, barred or {}, waiting)
    for proposal in waiting:
        missing = next(other for other in proposal.requires if other not in steps.choice)
        steps.passed[proposal.key] = ("requires", (proposal.key, missing))
    return steps


def _take(
    problem: Problem,
    steps: Walk,
    purse: Purse,
    proposal: Proposal,
    barred: Mapping[str, Place],
    waiting: list[Proposal],
) -> None:
    """One turn, and the turns of those who waited for this one."""
    steps.before[proposal.key] = purse.copy()
    rule = barred.get(proposal.key) or against(problem, steps.choice, proposal)
    if rule:
        steps.passed[proposal.key] = rule
        return
    if any(other not in steps.choice for other in proposal.requires):
        waiting.append(proposal)
        return
    for percent in (PERCENT, *sorted(proposal.partial, reverse=True)):
        draws = proposal.cents(percent)
        if not purse.short(draws):
            purse.pay(draws)
            steps.choice[proposal.key] = percent
            _wake(problem, steps, purse, barred, waiting)
            return
    steps.short[proposal.key] = purse.short(proposal.cents())
    if problem.rule == Rule.STRICT:
        steps.stopped_at = proposal.key


def _wake(
    problem: Problem, steps: Walk, purse: Purse, barred: Mapping[str, Place], waiting: list[Proposal]
) -> None:
    ready = [each for each in waiting if all(other in steps.choice for other in each.requires)]
    for each in ready:
        waiting.remove(each)
    for each in ready:
        _take(problem, steps, purse, each, barred, waiting)


def against(problem: Problem, choice: Mapping[str, int], proposal: Proposal) -> Place | None:
    """The rule, money and shares left aside, that keeps a proposal out beside this choice."""
    if proposal.score < problem.min_score:
        return "min_score", (proposal.key,)
    for group in problem.exclusive:
        if proposal.key in group and any(key in choice for key in group if key != proposal.key):
            return "exclusive", group
    return None


def broken_shares(problem: Problem, choice: Mapping[str, int]) -> list[Place]:
    return [(name, at) for name in SHARES for at in BY_NAME[name].broken(problem, choice)]


def walk_with_shares(problem: Problem, seed: int, stop: Stop) -> Walk:
    """As `walk`, looking ahead: nobody is funded with whom the shares could no longer be kept.

    So the choice is the first of all in the order of the ranking: each proposal in turn is funded if some
    choice that keeps every rule funds it and all those funded before.
    """
    barred: dict[str, Place] = {}
    while True:
        if stop.left() <= 0:
            raise OutOfTime
        steps = walk(problem, seed, barred)
        broken = broken_shares(problem, steps.choice)
        if not broken:
            return steps
        funded = [key for key in steps.choice if key not in problem.fixed]
        barred[_first_too_many(problem, funded, barred, seed, stop)] = broken[0]


def _first_too_many(
    problem: Problem, funded: list[str], barred: Mapping[str, Place], seed: int, stop: Stop
) -> str:
    """The first of those funded after whom no choice keeps all rules, found by halving."""
    low, high = 0, len(funded)
    while high - low > 1:
        middle = (low + high) // 2
        if _completable(problem, funded[:middle], barred, seed, stop):
            low = middle
        else:
            high = middle
    return funded[high - 1]


def _completable(
    problem: Problem, granted: list[str], barred: Mapping[str, Place], seed: int, stop: Stop
) -> bool:
    kept = places_of(problem)
    return possible(problem, kept, seed=seed, stop=stop, must=granted, barred=barred)
