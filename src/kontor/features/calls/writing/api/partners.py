"""What an applicant says of a partner."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Schema

from kontor.base.actor import actor_of
from kontor.base.api import found
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.models import ApplicationPartner
from kontor.features.calls.rules import may_write_application
from kontor.features.calls.writing.api.applications import WholeOut, application_by, router, whole_told


class PartnerChangeIn(Schema):
    """What is left out stays as it is. Money is an answer of the budget's field: PUT /answers/."""

    revision: int = Field(ge=1, le=2_147_483_647, description="of the partner, as you read it")
    role: Literal["lead", "partner", "associated"] | None = None
    region: str | None = Field(None, max_length=60, description="key of the region that pays; empty: none")
    led_before: bool | None = Field(None, description="null: not known yet, as the two below")
    new: bool | None = None
    in_difficulty: bool | None = None


@router.patch("/{key}/partners/{partner}/", response=WholeOut)
@policy(may_write_application)
def change_partner(request: HttpRequest, key: str, partner: str, body: PartnerChangeIn) -> dict[str, Any]:
    """Role, region and what the rules ask of a partner. 409 where somebody changed it since."""
    application = application_by(request, key, may_write_application)
    rows = application.partners.current().select_related("application", "organisation")
    row: ApplicationPartner = found(rows, key=partner)
    values = body.dict(exclude_unset=True, exclude={"revision"})
    for name in ("role", "region"):
        if name in values and values[name] is None:
            del values[name]
    actions.change_partner(partner=row, values=values, revision=body.revision, actor=actor_of(request))
    return whole_told(request, application)
