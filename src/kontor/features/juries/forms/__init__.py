"""Forms of juries."""

from kontor.features.juries.forms.consensus import (
    ConsensusForm,
)
from kontor.features.juries.forms.panel import (
    HandForm,
    OpenForm,
    SettingsForm,
    WaiverForm,
)
from kontor.features.juries.forms.people import (
    AnswerForm,
    DeclareForm,
    ExpertForm,
    GroupForm,
    InviteForm,
    MemberForm,
    TieForm,
    expert_initial,
)
from kontor.features.juries.forms.pitches import (
    AttendanceForm,
    PitchDayForm,
    TravelForm,
    pitch_initial,
)

__all__ = [
    "AnswerForm",
    "AttendanceForm",
    "ConsensusForm",
    "DeclareForm",
    "ExpertForm",
    "GroupForm",
    "HandForm",
    "InviteForm",
    "MemberForm",
    "OpenForm",
    "PitchDayForm",
    "SettingsForm",
    "TieForm",
    "TravelForm",
    "WaiverForm",
    "expert_initial",
    "pitch_initial",
]
