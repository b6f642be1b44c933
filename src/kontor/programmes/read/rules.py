"""Rules as a programme file names them, with their parameters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import assert_never

from kontor.programmes.rules import REGISTRY, Parameter, Type
from kontor.programmes.schema import RuleUse, Value
from kontor.programmes.values import Table


def rule_uses(tables: Iterable[Table], languages: tuple[str, ...]) -> tuple[RuleUse, ...]:
    return tuple(_rule_use(table, languages) for table in tables)


def _rule_use(table: Table, languages: tuple[str, ...]) -> RuleUse:
    name = table.text("rule")
    rule = REGISTRY.get(name)
    if rule is None:
        if name:
            close = difflib.get_close_matches(name, REGISTRY, n=1)
            remedy = f"Did you mean {close[0]!r}?" if close else "`kontor programme rules` lists them."
            table.report("rule", f"{name!r} is no rule.", remedy)
        return RuleUse(name, name, path=table.path)
    values = {p.name: value for p in rule.parameters if (value := _value(table, p)) is not None}
    use = RuleUse(
        rule=name,
        key=table.text("key", default=name),
        values=values,
        preference=table.flag("preference", default=False),
        source=table.text("source", default=""),
        text=table.texts("text", languages, optional=True),
        path=table.path,
    )
    table.refuse_others()
    return use


def _value(table: Table, parameter: Parameter) -> Value | None:
    name = parameter.name
    if parameter.default is None:
        table.needs(name, _WANTED[parameter.type])
    if not table.has(name):
        table.knows(name)
        return None
    match parameter.type:
        case Type.COUNT:
            return table.number(name, 0, 1_000_000)
        case Type.AMOUNT:
            return table.money(name)
        case Type.PERCENT:
            return table.percent(name)
        case Type.AREA:
            return table.text(name)
        case Type.TYPES | Type.COUNTRIES | Type.SIDES | Type.THEMES | Type.KETS | Type.NAMES:
            return table.words(name)
    assert_never(parameter.type)


_WANTED = {
    Type.COUNT: "a whole number",
    Type.AMOUNT: "an amount like 165_000.00",
    Type.PERCENT: "a percentage like 60",
    Type.TYPES: 'a list like ["sme", "research"]',
    Type.COUNTRIES: 'a list like ["DE", "NL"]',
    Type.AREA: "the key of an [[area]]",
    Type.SIDES: "a list of keys of [[side]]",
    Type.THEMES: "a list of keys of [[theme]]",
    Type.KETS: 'a list like ["photonics"]',
    Type.NAMES: "a list of texts in quotes",
}
