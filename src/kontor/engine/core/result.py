"""How an engine answers."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """`optimal`: proven best.

    `feasible`: good, with a bound. `infeasible`: an answer, with what to change.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


EXIT_CODES = {Status.OPTIMAL: 0, Status.FEASIBLE: 0, Status.INFEASIBLE: 3}
EXIT_INVALID = 2
EXIT_OUT_OF_TIME = 4
