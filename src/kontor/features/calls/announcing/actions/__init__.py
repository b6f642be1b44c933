"""The only writers of calls, their questions and days."""

from kontor.features.calls.announcing.actions.days import add_day, change_day, remove_day
from kontor.features.calls.announcing.actions.deadlines import move_deadline
from kontor.features.calls.announcing.actions.life import (
    add_call,
    discard_call,
    publish_call,
    restore_call,
    save_call,
    withdraw_call,
)
from kontor.features.calls.announcing.actions.questions import (
    answer_question,
    ask_question,
    discard_question,
    take_down_question,
)

__all__ = [
    "add_call",
    "add_day",
    "answer_question",
    "ask_question",
    "change_day",
    "discard_call",
    "discard_question",
    "move_deadline",
    "publish_call",
    "remove_day",
    "restore_call",
    "save_call",
    "take_down_question",
    "withdraw_call",
]
