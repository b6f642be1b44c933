"""The only writers of decisions."""

from kontor.features.decisions.actions.deciding import confirm_decisions, decide, decide_as_adopted
from kontor.features.decisions.actions.letters import change_letter, prepare_letters, send_letters
from kontor.features.decisions.actions.publishing import publish_decisions
from kontor.features.decisions.actions.reserve import move_up, release_withdrawn
from kontor.features.decisions.actions.rounds import change_round, open_round, score_by_hand
from kontor.features.decisions.actions.scenarios import (
    adopt_scenario,
    compute_scenario,
    discard_scenario,
)
from kontor.features.decisions.actions.undoing import undo_decision

__all__ = [
    "adopt_scenario",
    "change_letter",
    "change_round",
    "compute_scenario",
    "confirm_decisions",
    "decide",
    "decide_as_adopted",
    "discard_scenario",
    "move_up",
    "open_round",
    "prepare_letters",
    "publish_decisions",
    "release_withdrawn",
    "score_by_hand",
    "send_letters",
    "undo_decision",
]
