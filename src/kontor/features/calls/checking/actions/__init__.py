"""The only writers of self-checks and of decisions about eligibility."""

from kontor.features.calls.checking.actions.checks import forget_check, forget_checks, keep_check, use_check
from kontor.features.calls.checking.actions.eligibility import decide_eligibility, take_back_eligibility

__all__ = [
    "decide_eligibility",
    "forget_check",
    "forget_checks",
    "keep_check",
    "take_back_eligibility",
    "use_check",
]
