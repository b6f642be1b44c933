"""Signing, and what makes a signature void."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.base import attachments, audit, mail
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.accounts.models import User
from kontor.features.calls.dossier.signing import (
    covered,
    missing_signatures,
    owners_of,
    sections_written,
    signatories,
)
from kontor.features.calls.models import Application, ApplicationPartner, Signature, SignatureWay
from kontor.programmes.forms import Section

_LONGEST = 200


@transaction.atomic
def sign_application(
    *, partner: ApplicationPartner, revision: int, capacity: str = "", name: str = "", actor: Actor
) -> Signature:
    """Sign for the partner what its sections say. `revision` is the application's when the signer read it:
    Conflict where one of the sections changed since.
    """
    application, row = _locked(partner)
    sections = _sections(application, row)
    changed = _changed_since(application, sections, revision)
    if changed:
        titles = ", ".join(section.title.best((get_language() or actor.language)[:2]) for section in changed)
        raise Conflict(
            _("Changed since you read it: %(sections)s.") % {"sections": titles},
            code="signed-other-text",
            path="revision",
            remedy=_("Read these sections again, then sign."),
        )
    values = {"way": SignatureWay.HERE, "name": name or str(actor.user or actor.label), "capacity": capacity}
    return _sign(application, row, sections, values, actor)


@transaction.atomic
def sign_on_paper(
    *, partner: ApplicationPartner, name: str, capacity: str = "", upload: UploadedFile[Any], actor: Actor
) -> Signature:
    """Record what somebody signed on paper, with its scan, for a partner that nobody owns here.

    KontorError where the organisation has an owner, who signs here, and for a scan that cannot be attached.
    """
    application, row = _locked(partner)
    if signatories([row.organisation.key]):
        raise KontorError(
            _("%(partner)s has somebody here who signs for it.") % {"partner": row.organisation.name},
            code="signed-here",
            path="partner",
            remedy=_("Ask the owner of that organisation to sign."),
            status=409,
        )
    if not name.strip():
        raise KontorError(
            _("Who signed is missing."),
            code="signer-missing",
            path="name",
            remedy=_("Write the name as it stands on the paper."),
            status=422,
        )
    values = {"way": SignatureWay.PAPER, "name": name.strip(), "capacity": capacity}
    signature = _sign(application, row, _sections(application, row), values, actor)
    attachments.attach(subject=signature, upload=upload, actor=actor)
    return signature


@transaction.atomic
def take_signature_back(*, signature: Signature, actor: Actor) -> None:
    """As long as the application is a draft. Nothing happens where it is void already."""
    application, _partner = _locked(signature.partner)
    row = Signature.objects.select_for_update().get(pk=signature.pk)
    if row.voided_at is None:
        _void(application, row, [], actor)


def require_signatures(application: Application) -> None:
    """KontorError `signatures-missing` naming every partner that has not signed what stands there now."""
    missing = missing_signatures(application)
    if missing:
        raise KontorError(
            _("Not signed yet: %(partners)s.")
            % {"partners": ", ".join(partner.organisation.name for partner in missing)},
            code="signatures-missing",
            path="signatures",
            remedy=_("Each partner's authorised person signs on the page “Signatures”."),
            status=409,
        )


def void_touched(*, application: Application, fields: Iterable[str], actor: Actor) -> list[Signature]:
    """Make void what was signed for the sections of these fields, and tell the signers. Call it in the
    transaction of the change; returns the signatures that stood until now.
    """
    rows = list(application.signatures.standing().select_related("partner__organisation"))
    if not rows:
        return []
    form = application.questions
    touched = {form.section_of(field).key for field in fields}
    found = [row for row in rows if touched & set(row.sections)]
    for row in found:
        _void(application, row, sorted(touched & set(row.sections)), actor)
        _tell(application, row, actor)
    return found


def _locked(partner: ApplicationPartner) -> tuple[Application, ApplicationPartner]:
    """Both rows held. KontorError where it is no draft any more, or the partner left."""
    application = Application.objects.select_for_update(of=("self",)).select_related("call")
    held = application.get(pk=partner.application_id)
    row = ApplicationPartner.objects.select_related("organisation").get(pk=partner.pk)
    if not held.is_draft or row.removed_at is not None:
        raise KontorError(
            _("Signed is only while the application is being written."),
            code="not-a-draft",
            path="application",
            remedy=_("Load the page again to see where the application stands."),
            status=409,
        )
    return held, row


def _sections(application: Application, partner: ApplicationPartner) -> tuple[Section, ...]:
    owners = {key: row.organisation_id for key, row in owners_of(application).items()}
    return covered(partner, owners, sections_written(application.questions, application.step))


def _changed_since(application: Application, sections: tuple[Section, ...], revision: int) -> list[Section]:
    late = set(application.answers.filter(revision__gt=revision).values_list("field", flat=True))
    return [section for section in sections if any(field.key in late for field in section.fields)]


def _sign(
    application: Application,
    partner: ApplicationPartner,
    sections: tuple[Section, ...],
    values: dict[str, Any],
    actor: Actor,
) -> Signature:
    now = timezone.now()
    Signature.objects.standing().filter(partner=partner).update(
        voided_at=now, voided_by=actor.label[:_LONGEST]
    )
    signature = Signature.objects.create(
        key=new_key(),
        application=application,
        partner=partner,
        sections=[section.key for section in sections],
        step=application.step,
        revision=application.revision,
        way=values["way"],
        name=str(values["name"])[:_LONGEST],
        capacity=str(values["capacity"]).strip()[:_LONGEST],
        signed_at=now,
        actor_key=actor.key,
        actor_label=actor.label[:_LONGEST],
    )
    partner.signed_at, partner.signed_by = now, signature.name
    partner.signed_by_key, partner.signed_revision = actor.key, application.revision
    partner.save(update_fields=["signed_at", "signed_by", "signed_by_key", "signed_revision"])
    audit.record(
        actor=actor,
        verb="application.signed",
        subject=application,
        changes={"partner": [None, partner.organisation.key], "sections": [None, signature.sections]},
    )
    return signature


def _void(application: Application, signature: Signature, sections: list[str], actor: Actor) -> None:
    signature.voided_at = timezone.now()
    signature.voided_by = actor.label[:_LONGEST]
    signature.changed = sections
    signature.save(update_fields=["voided_at", "voided_by", "changed"])
    ApplicationPartner.objects.filter(pk=signature.partner_id).update(
        signed_at=None, signed_by="", signed_by_key="", signed_revision=None
    )
    verb = "application.signature_voided" if sections else "application.signature_taken_back"
    changes = {"partner": [signature.partner.organisation.key, None], "sections": [sections, None]}
    audit.record(actor=actor, verb=verb, subject=application, changes=changes)


def _tell(application: Application, signature: Signature, actor: Actor) -> None:
    """The signer hears of it, unless the signer made the change."""
    user = User.objects.filter(key=signature.actor_key, is_active=True).exclude(key=actor.key).first()
    if user is None:
        return
    form = application.questions
    titles = [form.section(key).title.best(user.language) for key in signature.changed]
    mail.send(
        to=user.email,
        language=user.language,
        template="signature_void",
        context={
            "application": application,
            "organisation": signature.partner.organisation.name,
            "sections": titles,
            "who": actor.label,
            "page_url": settings.SITE_URL + reverse("calls:signatures", args=[application.key]),
        },
    )
