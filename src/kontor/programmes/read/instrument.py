"""Instruments of a programme file: rules, money, steps, assessment."""

from __future__ import annotations

from decimal import Decimal

from kontor.programmes.lines import Path
from kontor.programmes.messages import message as _
from kontor.programmes.read.rules import rule_uses
from kontor.programmes.schema import (
    AWARDS,
    KINDS,
    METHODS,
    Anchor,
    Assessment,
    Call,
    Criterion,
    Instrument,
    LumpSum,
    Phase,
    RuleUse,
    Value,
    Verdict,
)
from kontor.programmes.values import Table


def instrument(table: Table, languages: tuple[str, ...], general: tuple[RuleUse, ...]) -> Instrument:
    """One `[[instrument]]`; `general` are the programme's rules, which each instrument may state
    otherwise.
    """
    least, most = table.maybe_number("least_months", 0, 240), table.maybe_number("most_months", 1, 240)
    rate, project, grant = table.percent("rate"), table.money("project_ceiling"), table.money("grant_ceiling")
    own = rule_uses(table.tables("rule"), languages)
    stated = {use.key for use in own}
    implied = _implied(table.path, rate, project, grant, (least, most))
    found = Instrument(
        key=table.key(),
        kind=table.choice("kind", KINDS),
        name=table.texts("name", languages),
        summary=table.texts("summary", languages, optional=True),
        part=table.text("part", default=""),
        form=table.text("form", default=""),
        award=table.choice("award", AWARDS, default="tender"),
        rate=rate,
        project_ceiling=project,
        grant_ceiling=grant,
        least_months=least,
        most_months=most,
        target=table.maybe_number("target", 0, 1_000_000),
        costs=table.words("costs"),
        evidence=table.words("evidence"),
        rules=(*(use for use in general if use.key not in stated), *own, *implied),
        lump_sums=tuple(_lump_sum(inner) for inner in table.tables("lump_sum")),
        phases=tuple(_phase(inner, languages) for inner in table.tables("phase")),
        calls=tuple(_call(inner) for inner in table.tables("call")),
        assessment=_assessment(table, languages),
    )
    table.refuse_others()
    return found


def _implied(
    path: Path,
    rate: Decimal | None,
    project: Decimal | None,
    grant: Decimal | None,
    months: tuple[int | None, int | None],
) -> list[RuleUse]:
    """What an instrument's amounts and months say is a rule by itself."""
    found: list[tuple[str, dict[str, Value], str]] = []
    if project is not None:
        found.append(("project-ceiling", {"ceiling": project}, "project_ceiling"))
    if grant is not None:
        found.append(("grant-ceiling", {"ceiling": grant}, "grant_ceiling"))
    if rate is not None:
        found.append(("rate", {"rate": rate}, "rate"))
    least, most = months
    if most is not None:
        found.append(("duration", {"minimum": least or 0, "maximum": most}, "most_months"))
    return [RuleUse(rule, rule, values, path=(*path, key)) for rule, values, key in found]


def _lump_sum(table: Table) -> LumpSum:
    table.needs("amount", _("an amount like {example}", example="390.00"))
    found = LumpSum(table.number("days", 1, 1000), table.money("amount") or Decimal(0))
    table.refuse_others()
    return found


def _phase(table: Table, languages: tuple[str, ...]) -> Phase:
    found = Phase(
        key=table.key(),
        name=table.texts("name", languages),
        role=table.text("role", default=""),
        days=table.maybe_number("days", 1, 10_000),
    )
    table.refuse_others()
    return found


def _call(table: Table) -> Call:
    found = Call(
        key=table.key(),
        opens=table.need_day("opens"),
        closes=table.need_day("closes"),
        jury=table.day("jury"),
    )
    table.refuse_others()
    return found


def _assessment(above: Table, languages: tuple[str, ...]) -> Assessment | None:
    table = above.maybe_table("assessment")
    if table is None:
        return None
    found = Assessment(
        method=table.choice("method", METHODS),
        lowest=table.number("lowest", 0, 1000, default=0),
        highest=table.number("highest", 1, 1000, default=5),
        verdicts=tuple(_verdict(inner, languages) for inner in table.tables("verdict")),
        threshold=table.percent("threshold"),
        each=table.percent("each"),
        assessors=table.number("assessors", 1, 50, default=1),
        apart=table.percent("apart"),
        pitch=table.number("pitch", 0, 480, default=0),
        questions=table.number("questions", 0, 480, default=0),
        criteria=tuple(_criterion(inner, languages) for inner in table.tables("criterion")),
        anchors=tuple(_anchor(inner, languages) for inner in table.tables("anchor")),
    )
    table.refuse_others()
    return found


def _verdict(table: Table, languages: tuple[str, ...]) -> Verdict:
    found = Verdict(
        table.key(),
        table.texts("name", languages),
        table.flag("passes", default=True),
        table.percent("points"),
    )
    table.refuse_others()
    return found


def _criterion(table: Table, languages: tuple[str, ...]) -> Criterion:
    found = Criterion(
        key=table.key(),
        name=table.texts("name", languages),
        question=table.texts("question", languages, optional=True),
        weight=table.percent("weight"),
        group=table.text("group", default=""),
        knock_out=table.flag("knock_out", default=False),
        anchors=tuple(_anchor(inner, languages) for inner in table.tables("anchor")),
    )
    table.refuse_others()
    return found


def _anchor(table: Table, languages: tuple[str, ...]) -> Anchor:
    found = Anchor(table.text("value"), table.texts("text", languages))
    table.refuse_others()
    return found
