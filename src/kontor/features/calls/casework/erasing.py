"""What calls forget of a person whose data are erased: the seat at a desk, and addresses that were left."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kontor.base.events import PersonErased, subscribe
from kontor.features.calls.casework.actions import remove_call_contact
from kontor.features.calls.models import CallContact, Case, CaseEntry, Question, SelfCheck


def forget_person(event: PersonErased) -> None:
    """Open cases go to colleagues; cases, their logs, questions and checks lose name and address."""
    for contact in CallContact.objects.filter(user__key=event.key).select_related("call", "user"):
        remove_call_contact(contact=contact, actor=event.actor)
    Case.objects.filter(email__iexact=event.email).update(name=event.mark, email="")
    _forget_in_logs(event)
    Question.objects.filter(email__iexact=event.email).update(email="")
    SelfCheck.objects.filter(email__iexact=event.email, user=None).update(email="")


def _forget_in_logs(event: PersonErased) -> None:
    """Lines that say who got a case, and from whom."""
    named = Q(details__to__in=list(event.names)) | Q(details__from__in=list(event.names))
    lines: QuerySet[CaseEntry] = QuerySet(CaseEntry)  # its own manager guards what is only ever added to
    for line in lines.filter(named):
        named_here = {key: event.mark for key in ("from", "to") if line.details.get(key) in event.names}
        lines.filter(pk=line.pk).update(details={**line.details, **named_here})


def register() -> None:
    subscribe(PersonErased, forget_person)
