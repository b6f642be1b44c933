"""Answers from the directory: texts of one's own organisations for the fields that take one."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.calls.dossier.actions import taking_over
from kontor.features.calls.dossier.api.reading import written_by
from kontor.features.calls.dossier.api.taking_over import TransferOut, transfer_told
from kontor.features.calls.dossier.copying import facts_for, fitting_fields, taken_facts
from kontor.features.calls.dossier.rules import may_take_over
from kontor.features.calls.models import TransferKind

router = Router("calls")


class DirectoryFactOut(Schema):
    key: str = Field(description="choose it with this")
    organisation: str
    label: str
    text: str


class DirectoryFactsOut(Schema):
    revision: int = Field(description="of the application as read; choose with it")
    facts: list[DirectoryFactOut]
    fields: list[str] = Field(description="those that take a text")


class DirectoryTakeIn(Schema):
    choices: dict[str, Annotated[str, Field(max_length=80)]] = Field(
        min_length=1, max_length=300, description="key of a fact by field"
    )
    revision: int = Field(ge=0, le=2_147_483_647)


@router.get("/{key}/directory-facts/", response=DirectoryFactsOut)
@policy(may_take_over)
def directory_facts(request: HttpRequest, key: str) -> dict[str, Any]:
    """What the directory says of the organisations in the application that you stand for."""
    application = written_by(request, key)
    return {
        "revision": application.revision,
        "facts": [
            {
                "key": f"{organisation.key}:{fact.key}",
                "organisation": organisation.name,
                "label": fact.label,
                "text": fact.text,
            }
            for organisation, facts in facts_for(request.user, application)
            for fact in facts
        ],
        "fields": [field.key for field in fitting_fields(application)],
    }


@router.post("/{key}/directory-facts/", response={201: TransferOut})
@policy(may_take_over)
def take_facts(request: HttpRequest, key: str, body: DirectoryTakeIn) -> Status[dict[str, Any]]:
    """Write them into their fields; the answers that stood there stay among the versions."""
    application = written_by(request, key)
    facts = facts_for(request.user, application)
    values = taken_facts(application, body.choices, facts)
    for field in body.choices:
        if field not in values:
            raise KontorError(
                _("“{field}” cannot be filled with that.").format(field=field),
                code="fact-unknown",
                path=f"body.choices.{field}",
                remedy=_("Take fields and keys from the list of facts."),
            )
    made = taking_over.take_over(
        application=application,
        kind=TransferKind.DIRECTORY,
        source=", ".join(organisation.name for organisation, _listed in facts),
        values=values,
        revision=body.revision,
        language=application.language,
        actor=actor_of(request),
    )
    return Status(201, transfer_told(made))
