"""Cases from the first contact to the end, and who accompanies them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.casework.choosing import Choice, choose
from kontor.features.calls.casework.problem import candidates, wanted
from kontor.features.calls.models import (
    BY_HAND,
    Application,
    Call,
    CallContact,
    Case,
    CaseEntry,
    CaseState,
    EntryKind,
    SelfCheck,
)
from kontor.features.organisations.models import Organisation

#: Characters of one line of the log.
LONGEST = 5_000


@transaction.atomic
def open_case(
    *,
    call: Call,
    title: str,
    text: str = "",
    name: str = "",
    email: str = "",
    organisation: Organisation | None = None,
    application: Application | None = None,
    check: SelfCheck | None = None,
    language: str = "",
    region: str = "",
    themes: Iterable[str] = (),
    confirm: bool = False,
    actor: Actor,
) -> Case:
    """A new case with its first entry, given to the contact person who fits best.

    The contact person is told by mail; with `confirm` the one who came as well. A call without contact
    persons leaves the case on the desk of the programme's managers.
    """
    if not title.strip():
        raise KontorError(
            _("A case needs a title."), code="title-missing", path="title", remedy=_("Say what it is about.")
        )
    known = {theme.key for theme in call.definition_of_programme.themes}
    case = Case.objects.create(
        key=new_key(),
        call=call,
        title=title.strip()[:300],
        name=name.strip()[:200],
        email=email.strip(),
        organisation=organisation,
        application=application,
        check_made=check,
        language=language or (organisation.language if organisation else (call.languages or ["en"])[0]),
        region=region or (organisation.nuts3 or organisation.country if organisation else ""),
        themes=[theme for theme in themes if theme in known],
        opened_at=timezone.now(),
    )
    _enter(case, EntryKind.FIRST, text, actor, shared=False)
    record(actor=actor, verb="case.opened", subject=case, changes={"call": [None, call.key]})
    _assign(case, actor)
    if confirm and case.email:
        _confirm(case)
    return case


def open_case_of(*, application: Application, actor: Actor) -> Case:
    """The case of an application: the one that its organisation has open in this call, else a new one."""
    found = Case.objects.filter(application=application).first()
    if found is not None:
        return found
    rows = Case.objects.open().select_for_update()
    case = rows.filter(call=application.call, organisation=application.lead, application=None).first()
    if case is None:
        return open_case(
            call=application.call,
            title=application.title or str(application.lead),
            text="",
            organisation=application.lead,
            application=application,
            language=application.language,
            themes=application.themes,
            actor=actor,
        )
    case.application = application
    case.save(update_fields=["application", "changed_at"])
    _enter(case, EntryKind.STEP, "", actor, shared=True, details={"to": "begun"})
    return case


@transaction.atomic
def log_entry(*, case: Case, kind: str, text: str, shared: bool = False, actor: Actor) -> CaseEntry:
    """A line that a person writes. KontorError for kinds that only events write, and for empty text."""
    if kind not in BY_HAND:
        raise KontorError(
            _("“{kind}” is no kind of entry.").format(kind=kind),
            code="kind-invalid",
            path="kind",
            remedy=_("Choose note, telephone call, meeting or mail."),
        )
    if not text.strip() or len(text) > LONGEST:
        raise KontorError(
            _("An entry needs a text of at most {most} characters.").format(most=LONGEST),
            code="text-invalid",
            path="text",
            remedy=_("Say in a few sentences what was said."),
        )
    row = _enter(case, EntryKind(kind), text.strip(), actor, shared=shared)
    changes = {"kind": [None, kind], "shared": [None, shared]}
    record(actor=actor, verb="case.noted", subject=case, changes=changes)
    return row


@transaction.atomic
def hand_over_case(
    *, case: Case, to: CallContact, reason: str, revision: int | None = None, actor: Actor
) -> Case:
    """Give the case to another contact person of the call, with a reason that both read.

    `revision` is the one the writer saw; Conflict where somebody handed it over in between.
    """
    case = _locked(case, revision)
    if to.call_id != case.call_id:
        raise KontorError(
            _("{name} is no contact person of this call.").format(name=to),
            code="contact-unknown",
            path="to",
            remedy=_("Choose one from the list."),
        )
    if to.pk == case.contact_id:
        raise KontorError(
            _("{name} has this case already.").format(name=to),
            code="contact-same",
            path="to",
            remedy=_("Choose somebody else."),
        )
    if not reason.strip():
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path="reason",
            remedy=_("Say in a sentence why, and what the next step is."),
        )
    before = case.contact
    _give(case, to)
    details = {"from": str(before) if before else "", "to": str(to)}
    _enter(case, EntryKind.HANDED_OVER, reason.strip(), actor, shared=True, details=details)
    changes = {"contact": [before.user.key if before else None, to.user.key]}
    record(actor=actor, verb="case.handed-over", subject=case, changes=changes, reason=reason)
    _tell(case, "case_handed_over", reason=reason.strip(), before=details["from"])
    return case


@transaction.atomic
def close_case(*, case: Case, reason: str, revision: int | None = None, actor: Actor) -> Case:
    """The end of a case, with what became of it. KontorError without a reason or where it is closed."""
    case = _locked(case, revision)
    if case.state == CaseState.CLOSED:
        raise KontorError(
            _("This case is closed already."),
            code="case-closed",
            remedy=_("Open it again first."),
            status=409,
        )
    if not reason.strip():
        raise KontorError(
            _("Say what became of it."),
            code="reason-missing",
            path="reason",
            remedy=_("One sentence is enough."),
        )
    case.state, case.closed_at = CaseState.CLOSED, timezone.now()
    case.revision += 1
    case.save(update_fields=["state", "closed_at", "revision", "changed_at"])
    _enter(case, EntryKind.CLOSED, reason.strip(), actor)
    record(
        actor=actor, verb="case.closed", subject=case, changes={"state": ["open", "closed"]}, reason=reason
    )
    return case


@transaction.atomic
def reopen_case(*, case: Case, actor: Actor) -> Case:
    """Take the end back; nothing changes for an open case."""
    case = _locked(case, None)
    if case.state == CaseState.CLOSED:
        case.state, case.closed_at = CaseState.OPEN, None
        case.revision += 1
        case.save(update_fields=["state", "closed_at", "revision", "changed_at"])
        _enter(case, EntryKind.REOPENED, "", actor)
        record(actor=actor, verb="case.reopened", subject=case, changes={"state": ["closed", "open"]})
    return case


def note_step(*, application: Application, to: str, reason: str = "", actor: Actor) -> None:
    """Write into the case's log that the application moved on; nothing where it has no case."""
    case = Case.objects.filter(application=application).first()
    if case is not None:
        _enter(
            case, EntryKind.STEP, reason.strip(), actor, shared=not reason.strip(), details={"to": str(to)}
        )


def assign_anew(*, case: Case, without: CallContact, actor: Actor) -> None:
    """Choose among the colleagues of somebody who leaves."""
    _assign(case, actor, without=(without.pk,))


def _assign(case: Case, actor: Actor, without: Iterable[int] = ()) -> None:
    found = choose(wanted(case), candidates(case.call, timezone.localdate(), without))
    contact = _contact(case.call, found)
    _give(case, contact)
    details: dict[str, Any] = {"to": str(contact) if contact else "", "why": list(found.why) if found else []}
    if found and found.overloaded:
        details["overloaded"] = True
    _enter(case, EntryKind.ASSIGNED, "", actor, shared=contact is not None, details=details)
    changes = {"contact": [None, contact.user.key if contact else None]}
    record(actor=actor, verb="case.assigned", subject=case, changes=changes)
    if contact is not None:
        _tell(case, "case_assigned")


def _contact(call: Call, found: Choice | None) -> CallContact | None:
    if found is None:
        return None
    return CallContact.objects.select_related("user").get(call=call, pk=found.key)


def _give(case: Case, contact: CallContact | None) -> None:
    case.contact = contact
    Case.objects.filter(pk=case.pk).update(
        contact=contact, revision=F("revision") + 1, changed_at=timezone.now()
    )
    case.refresh_from_db(fields=["revision"])


def _locked(case: Case, revision: int | None) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("call", "contact__user")
    row = rows.get(pk=case.pk)
    if revision is not None and row.revision != revision:
        raise Conflict(
            _("Somebody changed this case in the meantime."),
            code="case-changed",
            remedy=_("Load the page again to see what is new."),
        )
    return row


def _enter(
    case: Case,
    kind: EntryKind,
    text: str,
    actor: Actor,
    *,
    shared: bool = False,
    details: dict[str, Any] | None = None,
) -> CaseEntry:
    return CaseEntry.objects.create(
        case=case,
        at=timezone.now(),
        kind=kind,
        text=text,
        shared=shared,
        details=details or {},
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )


def _tell(case: Case, template: str, **more: Any) -> None:
    """Mail to the contact person; nothing to a sample account or one that is signed off."""
    contact = case.contact
    if contact is None or not contact.user.is_active or contact.user.is_sample:
        return
    context = {"case": case, "call": case.call, "page_url": _page(case), **more}
    mail.send(to=contact.user.email, language=contact.user.language, template=template, context=context)


def _confirm(case: Case) -> None:
    context = {"case": case, "call": case.call, "contact": case.contact}
    mail.send(to=case.email, language=case.language, template="case_received", context=context)


def _page(case: Case) -> str:
    return f"{settings.SITE_URL}{case.get_absolute_url()}"
