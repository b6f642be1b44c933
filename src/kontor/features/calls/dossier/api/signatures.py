"""Signatures and owners of sections."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Field, File, Form, Schema, Status
from ninja.files import UploadedFile

from kontor.base.actor import actor_of
from kontor.base.api import Router, found, not_found
from kontor.base.attachments import answer_with
from kontor.base.models import Attachment
from kontor.base.permissions import policy, require
from kontor.features.calls.dossier.actions import asking, owning, signing
from kontor.features.calls.dossier.api.reading import file_answer, partner_in, read_by, spoken
from kontor.features.calls.dossier.rules import (
    may_arrange,
    may_finish_section,
    may_read_papers,
    may_sign,
)
from kontor.features.calls.dossier.signing import Standing, owners_of, sections_written, standings
from kontor.features.calls.models import Application, SectionOwner, Signature, SignatureWay

router = Router("calls")


class SignatureOut(Schema):
    key: str
    name: str
    capacity: str
    way: str = Field(description="here or paper")
    signed_at: dt.datetime
    sections: list[str]
    voided_at: dt.datetime | None
    voided_by: str
    changed: list[str] = Field(description="the sections whose change made it void")


class SignatoryOut(Schema):
    """A partner with what it signs for."""

    partner: str = Field(description="key of the partner in the application")
    organisation: str
    name: str
    role: str
    sections: list[str]
    must_sign: bool
    asked_on: dt.date | None = Field(description="the day somebody last asked for the signature")
    signature: SignatureOut | None
    void: SignatureOut | None = Field(description="the last one that was made void")


class SectionOwnerOut(Schema):
    section: str
    title: str
    organisation: str = Field(description="key; empty: nobody in particular")
    done_at: dt.datetime | None


class SignaturesOut(Schema):
    revision: int = Field(description="of the application as read; sign with it")
    missing: list[str] = Field(description="partners whose signature the submission waits for")
    partners: list[SignatoryOut]
    sections: list[SectionOwnerOut]


class SignIn(Schema):
    revision: int = Field(description="of the application as you read it; a section changed since: 409")
    capacity: str = Field("", max_length=200)


class PaperIn(Schema):
    name: str = Field(min_length=1, max_length=200, description="as it stands on the paper")
    capacity: str = Field("", max_length=200)


class SectionOwnerIn(Schema):
    """Only what is sent is changed."""

    organisation: str | None = Field(None, max_length=12, description="key; empty: nobody in particular")
    done: bool | None = None


@router.get("/{key}/signatures/", response=SignaturesOut)
@policy(may_read_papers)
def signatures(request: HttpRequest, key: str) -> dict[str, Any]:
    """Who has signed what, and who answers for which section."""
    return _out(read_by(request, key))


@router.post("/{key}/signatures/ask/", response=SignaturesOut)
@policy(may_arrange)
def ask(request: HttpRequest, key: str) -> dict[str, Any]:
    """Write to everybody who may sign for a partner that has not, at most once a day each. 409 where nobody
    is left to ask.
    """
    application = read_by(request, key)
    require(request, may_arrange, application)
    asking.ask_for_signatures(application=application, actor=actor_of(request))
    return _out(application)


@router.post("/{key}/signatures/{partner}/", response={201: SignaturesOut})
@policy(may_sign)
def sign(request: HttpRequest, key: str, partner: str, body: SignIn) -> Status[dict[str, Any]]:
    """Sign for a partner whose owner you are."""
    application = read_by(request, key)
    row = partner_in(application, partner)
    require(request, may_sign, row)
    signing.sign_application(
        partner=row, revision=body.revision, capacity=body.capacity, actor=actor_of(request)
    )
    return Status(201, _out(application))


@router.post("/{key}/signatures/{partner}/take-back/", response=SignaturesOut)
@policy(may_sign)
def take_back(request: HttpRequest, key: str, partner: str) -> dict[str, Any]:
    """Take the standing signature of the partner back, while the application is a draft: the signer one made
    here, whoever arranges the application one on paper.
    """
    application = read_by(request, key)
    row = partner_in(application, partner)
    rows = Signature.objects.standing().filter(partner=row).select_related("partner__organisation")
    standing: Signature | None = rows.first()
    if standing is not None and standing.way == SignatureWay.PAPER:
        require(request, may_arrange, application)
    else:
        require(request, may_sign, row)
    signature: Signature = found(rows)
    signing.take_signature_back(signature=signature, actor=actor_of(request))
    return _out(application)


@router.post("/{key}/signatures/{partner}/paper/", response={201: SignaturesOut})
@policy(may_arrange)
def sign_on_paper(
    request: HttpRequest, key: str, partner: str, body: Form[PaperIn], file: File[UploadedFile]
) -> Status[dict[str, Any]]:
    """Record what somebody signed on paper, with its scan. 409 where the partner has an owner here."""
    application = read_by(request, key)
    require(request, may_arrange, application)
    signing.sign_on_paper(
        partner=partner_in(application, partner),
        name=body.name,
        capacity=body.capacity,
        upload=file,
        actor=actor_of(request),
    )
    return Status(201, _out(application))


@router.get(
    "/{key}/signatures/{signature}/scan/",
    response={200: None},
    openapi_extra=file_answer("application/octet-stream"),
)
@policy(may_read_papers)
def scan(request: HttpRequest, key: str, signature: str) -> FileResponse:
    """The scan of a signature on paper."""
    row: Signature = found(read_by(request, key).signatures.all(), key=signature)
    attached = Attachment.objects.of(row).first()
    if attached is None:
        raise not_found()
    return answer_with(attached)


@router.put("/{key}/sections/{section}/", response=SignaturesOut)
@policy(may_read_papers)
def change_section(request: HttpRequest, key: str, section: str, body: SectionOwnerIn) -> dict[str, Any]:
    """Who answers for a section, and whether it is done."""
    application = read_by(request, key)
    if body.organisation is not None:
        require(request, may_arrange, application)
        chosen = None
        if body.organisation:
            rows = application.partners.current().select_related("organisation")
            chosen = found(rows, organisation__key=body.organisation).organisation
        owning.assign_section(
            application=application, section=section, organisation=chosen, actor=actor_of(request)
        )
    if body.done is not None:
        rows_of_owners = SectionOwner.objects.select_related("organisation", "application__lead")
        owner: SectionOwner = found(rows_of_owners, application=application, section=section)
        require(request, may_finish_section, owner)
        owning.mark_section(owner=owner, done=body.done, actor=actor_of(request))
    return _out(application)


def _out(application: Application) -> dict[str, Any]:
    rows = standings(application)
    owners = owners_of(application)
    return {
        "revision": application.revision,
        "missing": [one.partner.organisation.key for one in rows if one.is_missing],
        "partners": [_standing(one) for one in rows],
        "sections": [
            {
                "section": section.key,
                "title": section.title.best(spoken()),
                "organisation": owner.organisation.key if (owner := owners.get(section.key)) else "",
                "done_at": owner.done_at if owner else None,
            }
            for section in sections_written(application.questions, application.step)
        ],
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "partner": one.partner.key,
        "organisation": one.partner.organisation.key,
        "name": one.partner.organisation.name,
        "role": one.partner.role,
        "sections": [section.key for section in one.sections],
        "must_sign": one.must_sign,
        "asked_on": one.partner.asked_to_sign_on,
        "signature": one.signature,
        "void": one.void,
    }
