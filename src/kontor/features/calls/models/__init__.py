"""Calls and the applications written for them, split by noun."""

from kontor.features.calls.models.amendment import Amendment, AmendmentState
from kontor.features.calls.models.answer import Answer, AnswerVersion, Presence, SectionOwner
from kontor.features.calls.models.application import Application, ApplicationQuerySet, Submission
from kontor.features.calls.models.board import PartnerWish, WishState
from kontor.features.calls.models.call import Call, CallQuerySet, CallState, FundingMode
from kontor.features.calls.models.cases import BY_HAND, CallContact, Case, CaseEntry, CaseState, EntryKind
from kontor.features.calls.models.checks import SelfCheck
from kontor.features.calls.models.days import CallDay, DayKind
from kontor.features.calls.models.eligibility import ClockWarning, EligibilityDecision, Verdict
from kontor.features.calls.models.notices import NoticeKind, OrganisationNotice
from kontor.features.calls.models.partner import ApplicationPartner, PartnerRole
from kontor.features.calls.models.questions import Question
from kontor.features.calls.models.signature import Signature, SignatureWay
from kontor.features.calls.models.states import (
    CLOSED,
    HANDED_IN,
    MOVES,
    ApplicationState,
)
from kontor.features.calls.models.transfer import Transfer, TransferKind

__all__ = [
    "BY_HAND",
    "CLOSED",
    "HANDED_IN",
    "MOVES",
    "Amendment",
    "AmendmentState",
    "Answer",
    "AnswerVersion",
    "Application",
    "ApplicationPartner",
    "ApplicationQuerySet",
    "ApplicationState",
    "Call",
    "CallContact",
    "CallDay",
    "CallQuerySet",
    "CallState",
    "Case",
    "CaseEntry",
    "CaseState",
    "ClockWarning",
    "DayKind",
    "EligibilityDecision",
    "EntryKind",
    "FundingMode",
    "NoticeKind",
    "OrganisationNotice",
    "PartnerRole",
    "PartnerWish",
    "Presence",
    "Question",
    "SectionOwner",
    "SelfCheck",
    "Signature",
    "SignatureWay",
    "Submission",
    "Transfer",
    "TransferKind",
    "Verdict",
    "WishState",
]
