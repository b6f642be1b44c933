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
    envelopes = listed(Envelope, content, "envelopes")
    proposals = listed(Proposal, content, "proposals")
    if not envelopes:
        raise InvalidInput("envelopes", "There is none.", "Give at least one, with key and amount.")
    problem = _problem(envelopes, proposals, base, "")
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
