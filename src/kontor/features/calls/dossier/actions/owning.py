"""Who answers for a section, and that it is done."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.accounts.models import RoleAssignment, User
from kontor.features.accounts.scopes import ScopeKind
from kontor.features.calls.models import Application, SectionOwner
from kontor.features.organisations.models import Organisation


@transaction.atomic
def assign_section(
    *,
    application: Application,
    section: str,
    organisation: Organisation | None,
    user: User | None = None,
    actor: Actor,
) -> SectionOwner | None:
    """Who answers for the section from now on; None: nobody in particular. KontorError where the form has no
    such section, the organisation is no partner, or the person is none of its people.
    """
    row = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    _check(row, section, organisation, user)
    before = (
        SectionOwner.objects.filter(application=row, section=section).select_related("organisation").first()
    )
    old = before.organisation.key if before else None
    new = organisation.key if organisation else None
    if old == new and (before.user_id if before else None) == (user.pk if user else None):
        return before
    if before:
        before.delete()
    made = None
    if organisation is not None:
        made = SectionOwner.objects.create(
            application=row, section=section, organisation=organisation, user=user
        )
    changes = {section: [old, new]}
    audit.record(actor=actor, verb="application.section_assigned", subject=row, changes=changes)
    return made


@transaction.atomic
def mark_section(*, owner: SectionOwner, done: bool, actor: Actor) -> SectionOwner:
    """Say that a section is ready to be signed, or that it is not."""
    row = SectionOwner.objects.select_for_update().select_related("application").get(pk=owner.pk)
    if bool(row.done_at) == done:
        return row
    row.done_at = timezone.now() if done else None
    row.done_by = actor.label[:200] if done else ""
    row.save(update_fields=["done_at", "done_by"])
    changes = {row.section: [not done, done]}
    audit.record(actor=actor, verb="application.section_marked", subject=row.application, changes=changes)
    return row


def _check(
    application: Application, section: str, organisation: Organisation | None, user: User | None
) -> None:
    if section not in {one.key for one in application.questions.sections}:
        raise _refused("section", _("The form has no such section."), _("Load the page again."))
    if organisation is None:
        return
    if not application.partners.current().filter(organisation=organisation).exists():
        raise _refused(
            "organisation",
            _("Only partners answer for sections."),
            _("Add the organisation as a partner first."),
        )
    if user is not None and not _belongs(user, organisation):
        raise _refused(
            "user", _("This person does not belong to that organisation."), _("Choose one of its people.")
        )


def _belongs(user: User, organisation: Organisation) -> bool:
    return RoleAssignment.objects.filter(
        user=user, scope_kind=ScopeKind.ORGANISATION, scope_key=organisation.key
    ).exists()


def _refused(path: str, text: object, remedy: object) -> KontorError:
    return KontorError(text, code=f"section-{path}", path=path, remedy=remedy, status=422)
