"""Answers that are known before the first word is written: the facts of the application."""

from __future__ import annotations

from typing import Any

from kontor.base.actor import Actor
from kontor.features.calls.actions.answers import Written, save_answers
from kontor.features.calls.models import Application
from kontor.features.calls.models.answer import VersionOrigin
from kontor.programmes.forms import Field


def answer_facts(*, application: Application, actor: Actor) -> None:
    """Title, themes, technologies and duration as answers of the fields that ask for them."""
    written: dict[str, Written] = {}
    for one in application.questions.fields(1):
        value = getattr(application, one.fills) if one.fills else None
        if value:
            written[one.key] = Written(_shaped(one, value))
    if written:
        save_answers(application=application, written=written, origin=VersionOrigin.COPIED, actor=actor)


def _shaped(one: Field, value: Any) -> Any:
    if one.kind == "choices":
        return list(value)
    return value[0] if one.kind == "choice" and isinstance(value, list) else str(value)
