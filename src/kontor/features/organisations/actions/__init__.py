"""Everything that changes the directory. Each action is one transaction with its audit row and its event."""

from kontor.features.organisations.actions.conflicts import EditConflict
from kontor.features.organisations.actions.consent import give_consent, withdraw_consent
from kontor.features.organisations.actions.contacts import (
    add_contact,
    change_contact,
    contact_snapshot,
    erase_contact,
    give_contact_consent,
    withdraw_contact_consent,
)
from kontor.features.organisations.actions.describing import Described, describe_organisation
from kontor.features.organisations.actions.figures import figures_snapshot, set_figures
from kontor.features.organisations.actions.memberships import (
    add_membership,
    ask_to_join,
    change_membership,
    end_membership,
    membership_snapshot,
)
from kontor.features.organisations.actions.merging import (
    mark_different,
    merge_organisations,
    unmerge_organisations,
)
from kontor.features.organisations.actions.profile import (
    archive_organisation,
    change_organisation,
    create_organisation,
    set_codes,
    snapshot,
    unarchive_organisation,
)
from kontor.features.organisations.actions.statements import (
    add_statement,
    change_statement,
    close_statement,
    confirm_statements,
    reopen_statement,
    statement_snapshot,
)
from kontor.features.organisations.actions.translations import (
    set_translation,
    translate_organisation,
    translate_statement,
    translation_snapshot,
)

__all__ = [
    "Described",
    "EditConflict",
    "add_contact",
    "add_membership",
    "add_statement",
    "archive_organisation",
    "ask_to_join",
    "change_contact",
    "change_membership",
    "change_organisation",
    "change_statement",
    "close_statement",
    "confirm_statements",
    "contact_snapshot",
    "create_organisation",
    "describe_organisation",
    "end_membership",
    "erase_contact",
    "figures_snapshot",
    "give_consent",
    "give_contact_consent",
    "mark_different",
    "membership_snapshot",
    "merge_organisations",
    "reopen_statement",
    "set_codes",
    "set_figures",
    "set_translation",
    "snapshot",
    "statement_snapshot",
    "translate_organisation",
    "translate_statement",
    "translation_snapshot",
    "unarchive_organisation",
    "unmerge_organisations",
    "withdraw_consent",
    "withdraw_contact_consent",
]
