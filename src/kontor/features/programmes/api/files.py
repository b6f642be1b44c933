"""Programmes and their versions: list, read, compare, check a text, save, publish, ask about a team."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema, Status

from kontor import programmes
from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, not_found, paginate, scope
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, SIGNED_IN, policy, require
from kontor.engine.core.errors import InvalidInput
from kontor.features.programmes import actions
from kontor.features.programmes.models import ProgrammeVersion
from kontor.features.programmes.queries import (
    Listed,
    programme_for,
    programmes_for,
    published,
    version_for,
    versions_for,
)
from kontor.features.programmes.rules import may_add, may_edit
from kontor.features.programmes.self_check import chosen
from kontor.features.programmes.templatetags.programme_words import reader
from kontor.features.programmes.words import translated
from kontor.programmes.as_json import as_json, assessment_json
from kontor.programmes.compare import compare
from kontor.programmes.team_file import team_of

router = Router("programmes")
#: The largest number a version can have on both databases.
LAST = 2_147_483_647


class ProgrammeOut(Schema):
    key: str
    name: str
    version: int | None = Field(
        description="number of the published version; null while there is a draft only"
    )
    label: str = Field(description="the version that the file gives itself")


class ReadOut(ProgrammeOut):
    text: str = Field(description="the file as it was written (TOML)")
    definition: dict[str, Any] = Field(description="as `kontor programme check --json` prints it")


class VersionOut(Schema):
    number: int
    label: str
    state: str = Field(description="draft, published or frozen")
    note: str
    revision: int
    changed_at: dt.datetime
    published_at: dt.datetime | None


class FaultOut(Schema):
    line: int
    path: str
    message: str
    remedy: str


class CheckedOut(Schema):
    sound: bool
    problems: list[FaultOut]
    definition: dict[str, Any] | None = Field(description="null where the text has faults")


class ComparedOut(Schema):
    before: int
    after: int
    changes: list[str] = Field(description="sentences in your language; empty where nothing changes")


class PairQuery(Schema):
    before: int = Field(ge=1, le=LAST, description="number of a version")
    after: int = Field(ge=1, le=LAST, description="number of a version")


class TextIn(Schema):
    text: str = Field(max_length=actions.LONGEST, description="the whole file (TOML)")


class DraftIn(TextIn):
    revision: int | None = Field(
        None, ge=1, le=LAST, description="of the draft that you read; null where there was none"
    )
    note: str = Field("", max_length=300)


class TeamIn(Schema):
    instrument: str = Field(max_length=130, description="key, of a variant as variant/instrument")
    team: dict[str, Any] = Field(description="see docs/formats/team.md")


@router.get("/", response=Page[ProgrammeOut])
@policy(PUBLIC)
def list_programmes(request: HttpRequest, page: Query[PageQuery], q: str = "") -> dict[str, Any]:
    """Those you may see, by name; `q` is looked for in names, funds and summaries."""
    rows = programmes_for(request.user, q[:200])
    answer = paginate(rows, page)
    return {**answer, "items": [_listed(row) for row in answer["items"]]}


@router.post("/", response={201: ProgrammeOut})
@policy(may_add)
def add(request: HttpRequest, body: TextIn) -> Status[dict[str, Any]]:
    """A new programme with the text as its draft."""
    made = actions.add_programme(text=body.text, actor=actor_of(request))
    return Status(201, _listed(Listed(made, None)))


@router.post("/check/", response=CheckedOut)
@scope("programmes:read")
@policy(SIGNED_IN)
def check(request: HttpRequest, body: TextIn) -> dict[str, Any]:
    """Every fault of a text with its line. Nothing is stored."""
    found, problems = programmes.check(body.text.encode(errors="replace"))
    sound = found is not None and not problems
    return {
        "sound": sound,
        "problems": [_problem(one) for one in problems],
        "definition": as_json(found) if found is not None and sound else None,
    }


@router.get("/{key}/", response=ReadOut)
@policy(PUBLIC)
def read(request: HttpRequest, key: str) -> dict[str, Any]:
    """The published version."""
    programme = programme_for(request.user, key)
    version = published(programme)
    return {
        **_listed(Listed(programme, version)),
        "text": version.text,
        "definition": as_json(version.definition),
    }


@router.get("/{key}/versions/", response=list[VersionOut])
@policy(PUBLIC)
def versions(request: HttpRequest, key: str) -> list[ProgrammeVersion]:
    """The newest first; the draft only for those who edit the programme."""
    return versions_for(request.user, programme_for(request.user, key))


@router.get("/{key}/versions/compare/", response=ComparedOut)
@policy(PUBLIC)
def difference(request: HttpRequest, key: str, pair: Query[PairQuery]) -> dict[str, Any]:
    """What changes from one version to another, in words."""
    programme = programme_for(request.user, key)
    old = version_for(request.user, programme, pair.before)
    new = version_for(request.user, programme, pair.after)
    try:
        changes = compare(old.definition, new.definition)
    except programmes.ProgrammeError:
        raise KontorError(
            _("The text has faults; mend them to compare it."), code="programme-faulty", path="query.after"
        ) from None
    return {
        "before": old.number,
        "after": new.number,
        "changes": [one.text(reader()) for one in changes],
    }


@router.put("/{key}/draft/", response=VersionOut)
@policy(may_edit)
def save_draft(request: HttpRequest, key: str, body: DraftIn) -> ProgrammeVersion:
    """Keep a text as the draft, faults and all. 409 where somebody saved since the revision you read."""
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    return actions.save_draft(
        programme=programme,
        text=body.text,
        revision=body.revision,
        note=body.note,
        actor=actor_of(request),
    )


@router.delete("/{key}/draft/", response={204: None})
@policy(may_edit)
def discard_draft(request: HttpRequest, key: str) -> Status[None]:
    """Throw the draft away; its text stays in the log."""
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    actions.discard_draft(programme=programme, actor=actor_of(request))
    return Status(204, None)


@router.post("/{key}/publish/", response=VersionOut)
@policy(may_edit)
def publish(request: HttpRequest, key: str) -> ProgrammeVersion:
    """Make the draft the current version; its text never changes again."""
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    return actions.publish_draft(programme=programme, actor=actor_of(request))


@router.post("/{key}/assess/", response=dict[str, Any])
@scope("programmes:read")
@policy(PUBLIC)
def assess(request: HttpRequest, key: str, body: TeamIn) -> dict[str, Any]:
    """Every rule's answer about a team, as `kontor programme eligible --json` prints it; nothing is kept."""
    definition = published(programme_for(request.user, key)).definition
    try:
        of, instrument = chosen(definition, body.instrument)
    except KeyError:
        raise not_found() from None
    try:
        found = programmes.assess(of, instrument, team_of(body.team))
    except InvalidInput as error:
        raise KontorError(
            translated(error.message),
            code="team-invalid",
            path=f"body.team.{error.path}",
            remedy=translated(error.remedy),
            status=422,
        ) from None
    return assessment_json(found, reader())


def _listed(one: Listed) -> dict[str, Any]:
    version = one.version
    name = version.definition.name.best(reader()) if version else one.programme.name
    return {
        "key": one.programme.key,
        "name": name,
        "version": version.number if version else None,
        "label": version.label if version else "",
    }


def _problem(one: programmes.Problem) -> dict[str, Any]:
    return {
        "line": one.line,
        "path": one.path,
        "message": translated(one.message),
        "remedy": translated(one.remedy),
    }
