"""A programme out of the tables of its file; faults are reported to the tables."""

from __future__ import annotations

import re
from decimal import Decimal

from kontor.programmes.messages import message as _
from kontor.programmes.read.form import form
from kontor.programmes.read.instrument import instrument
from kontor.programmes.read.results import indicator, reporting, role
from kontor.programmes.read.rules import rule_uses
from kontor.programmes.schema import (
    FINANCIER_KINDS,
    PROGRAMME_AREA,
    SCHEMA,
    SEVERAL_THEMES,
    Area,
    Competence,
    Default,
    Envelope,
    Financier,
    Part,
    Product,
    Programme,
    Side,
    Theme,
    divide,
)
from kontor.programmes.values import Table


def programme(top: Table, *, extends: str = "") -> Programme:
    """The programme of a file's outermost table."""
    number = top.number("schema", 1, SCHEMA)
    del number  # there is one schema so far; `number` refuses files of a later one
    languages = top.words("languages") or ("en",)
    budget = top.money("budget")
    general = rule_uses(top.tables("rule"), languages)
    found = Programme(
        key=top.key(),
        version=top.text("version"),
        languages=languages,
        name=top.texts("name", languages),
        summary=top.texts("summary", languages),
        fund=top.text("fund", default=""),
        currency=top.text("currency", default="EUR"),
        budget=budget,
        starts=top.day("starts"),
        ends=top.day("ends"),
        areas=tuple(_area(table, languages) for table in top.tables("area")),
        sides=tuple(_side(table, languages) for table in top.tables("side")),
        themes=tuple(_theme(table, languages) for table in top.tables("theme")),
        parts=_parts(top, languages, budget),
        envelopes=tuple(_envelope(table, languages) for table in top.tables("envelope")),
        financing=tuple(_financier(table, languages) for table in top.tables("financing")),
        roles=tuple(role(table, languages) for table in top.tables("role")),
        instruments=tuple(instrument(table, languages, general) for table in top.tables("instrument")),
        forms=tuple(form(table, languages) for table in top.tables("form")),
        products=tuple(_product(table, languages) for table in top.tables("product")),
        indicators=tuple(indicator(table, languages) for table in top.tables("indicator")),
        reporting=reporting(top),
        defaults=tuple(_default(table) for table in top.tables("default")),
        sources=top.words("sources"),
        several_themes=top.choice("several_themes", SEVERAL_THEMES, default="evenly"),
        extends=extends,
    )
    top.knows("variant")
    top.refuse_others()
    return found


def _area(table: Table, languages: tuple[str, ...]) -> Area:
    area = Area(
        version=table.text("version"),
        nuts=table.words("nuts"),
        key=table.key(default=PROGRAMME_AREA),
        name=table.texts("name", languages, optional=True),
    )
    if area.version and not re.fullmatch(r"(19|20)\d\d", area.version):
        remedy = _("Give the year of the NUTS list, like {example}.", example='"2021"')
        table.report("version", _("is {value}.", value=repr(area.version)), remedy)
    table.refuse_others()
    return area


def _side(table: Table, languages: tuple[str, ...]) -> Side:
    side = Side(
        key=table.key(),
        name=table.texts("name", languages),
        countries=table.words("countries"),
        nuts=table.words("nuts"),
    )
    if not side.countries and not side.nuts:
        table.report(None, _("names neither countries nor regions."), _("Add countries or nuts."))
    table.refuse_others()
    return side


def _theme(table: Table, languages: tuple[str, ...]) -> Theme:
    theme = Theme(
        key=table.key(),
        name=table.texts("name", languages),
        summary=table.texts("summary", languages, optional=True),
        codes=table.words("codes"),
        envelope=table.money("envelope"),
    )
    table.refuse_others()
    return theme


def _parts(top: Table, languages: tuple[str, ...], budget: Decimal | None) -> tuple[Part, ...]:
    """Parts with their share of the budget in money, exact to the cent."""
    read = []
    for table in top.tables("part"):
        table.needs("share", _("a percentage like {example}", example="40"))
        share = table.percent("share") or Decimal(0)
        read.append((table.key(), table.texts("name", languages), share))
        table.refuse_others()
    shares = [share for _, _, share in read]
    amounts: tuple[Decimal | None, ...] = (None,) * len(read)
    if budget is not None and sum(shares) == 100:
        amounts = divide(budget, shares)
    return tuple(Part(*one, amount) for one, amount in zip(read, amounts, strict=True))


def _envelope(table: Table, languages: tuple[str, ...]) -> Envelope:
    table.needs("amount", _("an amount like {example}", example="250_000.00"))
    envelope = Envelope(
        key=table.key(),
        name=table.texts("name", languages),
        amount=table.money("amount") or Decimal(0),
        part=table.text("part", default=""),
        theme=table.text("theme", default=""),
        instrument=table.text("instrument", default=""),
        region=table.text("region", default=""),
    )
    table.refuse_others()
    return envelope


def _financier(table: Table, languages: tuple[str, ...]) -> Financier:
    financier = Financier(
        key=table.key(),
        name=table.texts("name", languages),
        kind=table.choice("kind", FINANCIER_KINDS),
        amount=table.money("amount"),
        rate=table.percent("rate"),
        country=table.text("country", default=""),
    )
    table.refuse_others()
    return financier


def _product(table: Table, languages: tuple[str, ...]) -> Product:
    product = Product(
        key=table.key(),
        theme=table.text("theme"),
        name=table.texts("name", languages),
        summary=table.texts("summary", languages),
        demand=table.texts("demand", languages, optional=True),
        trl=table.number("trl", 1, 9),
        competences=tuple(_competence(inner, languages) for inner in table.tables("competence")),
    )
    table.refuse_others()
    return product


def _competence(table: Table, languages: tuple[str, ...]) -> Competence:
    competence = Competence(
        key=table.key(),
        text=table.texts("text", languages),
        required=table.flag("required", default=True),
        level=table.number("level", 1, 3, default=2),
        nace=table.words("nace"),
        cpv=table.words("cpv"),
        ket=table.words("ket"),
        themes=table.words("themes"),
    )
    table.refuse_others()
    return competence


def _default(table: Table) -> Default:
    default = Default(table.text("path"), table.text("reason"), table.text("source", default=""))
    table.refuse_others()
    return default
