"""Everything that changes introductions. Each action is one transaction with its audit row and its event."""

from kontor.features.matching.introductions.actions.answering import answer_introduction, undo_answer
from kontor.features.matching.introductions.actions.disclosing import note_disclosures
from kontor.features.matching.introductions.actions.passing import (
    ask_for_outcomes,
    expire_introduction,
    remind_side,
    withdraw_for_gone,
    withdraw_introduction,
)
from kontor.features.matching.introductions.actions.proposing import propose_introduction
from kontor.features.matching.introductions.actions.refusing import lift_refusal, refuse_match
from kontor.features.matching.introductions.actions.reporting import report_outcome

__all__ = [
    "answer_introduction",
    "ask_for_outcomes",
    "expire_introduction",
    "lift_refusal",
    "note_disclosures",
    "propose_introduction",
    "refuse_match",
    "remind_side",
    "report_outcome",
    "undo_answer",
    "withdraw_for_gone",
    "withdraw_introduction",
]
