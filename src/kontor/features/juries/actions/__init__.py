"""The only writers of juries."""

from kontor.features.juries.actions.checking import block_conflicts
from kontor.features.juries.actions.experts import (
    add_expert,
    add_tie,
    archive_expert,
    change_expert,
    declare_conflict,
    link_group,
    remove_tie,
    restore_expert,
    unlink_group,
    withdraw_declaration,
)
from kontor.features.juries.actions.panels import (
    change_panel,
    move_phase,
    open_panel,
    set_matrix,
    use_adjusted,
)

__all__ = [
    "add_expert",
    "add_tie",
    "archive_expert",
    "block_conflicts",
    "change_expert",
    "change_panel",
    "declare_conflict",
    "link_group",
    "move_phase",
    "open_panel",
    "remove_tie",
    "restore_expert",
    "set_matrix",
    "unlink_group",
    "use_adjusted",
    "withdraw_declaration",
]
