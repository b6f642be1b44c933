"""Rows of juries, split by noun."""

from kontor.features.juries.models.assigning import Assignment, AssignmentKind, AssignmentState, Plan
from kontor.features.juries.models.experts import (
    DeclaredConflict,
    Expert,
    GroupLink,
    Member,
    MemberState,
    Tie,
    TieKind,
    Waiver,
)
from kontor.features.juries.models.panel import Blindness, Panel, PanelQuerySet, Phase
from kontor.features.juries.models.pitches import (
    Attendance,
    LiveScore,
    PitchDay,
    PitchDayState,
    PitchSlot,
    SlotState,
)
from kontor.features.juries.models.reviews import (
    Consensus,
    ConsensusVoice,
    Review,
    ReviewClash,
    ReviewState,
    ReviewValue,
)

__all__ = [
    "Assignment",
    "AssignmentKind",
    "AssignmentState",
    "Attendance",
    "Blindness",
    "Consensus",
    "ConsensusVoice",
    "DeclaredConflict",
    "Expert",
    "GroupLink",
    "LiveScore",
    "Member",
    "MemberState",
    "Panel",
    "PanelQuerySet",
    "Phase",
    "PitchDay",
    "PitchDayState",
    "PitchSlot",
    "Plan",
    "Review",
    "ReviewClash",
    "ReviewState",
    "ReviewValue",
    "SlotState",
    "Tie",
    "TieKind",
    "Waiver",
]
