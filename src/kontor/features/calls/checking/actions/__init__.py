"""The only writers of self-checks and of decisions about eligibility."""

from kontor.features.calls.checking.actions.checks import forget_check, forget_checks, keep_check
from kontor.features.calls.checking.actions.eligibility import decide_eligibility, take_back_eligibility
from kontor.features.calls.checking.actions.prefill import prefill_application

__all__ = [
    "decide_eligibility",
    "forget_check",
    "forget_checks",
    "keep_check",
    "prefill_application",
    "take_back_eligibility",
]
