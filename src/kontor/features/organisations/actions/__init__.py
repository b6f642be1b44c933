"""Everything that changes the directory. Each action is one transaction with its audit row and its event."""

from kontor.features.organisations.actions.profile import (
    EditConflict,
    archive_organisation,
    change_organisation,
    create_organisation,
    set_codes,
    set_figures,
    set_translation,
    snapshot,
)
from kontor.features.organisations.actions.statements import (
    add_statement,
    change_statement,
    close_statement,
    confirm_statements,
    reopen_statement,
    statement_snapshot,
    translate_statement,
)

__all__ = [
    "EditConflict",
    "add_statement",
    "archive_organisation",
    "change_organisation",
    "change_statement",
    "close_statement",
    "confirm_statements",
    "create_organisation",
    "reopen_statement",
    "set_codes",
    "set_figures",
    "set_translation",
    "snapshot",
    "statement_snapshot",
    "translate_statement",
]
