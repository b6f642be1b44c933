"""The person behind the call, and who has which role where."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema, Status
from pydantic import ConfigDict

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.accounts import actions
from kontor.features.accounts.forms import ProfileForm
from kontor.features.accounts.models import ApiToken, Invitation, RoleAssignment, User
from kontor.features.accounts.queries import all_roles, open_invitations, people_in, personal_data
from kontor.features.accounts.rules import hands_out_roles, is_administrator
from kontor.features.accounts.scopes import Scope, ScopeKind, is_known
from kontor.features.accounts.views.person import person_of

router = Router("me")
people = Router("people")

Kind = Literal["site", "programme", "cluster", "organisation"]
Number = Annotated[int, Field(ge=1, le=2**62)]


class RoleOut(Schema):
    role: str
    scope_kind: str
    scope_key: str
    granted_at: dt.datetime


class MeOut(Schema):
    key: str
    email: str
    name: str
    language: str
    time_zone: str
    roles: list[RoleOut]

    @staticmethod
    def resolve_roles(user: User) -> list[Any]:
        return list(user.roles())


class Input(Schema):
    model_config = ConfigDict(extra="forbid")


class MeIn(Input):
    """Fields left out stay as they are."""

    name: str | None = Field(None, min_length=1, max_length=200)
    language: str | None = Field(None, max_length=8)
    time_zone: str | None = Field(None, max_length=60)


class TokenOut(Schema):
    """A token without its secret, which is shown once where it is created: on the account page."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: dt.datetime
    expires_at: dt.datetime | None
    last_used_at: dt.datetime | None


class PersonOut(Schema):
    """A role and who holds it."""

    id: int
    name: str
    email: str
    role: str
    scope_kind: str
    scope_key: str
    granted_at: dt.datetime
    granted_by: str

    @staticmethod
    def resolve_name(held: RoleAssignment) -> str:
        return held.user.name

    @staticmethod
    def resolve_email(held: RoleAssignment) -> str:
        return held.user.email


class InvitationOut(Schema):
    key: str
    email: str
    role: str
    scope_kind: str
    scope_key: str
    invited_by: str
    created_at: dt.datetime
    expires_at: dt.datetime


class GrantIn(Input):
    email: str = Field(min_length=3, max_length=254)
    role: str = Field(max_length=20)


class ErasureOut(Schema):
    key: str
    holds: list[str] = Field(description="what must be done first; empty: the person can be erased")


class PeopleQuery(PageQuery):
    q: str = Field("", max_length=200, description="part of a name or an address")


@router.get("/", response=MeOut)
@policy(SIGNED_IN)
def me(request: HttpRequest) -> User:
    """The person whose token or session this is, with their roles."""
    return person_of(request)


@router.patch("/", response=MeOut)
@policy(SIGNED_IN)
def change_me(request: HttpRequest, body: MeIn) -> User:
    """Change your name, language or time zone."""
    user = User.objects.get(pk=person_of(request).pk)
    values = body.dict(exclude_none=True)
    before = {field: getattr(user, field) for field in ProfileForm.base_fields}
    form = ProfileForm({**before, **values}, instance=User.objects.get(pk=user.pk))
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise KontorError(str(errors[0]), code="invalid", path=f"body.{field}", status=422)
    clean = {field: form.cleaned_data[field] for field in values}
    return actions.change_profile(user=user, values=clean, actor=actor_of(request))


@router.get("/data", response=dict[str, Any])
@policy(SIGNED_IN)
def get_data(request: HttpRequest) -> dict[str, Any]:
    """Everything stored about you (GDPR articles 15 and 20)."""
    return personal_data(person_of(request))


@router.post("/erasure", response={202: None})
@policy(SIGNED_IN)
def ask_for_erasure(request: HttpRequest) -> Status[None]:
    """Ask the administrators to erase your data (GDPR article 17)."""
    actions.ask_for_erasure(user=User.objects.get(pk=person_of(request).pk), actor=actor_of(request))
    return Status(202, None)


@router.get("/tokens", response=Page[TokenOut])
@policy(SIGNED_IN)
def list_tokens(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Your tokens that work, the latest first."""
    return paginate(person_of(request).tokens.filter(revoked_at=None).order_by("-created_at", "-id"), page)


@router.post("/tokens/{number}/revoke", response={204: None})
@policy(SIGNED_IN)
def revoke_token(request: HttpRequest, number: Path[Number]) -> Status[None]:
    """One of your tokens stops working at once, this one too."""
    token: ApiToken = found(person_of(request).tokens.all(), pk=number)
    actions.revoke_token(token=token, actor=actor_of(request))
    return Status(204, None)


@people.get("/", response=Page[PersonOut])
@policy(is_administrator)
def list_roles(request: HttpRequest, query: Query[PeopleQuery]) -> dict[str, Any]:
    """Every role on the site, for administrators."""
    return paginate(all_roles(query.q.strip()), query)


@people.get("/persons/{key}/erasure", response=ErasureOut)
@policy(is_administrator)
def read_erasure(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """What must be done before a person can be erased, for administrators."""
    person: User = found(User.objects.filter(is_active=True), key=key)
    return {"key": person.key, "holds": actions.holds_of(person)}


@people.post("/persons/{key}/erasure", response={204: None})
@policy(is_administrator)
def erase_person(request: HttpRequest, key: Path[str]) -> Status[None]:
    """Erase a person's data for good. 409 while something must be done first."""
    person: User = found(User.objects.filter(is_active=True), key=key)
    actions.erase_person(user=person, actor=actor_of(request))
    return Status(204, None)


@people.get("/{kind}/{key}", response=Page[PersonOut])
@policy(hands_out_roles)
def list_people(
    request: HttpRequest, kind: Path[Kind], key: Path[str], page: Query[PageQuery]
) -> dict[str, Any]:
    """Who holds a role in an organisation, a cluster, a programme or the site (key: all)."""
    return paginate(people_in(_scope(request, kind, key)), page)


@people.post("/{kind}/{key}", response={201: PersonOut})
@policy(hands_out_roles & is_administrator)
def grant(request: HttpRequest, kind: Path[Kind], key: Path[str], body: GrantIn) -> Status[RoleAssignment]:
    """Give somebody who has an account a role, for administrators; others invite."""
    scope = _scope(request, kind, key)
    require(request, hands_out_roles & is_administrator, scope)
    _check_known(scope)
    user = User.objects.filter(email__iexact=body.email.strip()).first()
    if user is None:
        raise KontorError(
            _("Nobody has this address."),
            code="no-such-person",
            path="body.email",
            remedy=_("Invite the person."),
            status=422,
        )
    held = actions.grant_role(user=user, role=body.role, scope=scope, actor=actor_of(request))
    return Status(201, held)


@people.post("/roles/{number}/take", response={204: None})
@policy(hands_out_roles)
def take(request: HttpRequest, number: Path[Number]) -> Status[None]:
    """Take a role away. 409 for the last administrator."""
    held: RoleAssignment = found(RoleAssignment.objects.select_related("user"), pk=number)
    require(request, hands_out_roles, Scope(held.scope_kind, held.scope_key))
    actions.take_role(assignment=held, actor=actor_of(request))
    return Status(204, None)


@people.get("/{kind}/{key}/invitations", response=Page[InvitationOut])
@policy(hands_out_roles)
def list_invitations(
    request: HttpRequest, kind: Path[Kind], key: Path[str], page: Query[PageQuery]
) -> dict[str, Any]:
    """Offers that nobody has accepted or withdrawn, the latest first."""
    return paginate(open_invitations(_scope(request, kind, key)), page)


@people.post("/{kind}/{key}/invitations", response={201: InvitationOut})
@policy(hands_out_roles)
def invite(request: HttpRequest, kind: Path[Kind], key: Path[str], body: GrantIn) -> Status[Invitation]:
    """Offer somebody a role by mail, whether or not they have an account."""
    scope = _scope(request, kind, key)
    _check_known(scope)
    offer = actions.invite_person(
        email=_address(body.email), role=body.role, scope=scope, actor=actor_of(request)
    )
    return Status(201, offer)


@people.post("/invitations/{key}/withdraw", response={204: None})
@policy(hands_out_roles)
def withdraw_invitation(request: HttpRequest, key: Path[str]) -> Status[None]:
    """The mailed link stops working."""
    offer: Invitation = found(Invitation.objects.all(), key=key)
    require(request, hands_out_roles, Scope(offer.scope_kind, offer.scope_key))
    actions.withdraw_invitation(invitation=offer, actor=actor_of(request))
    return Status(204, None)


def _scope(request: HttpRequest, kind: str, key: str) -> Scope:
    """The scope, if the caller hands out roles there."""
    scope = Scope(kind, "" if kind == ScopeKind.SITE else key)
    require(request, hands_out_roles, scope)
    return scope


def _check_known(scope: Scope) -> None:
    if scope.kind != ScopeKind.SITE and not is_known(scope):
        raise KontorError(
            _("There is nothing here that you may see."),
            code="not-found",
            path="path.key",
            remedy=_("Check the address."),
            status=404,
        )


def _address(text: str) -> str:
    """Raises KontorError 422 for what is no mail address."""
    try:
        validate_email(text.strip())
    except ValidationError as error:
        raise KontorError(
            _("This is not an e-mail address."),
            code="bad_email",
            path="body.email",
            remedy=_("Write it like name@example.eu."),
            status=422,
        ) from error
    return text.strip()
