"""Amendments: the programme asks about named fields, the applicant changes only these, both versions stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.base import audit, mail
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.accounts.models import User
from kontor.features.accounts.queries import keepers_of
from kontor.features.accounts.scopes import Scope, ScopeKind
from kontor.features.calls.actions.answers import tidied_answer
from kontor.features.calls.dossier.actions.handing_in import hand_in_again
from kontor.features.calls.dossier.facts import answers_of, payees_of
from kontor.features.calls.models import (
    HANDED_IN,
    Amendment,
    AmendmentState,
    Application,
    ApplicationState,
)
from kontor.programmes.forms import check_field

LONGEST = 5_000
#: Questions may wait on one application at a time.
MOST_WAITING = 20


@transaction.atomic
def ask_amendment(
    *, application: Application, fields: list[str], question: str, deadline: dt.datetime, actor: Actor
) -> Amendment:
    """Ask about these fields of an application that was handed in. KontorError where it was decided or is not
    handed in, a field is none of the form's or asked about already, or the deadline is past.
    """
    row = _locked_application(application)
    now = timezone.now()
    _between(row)
    _check_question(question)
    _check_deadline(deadline, now)
    wanted = _checked_fields(row, fields, now)
    answers = answers_of(row)
    amendment = Amendment.objects.create(
        key=new_key(),
        application=row,
        fields=wanted,
        question=question.strip(),
        deadline=deadline,
        before={field: answers[field] for field in wanted if field in answers},
        asked_at=now,
        asked_by=actor.label[:200],
        asked_by_key=actor.key,
    )
    changes = {"fields": [None, wanted], "deadline": [None, deadline.isoformat()]}
    audit.record(actor=actor, verb="amendment.asked", subject=row, changes=changes, reason=amendment.question)
    _tell_applicants(amendment, "amendment_asked")
    return amendment


@transaction.atomic
def save_amendment(
    *, amendment: Amendment, values: Mapping[str, Any], note: str, revision: int, actor: Actor
) -> Amendment:
    """Keep a draft of the answer. Conflict where somebody saved since `revision`, KontorError past the
    deadline and for a field that was not asked about.
    """
    row = waiting_amendment(amendment, actor)
    if revision != row.revision:
        raise Conflict(
            _("Somebody else saved this answer while you were writing."),
            path="revision",
            remedy=_("Compare both below; saving again writes yours over it."),
        )
    form = row.application.questions
    strange = sorted(set(values) - set(row.fields))
    if strange:
        raise _wrong(
            "field-not-asked",
            f"values.{strange[0]}",
            _("Only the fields that are asked about can be changed."),
            _("Leave the others as they were handed in."),
            status=422,
        )
    tidied = {key: tidied_answer(form.field(key), value) for key, value in values.items()}
    changed = [key for key, value in tidied.items() if value != row.after.get(key, row.before.get(key))]
    row.after = {**row.after, **tidied}
    row.revisions = {**row.revisions, **dict.fromkeys(changed, row.revision + 1)}
    row.note = note.strip()[:LONGEST]
    touch(row, actor)
    return row


@transaction.atomic
def answer_amendment(*, amendment: Amendment, revision: int, actor: Actor) -> Amendment:
    """Hand the answer in: the fields change, the application gets a new receipt, both versions are kept.

    KontorError past the deadline by the server's clock, and where an answer breaks the form's rules.
    """
    row = waiting_amendment(amendment, actor)
    if revision != row.revision:
        raise Conflict(
            _("Somebody else saved this answer since you read it."),
            path="revision",
            remedy=_("Read it again, then hand it in."),
        )
    application = _locked_application(row.application)
    _between(application)
    _check_answers(row, application, actor)
    after = {key: value for key, value in row.after.items() if value != row.before.get(key)}
    if not after and not row.note:
        raise _wrong(
            "nothing-changed",
            "values",
            _("Nothing was changed, and nothing said."),
            _("Change a field, or write why nothing changes."),
            status=422,
        )
    row.submission = hand_in_again(application=application, values=after, actor=actor)
    row.state = AmendmentState.ANSWERED
    row.answered_at, row.answered_by = timezone.now(), actor.label[:200]
    touch(row, actor)
    changes = {"fields": [sorted(row.before), sorted(after)], "receipt": [None, row.submission.receipt]}
    audit.record(
        actor=actor, verb="amendment.answered", subject=application, changes=changes, reason=row.note
    )
    _tell_officer(row)
    return row


@transaction.atomic
def withdraw_amendment(*, amendment: Amendment, actor: Actor) -> Amendment:
    """The programme asks no longer; what was written so far stays on record."""
    row = _asked(amendment)
    row.state, row.withdrawn_at = AmendmentState.WITHDRAWN, timezone.now()
    touch(row, actor)
    audit.record(
        actor=actor,
        verb="amendment.withdrawn",
        subject=row.application,
        changes={"amendment": [row.key, None]},
    )
    _tell_applicants(row, "amendment_withdrawn")
    return row


@transaction.atomic
def ask_again(*, amendment: Amendment, deadline: dt.datetime, actor: Actor) -> Amendment:
    """A new deadline for a question that waits, is overdue or was withdrawn."""
    row = (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("application__call")
        .get(pk=amendment.pk)
    )
    if row.state == AmendmentState.ANSWERED:
        raise _over()
    _check_deadline(deadline, timezone.now())
    _between(_locked_application(row.application))
    before, row.deadline = row.deadline, deadline
    row.state, row.withdrawn_at = AmendmentState.ASKED, None
    touch(row, actor)
    changes = {"deadline": [before.isoformat(), deadline.isoformat()]}
    audit.record(actor=actor, verb="amendment.deadline", subject=row.application, changes=changes)
    _tell_applicants(row, "amendment_asked")
    return row


def _locked_application(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("call", "lead")
    return rows.get(pk=application.pk)


def _between(row: Application) -> None:
    """Nothing of an application changes that is decided, withdrawn, or written anew in the next step."""
    if row.state not in HANDED_IN or row.state == ApplicationState.DECIDED:
        raise _wrong(
            "not-handed-in",
            "application",
            _("Amendments are asked and answered between the submission and the decision."),
            _("Load the page again to see where the application stands."),
        )


def _asked(amendment: Amendment) -> Amendment:
    rows = Amendment.objects.select_for_update(of=("self",)).select_related(
        "application__call", "application__lead"
    )
    row = rows.get(pk=amendment.pk)
    if row.state != AmendmentState.ASKED:
        raise _over()
    return row


def waiting_amendment(amendment: Amendment, actor: Actor) -> Amendment:
    """Its row, held. KontorError where it is answered, withdrawn, or late by the server's clock."""
    row = _asked(amendment)
    if not row.is_waiting(timezone.now()):
        raise _wrong(
            "amendment-late",
            "deadline",
            _("The deadline for this answer is over."),
            _("Ask the programme for more time."),
        )
    return row


def _over() -> KontorError:
    return _wrong(
        "amendment-over",
        "amendment",
        _("This question is answered or withdrawn."),
        _("Load the page again to see what became of it."),
    )


def _check_question(question: str) -> None:
    if not question.strip() or len(question) > LONGEST:
        raise _wrong(
            "question",
            "question",
            _("Say in at most %(most)s characters what should be changed.") % {"most": LONGEST},
            "",
            status=422,
        )


def _check_deadline(deadline: dt.datetime, now: dt.datetime) -> None:
    if deadline <= now:
        raise _wrong(
            "deadline-past",
            "deadline",
            _("This deadline is over already."),
            _("Choose a moment in the future."),
            status=422,
        )


def _checked_fields(application: Application, fields: list[str], now: dt.datetime) -> list[str]:
    """In the form's order."""
    form = application.questions
    known = [field.key for field in form.fields(application.step) if field.kind != "partners"]
    strange = [field for field in fields if field not in known]
    if strange or not fields:
        raise _wrong(
            "fields",
            "fields",
            _("Name at least one field of the form; unknown: %(fields)s.")
            % {"fields": ", ".join(strange) or "–"},
            _("Choose from the list of fields."),
            status=422,
        )
    waiting = list(application.amendments.waiting(now))
    asked = {field for row in waiting for field in row.fields}
    twice = [field for field in fields if field in asked]
    if twice or len(waiting) >= MOST_WAITING:
        raise _wrong(
            "asked-already",
            "fields",
            _("Another question about this waits for its answer: %(fields)s.")
            % {"fields": ", ".join(twice) or "–"},
            _("Wait for the answer, or withdraw the other question."),
        )
    return [field for field in known if field in fields]


def _check_answers(row: Amendment, application: Application, actor: Actor) -> None:
    form = application.questions
    answers = {**answers_of(application), **row.after}
    faults = [
        fault
        for key in row.fields
        for fault in check_field(form.field(key), answers.get(key), payees=payees_of(application))
    ]
    if faults:
        raise _wrong(
            "answers",
            f"values.{faults[0].field}",
            " ".join(fault.text((get_language() or actor.language)[:2]) for fault in faults[:5]),
            _("Mend this first."),
            status=422,
        )


def touch(row: Amendment, actor: Actor) -> None:
    """Store the row as the actor's next draft."""
    row.revision += 1
    row.changed_at, row.changed_by = timezone.now(), actor.label[:200]
    row.save()


def _tell_applicants(amendment: Amendment, template: str) -> None:
    """Owners and editors of the lead."""
    scope = Scope(ScopeKind.ORGANISATION, amendment.application.lead.key)
    people = {held.user_id: held.user for held in keepers_of(scope)}
    form = amendment.application.questions
    for user in people.values():
        labels = [form.field(key).label.best(user.language) for key in amendment.fields]
        _send(user, template, amendment, {"fields": labels})


def _tell_officer(amendment: Amendment) -> None:
    user = User.objects.filter(key=amendment.asked_by_key, is_active=True).first()
    if user is not None:
        _send(user, "amendment_answered", amendment, {})


def _send(user: User, template: str, amendment: Amendment, more: dict[str, Any]) -> None:
    address = reverse("calls:amendment", args=[amendment.application.key, amendment.key])
    context = {
        "amendment": amendment,
        "application": amendment.application,
        "page_url": settings.SITE_URL + address,
        "deadline": f"{amendment.deadline.astimezone(amendment.application.call.zone):%Y-%m-%d %H:%M %Z}",
        **more,
    }
    mail.send(to=user.email, language=user.language, template=template, context=context)


def _wrong(code: str, path: str, text: object, remedy: object, status: int = 409) -> KontorError:
    return KontorError(text, code=code, path=path, remedy=remedy, status=status)
