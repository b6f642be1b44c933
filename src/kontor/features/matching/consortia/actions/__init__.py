"""Everything that changes consortia. Each action is one transaction with its audit row."""

from kontor.features.matching.consortia.actions.board import (
    add_variant,
    change_details,
    choose_variant,
    copy_variant,
    create_consortium,
    remove_variant,
    rename_variant,
)
from kontor.features.matching.consortia.actions.composing import (
    adopt_team,
    finish_composition,
    note_composition,
    queue_composition,
)
from kontor.features.matching.consortia.actions.conflicts import BoardConflict, Difference
from kontor.features.matching.consortia.actions.course import (
    answer_lead,
    close_consortium,
    decide_consortium,
    offer_lead,
    resume_consortium,
    submit_consortium,
    take_submission_back,
    withdraw_consortium,
    withdraw_offer,
)
from kontor.features.matching.consortia.actions.disclosing import note_board, note_names, note_space
from kontor.features.matching.consortia.actions.inviting import (
    answer_seat,
    invite_seat,
    take_answer_back,
    withdraw_invitation,
)
from kontor.features.matching.consortia.actions.leaving import forget_files, free_seats_of
from kontor.features.matching.consortia.actions.seats import (
    add_seat,
    change_seat,
    empty_seat,
    move_seat,
    put_into_seat,
    remove_seat,
    swap_seats,
)
from kontor.features.matching.consortia.actions.space import (
    add_comment,
    attach_file,
    bring_comment_back,
    bring_file_back,
    remove_comment,
    remove_file,
)
from kontor.features.matching.consortia.actions.undoing import undo_step

__all__ = [
    "BoardConflict",
    "Difference",
    "add_comment",
    "add_seat",
    "add_variant",
    "adopt_team",
    "answer_lead",
    "answer_seat",
    "attach_file",
    "bring_comment_back",
    "bring_file_back",
    "change_details",
    "change_seat",
    "choose_variant",
    "close_consortium",
    "copy_variant",
    "create_consortium",
    "decide_consortium",
    "empty_seat",
    "finish_composition",
    "forget_files",
    "free_seats_of",
    "invite_seat",
    "move_seat",
    "note_board",
    "note_composition",
    "note_names",
    "note_space",
    "offer_lead",
    "put_into_seat",
    "queue_composition",
    "remove_comment",
    "remove_file",
    "remove_seat",
    "remove_variant",
    "rename_variant",
    "resume_consortium",
    "submit_consortium",
    "swap_seats",
    "take_answer_back",
    "take_submission_back",
    "undo_step",
    "withdraw_consortium",
    "withdraw_invitation",
    "withdraw_offer",
]
