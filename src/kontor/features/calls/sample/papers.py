"""Papers of the sample's applications: letters, signatures, sections with an owner, questions afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kontor.base.actor import Actor
from kontor.base.attachments import attach, forget_attachments
from kontor.base.events import SampleRemoved
from kontor.base.keys import new_key
from kontor.base.pdf import pdf_of
from kontor.features.accounts.actions import add_person, grant_role
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.calls.completeness import state_of
from kontor.features.calls.dossier.signing import covered, owners_of, sections_written
from kontor.features.calls.models import (
    Amendment,
    AmendmentState,
    Answer,
    AnswerVersion,
    Application,
    ApplicationPartner,
    PartnerRole,
    SectionOwner,
    Signature,
    SignatureWay,
    Submission,
)
from kontor.features.calls.sample.read import HERE, Told, read_owners, read_papers
from kontor.features.calls.snapshot import digest_of, snapshot_of
from kontor.features.organisations.models import Organisation

ACTOR = Actor.system("sample")
LETTER = Path(HERE) / "letter.typ"


def owners(organisations: dict[str, Organisation]) -> dict[str, tuple[User, str]]:
    """Who owns which organisation, and in which function that person signs; those missing are added."""
    found = {}
    for told in read_owners():
        key = told["organisation"]
        if key not in organisations:
            continue
        user = User.objects.filter(email=told["email"]).first()
        if user is None:
            values = {name: told[name] for name in ("email", "name", "language")}
            user = add_person(**values, is_sample=True, actor=ACTOR)
            grant_role(user=user, role=Role.OWNER, scope=Scope(ScopeKind.ORGANISATION, key), actor=ACTOR)
        found[key] = (user, told["capacity"])
    return found


def writer_of(application: Application, people: dict[str, tuple[User, str]]) -> tuple[str, str]:
    """Key and name of whoever writes and hands in for the lead: the sample itself where nobody owns it."""
    user, _capacity = people.get(application.lead.key, (None, ""))
    return (user.key, str(user)) if user else (ACTOR.key, ACTOR.label)


def summary_of(application: str, languages: Sequence[str]) -> dict[str, str] | None:
    """What the public shall read, in each of the languages; None where the file says nothing."""
    told = next((one for one in read_papers()["summary"] if one["application"] == application), None)
    return {language: told[language] for language in languages} if told else None


def write_letters(application: Application, by: tuple[str, str]) -> None:
    """Letters of intent, as files that answer the form's question."""
    field = next((one for one in application.call.questions.fields() if one.key == "letters"), None)
    told = [one for one in read_papers()["letter"] if one["application"] == application.key]
    if field is None or not told:
        return
    value = []
    for one in told:
        kept = attach(subject=application, upload=_page(one, one["name"], one["signer"]), actor=ACTOR)
        value.append({"key": kept.key, "name": kept.name, "size": kept.size})
    same = {"application": application, "field": field.key, "value": value, "revision": 1}
    Answer.objects.create(**same, changed_at=timezone.now(), changed_by=by[1], changed_by_key=by[0])
    AnswerVersion.objects.create(**same, at=timezone.now(), actor_key=by[0], actor_label=by[1])


def write_sections(application: Application, organisations: dict[str, Organisation]) -> None:
    """Which partner answers for which section."""
    for told in read_papers()["section"]:
        if told["application"] == application.key:
            SectionOwner.objects.create(
                application=application,
                section=told["section"],
                organisation=organisations[told["organisation"]],
                done_at=timezone.now() - dt.timedelta(days=95) if told["done"] else None,
            )


def sign(application: Application, handed_in: dt.datetime, people: dict[str, tuple[User, str]]) -> None:
    """Each partner's authorised person a day or two before the handing in; on paper where nobody is here."""
    scans = {
        one["organisation"]: one for one in read_papers()["scan"] if one["application"] == application.key
    }
    answering = {key: row.organisation_id for key, row in owners_of(application).items()}
    sections = sections_written(application.call.questions, application.step)
    rows = application.partners.filter(role=PartnerRole.PARTNER).select_related("organisation")
    for at, row in enumerate(rows):
        keys = [one.key for one in covered(row, answering, sections)]
        signed_at = handed_in - dt.timedelta(days=1 + at, hours=3 + at, minutes=11)
        if row.organisation.key in people:
            user, capacity = people[row.organisation.key]
            _signature(row, keys, signed_at, user, str(user), capacity)
        elif row.organisation.key in scans:
            told = scans[row.organisation.key]
            lead = people.get(application.lead.key, (None, ""))[0]
            made = _signature(row, keys, signed_at, lead, told["name"], told["capacity"], SignatureWay.PAPER)
            sheet = {**told, "sender": row.organisation.name}
            attach(subject=made, upload=_page(sheet, told["file"], told["name"]), actor=ACTOR)


def ask(application: Application, officer: tuple[str, str], by: tuple[str, str]) -> None:
    """What the programme asked after the handing in, and what the applicants answered."""
    for told in read_papers()["amendment"]:
        if told["application"] == application.key:
            _amendment(application, told, officer, by)


def forget_sample_papers(event: SampleRemoved) -> None:
    """Rows go with their call; files do not."""
    applications = Application.objects.filter(is_sample=True)
    signatures = Signature.objects.filter(application__is_sample=True)
    forget_attachments("application", list(applications.values_list("pk", flat=True)))
    forget_attachments("signature", list(signatures.values_list("pk", flat=True)))


def _amendment(application: Application, told: Told, officer: tuple[str, str], by: tuple[str, str]) -> None:
    now = timezone.now()
    answers = dict(application.answers.values_list("field", "value"))
    made = Amendment.objects.create(
        key=told["key"],
        application=application,
        fields=told["fields"],
        question=told["question"],
        deadline=now + dt.timedelta(days=told["deadline_in_days"]),
        before={field: answers[field] for field in told["fields"] if field in answers},
        asked_at=now - dt.timedelta(days=told["asked_days_ago"]),
        asked_by=officer[1],
        asked_by_key=officer[0],
    )
    if "after" in told:
        _answer(made, told, now - dt.timedelta(days=told["answered_days_ago"]), by)


def _answer(row: Amendment, told: Told, at: dt.datetime, by: tuple[str, str]) -> None:
    """Handed in once more under a receipt of its own; the first one stays as it was."""
    application = row.application
    for field, value in told["after"].items():
        same = {"value": value, "revision": 2}
        changed = {"changed_at": at, "changed_by": by[1], "changed_by_key": by[0]}
        application.answers.filter(field=field).update(**same, **changed)
        AnswerVersion.objects.create(
            application=application, field=field, at=at, actor_key=by[0], actor_label=by[1], **same
        )
    application.revision, application.receipt = 2, f"{application.number}/{application.step}.2"
    application.save(update_fields=["revision", "receipt"])
    row.submission = submission_of(application, at, by)
    row.after, row.note, row.revision = told["after"], told["note"], 2
    row.state, row.answered_at, row.answered_by = AmendmentState.ANSWERED, at, by[1]
    row.changed_at, row.changed_by = at, by[1]
    row.save()


def submission_of(application: Application, at: dt.datetime, by: tuple[str, str]) -> Submission:
    """What stands there, frozen under the application's receipt as the action writes it."""
    snapshot = snapshot_of(state_of(application), receipt=application.receipt, at=at, by=by[1])
    return Submission.objects.create(
        application=application,
        step=application.step,
        receipt=application.receipt,
        at=at,
        by=by[1],
        by_key=by[0],
        snapshot=snapshot,
        sha256=digest_of(snapshot),
    )


def _signature(
    partner: ApplicationPartner,
    sections: list[str],
    at: dt.datetime,
    actor: User | None,
    name: str,
    capacity: str,
    way: SignatureWay = SignatureWay.HERE,
) -> Signature:
    return Signature.objects.create(
        key=new_key(),
        application=partner.application,
        partner=partner,
        sections=sections,
        step=partner.application.step,
        revision=partner.application.revision,
        way=way,
        name=name,
        capacity=capacity,
        signed_at=at,
        actor_key=actor.key if actor else ACTOR.key,
        actor_label=str(actor) if actor else ACTOR.label,
    )


def _page(told: dict[str, Any], name: str, signer: str) -> SimpleUploadedFile:
    """A page on paper, as PDF."""
    content = pdf_of(
        LETTER,
        {"sender": told["sender"], "text": told["text"], "signer": signer},
        title=told["title"],
        language=told["language"],
        words={},
        site=told["sender"],
        footer=told["sender"],
        at=timezone.now() - dt.timedelta(days=99),
    )
    return SimpleUploadedFile(name, content)
