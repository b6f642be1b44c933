"""The only writers of calls and applications."""

from kontor.features.calls.actions.answers import (
    Outcome,
    Saved,
    Written,
    note_presence,
    restore_version,
    save_answers,
    settle_version,
)
from kontor.features.calls.actions.beginning import begin_application
from kontor.features.calls.actions.files import attach_file, remove_file
from kontor.features.calls.actions.impartial import refuse_own
from kontor.features.calls.actions.moving import move_application
from kontor.features.calls.actions.partners import add_partner, change_partner, remove_partner
from kontor.features.calls.actions.submitting import Incomplete, deadline_of, submit_application
from kontor.features.calls.actions.withdrawing import (
    invite_to_second_step,
    may_undo,
    take_submission_back,
    undo_withdrawal,
    withdraw_application,
)

__all__ = [
    "Incomplete",
    "Outcome",
    "Saved",
    "Written",
    "add_partner",
    "attach_file",
    "begin_application",
    "change_partner",
    "deadline_of",
    "invite_to_second_step",
    "may_undo",
    "move_application",
    "note_presence",
    "refuse_own",
    "remove_file",
    "remove_partner",
    "restore_version",
    "save_answers",
    "settle_version",
    "submit_application",
    "take_submission_back",
    "undo_withdrawal",
    "withdraw_application",
]
