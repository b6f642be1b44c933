"""Everything that changes accounts, roles and tokens."""

from kontor.features.accounts.actions.erasing import ask_for_erasure, erase_person, holds_of
from kontor.features.accounts.actions.invitations import accept_invitation, invite_person, withdraw_invitation
from kontor.features.accounts.actions.people import (
    add_person,
    change_password,
    change_profile,
    end_session,
    give_password,
    note_choice,
)
from kontor.features.accounts.actions.roles import grant_role, take_role
from kontor.features.accounts.actions.sign_in import send_sign_in_link, use_sign_in_link
from kontor.features.accounts.actions.tokens import create_token, revoke_token

__all__ = [
    "accept_invitation",
    "add_person",
    "ask_for_erasure",
    "change_password",
    "change_profile",
    "create_token",
    "end_session",
    "erase_person",
    "give_password",
    "grant_role",
    "holds_of",
    "invite_person",
    "note_choice",
    "revoke_token",
    "send_sign_in_link",
    "take_role",
    "use_sign_in_link",
    "withdraw_invitation",
]
