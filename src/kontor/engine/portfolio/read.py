"""The format `kontor-portfolio/1`: see docs/formats/portfolio.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from kontor.engine.core.errors import InvalidInput, inside
from kontor.engine.core.records import Schema, file_schema, list_of, listed, read_object, record, schema_of
from kontor.engine.portfolio.model import CountryShare, Envelope, Pot, Problem, Proposal, Rule

FORMAT = "kontor-portfolio/1"
PROMOTION = "kontor-promotion/1"


@dataclass(frozen=True, slots=True)
class _Settings:
    """What a scenario may set differently."""

    rule: Rule = Rule.SKIP
    pot: Pot = Pot.VIRTUAL
    balancing: Decimal = Decimal(0)
    min_score: Decimal = Decimal(0)
    new_share: Decimal | None = None
    exclusive: tuple[tuple[str, ...], ...] = ()
    fixed: tuple[str, ...] = ()
    countries: tuple[CountryShare, ...] = ()
    amounts: dict[str, Decimal] = field(default_factory=dict)


SETTINGS = tuple(_Settings.__dataclass_fields__)


def read_portfolio(path: Path) -> tuple[Problem, list[tuple[str, Problem]]]:
    """The problem and its scenarios by name. Raises InvalidInput with the place and the remedy."""
    content = read_object(path, FORMAT, ["title", "envelopes", "proposals", *SETTINGS, "scenarios"])
    base = {name: content[name] for name in SETTINGS if name in content}
    problem = _stated(content)
    envelopes, proposals = listed(Envelope, content, "envelopes"), problem.proposals
    scenarios = []
    given = content.get("scenarios", [])
    if not isinstance(given, list):
        raise InvalidInput("scenarios", "It is not a list.", "Write [ … ] with one object per scenario.")
    for number, each in enumerate(given):
        where = f"scenarios[{number}]"
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            raise InvalidInput(where, "It has no name.", "Give each scenario a name.")
        changes = {name: value for name, value in each.items() if name != "name"}
        scenarios.append((each["name"], _problem(envelopes, proposals, {**base, **changes}, where)))
    return problem, scenarios


def _stated(content: dict[str, Any]) -> Problem:
    envelopes = listed(Envelope, content, "envelopes")
    if not envelopes:
        raise InvalidInput("envelopes", "There is none.", "Give at least one, with key and amount.")
    settings = {name: content[name] for name in SETTINGS if name in content}
    return _problem(envelopes, listed(Proposal, content, "proposals"), settings, "")


@dataclass(frozen=True, slots=True)
class Grant:
    """A proposal that is granted, with the percentage of what it asked for."""

    proposal: str
    percent: int = 100


@dataclass(frozen=True, slots=True)
class Promotion:
    """What was decided, who withdrew, and money that came in, by envelope. Without `granted` the decision is
    the one that the problem's rule makes.
    """

    problem: Problem
    granted: tuple[Grant, ...] | None
    withdrawn: tuple[str, ...]
    extra: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class _Changes:
    withdrawn: tuple[str, ...] = ()
    extra: dict[str, Decimal] = field(default_factory=dict)


def read_promotion(path: Path) -> Promotion:
    """The format `kontor-promotion/1`. Raises InvalidInput with the place and the remedy."""
    changes = tuple(_Changes.__dataclass_fields__)
    names = ["title", "envelopes", "proposals", *SETTINGS, "granted", *changes]
    content = read_object(path, PROMOTION, names)
    problem = _stated(content)
    given = record(_Changes, {name: content[name] for name in changes if name in content}, "")
    granted = listed(Grant, content, "granted") if "granted" in content else None
    _check_promotion(problem, granted or (), given)
    return Promotion(problem, granted, given.withdrawn, given.extra)


def _check_promotion(problem: Problem, granted: tuple[Grant, ...], given: _Changes) -> None:
    seen: set[str] = set()
    for number, each in enumerate(granted):
        where = f"granted[{number}]"
        if each.proposal not in problem.by_key or each.proposal in seen:
            message = f"There is no proposal “{each.proposal}”, or it stands twice."
            raise InvalidInput(f"{where}.proposal", message, "Use each key of proposals once.")
        seen.add(each.proposal)
        if not 0 < each.percent <= 100:
            raise InvalidInput(f"{where}.percent", f"{each.percent} is out of range.", "Use 1 to 100.")
    for number, key in enumerate(given.withdrawn):
        if key not in problem.by_key:
            message = f"There is no proposal “{key}”."
            raise InvalidInput(f"withdrawn[{number}]", message, "Use a key of proposals.")
    known = {each.key for each in problem.envelopes}
    for key, amount in given.extra.items():
        if key not in known:
            raise InvalidInput(f"extra.{key}", "There is no such envelope.", "Use a key of envelopes.")
        with inside("extra"):
            Envelope(key, amount)


def _problem(
    envelopes: tuple[Envelope, ...], proposals: tuple[Proposal, ...], settings: dict[str, Any], where: str
) -> Problem:
    given = record(_Settings, settings, where)
    with inside(where):
        known = {each.key for each in envelopes}
        for key in given.amounts:
            if key not in known:
                raise InvalidInput(f"amounts.{key}", "There is no such envelope.", "Use a key of envelopes.")
        return Problem(
            envelopes=tuple(Envelope(e.key, given.amounts.get(e.key, e.amount), e.kind) for e in envelopes),
            proposals=proposals,
            rule=given.rule,
            pot=given.pot,
            balancing=given.balancing,
            min_score=given.min_score,
            new_share=given.new_share,
            countries=given.countries,
            exclusive=given.exclusive,
            fixed=given.fixed,
        )


def portfolio_schema() -> Schema:
    """Draft 2020-12."""
    settings = schema_of(_Settings)["properties"]
    scenario = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {"name": {"type": "string"}, **settings},
    }
    return file_schema(
        "Portfolio",
        FORMAT,
        {
            "title": {"type": "string"},
            "envelopes": list_of(Envelope),
            "proposals": list_of(Proposal),
            **settings,
            "scenarios": {"type": "array", "items": scenario},
        },
        ("envelopes", "proposals"),
    )


def promotion_schema() -> Schema:
    """Draft 2020-12."""
    return file_schema(
        "Promotion",
        PROMOTION,
        {
            "title": {"type": "string"},
            "envelopes": list_of(Envelope),
            "proposals": list_of(Proposal),
            **schema_of(_Settings)["properties"],
            "granted": list_of(Grant),
            **schema_of(_Changes)["properties"],
        },
        ("envelopes", "proposals"),
    )
