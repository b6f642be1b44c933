"""The result protocol of a call: the joint ranking, whose money pays what, and how often each envelope
was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kontor.base.pdf import pdf_of
from kontor.features.decisions.models import PotKind, Round, Scenario
from kontor.features.decisions.queries import Board, Demand, board_of, demand_on
from kontor.features.decisions.settings import settings_of
from kontor.features.decisions.wording import points, said
from kontor.features.programmes.templatetags.programme_words import cents

TEMPLATE = Path(__file__).with_name("protocol.typ")
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Line:
    """One proposal: what it asks of each envelope in the columns' order (None: nothing), whether it is
    funded, with how much from the balancing pot, or why not.
    """

    place: int
    number: str
    title: str
    score: str
    parts: tuple[Decimal | None, ...]
    funded: bool
    percent: int
    balanced: Decimal
    reserve: int | None
    reason: str

    @property
    def asked(self) -> Decimal:
        return sum((part for part in self.parts if part), ZERO)


@dataclass(frozen=True)
class Protocol:
    """`columns` are the envelopes by key and name; `left` what remains in each."""

    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    demand: tuple[Demand, ...]
    left: Mapping[str, Decimal]
    balancing: tuple[Decimal, Decimal] | None

    @property
    def left_in_columns(self) -> list[Decimal | None]:
        return [self.left.get(key) for key, _name in self.columns]

    @property
    def left_named(self) -> list[tuple[str, Decimal | None]]:
        """As `left_in_columns`, each with its column's name."""
        return [(name, self.left.get(key)) for key, name in self.columns]

    @property
    def rows(self) -> list[tuple[Line, list[tuple[str, Decimal | None]]]]:
        """Each line with its parts by the column's name."""
        names = [name for _key, name in self.columns]
        return [(line, list(zip(names, line.parts, strict=True))) for line in self.lines]


def protocol_of(board: Board, scenario: Scenario) -> Protocol:
    """From what the scenario kept: it says what was computed, whatever changed since."""
    result, names = scenario.result, board.names
    columns = tuple((key, names.envelope(key)) for key in result["envelopes"])
    granted = {one["application"]: one for one in result["granted"]}
    unfunded = {one["application"]: one for one in result["unfunded"]}
    titles = {row.application.key: row.application.title for row in board.rows}
    lines = []
    for place, key in enumerate(result["ranking"], 1):
        asked, yes, no = result["asked"][key], granted.get(key), unfunded.get(key, {})
        parts = (asked.get(column) for column, _name in columns)
        lines.append(
            Line(
                place=place,
                number=names.application(key),
                title=titles.get(key, ""),
                score=points(Decimal(result["scores"][key])),
                parts=tuple(Decimal(part) if part else None for part in parts),
                funded=yes is not None,
                percent=yes["percent"] if yes else 0,
                balanced=Decimal(yes["balanced"]) if yes else ZERO,
                reserve=no.get("reserve"),
                reason=said(no["reason"], names) if no else "",
            )
        )
    left = {key: Decimal(amount) for key, amount in result["left"].items()}
    asked_settings = settings_of(scenario.settings)
    pot = (asked_settings.balancing, left["balancing"]) if "balancing" in left else None
    return Protocol(columns, tuple(lines), tuple(demand_on(board.book)), left, pot)


def pdf(round: Round, scenario: Scenario, *, language: str) -> bytes:
    with override(language):
        board = board_of(round)
        return pdf_of(
            TEMPLATE,
            _values(round, scenario, protocol_of(board, scenario)),
            title=_("Result protocol: %(call)s") % {"call": round.call},
            language=language[:2],
            words={
                "ranking": _("Joint ranking"),
                "demand": _("How much was asked for"),
                "funded": _("Why not funded"),
            },
            site=settings.SITE_NAME,
            footer=f"{settings.SITE_NAME} · {round.call}",
            at=timezone.now(),
        )


def _values(round: Round, scenario: Scenario, told: Protocol) -> dict[str, Any]:
    head = [
        [_("Programme"), round.call.programme.name],
        [_("Scenario"), scenario.label],
        [_("How the money is held"), str(dict(_pots()).get(settings_of(scenario.settings).pot, ""))],
    ]
    if told.balancing:
        head.append([_("Balancing pot"), _("%(all)s, left %(left)s") % _pot(told.balancing)])
    names = [[name, True] for _key, name in told.columns]
    return {
        "facts": head,
        "columns": [[_("Rank"), True], [_("Proposal"), False], [_("Points"), True], *names, [_("Result"),
        False]], "rows": [_row(line) for line in told.lines],
        "left_row": ["", _("Left"), "", *[_amount(part) for part in told.left_in_columns], ""],
        "reasons": [[line.number, line.reason] for line in told.lines if line.reason],
        "demand_columns": [
            [_("Envelope"), False], [_("Money"), True], [_("Asked for"), True], [_("Proposals"), True],
            [_("Times asked for"), True],
        ],
        "demand_rows": [
            [
                str(one.envelope), cents(one.envelope.limit), cents(one.asked), str(one.proposals),
                points(one.times) if one.times is not None else "–",
            ]
            for one in told.demand
        ],
    }  # fmt: skip


def _pots() -> list[tuple[str, object]]:
    return list(PotKind.choices)


def _pot(balancing: tuple[Decimal, Decimal]) -> dict[str, str]:
    return {"all": cents(balancing[0]), "left": cents(balancing[1])}


def _row(line: Line) -> list[str]:
    result = _("funded") if line.funded else _("not funded")
    if line.funded and line.percent < 100:
        result = f"{result} ({line.percent} %)"
    if line.balanced:
        result = f"{result}, " + _("%(amount)s from the pot") % {"amount": cents(line.balanced)}
    if line.reserve:
        result = _("reserve %(place)s") % {"place": line.reserve}
    parts = [_amount(part) for part in line.parts]
    return [str(line.place), f"{line.number}\n{line.title}", line.score, *parts, result]


def _amount(part: Decimal | None) -> str:
    return "–" if part is None else cents(part)
