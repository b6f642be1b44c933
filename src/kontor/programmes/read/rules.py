"""Rules as a programme file names them, with their parameters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import assert_never

from kontor.programmes.messages import message as _
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
            remedy = _("`kontor programme rules` lists them.")
            if close:
                remedy = _("Did you mean {names}?", names=repr(close[0]))
            table.report("rule", _("'{name}' is no rule.", name=name), remedy)
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
    Type.COUNT: _("a whole number"),
    Type.AMOUNT: _("an amount like {example}", example="165_000.00"),
    Type.PERCENT: _("a percentage like {example}", example="60"),
    Type.TYPES: _("a list like {example}", example='["sme", "research"]'),
    Type.COUNTRIES: _("a list like {example}", example='["DE", "NL"]'),
    Type.AREA: _("the key of an [[area]]"),
    Type.SIDES: _("a list of keys of [[{table}]]", table="side"),
    Type.THEMES: _("a list of keys of [[{table}]]", table="theme"),
    Type.KETS: _("a list like {example}", example='["photonics"]'),
    Type.NAMES: _("a list of texts in quotes"),
}
