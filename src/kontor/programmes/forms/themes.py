"""How a project of several themes says which of them pays: its main theme, or the percentage of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from kontor.programmes.forms.fault import Fault, fault_of
from kontor.programmes.forms.values import Answers, Value, decimal_of, is_empty
from kontor.programmes.rules.wording import Number
from kontor.programmes.schema import Choice, Column, Field, Programme, Texts

MAIN: Final = "main_theme"
SHARES: Final = "theme_shares"
#: What a programme's `several_themes` asks of an application.
ASKED: Final = {"main": MAIN, "stated": SHARES}
WHOLE: Final = Decimal(100)

_THEME = Texts({"en": "Theme", "de": "Thema", "nl": "Thema"})
_SHARE = Texts({"en": "Share in percent", "de": "Anteil in Prozent", "nl": "Aandeel in procent"})


def completed(one: Field, programme: Programme) -> Field | None:
    """The question with the programme's themes to choose from; None where nothing rests on its answer."""
    if ASKED.get(programme.several_themes) != one.fills:
        return None
    themes = tuple(Choice(each.key, each.name) for each in programme.themes)
    if one.fills == MAIN:
        return one if one.choices else replace(one, choices=themes)
    theme = Column("theme", _THEME, "choice", required=True, choices=themes)
    return replace(one, columns=(theme, Column("share", _SHARE, "number", required=True)))


def shares_of(value: Value) -> dict[str, str]:
    """{theme: percent as text} of the rows that say both."""
    rows = value if isinstance(value, list) else []
    return {row["theme"]: row["share"] for row in rows if row.get("theme") and percent_of(row.get("share"))}


def rows_of(shares: Mapping[str, str]) -> list[dict[str, str]]:
    """The same as rows of the table."""
    return [
        {"id": f"r{at}", "theme": key, "share": share} for at, (key, share) in enumerate(shares.items(), 1)
    ]


def percent_of(value: Value) -> Decimal | None:
    """A percentage above 0 and up to 100 with at most two decimals, None for anything else."""
    found = decimal_of(value)
    if found is None or not 0 < found <= WHOLE or found != found.quantize(Decimal("0.01")):
        return None
    return found


def share_faults(one: Field, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[Fault]:
    """Of the rows (from 0) that hold something: what is no percentage, a theme named twice, and shares that
    do not make the whole.
    """
    seen: set[str] = set()
    total, complete = Decimal(0), True
    for at, row in rows:
        theme, share = str(row.get("theme", "")), percent_of(row.get("share", ""))
        complete &= share is not None
        total += share or Decimal(0)
        if share is None and decimal_of(row.get("share", "")) is not None:
            yield fault_of(one, "shares-percent", at, "share", value=str(row["share"]))
        if theme and theme in seen:
            yield fault_of(one, "shares-twice", at, "theme", theme=_named(one, theme))
        seen.add(theme)
    if complete and total != WHOLE:
        yield fault_of(one, "shares-sum", total=Number(total))


def theme_faults(facts: Mapping[str, Field], answers: Answers) -> Iterator[Fault]:
    """Where main theme or shares do not fit the themes that were chosen. `facts` are the fields that are
    asked, by what they fill. Who chose one theme need not say that it pays all.
    """
    if "themes" not in facts:
        return
    value = answers.get(facts["themes"].key)
    chosen: list[str] = value if isinstance(value, list) else [value] if value else []
    for fills in (MAIN, SHARES):
        one = facts.get(fills)
        if one is None:
            continue
        said = answers.get(one.key)
        if is_empty(one, said):
            if len(chosen) > 1 and not one.required:
                yield fault_of(one, "missing")
        elif fills == MAIN:
            if said not in chosen:
                yield fault_of(one, "theme-not-chosen", theme=_named(one, str(said)))
        else:
            yield from _fit(one, said, chosen)


def _fit(one: Field, said: Value, chosen: Sequence[str]) -> Iterator[Fault]:
    for at, row in enumerate(said):
        if row.get("theme") and row["theme"] not in chosen:
            yield fault_of(one, "theme-not-chosen", at, "theme", theme=_named(one, row["theme"]))
    named = {row.get("theme") for row in said}
    for theme in chosen:
        if theme not in named:
            yield fault_of(one, "shares-lacking", theme=_named(one, theme))


def _named(one: Field, theme: str) -> object:
    """The theme as the form calls it."""
    choices = one.choices or next((column.choices for column in one.columns if column.key == "theme"), ())
    return next((choice.label for choice in choices if choice.key == theme), theme)
