"""Asking those who have not signed yet."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kontor.base import audit, mail
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.accounts.models import User
from kontor.features.calls.annexes import closes_for
from kontor.features.calls.dossier.signing import Standing, standings
from kontor.features.calls.models import Application, ApplicationPartner


@transaction.atomic
def ask_for_signatures(*, application: Application, actor: Actor) -> list[ApplicationPartner]:
    """Write to everybody who may sign for a partner that has not, each partner at most once a day; the
    partners asked. KontorError (409) where the application is no draft,
    its deadline is over, or nobody is left to ask.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("call")
    held, today = rows.get(pk=application.pk), timezone.localdate()
    if not held.is_draft:
        raise _refused(
            _("Signed is only while the application is being written."),
            "not-a-draft",
            _("Load the page again to see where the application stands."),
        )
    closes = closes_for(held.call, held.step, held.partners.current().select_related("organisation"))
    if timezone.now() >= closes:
        raise _refused(
            _("The deadline is over: signatures cannot bring the application in any more."),
            "call-closed",
            _("Talk to the contact person, who knows whether there will be more time."),
        )
    missing = [one for one in standings(held) if one.is_missing]
    reached = [one for one in missing if one.people]
    asked = [one for one in reached if one.partner.asked_to_sign_on != today]
    if not asked:
        raise _nobody(missing, reached)
    closes = closes_for(held.call, held.step, held.partners.current().select_related("organisation"))
    for one in asked:
        for user in one.people:
            _mail(held, one, user, closes, actor)
    keys = [one.partner.pk for one in asked]
    ApplicationPartner.objects.filter(pk__in=keys).update(asked_to_sign_on=today)
    changes = {"asked": [None, [one.partner.organisation.key for one in asked]]}
    audit.record(actor=actor, verb="application.signatures_asked", subject=held, changes=changes)
    return [one.partner for one in asked]


def _mail(application: Application, one: Standing, user: User, closes: dt.datetime, actor: Actor) -> None:
    with override(user.language):
        there = closes.astimezone(application.call.zone)
        context = {
            "name": str(user),
            "application": application,
            "organisation": one.partner.organisation.name,
            "who": actor.label,
            "sections": [section.title.best(user.language) for section in one.sections],
            "zone": application.call.time_zone,
            # as text: a template would put it into the site's own zone
            "day": there.date(),
            "time": f"{there:%H:%M}",
            "page_url": settings.SITE_URL + reverse("calls:sign", args=[application.key, one.partner.key]),
        }
        mail.send(to=user.email, language=user.language, template="signature_asked", context=context)


def _nobody(missing: list[Standing], reached: list[Standing]) -> KontorError:
    if not missing:
        return _refused(_("All partners have signed."), "all-signed", _("Hand the application in."))
    if not reached:
        return _refused(
            _("Nobody here may sign for the partners that are missing."),
            "nobody-to-ask",
            _("Invite an owner of each organisation, or record a signature on paper."),
        )
    return _refused(
        _("Everybody who has to sign was asked today."),
        "asked-today",
        _("Wait until tomorrow, or call them."),
    )


def _refused(text: object, code: str, remedy: object) -> KontorError:
    return KontorError(text, code=code, path="signatures", remedy=remedy, status=409)
