"""Who sees what in which phase: a matrix that a panel may change, within limits that nobody can."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.features.juries.models import Blindness, Panel, Phase
from kontor.programmes.schema import Field


class Thing(StrEnum):
    """What can be seen. `FILES`: what applicants attached, field by field as the panel opens it; `OTHERS`:
    marks and words of other assessors; `JURORS`: who they are.
    """

    TEXT = "text"
    FILES = "files"
    APPLICANTS = "applicants"
    OWN = "own"
    OTHERS = "others"
    JURORS = "jurors"
    RESULTS = "results"
    COMMENTS = "comments"


class Role(StrEnum):
    """The part somebody plays in a panel."""

    MANAGER = "manager"
    CHAIR = "chair"
    JUROR = "juror"
    CONTROLLER = "controller"
    APPLICANT = "applicant"


THINGS = {
    Thing.TEXT: _("the application"),
    Thing.FILES: _("files of the application"),
    Thing.APPLICANTS: _("names of the applicants"),
    Thing.OWN: _("own score sheet"),
    Thing.OTHERS: _("scores and words of other assessors"),
    Thing.JURORS: _("names of the assessors"),
    Thing.RESULTS: _("totals and ranking"),
    Thing.COMMENTS: _("words for the applicants"),
}
ROLES = {
    Role.MANAGER: _("programme manager"),
    Role.CHAIR: _("chair of the jury"),
    Role.JUROR: _("assessor"),
    Role.CONTROLLER: _("controller"),
    Role.APPLICANT: _("applicant"),
}
# Managers run the panel and see it; everybody else's row can be changed.
EDITABLE = (Role.CHAIR, Role.JUROR, Role.CONTROLLER, Role.APPLICANT)
ALL = frozenset(Thing)
_READ = frozenset({Thing.TEXT, Thing.FILES, Thing.APPLICANTS})
_TALK = _READ | {Thing.OWN, Thing.OTHERS, Thing.JURORS}
_END = _TALK | {Thing.RESULTS, Thing.COMMENTS}
_USUAL: dict[Role, dict[Phase, frozenset[Thing]]] = {
    Role.CHAIR: {
        Phase.PREPARING: _READ,
        Phase.REVIEWING: _READ | {Thing.OWN},
        Phase.DISCUSSION: _TALK,
        Phase.PITCHES: _TALK,
        Phase.CLOSED: _END,
        Phase.PUBLISHED: _END,
    },
    Role.JUROR: {
        Phase.PREPARING: frozenset(),
        Phase.REVIEWING: _READ | {Thing.OWN},
        Phase.DISCUSSION: _TALK,
        Phase.PITCHES: _TALK,
        Phase.CLOSED: _TALK | {Thing.RESULTS},
        Phase.PUBLISHED: _TALK | {Thing.RESULTS},
    },
    Role.CONTROLLER: {
        **dict.fromkeys(Phase, _READ | {Thing.JURORS}),
        Phase.CLOSED: _END,
        Phase.PUBLISHED: _END,
    },
    Role.APPLICANT: {
        **dict.fromkeys(Phase, frozenset[Thing]()),
        Phase.PUBLISHED: frozenset({Thing.RESULTS, Thing.COMMENTS}),
    },
}
_INDEPENDENT = frozenset({Thing.OTHERS, Thing.RESULTS, Thing.COMMENTS})


def file_fields(panel: Panel) -> list[Field]:
    """The fields that take files, of the call's forms for each of its instruments; one of a key."""
    forms = (panel.call.form_of(instrument) for instrument in ("", *sorted(panel.call.forms)))
    found = {each.key: each for form in forms for each in form.fields() if each.kind == "file"}
    return list(found.values())


def open_files(panel: Panel) -> frozenset[str]:
    """Fields whose files assessors get: those that were chosen. Until somebody chooses: all of them, none
    where the applicants' names are hidden, because nothing hides names inside a file.
    """
    known = frozenset(each.key for each in file_fields(panel))
    if panel.files_open is None:
        return frozenset() if panel.blind == Blindness.DOUBLE else known
    return known & frozenset(panel.files_open)


def most(role: Role, phase: Phase, blind: str, *, files: bool = True) -> frozenset[Thing]:
    """What the role can be allowed to see at most in the phase, whatever the matrix says.

    Until the discussion no assessor, the chair included, sees what another one gave; an applicant sees
    nothing before the letters, and the assessors' marks and names never. `files`: whether any field's files
    are open to assessors.
    """
    if role == Role.MANAGER:
        return ALL
    if role == Role.APPLICANT:
        told = frozenset({Thing.RESULTS, Thing.COMMENTS})
        return told if phase == Phase.PUBLISHED else frozenset()
    found = ALL
    if phase in {Phase.PREPARING, Phase.REVIEWING}:
        found -= _INDEPENDENT
    if phase == Phase.PREPARING:
        found -= {Thing.OWN}
    if role == Role.CONTROLLER:
        return found - {Thing.OWN}
    if not files:
        found -= {Thing.FILES}
    if blind != Blindness.OPEN:
        found -= {Thing.JURORS}
    if blind == Blindness.DOUBLE:
        found -= {Thing.APPLICANTS}
    return found


def usual(role: Role, phase: Phase) -> frozenset[Thing]:
    return ALL if role == Role.MANAGER else _USUAL[role][phase]


def sees(panel: Panel, role: Role, phase: str = "") -> frozenset[Thing]:
    """What the role sees in the panel's phase, or in another one: the matrix within the limits."""
    at = Phase(phase or panel.phase)
    told: Any = (panel.matrix or {}).get(at.value, {}).get(role.value)
    wished = usual(role, at) if told is None else frozenset(Thing(each) for each in told if each in ALL)
    return wished & most(role, at, panel.blind, files=bool(open_files(panel)))


def clean_matrix(
    matrix: Mapping[str, Mapping[str, list[str]]], blind: str, *, files: bool = True
) -> dict[str, dict[str, list[str]]]:
    """Only what departs from the usual, and nothing beyond the limits; unknown names are left out. Without
    `files` nobody could say anything about them: they stay as usual until some are open.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for phase in Phase:
        for role in EDITABLE:
            told = matrix.get(phase.value, {}).get(role.value)
            if told is None:
                continue
            kept = frozenset(Thing(each) for each in told if each in ALL) & most(role, phase, blind)
            if not files:
                kept |= usual(role, phase) & most(role, phase, blind) & {Thing.FILES}
            if kept != usual(role, phase) & most(role, phase, blind):
                found.setdefault(phase.value, {})[role.value] = sorted(kept)
    return found
