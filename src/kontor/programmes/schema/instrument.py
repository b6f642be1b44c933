"""What a programme gives, under which rules, in which steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kontor.programmes.schema.assessment import Assessment
from kontor.programmes.schema.texts import Texts

KINDS = ("innovation-project", "feasibility-study", "voucher", "training", "event", "service", "pilot")

#: How money goes to proposals: the best ones of a round, the first ones, or those agreed before the start.
AWARDS = ("tender", "first-come", "fixed")

#: A parameter of a rule as the file states it, already of its type.
Value = int | Decimal | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A named rule with its parameters, as one programme uses it.

    `key` tells two uses of one rule apart; it is the rule's name where the file gives none. A
    `preference` is told but never refuses. `text` is the programme's own wording, empty where the rule's
    wording is used; `source` is where the rule stands, `path` its place in the file.
    """

    rule: str
    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    preference: bool = False
    source: str = ""
    text: Texts = field(default_factory=Texts)
    path: tuple[str | int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Phase:
    """A step on the way from idea to end; `days` is the most it may take, `role` who acts."""

    key: str
    name: Texts
    role: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One dated opening; both days belong to it."""

    key: str
    opens: date
    closes: date
    jury: date | None = None


@dataclass(frozen=True, slots=True)
class LumpSum:
    """A fixed amount for a stay or service of so many days."""

    days: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Instrument:
    """One kind of support. Amounts are in the programme's currency, `rate` in percent, months whole.

    `rules` are all rules a team must keep: the programme's, the instrument's, and those that its
    ceilings, rate and months are by themselves. `target` is how many the programme plans.
    """

    key: str
    kind: str
    name: Texts
    summary: Texts = field(default_factory=Texts)
    part: str = ""
    form: str = ""
    award: str = "tender"
    rate: Decimal | None = None
    project_ceiling: Decimal | None = None
    grant_ceiling: Decimal | None = None
    least_months: int | None = None
    most_months: int | None = None
    target: int | None = None
    costs: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    rules: tuple[RuleUse, ...] = ()
    lump_sums: tuple[LumpSum, ...] = ()
    phases: tuple[Phase, ...] = ()
    calls: tuple[Call, ...] = ()
    assessment: Assessment | None = None
