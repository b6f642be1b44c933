"""Erasing a person: asked for by themselves, done by an administrator, for good (GDPR article 17)."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.erasure import erased_address, forget_names, mark_of, names_known
from kontor.base.errors import KontorError
from kontor.base.events import ErasureAsked, PersonErased, emit
from kontor.features.accounts.models import Invitation, RoleAssignment, User
from kontor.features.accounts.queries import ASKED_FOR_ERASURE
from kontor.features.accounts.scopes import Role, Scope, ScopeKind, names_of


@transaction.atomic
def ask_for_erasure(*, user: User, actor: Actor) -> None:
    """Tell every administrator that somebody wants to be erased; it stays in the log."""
    record(actor=actor, verb=ASKED_FOR_ERASURE, subject=user, changes={})
    page = settings.SITE_URL + reverse("accounts:erase", args=[user.key])
    rows = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True, user__is_sample=False)
    for held in rows.select_related("user"):
        context = {"name": str(user), "page_url": page}
        mail.send(to=held.user.email, language=held.user.language, template="erasure_asked", context=context)


def holds_of(user: User) -> list[str]:
    """Why the person cannot be erased yet, as sentences that say what to do first."""
    held = list(_own_holds(user))
    emit(ErasureAsked(user.key, user.email, held))
    return held


@transaction.atomic
def erase_person(*, user: User, actor: Actor) -> None:
    """Forget who somebody was, for good, here and in every feature; what they did stays, without a name. The
    log of changes and what the law keeps (`keeps_names`) stay as they are.

    KontorError (409) while something holds, and where it is done already.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.is_erased:
        raise KontorError(
            gettext_lazy("These data are erased already."),
            code="person-erased",
            remedy=gettext_lazy("There is nothing left to do."),
            status=409,
        )
    held = holds_of(row)
    if held:
        raise KontorError(
            " ".join(held),
            code="erasure-held",
            remedy=gettext_lazy("Then erase the person."),
            status=409,
        )
    mark, email = mark_of(row.key), row.email
    names = names_known(row.key, str(row))
    emit(PersonErased(row.key, email, names, mark, actor))
    for session in UserSession.objects.filter(user=row):
        session.end()
    _forget_links(row)
    Invitation.objects.filter(email__iexact=email).delete()
    for attempts in (AccessAttempt, AccessFailureLog, AccessLog):
        attempts.objects.filter(username__iexact=email).delete()
    forget_names(row.key, names, mark)
    row.name, row.email, row.is_active = mark, erased_address(row.key), False
    row.language, row.time_zone, row.theme = "en", "Europe/Berlin", "system"
    row.last_login = None
    row.set_unusable_password()
    row.save()
    record(actor=actor, verb="erase person", subject=row, changes={"erased": [False, True]})


def _own_holds(user: User) -> list[str]:
    """Roles that somebody else must take over first."""
    held = []
    for one in user.assignments.all():
        scope = Scope(one.scope_kind, one.scope_key)
        if one.role == Role.ADMINISTRATOR:
            held.append(_("The person is an administrator of this site: take this role away first."))
        elif one.role == Role.OWNER and one.scope_kind == ScopeKind.ORGANISATION and _is_alone(user, one):
            words = _("Nobody else owns {name}: make somebody else an owner, or take the role away first.")
            held.append(words.format(name=names_of([scope])[scope]))
    return held


def _is_alone(user: User, held: RoleAssignment) -> bool:
    others = RoleAssignment.objects.filter(
        role=Role.OWNER, scope_kind=held.scope_kind, scope_key=held.scope_key, user__is_active=True
    )
    return not others.exclude(user=user).exists()


def _forget_links(user: User) -> None:
    """What points at the account goes or lets go, as if the account itself were deleted."""
    for relation in User._meta.related_objects:
        all_rows: models.QuerySet[Any] = models.QuerySet(relation.related_model)
        rows = all_rows.filter(**{relation.field.name: user})
        if relation.on_delete is models.SET_NULL:
            rows.update(**{relation.field.name: None})
        else:
            rows.delete()
