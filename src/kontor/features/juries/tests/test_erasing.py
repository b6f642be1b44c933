"""A person is erased everywhere: not a row of any table still holds name or address, but what law keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.audit import verify
from kontor.base.errors import KontorError
from kontor.base.jobs import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.features.accounts import actions
from kontor.features.accounts.models import User
from kontor.features.calls.casework.actions import add_call_contact, log_entry, open_case
from kontor.features.calls.models import Answer, AnswerVersion, CaseEntry, SelfCheck
from kontor.features.juries.actions import remove_member
from kontor.features.juries.models import Expert, Waiver
from kontor.features.matching.actions import save_search
from kontor.features.matching.ask import Ask
from kontor.features.organisations.models import ContactPerson
from kontor.features.organisations.tests.factories import ACTOR

NAME, ADDRESS = "Ottilie Zebrafink", "ottilie@zebrafink.example"


def holding(text: str) -> Iterator[str]:
    """Models that hold the text in any column."""
    for model in apps.get_models():
        for row in models.QuerySet(model).values():
            if text.lower() in str(row).lower():
                yield model._meta.label
                break


@pytest.fixture
def ottilie(jury: SimpleNamespace, user_with: Callable[..., User]) -> User:
    """Contact person, expert who left the jury, writer, owner of a firm, and named where she signed."""
    user = user_with("owner", jury.firms[2].key, name=NAME, email=ADDRESS, password="seven green herons")
    user_with("owner", jury.firms[2].key)
    by = Actor.of_user(user)
    Expert.objects.filter(pk=jury.experts[0].pk).update(name=NAME, email=ADDRESS.upper(), user=user)
    add_call_contact(call=jury.call, user=user, values={"capacity": 5}, actor=ACTOR)
    case = open_case(
        call=jury.call, title="Idea", text="It works.", name=NAME, email=ADDRESS, language="en", actor=by
    )
    log_entry(case=case, kind="note", text="She called.", shared=False, actor=by)
    ContactPerson.objects.create(organisation=jury.firms[2], name=NAME, email=ADDRESS)
    SelfCheck.objects.create(call=jury.call, email=ADDRESS, forget_on="2099-01-01")
    save_search(ask=Ask(text="milk"), name="Milk", owner=user, actor=by)
    written = {"application": jury.applications[2], "field": "title", "value": "Milk", "revision": 2}
    Answer.objects.create(**written, changed_at=timezone.now(), changed_by=NAME, changed_by_key=user.key)
    AnswerVersion.objects.create(**written, at=timezone.now(), actor_label=NAME, actor_key=user.key)
    Waiver.objects.create(
        panel=jury.panel, expert=jury.experts[1], application=jury.applications[0], reason="Small",
        signed_as=NAME, signed_by=user,
    )  # fmt: skip
    return user


def test_nothing_of_the_person_is_left_but_what_the_law_keeps(
    jury: SimpleNamespace, ottilie: User, signed_in: Callable[[User], Client]
) -> None:
    administrator = signed_in(jury.administrator)
    page = reverse("accounts:erase", args=[ottilie.key])
    signed_in(ottilie).post(reverse("accounts:ask-erasure"))
    assert NAME in administrator.get(reverse("accounts:roles")).content.decode()
    assert "which is at work" in administrator.get(page).content.decode()
    assert administrator.post(page).status_code == 409
    with pytest.raises(KontorError, match="take them out of it first"):
        actions.erase_person(user=ottilie, actor=ACTOR)
    assert User.objects.get(pk=ottilie.pk).name == NAME
    remove_member(member=jury.members[0], reason="left", actor=jury.by)
    before = set(holding(NAME)) | set(holding(ADDRESS))
    assert before > {
        "calls.CaseEntry",
        "calls.Case",
        "juries.Expert",
        "calls.SelfCheck",
        "calls.AnswerVersion",
    }
    for stranger in (jury.manager, jury.controller, ottilie):
        assert signed_in(stranger).post(page).status_code == 403
    assert administrator.post(page).status_code == 302

    run_due_jobs()
    assert set(holding(NAME)) == {"base.AuditEvent", "juries.Waiver"}
    assert set(holding("zebrafink.example")) == set()
    erased = User.objects.get(pk=ottilie.pk)
    assert (erased.name, erased.is_active, erased.has_usable_password()) == (f"#{erased.key}", False, False)
    assert (erased.assignments.count(), erased.call_contacts.count()) == (0, 0)
    assert not ContactPerson.objects.exists()
    event = AuditEvent.objects.get(verb="erase person")
    assert NAME not in f"{event.subject_label} {event.changes} {event.actor_label}"
    assert verify().ok
    case = CaseEntry.objects.filter(text="She called.").get().case
    shown = signed_in(jury.manager).get(reverse("calls:case", args=[case.key])).content.decode()
    assert "erased person" in shown
    assert NAME not in shown
    with pytest.raises(KontorError, match="erased already"):
        actions.erase_person(user=erased, actor=ACTOR)
