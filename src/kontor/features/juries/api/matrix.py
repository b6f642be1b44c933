"""Who sees what in which phase."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Router
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.api.finding import Revision, run_panel
from kontor.features.juries.api.panels import PhaseName
from kontor.features.juries.models import Panel, Phase
from kontor.features.juries.rules import may_run_panel
from kontor.features.juries.visibility import EDITABLE, THINGS, Role, Thing, most, sees

router = Router("juries")
PartName = Literal["chair", "juror", "controller", "applicant"]
ThingName = Literal["text", "files", "applicants", "own", "others", "jurors", "results", "comments"]


class CellOut(Schema):
    sees: list[str]
    may: list[str] = Field(description="what could be allowed at most")


class VisibilityOut(Schema):
    revision: int = Field(description="of the jury; send it with a change")
    phase: str = Field(description="where the jury is now")
    matrix: dict[str, dict[str, CellOut]] = Field(description="by phase and part")


class VisibilityIn(Schema):
    matrix: dict[PhaseName, dict[PartName, list[ThingName]]] = Field(
        description="what each part sees in each phase; one that is left out sees the usual again"
    )
    revision: Revision


@router.get("/{key}/visibility/", response=VisibilityOut)
@policy(may_run_panel)
def visibility(request: HttpRequest, key: str) -> dict[str, Any]:
    return _told(run_panel(request, key))


@router.put("/{key}/visibility/", response=VisibilityOut)
@policy(may_run_panel)
def change(request: HttpRequest, key: str, body: VisibilityIn) -> dict[str, Any]:
    """Set all of it. 400 for what nobody can allow, such as others' scores before the discussion."""
    panel = run_panel(request, key)
    for phase, parts in body.matrix.items():
        for part, things in parts.items():
            _within(panel, phase, part, things)
    matrix: Any = body.matrix
    done = actions.set_matrix(panel=panel, matrix=matrix, revision=body.revision, actor=actor_of(request))
    return _told(done)


def _within(panel: Panel, phase: str, part: str, things: list[ThingName]) -> None:
    allowed = most(Role(part), Phase(phase), panel.blind)
    beyond = next((each for each in map(Thing, things) if each not in allowed), None)
    if beyond is not None:
        raise KontorError(
            _("Nobody can allow this part to see “{thing}” in this phase.").format(thing=THINGS[beyond]),
            code="beyond-limits",
            path=f"body.matrix.{phase}.{part}",
            remedy=_("Leave it out; `may` says what can be allowed."),
        )


def _told(panel: Panel) -> dict[str, Any]:
    return {
        "revision": panel.revision,
        "phase": panel.phase,
        "matrix": {
            phase.value: {
                part.value: {
                    "sees": sorted(sees(panel, part, phase)),
                    "may": sorted(most(part, phase, panel.blind)),
                }
                for part in EDITABLE
            }
            for phase in Phase
        },
    }
