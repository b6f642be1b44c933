"""The organisations of an application: added, described, taken out and brought back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.base.events import ApplicationChanged, emit
from kontor.base.keys import new_key
from kontor.features.calls.actions.locking import locked_draft
from kontor.features.calls.dossier.actions.signing import void_touched
from kontor.features.calls.models import Application, ApplicationPartner, PartnerRole
from kontor.features.organisations.models import Organisation

#: What may be said of a partner.
FIELDS = ("role", "region", "led_before", "new", "in_difficulty")
#: Partners of one application.
MOST = 50


@transaction.atomic
def add_partner(
    *, application: Application, organisation: Organisation, values: dict[str, Any], actor: Actor
) -> ApplicationPartner:
    """One more organisation; one that was taken out before comes back with its money. KontorError (409) where
    it is in already.
    """
    row = locked_draft(application)
    values = _checked(row, values)
    if row.partners.current().filter(organisation=organisation).exists():
        raise _refused(
            "partner-twice",
            "organisation",
            _("{name} is a partner already.").format(name=organisation.name),
            _("Choose another organisation."),
        )
    if row.partners.current().count() >= MOST:
        raise _refused(
            "partners-many",
            "organisation",
            _("An application has at most {most} partners.").format(most=MOST),
            _("Take one out first."),
        )
    if values.get("role") == PartnerRole.LEAD:
        raise _refused("one-lead", "role", _("The lead is chosen already."), _("Choose another role."))
    position = (row.partners.aggregate(last=Max("position"))["last"] or 0) + 1
    partner = row.partners.filter(organisation=organisation).order_by("-id").first()
    if partner is None:
        partner = ApplicationPartner(key=new_key(), application=row, organisation=organisation)
    partner.removed_at, partner.position = None, position
    for name, value in values.items():
        setattr(partner, name, value)
    partner.save()
    _touch(row, actor)
    changes = {"partner": [None, organisation.key], "role": [None, str(partner.role)]}
    record(actor=actor, verb="application.partner_added", subject=row, changes=changes)
    emit(ApplicationChanged((row.key,), "partners"))
    return partner


@transaction.atomic
def change_partner(
    *, partner: ApplicationPartner, values: dict[str, Any], revision: int | None, actor: Actor
) -> ApplicationPartner:
    """Say something else of a partner. Conflict where somebody changed it since `revision`."""
    row = locked_draft(partner.application)
    fresh = ApplicationPartner.objects.select_for_update().get(pk=partner.pk)
    values = _checked(row, values)
    if revision is not None and fresh.revision != revision:
        raise Conflict(
            _("Somebody changed this partner while you were writing."),
            code="partner-changed",
            remedy=_("The page shows it as it is now; change it again if you must."),
        )
    if (fresh.role == PartnerRole.LEAD) != (values.get("role", fresh.role) == PartnerRole.LEAD):
        raise _refused("one-lead", "role", _("The lead stays the lead."), _("Choose another role."))
    before = {name: getattr(fresh, name) for name in values}
    changes = changed_fields(before, values)
    if not changes:
        return fresh
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.save()
    _touch(row, actor)
    about = {"partner": [None, fresh.organisation.key], **changes}
    record(actor=actor, verb="application.partner_changed", subject=row, changes=about)
    return fresh


@transaction.atomic
def remove_partner(*, partner: ApplicationPartner, actor: Actor) -> None:
    """Take a partner out; adding it again brings its money back. KontorError for the lead."""
    row = locked_draft(partner.application)
    if partner.role == PartnerRole.LEAD:
        raise _refused(
            "lead-stays",
            "partner",
            _("The lead cannot be taken out."),
            _("Withdraw this application and begin another one."),
        )
    removed = row.partners.current().filter(pk=partner.pk).update(removed_at=timezone.now())
    if not removed:
        return
    _touch(row, actor)
    changes = {"partner": [partner.organisation.key, None]}
    record(actor=actor, verb="application.partner_removed", subject=row, changes=changes)
    emit(ApplicationChanged((row.key,), "partners"))


def _checked(row: Application, values: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in values.items() if name in FIELDS}
    if "role" in told and told["role"] not in PartnerRole.values:
        raise _refused("role-unknown", "role", _("There is no such role."), _("Choose one of the list."))
    regions = {one["key"] for one in row.call.regions}
    if told.get("region") and told["region"] not in regions:
        raise _refused(
            "region-unknown", "region", _("The call has no such region."), _("Choose one of the list.")
        )
    return told


def _touch(row: Application, actor: Actor) -> None:
    row.revision += 1
    row.changed_by = actor.label[:200]
    row.save(update_fields=["revision", "changed_by", "changed_at"])
    fields = [field.key for field in row.questions.fields() if field.kind == "partners"]
    void_touched(application=row, fields=fields, actor=actor)


def _refused(code: str, path: str, text: object, remedy: object) -> KontorError:
    return KontorError(text, code=code, path=path, remedy=remedy, status=409)
