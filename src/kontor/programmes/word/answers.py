"""An application's form and answers as the boxes of a Word file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from kontor.programmes.forms import Choice, Column, Field, Form, Payee
from kontor.programmes.forms.values import Answers, costs_of, date_of, money_of
from kontor.programmes.rules.wording import Number, Term, catalogue, exact, sentence
from kontor.programmes.word.model import REQUIRED, Box, Identity, Paper, Part, Shape

#: Kinds of which nothing is taken from a file.
SHOWN_ONLY: Final = frozenset({"file", "partners"})
NOTHING: Final = "—"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a paper needs beside the form: its language, the step being written (earlier ones are shown only),
    the choices of fields that the programme fills, the partners with money, and all partners' names.
    `grouped`: answers are only read, so amounts stand in groups of three digits and to the cent, add up in
    budgets, and days are written by `day` where it is given.
    """

    language: str = "en"
    step: int = 1
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    payees: Sequence[Payee] = ()
    partners: Sequence[str] = ()
    grouped: bool = False
    day: Callable[[date], str] | None = None

    def choices_of(self, one: Field) -> tuple[Choice, ...]:
        return one.choices or self.choices.get(one.key, ())

    def say(self, key: str, **values: object) -> str:
        """A sentence of the catalogue's `[paper]`."""
        return sentence(f"paper.{key}", values, self.language)


def paper_of(
    form: Form,
    answers: Answers,
    ground: Ground,
    *,
    identity: Identity,
    title: str,
    facts: Sequence[tuple[str, str]],
) -> Paper:
    """The whole form up to the step, with its answers."""
    notes = tuple(ground.say(key) for key in ("how", "marks", "back"))
    parts = []
    for section in form.sections:
        if section.step > ground.step:
            continue
        fixed = section.step < ground.step
        boxes = [box for one in section.fields for box in boxes_of(form, one, answers.get(one.key), ground)]
        help_ = ground.say("earlier") if fixed else section.help.best(ground.language)
        parts.append(
            Part(
                section.title.best(ground.language),
                help_,
                tuple(_fixed(box) if fixed else box for box in boxes),
            )
        )
    return Paper(identity, title, tuple(facts), notes, tuple(parts))


def boxes_of(form: Form, one: Field, value: Any, ground: Ground) -> tuple[Box, ...]:
    """The boxes of one field: one, or one for each language a text is wanted in."""
    hints = tuple(_hints(form, one, ground))
    star = REQUIRED if one.required else ""
    label = one.label.best(ground.language)
    box = Box(one.key, label + star, hints)
    match one.kind:
        case "text" | "paragraph" if one.languages:
            told = value if isinstance(value, Mapping) else {}
            return tuple(
                replace(
                    box,
                    key=f"{one.key}@{language}",
                    title=f"{label} ({language_name(language, ground.language)}){star}",
                    text=str(told.get(language, "")),
                    language=language,
                )
                for language in one.languages
            )
        case "choices":
            return (_picks(box, one, value or [], ground),)
        case "choice" | "yes-no":
            options = options_of(one, ground)
            label = options.get(str(value or ""), str(value or ""))
            return (replace(box, shape=Shape.LIST, choices=tuple(options.values()), text=label),)
        case "table":
            return (_table(box, one, value or [], ground),)
        case "budget":
            return (_budget(box, one, value or {}, ground),)
        case "file":
            names = [str(each["name"]) for each in value or []]
            return (replace(box, shape=Shape.FIXED, text="\n".join(names) or NOTHING),)
        case "partners":
            return (replace(box, shape=Shape.FIXED, text="\n".join(ground.partners) or NOTHING),)
    return (replace(box, text=printed(one.kind, value, ground)),)


def printed(kind: str, value: Any, ground: Ground) -> str:
    """A number, an amount or a day as people of the language write it; other text as it is."""
    text = str(value or "")
    if kind in ("number", "money"):
        amount_ = money_of(text) if kind == "money" and ground.grouped else None
        if amount_ is not None:
            return exact(amount_, ground.language)
        return text.replace(".", ",") if ground.language in ("de", "nl") else text
    if kind == "date" and (day := date_of(text)) is not None:
        if ground.grouped and ground.day is not None:
            return ground.day(day)
        return {"de": f"{day:%d.%m.%Y}", "nl": f"{day:%d-%m-%Y}"}.get(ground.language, text)
    return text


def options_of(one: Field | Column, ground: Ground) -> dict[str, str]:
    """{key: label} of what can be chosen."""
    if one.kind == "yes-no":
        return {key: ground.say(key) for key in ("yes", "no")}
    choices = ground.choices_of(one) if isinstance(one, Field) else one.choices
    return {choice.key: choice.label.best(ground.language) or choice.key for choice in choices}


def language_name(code: str, language: str) -> str:
    """A language by its name in another one, by its code where no list has it."""
    return sentence("paper.named", {"name": Term("language", code)}, language) if _named(code) else code


def _named(code: str) -> bool:
    return f"language.{code}" in catalogue("en")


def _fixed(box: Box) -> Box:
    """The same answer, shown only: a grid row by row, choices as those chosen."""
    if box.shape is Shape.GRID:
        text = "\n".join(" | ".join(row) for row in box.rows)
    elif box.shape is Shape.PICK:
        text = "\n".join(box.choices[at] for at in sorted(box.ticked))
    else:
        text = box.text
    return replace(box, shape=Shape.FIXED, hints=(), text=text or NOTHING, columns=(), rows=(), choices=())


def _picks(box: Box, one: Field, value: Sequence[str], ground: Ground) -> Box:
    options = options_of(one, ground)
    for key in value:
        options.setdefault(str(key), str(key))
    ticked = frozenset(at for at, key in enumerate(options) if key in value)
    return replace(box, shape=Shape.PICK, choices=tuple(options.values()), ticked=ticked)


def _table(box: Box, one: Field, value: Sequence[Mapping[str, Any]], ground: Ground) -> Box:
    rows = tuple(
        tuple(_cell(column, row.get(column.key, ""), ground) for column in one.columns) for row in value
    )
    spare = max((one.least or 0) - len(rows), 2)
    labels = tuple(column.label.best(ground.language) for column in one.columns)
    figures = frozenset(at for at, column in enumerate(one.columns) if column.kind in ("number", "money"))
    return replace(box, shape=Shape.GRID, columns=labels, rows=rows, spare=spare, figures=figures)


def _cell(column: Column, value: Any, ground: Ground) -> str:
    if column.kind == "choice":
        return options_of(column, ground).get(str(value), str(value))
    return printed(column.kind, value, ground)


def _budget(box: Box, one: Field, value: Mapping[str, Mapping[str, Any]], ground: Ground) -> Box:
    names = [*(column.key for column in one.columns), "grant"]
    labels = [*(column.label.best(ground.language) for column in one.columns), ground.say("grant")]
    rows = []
    for payee in ground.payees:
        told = value.get(payee.key, {})
        rows.append((payee.name, *(printed("money", told.get(name), ground) for name in names)))
    if ground.grouped:
        labels.append(ground.say("cost"))
        costs = [_cost(one, value.get(payee.key, {}), ground) for payee in ground.payees]
        rows = [(*row, cost) for row, cost in zip(rows, costs, strict=True)]
    grid = replace(box, shape=Shape.GRID, columns=(ground.say("partner"), *labels), rows=tuple(rows))
    if not ground.grouped or not any(value.values()):
        return grid
    return replace(grid, figures=frozenset(range(1, len(labels) + 1)), sums=_sums(one, names, value, ground))


def _cost(one: Field, told: Mapping[str, Any], ground: Ground) -> str:
    """What one partner costs in all; nothing where it gave no amount."""
    cost = costs_of(one, told)
    return exact(cost, ground.language) if cost is not None else ""


def _sums(one: Field, names: Sequence[str], value: Mapping[str, Any], ground: Ground) -> tuple[str, ...]:
    """The last row of a budget that is read: each column, and the cost in all."""
    told = [value.get(payee.key, {}) for payee in ground.payees]
    columns = [[money_of(row.get(name, "")) for row in told] for name in names]
    columns.append([costs_of(one, row) for row in told])
    totals = [sum((amount for amount in column if amount is not None), Decimal(0)) for column in columns]
    return (ground.say("sum"), *(exact(total, ground.language) for total in totals))


def _hints(form: Form, one: Field, ground: Ground) -> list[str]:
    found = [one.help.best(ground.language)] if one.help else []
    if one.shown_when is not None:
        asked = form.field(one.shown_when.field)
        options = options_of(asked, ground)
        values = tuple(options.get(value, value) for value in one.shown_when.values)
        found.append(ground.say("only-when", label=asked.label, values=values))
    if one.words:
        found.append(ground.say("words", most=one.words))
    if one.characters:
        found.append(ground.say("characters", most=one.characters))
    found += _bounds(one, ground)
    if one.kind in SHOWN_ONLY:
        found.append(ground.say("shown-only"))
    return found


def _bounds(one: Field, ground: Ground) -> list[str]:
    found = []
    if one.kind in ("number", "money"):
        for code, bound in (("lowest", one.lowest), ("highest", one.highest)):
            if bound is not None:
                found.append(ground.say(code, bound=Number(Decimal(bound))))
    if one.kind in ("table", "choices"):
        if one.least:
            found.append(ground.say("least", count=one.least))
        if one.most:
            found.append(ground.say("most", count=one.most))
    return found
