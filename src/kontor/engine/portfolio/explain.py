"""For each unfunded proposal: why not, and what would have changed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.core.lots import lot
from kontor.engine.portfolio.best import Place
from kontor.engine.portfolio.model import POINT, Pot, Problem, Proposal, Unfunded, euros
from kontor.engine.portfolio.ranking import Purse, Walk, against, walk
from kontor.engine.portfolio.rules import BY_NAME

STEP = Decimal(1) / POINT
SHORT = gettext_noop("Money is short: %(short)s.")
STOPPED = gettext_noop("The money was used up to %(proposal)s, the first in the ranking that did not fit.")
WORTH = gettext_noop("With it the total value would be %(lost)s points lower.")
CHOSEN = gettext_noop("Other proposals are worth more together for the same money.")


def unfunded_by_rank(problem: Problem, steps: Walk, seed: int) -> list[Unfunded]:
    """In the order of the ranking, numbered as the reserve list where only money is lacking."""
    purse = final_purse(problem, steps.choice)
    found, place = [], 0
    for proposal in steps.order:
        if proposal.key in steps.choice:
            continue
        passed = steps.passed.get(proposal.key) or against(problem, steps.choice, proposal)
        waits = passed is None
        place += waits
        found.append(
            Unfunded(
                proposal.key,
                _reason(problem, steps, proposal, passed),
                top_up(purse, proposal) if waits else {},
                score_needed(problem, steps, proposal, seed),
                place if waits else None,
            )
        )
    return found


def _reason(problem: Problem, steps: Walk, proposal: Proposal, passed: Place | None) -> Reason:
    if passed is not None:
        return BY_NAME[passed[0]].named(problem, passed[1]).reason
    if proposal.key in steps.short:
        return short_reason(steps.short[proposal.key])
    return Reason("portfolio.stopped", STOPPED, {"proposal": steps.stopped_at})


def short_reason(short: Mapping[str, int]) -> Reason:
    """Envelope by envelope what lacked; `balancing` and `*` are the pots."""
    parts = tuple(f"{key} {euros(amount)}" for key, amount in sorted(short.items()))
    return Reason("portfolio.short", SHORT, {"short": parts})


def final_purse(problem: Problem, choice: Mapping[str, int]) -> Purse:
    purse = Purse.of(problem)
    for key, percent in choice.items():
        purse.pay(problem.by_key[key].cents(percent))
    return purse


def top_up(purse: Purse, proposal: Proposal) -> dict[str, Decimal]:
    """The least money with which the proposal could be added to everything that is funded."""
    return {key: euros(amount) for key, amount in purse.short(proposal.cents()).items()}


def score_needed(problem: Problem, steps: Walk, proposal: Proposal, seed: int) -> Decimal | None:
    """The smallest score that would have funded it: just ahead of the lowest place where its money was left.

    What is left only shrinks down the ranking, so that place is found by halving. None where no place has
    the money, and where proposals depend on each other or shares count: then a place alone does not decide.
    """
    if problem.new_share is not None or problem.countries or any(each.requires for each in problem.proposals):
        return None
    rivals = [each for each in steps.order if each.key != proposal.key and each.key in steps.before]
    rivals = [each for each in rivals if each.key not in problem.fixed]
    purses = [steps.before[each.key] for each in rivals]
    if not steps.stopped_at:
        purses.append(final_purse(problem, steps.choice))
    low, high = -1, len(purses) - 1
    while low < high:
        middle = (low + high + 1) // 2
        taken = dict.fromkeys(problem.fixed, 100)
        taken |= {each.key: 100 for each in rivals[:middle] if each.key in steps.choice}
        if _fits(problem, purses[middle], taken, proposal):
            low = middle
        else:
            high = middle - 1
    if low < 0:
        return None
    return max(problem.min_score, _ahead_of(rivals[low], proposal, seed) if low < len(rivals) else Decimal(0))


def _fits(problem: Problem, purse: Purse, taken: Mapping[str, int], proposal: Proposal) -> bool:
    probe = replace(proposal, score=max(proposal.score, problem.min_score))
    if against(problem, taken, probe) is not None:
        return False
    return any(not purse.short(proposal.cents(percent)) for percent in (100, *proposal.partial))


def _ahead_of(rival: Proposal, proposal: Proposal, seed: int) -> Decimal:
    mine = (proposal.led_before, lot(seed, proposal.key))
    ahead = mine < (rival.led_before, lot(seed, rival.key))
    return rival.score if ahead else rival.score + STEP


def smallest_extra(problem: Problem, key: str, envelope: str, seed: int = 0) -> Decimal | None:
    """The least extra money in one envelope with which the ranking would have funded the proposal.

    Where there is a balancing pot, only its own money can be asked about (`envelope` is then `balancing`).

    More money can first fund others who stood before it, so the shortage alone does not tell. Between two
    amounts nothing changes unless somebody short of this envelope begins to fit: the amounts are tried from
    one such point to the next. None where no money in this envelope alone would do.
    """
    if (problem.pot == Pot.BALANCING) != (envelope == "balancing"):
        remedy = "With a balancing pot ask about “balancing”, else about an envelope."
        raise InvalidInput("envelope", f"“{envelope}” cannot be asked about.", remedy)
    extra, name = 0, "*" if problem.pot == Pot.REAL else envelope
    while True:
        steps = walk(_richer(problem, envelope, extra), seed)
        if key in steps.choice:
            return euros(extra)
        lacking = [short[name] for short in steps.short.values() if set(short) == {name}]
        if not lacking:
            return None
        extra += min(lacking)


def _richer(problem: Problem, envelope: str, extra: int) -> Problem:
    if envelope == "balancing":
        return replace(problem, balancing=problem.balancing + euros(extra))
    richer = tuple(
        replace(each, amount=each.amount + euros(extra)) if each.key == envelope else each
        for each in problem.envelopes
    )
    return replace(problem, envelopes=richer)


def unfunded_by_value(problem: Problem, choice: Mapping[str, int], order: list[Proposal]) -> list[Unfunded]:
    """As `unfunded_by_rank` for the best total value: the reserve list follows the ranking."""
    purse, found, place = final_purse(problem, choice), [], 0
    for proposal in order:
        if proposal.key in choice:
            continue
        passed = against(problem, choice, proposal)
        if passed is None and any(other not in choice for other in proposal.requires):
            passed = "requires", (proposal.key, next(o for o in proposal.requires if o not in choice))
        short = purse.short(proposal.cents())
        if passed is not None:
            reason = BY_NAME[passed[0]].named(problem, passed[1]).reason
        else:
            reason = short_reason(short) if short else Reason("portfolio.chosen", CHOSEN)
        waits = passed is None
        place += waits
        missing = top_up(purse, proposal) if waits else {}
        found.append(Unfunded(proposal.key, reason, missing, None, place if waits else None))
    return found


def priced(problem: Problem, entry: Unfunded, lost: int, percents: int) -> Unfunded:
    """The entry with what its funding would cost the total (`lost`, in ten-thousandths times 100), exact."""
    proposal = problem.by_key[entry.key]
    if lost == 0 or proposal.value is not None:
        needed = proposal.score if lost == 0 else None
    else:
        needed = proposal.score + Decimal(-(-lost // percents)) / POINT
    shown = Decimal(lost) / (100 * POINT)
    reason = entry.reason
    if lost and entry.reason.code in {"portfolio.short", "portfolio.chosen"}:
        reason = Reason("portfolio.worth", WORTH, {"lost": f"{shown.normalize():f}"})
    return replace(entry, reason=reason, score_needed=needed)
