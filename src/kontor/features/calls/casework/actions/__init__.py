"""The only writers of contact persons, cases, wishes and warnings."""

from kontor.features.calls.casework.actions.cases import (
    close_case,
    hand_over_case,
    log_entry,
    note_step,
    open_case,
    open_case_of,
    reopen_case,
)
from kontor.features.calls.casework.actions.contacts import (
    add_call_contact,
    change_call_contact,
    remove_call_contact,
)
from kontor.features.calls.casework.actions.notices import (
    follow_merge,
    note_leaving,
    note_return,
    note_rules,
    part_again,
    settle_notice,
)
from kontor.features.calls.casework.actions.warnings import warn_of_clock
from kontor.features.calls.casework.actions.wishes import add_wish, change_wish, close_wish, reopen_wish

__all__ = [
    "add_call_contact",
    "add_wish",
    "change_call_contact",
    "change_wish",
    "close_case",
    "close_wish",
    "follow_merge",
    "hand_over_case",
    "log_entry",
    "note_leaving",
    "note_return",
    "note_rules",
    "note_step",
    "open_case",
    "open_case_of",
    "part_again",
    "remove_call_contact",
    "reopen_case",
    "reopen_wish",
    "settle_notice",
    "warn_of_clock",
]
