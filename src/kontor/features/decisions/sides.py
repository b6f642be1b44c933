"""Scenarios side by side: what becomes of each proposal in each, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.engine.portfolio.model import Rule
from kontor.features.decisions.forms import RULES
from kontor.features.decisions.models import PotKind, Scenario
from kontor.features.decisions.money import ZERO, granted_by
from kontor.features.decisions.queries import Board, Row
from kontor.features.decisions.settings import Settings, settings_of
from kontor.features.decisions.wording import Names, points, said
from kontor.features.programmes.templatetags.programme_words import cents

STATUS: dict[str, object] = {
    "optimal": gettext_lazy("proven"),
    "feasible": gettext_lazy("best found, not proven"),
    "infeasible": gettext_lazy("impossible"),
}


@dataclass(frozen=True)
class Cell:
    """One proposal in one scenario. `change` are sentences that say what would have funded it."""

    row: Row
    funded: bool = False
    amount: Decimal = ZERO
    percent: int = 100
    balanced: Decimal = ZERO
    reserve: int | None = None
    reason: str = ""
    change: tuple[str, ...] = ()
    score: str = ""
    is_out: bool = False


@dataclass(frozen=True)
class Side:
    """One scenario; `cells` in the order of its ranking, those that are no candidates last."""

    scenario: Scenario
    asked: Settings
    cells: tuple[Cell, ...]
    left: tuple[tuple[str, Decimal], ...]
    blocked: tuple[str, ...]
    ties: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]

    @property
    def status(self) -> str:
        return str(STATUS[self.scenario.result["status"]])

    @property
    def is_possible(self) -> bool:
        return str(self.scenario.result["status"]) != "infeasible"

    @property
    def rule(self) -> str:
        return str(dict(RULES)[Rule(self.asked.rule)])

    @property
    def pot(self) -> str:
        return str(PotKind(self.asked.pot).label)

    @property
    def funded(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.funded)

    @property
    def unfunded(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.funded and not cell.is_out)

    @property
    def out(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.is_out)

    @property
    def has_remarks(self) -> bool:
        """Whether a pot helped somebody, or somebody gets a part."""
        return any(cell.percent < 100 or cell.balanced for cell in self.funded)

    @property
    def amount(self) -> Decimal:
        return sum((cell.amount for cell in self.funded), ZERO)

    @property
    def value(self) -> Decimal:
        return Decimal(self.scenario.result["value"])

    @property
    def share_new(self) -> str:
        """Percent of the funded partners with money that take part for the first time, with one decimal that
        is never rounded up: a share that must be exceeded does not look as if it was.
        """
        partners = [one for cell in self.funded for one in cell.row.candidate.partners if one.grant]
        if not partners:
            return "–"
        share = Decimal(100 * sum(bool(one.new) for one in partners)) / len(partners)
        return points(share.quantize(Decimal("0.1"), ROUND_DOWN))

    def cell(self, key: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.row.application.key == key), None)


@dataclass(frozen=True)
class Sides:
    """`rows`: each proposal of the board with the name of every column and its cell there."""

    columns: tuple[Side, ...]
    rows: tuple[tuple[Row, tuple[tuple[str, Cell | None], ...]], ...]


def side_by_side(board: Board, scenarios: Sequence[Scenario]) -> Sides:
    columns = tuple(_side(board, one) for one in scenarios)
    rows = tuple(
        (row, tuple((side.scenario.label, side.cell(row.application.key)) for side in columns))
        for row in board.rows
    )
    return Sides(columns, rows)


def _side(board: Board, scenario: Scenario) -> Side:
    result, names = scenario.result, board.names
    known = {row.application.key: row for row in board.rows}
    cells = [_cell(known[key], result, board) for key in result["ranking"] if key in known]
    cells += [
        Cell(known[one["application"]], reason=said(one["reason"], names), is_out=True)
        for one in result["out"]
        if one["application"] in known
    ]
    asked = settings_of(scenario.settings)
    return Side(
        scenario,
        asked,
        tuple(cells),
        tuple((names.envelope(key), Decimal(amount)) for key, amount in result["left"].items()),
        tuple(said(one, names) for one in result["blocked"]),
        tuple((_joined(tie["chosen"], names), _joined(tie["others"], names)) for tie in result["ties"]),
        tuple(_conditions(asked, names)),
    )


def _joined(keys: Sequence[str], names: Names) -> str:
    return ", ".join(names.application(key) for key in keys)


def _cell(row: Row, result: Mapping[str, Any], board: Board) -> Cell:
    key = row.application.key
    score = points(Decimal(result["scores"][key]))
    yes = next((one for one in result["granted"] if one["application"] == key), None)
    if yes:
        draws = {name: Decimal(amount) for name, amount in yes["draws"].items()}
        amount = granted_by(draws, board.round.call)
        return Cell(row, True, amount, yes["percent"], Decimal(yes["balanced"]), score=score)
    no = next((one for one in result["unfunded"] if one["application"] == key), None)
    if no is None:
        return Cell(row, score=score)
    return Cell(
        row,
        reserve=no["reserve"],
        reason=said(no["reason"], board.names),
        change=tuple(_change(no, board.names)),
        score=score,
    )


def _change(no: Mapping[str, Any], names: Names) -> list[str]:
    """What would have funded it: a better score, or money."""
    told = []
    if no["score_needed"] is not None:
        told.append(_score_needed(Decimal(no["score_needed"])))
    if no["top_up"]:
        parts = [f"{names.envelope(key)} {cents(Decimal(amount))}" for key, amount in no["top_up"].items()]
        told.append(_("Beside all that is funded it needs: %(money)s.") % {"money": ", ".join(parts)})
    for key, amount in no["extra"].items():
        if no["top_up"].get(key) != amount:
            values = {"amount": cents(Decimal(amount)), "envelope": names.envelope(key)}
            told.append(_("With %(amount)s more in %(envelope)s the ranking would have reached it.") % values)
    return told


def _score_needed(score: Decimal) -> str:
    """From where on: a score just above that of another proposal is told as more than that one's."""
    shown = score.quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    if shown == score:
        return _("From %(score)s points on it would be funded.") % {"score": points(score)}
    return _("With more than %(score)s points it would be funded.") % {"score": points(shown)}


def _conditions(asked: Settings, names: Names) -> list[str]:
    told = []
    if asked.min_score:
        told.append(_("At least %(score)s points") % {"score": points(asked.min_score)})
    if asked.new_share is not None:
        told.append(_("More than %(share)s %% new partners") % {"share": points(asked.new_share)})
    told += [
        _("%(country)s %(least)s to %(most)s %%")
        % {"country": one.country, "least": points(one.least), "most": points(one.most)}
        for one in asked.countries
    ]
    told += [
        _("At most one of %(numbers)s") % {"numbers": _joined(group, names)} for group in asked.exclusive
    ]
    told += [
        _("%(one)s only with %(other)s") % {"one": names.application(one), "other": names.application(other)}
        for one, other in asked.requires
    ]
    if asked.partial:
        told.append(_("Partial funding: %(shares)s %%") % {"shares": ", ".join(map(str, asked.partial))})
    if asked.adjusted:
        told.append(_("Calibrated scores"))
    told += [
        _("%(envelope)s on trial: %(amount)s") % {"envelope": names.envelope(key), "amount": cents(amount)}
        for key, amount in asked.extra.items()
    ]
    return told
