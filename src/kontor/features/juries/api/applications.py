"""The applications of a jury as each of its members sees them, consensus reports, a preview of that."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Router, found, not_found
from kontor.base.attachments import answer_with
from kontor.base.permissions import policy
from kontor.features.calls.dossier.api.reading import file_answer
from kontor.features.juries import actions
from kontor.features.juries.api.finding import Revision, application_in, member_in, read_panel, run_panel
from kontor.features.juries.api.panels import PhaseName
from kontor.features.juries.api.shown import (
    ConsensusOut,
    JuryApplicationOut,
    applicants_view,
    report_told,
    seen_told,
)
from kontor.features.juries.models import Consensus, Member, MemberState, Panel
from kontor.features.juries.outcomes import read_round
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import (
    Viewer,
    offered_file,
    only_from_outside,
    seen_by,
    viewer_as,
    viewer_of,
    writes_report,
)
from kontor.features.juries.visibility import Role, Thing

router = Router("juries")


class ConsensusIn(Schema):
    marks: dict[str, str] = Field(description="by criterion, as /scale/ offers them")
    text: str = Field(min_length=1, max_length=10_000, description="how the assessors came together")
    comment: str = Field("", max_length=10_000, description="words for the applicants")
    language: Literal["en", "de", "nl"] = "en"
    revision: Revision | None = Field(None, description="null for the first version")


class VoiceIn(Schema):
    agrees: bool
    words: str = Field("", max_length=500, description="needed where you do not agree")
    revision: Revision


class PreviewQuery(Schema):
    role: Literal["manager", "chair", "juror", "controller", "applicant"] = "juror"
    phase: PhaseName | None = Field(None, description="left out: as it is now")
    member: str = Field("", max_length=12, description="whose eyes; left out: the first of that part")
    application: str = Field("", max_length=12, description="with its text, as that person reads it")


class PreviewOut(Schema):
    role: str
    phase: str
    member: str
    sees: list[str]
    applications: list[JuryApplicationOut]


@router.get("/{key}/applications/", response=list[JuryApplicationOut])
@policy(may_read_panel)
def applications(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """All of them, as far as the matrix lets you see; a conflict of yours shows itself and nothing else."""
    panel, viewer = read_panel(request, key)
    return _told(panel, viewer)


@router.get(
    "/{key}/applications/{application}/files/{file}/",
    response={200: None},
    openapi_extra=file_answer("application/octet-stream"),
)
@policy(may_read_panel)
def application_file(request: HttpRequest, key: str, application: str, file: str) -> Any:
    """A file that the application's `files` offers you; 404 for every other."""
    panel, viewer = read_panel(request, key)
    about = application_in(panel, application)
    held = offered_file(seen_by(viewer, read_round(panel), about)[0], file)
    if held is None:
        raise not_found()
    return answer_with(held)


@router.get("/{key}/applications/{application}/", response=JuryApplicationOut)
@policy(may_read_panel)
def application(request: HttpRequest, key: str, application: str) -> dict[str, Any]:
    """One with its text, sheets, consensus report and result."""
    panel, viewer = read_panel(request, key)
    return _told(panel, viewer, application)[0]


@router.put("/{key}/applications/{application}/consensus/", response=ConsensusOut)
@policy(may_read_panel)
def write(request: HttpRequest, key: str, application: str, body: ConsensusIn) -> dict[str, Any]:
    """Write the report or a new version of it, to which every assessor has to agree anew. 409 where somebody
    wrote in between.
    """
    panel, viewer = read_panel(request, key)
    about = application_in(panel, application)
    if not writes_report(panel, seen_by(viewer, read_round(panel), about)[0], viewer):
        raise not_found()
    made = actions.write_consensus(
        panel=panel,
        application=about,
        marks=body.marks,
        text=body.text,
        comment=body.comment,
        language=body.language,
        revision=body.revision,
        actor=actor_of(request),
    )
    return report_told(made, viewer)


@router.post("/{key}/applications/{application}/consensus/answer/", response=ConsensusOut)
@policy(may_read_panel)
def answer(request: HttpRequest, key: str, application: str, body: VoiceIn) -> dict[str, Any]:
    """Agree to the version that you read, or say why not. When all agree, its marks count."""
    panel, viewer = read_panel(request, key)
    about = application_in(panel, application)
    seen = seen_by(viewer, read_round(panel), about)[0]
    if viewer.member is None or seen.consensus is None:
        raise not_found()
    rows = Consensus.objects.select_related("panel__call__programme", "panel__call__version", "application")
    report: Consensus = found(rows, panel=panel, application=about)
    done = actions.answer_consensus(
        consensus=report,
        member=viewer.member,
        agrees=body.agrees,
        words=body.words,
        revision=body.revision,
        actor=actor_of(request),
    )
    return report_told(done, viewer)


@router.get("/{key}/preview/", response=PreviewOut)
@policy(may_run_panel)
def preview(request: HttpRequest, key: str, query: Query[PreviewQuery]) -> dict[str, Any]:
    """The jury as somebody else sees it in a phase, made by the same rules as what they read. 403 for a
    manager who sits in the jury.
    """
    panel = run_panel(request, key)
    only_from_outside(viewer_of(request.user, panel))
    role = Role(query.role)
    member = _eyes(panel, role, query.member)
    viewer = viewer_as(panel, role, phase=query.phase or "", member=member, preview=True)
    return {
        "role": role.value,
        "phase": query.phase or panel.phase,
        "member": member.key if member else "",
        "sees": [each.value for each in Thing if viewer.may(each)],
        "applications": _told(panel, viewer, query.application),
    }


def _eyes(panel: Panel, role: Role, key: str) -> Member | None:
    if role not in {Role.JUROR, Role.CHAIR}:
        return None
    if key:
        return member_in(panel, key)
    rows = panel.members.filter(state=MemberState.ACCEPTED, chair=role == Role.CHAIR)
    first: Member | None = rows.select_related("expert").first()
    return first


def _told(panel: Panel, viewer: Viewer, only: str = "") -> list[dict[str, Any]]:
    about = application_in(panel, only) if only else None
    read = read_round(panel)
    if viewer.role == Role.APPLICANT:
        rows = [each for each in read.outcomes if about is None or each.application.pk == about.pk]
        return [applicants_view(each, read, viewer) for each in rows if viewer.sees]
    return [
        seen_told(each, read, viewer, writes=not viewer.preview and writes_report(panel, each, viewer))
        for each in seen_by(viewer, read, about)
    ]
