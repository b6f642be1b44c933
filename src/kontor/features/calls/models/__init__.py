"""Calls and the applications written for them, split by noun."""

from kontor.features.calls.models.answer import Answer, AnswerVersion, Presence, SectionOwner
from kontor.features.calls.models.application import Application, ApplicationQuerySet, Submission
from kontor.features.calls.models.call import Call, CallQuerySet, CallState, FundingMode
from kontor.features.calls.models.partner import ApplicationPartner, PartnerRole
from kontor.features.calls.models.states import (
    CLOSED,
    HANDED_IN,
    MOVES,
    ApplicationState,
)

__all__ = [
    "CLOSED",
    "HANDED_IN",
    "MOVES",
    "Answer",
    "AnswerVersion",
    "Application",
    "ApplicationPartner",
    "ApplicationQuerySet",
    "ApplicationState",
    "Call",
    "CallQuerySet",
    "CallState",
    "FundingMode",
    "PartnerRole",
    "Presence",
    "SectionOwner",
    "Submission",
]
