"""From the rows of a round to the engine's portfolio, and from its answer to what a scenario keeps.

A scenario's `result`:

    {"status", "value", "bound", "granted": [{"application", "percent", "draws", "balanced", "left"}],
     "unfunded": [{"application", "reserve", "reason", "top_up", "score_needed", "extra"}],
     "out": [{"application", "reason"}], "left", "ties": [{"chosen", "others"}], "blocked": [reason],
     "ranking": [application], "scores": {application: score}, "asked": {application: {envelope: amount}},
     "envelopes": {envelope: amount}}

A reason is {"code", "template", "params"}; amounts and scores are exact texts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kontor.base.errors import KontorError
from kontor.engine.core.errors import InvalidInput, OutOfTime
from kontor.engine.core.explanation import Reason
from kontor.engine.core.stop import NoLimit, Stop
from kontor.engine.portfolio.explain import smallest_extra
from kontor.engine.portfolio.model import CountryShare, Envelope, Pot, Problem, Proposal, Result, Rule
from kontor.engine.portfolio.ranking import ranked
from kontor.engine.portfolio.read import FORMAT
from kontor.engine.portfolio.rules import BY_NAME
from kontor.engine.portfolio.solve import solve
from kontor.features.calls.models import HANDED_IN, ApplicationState
from kontor.features.decisions.book import Book, Candidate
from kontor.features.decisions.models import DecisionKind, PurseKind, RoundEnvelope
from kontor.features.decisions.money import ZERO, share_of, theme_of
from kontor.features.decisions.settings import Settings

UNSCORED = gettext_noop("The assessment is not complete.")
INELIGIBLE = gettext_noop("The proposal is not eligible.")
NOT_CHECKED = gettext_noop("Whether the proposal is eligible is not decided yet.")
BELOW = gettext_noop("Below the threshold: %(criteria)s.")
KNOCKED = gettext_noop("The jury's verdict does not let it pass.")
NO_REGION = gettext_noop("No region of the call pays for %(partner)s.")
NO_MONEY = gettext_noop("It asks for no money.")
DECIDED = gettext_noop("It is decided already: %(decision)s.")

#: So many of the reserve list learn the smallest extra money of each envelope.
EXPLAINED = 30
#: What the engine can hold of a proposal's state.
RANKABLE = frozenset(HANDED_IN) - {
    ApplicationState.INELIGIBLE, ApplicationState.SUBMITTED, ApplicationState.ADMISSIBLE,
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """The engine's problem, and why some applications are not in it."""

    problem: Problem
    out: tuple[tuple[str, Reason], ...]
    #: As they are: what is granted already stands in the problem with at least the least score.
    scores: Mapping[str, Decimal]

    @property
    def as_file(self) -> dict[str, Any]:
        """In the format `kontor-portfolio/1`."""
        told = self.problem
        return {
            "format": FORMAT,
            "envelopes": [{"key": e.key, "amount": str(e.amount), "kind": e.kind} for e in told.envelopes],
            "proposals": [_proposal_told(one) for one in told.proposals],
            "rule": str(told.rule),
            "pot": str(told.pot),
            "balancing": str(told.balancing),
            "min_score": str(told.min_score),
            **({} if told.new_share is None else {"new_share": str(told.new_share)}),
            "countries": [
                {"country": c.country, "least": str(c.least), "most": str(c.most)} for c in told.countries
            ],
            "exclusive": [list(group) for group in told.exclusive],
            "fixed": list(told.fixed),
        }


def fingerprint(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def question_of(book: Book, settings: Settings, *, only: Collection[str] | None = None) -> Question:
    """What is asked of the engine: approved proposals stay, what is decided otherwise is out. `only` (keys)
    narrows the candidates to the reserve list. KontorError where the settings do not fit the round.
    """
    proposals, fixed, out = [], [], []
    for one in book.candidates:
        if one.decision and one.decision.grants:
            if one.application.state != ApplicationState.WITHDRAWN:
                proposals.append(_granted(one, settings))
                fixed.append(one.key)
            continue
        if one.application.state == ApplicationState.WITHDRAWN:
            continue
        if only is not None and one.key not in only:
            continue
        reason = kept_out(one, settings)
        if reason:
            out.append((one.key, reason))
        else:
            proposals.append(_proposal(one, settings))
    proposals, lonely = _without_lonely(proposals)
    out += lonely
    known = {one.key for one in proposals}
    try:
        problem = Problem(
            envelopes=tuple(
                _envelope(row, settings) for row in book.envelopes if row.kind != PurseKind.BALANCING
            ),
            proposals=tuple(proposals),
            rule=settings.rule,
            pot=settings.pot,
            balancing=_balancing(book, settings),
            min_score=settings.min_score,
            new_share=None if settings.new_share is None else settings.new_share / 100,
            countries=tuple(CountryShare(c.country, c.least / 100, c.most / 100) for c in settings.countries),
            exclusive=_groups(settings, known),
            fixed=tuple(fixed),
        )
    except InvalidInput as error:
        raise refused(error) from error
    scores = {
        one.key: one.standing.score(adjusted=settings.adjusted) or ZERO
        for one in book.candidates
        if one.key in problem.by_key
    }
    return Question(problem, tuple(out), scores)


def _balancing(book: Book, settings: Settings) -> Decimal:
    """The pot of the settings; while the board follows them, what the round set aside by now."""
    if settings.pot != Pot.BALANCING:
        return ZERO
    adopted = book.round.adopted
    follows = adopted is not None and adopted.settings == settings.as_json()
    rows = [row.limit for row in book.envelopes if row.kind == PurseKind.BALANCING]
    return rows[0] if follows and rows else settings.balancing


def _groups(settings: Settings, known: Collection[str]) -> tuple[tuple[str, ...], ...]:
    groups = (tuple(key for key in group if key in known) for group in settings.exclusive)
    return tuple(group for group in groups if len(group) > 1)


def _without_lonely(proposals: list[Proposal]) -> tuple[list[Proposal], list[tuple[str, Reason]]]:
    """Those that require one that is no candidate cannot be funded: they are out, and who requires them
    too.
    """
    lonely: list[tuple[str, Reason]] = []
    while True:
        known = {one.key for one in proposals}
        gone = {one.key: other for one in proposals for other in one.requires if other not in known}
        if not gone:
            return proposals, lonely
        template = BY_NAME["requires"].template
        for key, other in gone.items():
            lonely.append((key, Reason("portfolio.requires", template, {"proposal": key, "other": other})))
        proposals = [one for one in proposals if one.key not in gone]


def answer_to(question: Question, *, seed: int, stop: Stop | None = None) -> dict[str, Any]:
    """What a scenario keeps as its result. KontorError where the engine refuses the question."""
    problem = question.problem
    try:
        result = solve(problem, seed=seed, stop=stop or NoLimit())
    except InvalidInput as error:
        raise refused(error) from error
    except OutOfTime as error:
        raise KontorError(
            _("The time was over before an answer was found."),
            code="out-of-time",
            remedy=_(
                "Ask with fewer conditions, or export the question and give kontor portfolio more time."
            ),
            status=409,
        ) from error
    return {
        "status": str(result.status),
        "value": str(result.value),
        "bound": str(result.bound),
        "granted": [
            {
                "application": one.key,
                "percent": one.percent,
                "draws": _texts(one.draws),
                "balanced": str(one.balanced),
                "left": _texts(one.left),
            }
            for one in result.granted
        ],
        "unfunded": _unfunded(problem, result, seed),
        "out": [{"application": key, "reason": reason_told(reason)} for key, reason in question.out],
        "left": _texts(result.left),
        "ties": [{"chosen": list(tie.chosen), "others": list(tie.others)} for tie in result.ties],
        "blocked": [reason_told(one.reason) for one in result.blocked],
        "ranking": [one.key for one in ranked(problem, seed)],
        "scores": {key: str(score) for key, score in question.scores.items()},
        "asked": {one.key: _texts(one.draws) for one in problem.proposals},
        "envelopes": {one.key: str(one.amount) for one in problem.envelopes},
    }


def _unfunded(problem: Problem, result: Result, seed: int) -> list[dict[str, Any]]:
    told = []
    for number, one in enumerate(result.unfunded):
        extra = {}
        if one.reserve is not None and number < EXPLAINED:
            extra = _extra(problem, one.key, seed)
        told.append(
            {
                "application": one.key,
                "reserve": one.reserve,
                "reason": reason_told(one.reason),
                "top_up": _texts(one.top_up),
                "score_needed": None if one.score_needed is None else str(one.score_needed),
                "extra": extra,
            }
        )
    return told


def _extra(problem: Problem, key: str, seed: int) -> dict[str, str]:
    """The least extra money in one envelope with which the ranking would have funded it. Shares of the whole
    and the best total value are not asked: there a place alone does not decide.
    """
    if problem.rule == Rule.BEST or problem.new_share is not None or problem.countries:
        return {}
    names = ["balancing"] if problem.pot == Pot.BALANCING else list(problem.by_key[key].draws)
    found = {name: smallest_extra(problem, key, name, seed) for name in names}
    return {name: str(amount) for name, amount in found.items() if amount is not None}


def kept_out(one: Candidate, settings: Settings) -> Reason | None:
    """Why it is no candidate, None where it is one."""
    standing = one.standing
    if one.decision and one.decision.kind != DecisionKind.RESERVE:
        return Reason("decision.decided", DECIDED, {"decision": one.decision.kind})
    if one.application.state == ApplicationState.INELIGIBLE:
        return Reason("decision.ineligible", INELIGIBLE)
    if one.application.state not in RANKABLE:
        return Reason("decision.unchecked", NOT_CHECKED)
    if standing.score(adjusted=settings.adjusted) is None:
        return Reason("decision.unscored", UNSCORED)
    if standing.below:
        return Reason("decision.below", BELOW, {"criteria": standing.below})
    if standing.verdict and not standing.passes:
        return Reason("decision.knocked", KNOCKED)
    if one.homeless:
        return Reason("decision.no_region", NO_REGION, {"partner": one.homeless})
    if not one.asked:
        return Reason("decision.no_money", NO_MONEY)
    return None


def _proposal(one: Candidate, settings: Settings) -> Proposal:
    partial = settings.partial if not settings.partial_for or one.key in settings.partial_for else ()
    counting = [partner for partner in one.partners if partner.grant]
    countries: dict[str, Decimal] = {}
    for partner in counting:
        country = partner.organisation.country
        countries[country] = countries.get(country, ZERO) + (partner.grant or ZERO)
    return Proposal(
        key=one.key,
        score=one.standing.score(adjusted=settings.adjusted) or Decimal(0),
        draws=dict(one.split),
        partial=partial,
        partners=len(counting),
        new=sum(bool(partner.new) for partner in counting),
        countries=countries,
        requires=tuple(other for key, other in settings.requires if key == one.key),
        led_before=any(partner.led_before for partner in counting if partner.role == "lead"),
        shared=tuple(key for key in one.split if theme_of(key)),
    )


def _granted(one: Candidate, settings: Settings) -> Proposal:
    """As decided: with what it got, whatever its score is now."""
    assert one.decision is not None
    split = {key: Decimal(amount) for key, amount in one.decision.split.items()}
    made = _proposal(one, Settings(adjusted=settings.adjusted))
    share = one.decision.percent
    return Proposal(
        key=one.key,
        score=max(made.score, settings.min_score),
        draws=split,
        partners=made.partners,
        new=made.new,
        countries=share_of(made.countries, share),
        led_before=made.led_before,
    )


def _envelope(row: RoundEnvelope, settings: Settings) -> Envelope:
    amount = row.limit + settings.extra.get(row.key, ZERO)
    if amount < 0:
        raise InvalidInput(f"extra.{row.key}", "Less than nothing would be left.", "Take less away.")
    return Envelope(row.key, amount, row.kind)


def _proposal_told(one: Proposal) -> dict[str, Any]:
    return {
        "key": one.key,
        "score": str(one.score),
        "draws": _texts(one.draws),
        "partial": list(one.partial),
        "partners": one.partners,
        "new": one.new,
        "countries": _texts(one.countries),
        "requires": list(one.requires),
        "led_before": one.led_before,
        **({"shared": list(one.shared)} if one.shared else {}),
    }


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: str(amount) for key, amount in amounts.items()}


def reason_told(reason: Reason) -> dict[str, Any]:
    params = {
        name: list(value) if isinstance(value, tuple | list) else str(value)
        for name, value in reason.params.items()
    }
    return {"code": reason.code, "template": reason.template, "params": params}


def refused(error: InvalidInput) -> KontorError:
    return KontorError(error.message, code="scenario-invalid", path=error.path, remedy=error.remedy)
