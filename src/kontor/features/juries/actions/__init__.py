"""The only writers of juries."""

from kontor.features.juries.actions.assigning import (
    ASSIGN,
    adopt_plan,
    assign_by_hand,
    drop_assignment,
    finish_plan,
    queue_plan,
    undo_adoption,
)
from kontor.features.juries.actions.checking import block_conflicts
from kontor.features.juries.actions.consensus import answer_consensus, write_consensus
from kontor.features.juries.actions.experts import (
    add_expert,
    add_tie,
    archive_expert,
    change_expert,
    declare_conflict,
    erase_expert,
    link_group,
    remove_tie,
    restore_expert,
    unlink_group,
    withdraw_declaration,
)
from kontor.features.juries.actions.live import (
    save_live_score,
    submit_live_score,
    take_back_live_score,
)
from kontor.features.juries.actions.members import (
    accept_seat,
    change_member,
    decline_seat,
    invite_member,
    remove_member,
    report_back,
    report_ill,
)
from kontor.features.juries.actions.panels import (
    change_panel,
    move_phase,
    note_applicants_informed,
    open_panel,
    set_matrix,
    use_adjusted,
)
from kontor.features.juries.actions.pitches import (
    move_slot,
    order_pitches,
    plan_pitch_day,
    set_attendance,
    set_travel,
    turn_day,
)
from kontor.features.juries.actions.reminding import remind_assessors
from kontor.features.juries.actions.reviews import (
    reopen_review,
    save_fields,
    settle_clash,
    submit_review,
    take_back_review,
)
from kontor.features.juries.actions.waivers import revoke_waiver, sign_waiver

__all__ = [
    "ASSIGN",
    "accept_seat",
    "add_expert",
    "add_tie",
    "adopt_plan",
    "answer_consensus",
    "archive_expert",
    "assign_by_hand",
    "block_conflicts",
    "change_expert",
    "change_member",
    "change_panel",
    "declare_conflict",
    "decline_seat",
    "drop_assignment",
    "erase_expert",
    "finish_plan",
    "invite_member",
    "link_group",
    "move_phase",
    "move_slot",
    "note_applicants_informed",
    "open_panel",
    "order_pitches",
    "plan_pitch_day",
    "queue_plan",
    "remind_assessors",
    "remove_member",
    "remove_tie",
    "reopen_review",
    "report_back",
    "report_ill",
    "restore_expert",
    "revoke_waiver",
    "save_fields",
    "save_live_score",
    "set_attendance",
    "set_matrix",
    "set_travel",
    "settle_clash",
    "sign_waiver",
    "submit_live_score",
    "submit_review",
    "take_back_live_score",
    "take_back_review",
    "turn_day",
    "undo_adoption",
    "unlink_group",
    "use_adjusted",
    "withdraw_declaration",
    "write_consensus",
]
