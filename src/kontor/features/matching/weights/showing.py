"""A version in words and tables that a cluster manager can answer for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.audit.read import name_verbs
from kontor.engine.matching.model import Weights
from kontor.features.matching.models import LearnedWeights
from kontor.features.matching.wording import country_label, part_label
from kontor.features.organisations.models import SizeClass

# The engine's words for a row of the table.
SAYS = {
    "no say: it did not help on these questions": gettext_lazy("no say: it did not help on these questions"),
    "uncertain: could be nothing": gettext_lazy("uncertain: could be nothing"),
    "counts more than usual": gettext_lazy("counts more than usual"),
    "counts less than usual": gettext_lazy("counts less than usual"),
}
GROUPINGS = {
    "country": gettext_lazy("Country"),
    "size": gettext_lazy("Size"),
    "newcomer": gettext_lazy("Introduced before"),
}
VERBS: dict[str, object] = {
    "weights.asked": gettext_lazy("asked to learn the weights of the score"),
    "weights.learned": gettext_lazy("learned weights of the score"),
    "weights.used": gettext_lazy("took learned weights into use"),
    "weights.left": gettext_lazy("went back to the usual weights"),
}
MOST_GROUPS = 12


def register() -> None:
    """Tell the log what the verbs mean."""
    name_verbs(VERBS)


@dataclass(frozen=True)
class PartRow:
    """Weights in the scale of the usual ones; `usual` and `learned` are what a search counts with."""

    label: str
    usual: float
    learned: float
    says: str


@dataclass(frozen=True)
class BiasTable:
    """Shares in percent: of all candidates, of true partners, of first places by usual and by learned."""

    label: str
    rows: tuple[tuple[str, int, int, int, int], ...]


@dataclass(frozen=True)
class WeightTable:
    """One row of weights with its check: shares of questions in percent, and the gain with its interval."""

    label: str
    rows: tuple[PartRow, ...]
    questions: int
    learned: int
    usual: int
    gain: tuple[int, int, int]


def weight_tables(version: LearnedWeights) -> list[WeightTable]:
    """One table for all, or one for those with a past and one for newcomers and small firms."""
    if not version.small_fitted:
        return [_table(_("Weights, the usual and the learned"), version.fitted, version.weights)]
    return [
        _table(_("Organisations with earlier projects"), version.fitted, version.weights),
        _table(_("Newcomers and small firms"), version.small_fitted, version.small_weights or {}),
    ]


def _table(label: str, fitted: dict[str, Any], weights: dict[str, float]) -> WeightTable:
    gain, low, high = (round(100 * each) for each in fitted["gain"])
    return WeightTable(
        label,
        tuple(table_rows(fitted, weights)),
        fitted["questions"],
        round(100 * fitted["learned_hits"]),
        round(100 * fitted["usual_hits"]),
        (gain, low, high),
    )


def table_rows(fit: dict[str, Any], weights: dict[str, float]) -> list[PartRow]:
    """Every part of the score, the heaviest learned weight first."""
    fitted = {row["part"]: row for row in fit["rows"]}
    rows = []
    for part, learned in weights.items():
        row = fitted.get(part)
        usual = float(getattr(Weights(), part))
        rows.append(PartRow(part_label(part), usual, learned, _in_words(row, usual, learned)))
    return sorted(rows, key=lambda row: (-row.learned, row.label))


def _in_words(row: dict[str, Any] | None, usual: float, learned: float) -> str:
    if row is None:
        return _("not learned: it comes from introductions themselves, and keeps its weight")
    if row["weight"] == 0:
        return str(SAYS["no say: it did not help on these questions"])
    if row["weight"] < 2 * row["error"]:
        return str(SAYS["uncertain: could be nothing"])
    return str(SAYS["counts more than usual" if learned > usual else "counts less than usual"])


def bias_tables(version: LearnedWeights) -> list[BiasTable]:
    return [
        BiasTable(
            str(GROUPINGS[name]),
            tuple(
                (
                    _group_label(name, row["group"]),
                    *(round(100 * row[each]) for each in ("candidates", "partners", "usual", "learned")),
                )
                for row in rows[:MOST_GROUPS]
            ),
        )
        for name, rows in version.bias.items()
        if name in GROUPINGS
    ]


def _group_label(grouping: str, group: str) -> str:
    if grouping == "country":
        return country_label(group) or _("country not said")
    if grouping == "newcomer":
        return _("never introduced") if group == "new" else _("introduced before")
    return str(SizeClass(group).label) if group in SizeClass.values else group
