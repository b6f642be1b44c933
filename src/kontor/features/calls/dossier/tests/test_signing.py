"""Signatures: who may, what they cover, what makes them void, and that the submission waits for all."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent, Job
from kontor.features.calls import actions
from kontor.features.calls.actions import Incomplete, Written
from kontor.features.calls.dossier.actions import owning, signing
from kontor.features.calls.dossier.rules import may_arrange, may_sign
from kontor.features.calls.dossier.signing import standings
from kontor.features.calls.dossier.tests.conftest import by, partner_of
from kontor.features.calls.models import Application, Signature
from kontor.features.organisations.tests.factories import organisation

pytestmark = pytest.mark.django_db

PAPER = b"%PDF-1.7 signed"


def write(application: Application, user: object, **values: object) -> None:
    application.refresh_from_db()
    written = {
        key.replace("_", "-"): Written(value, base=application.revision) for key, value in values.items()
    }
    actions.save_answers(application=application, written=written, actor=by(user))  # type: ignore[arg-type]
    application.refresh_from_db()


def state(application: Application) -> dict[str, str]:
    """{organisation: signed, void, missing or free}."""
    found = {}
    for one in standings(application):
        kind = (
            "signed" if one.signature else "void" if one.changed else "missing" if one.is_missing else "free"
        )
        found[one.partner.organisation.name] = kind
    return found


def test_submission_waits_for_every_partner(round_: SimpleNamespace, complete: Application) -> None:
    with pytest.raises(Incomplete) as refused:
        actions.submit_application(application=complete, actor=by(round_.owner))
    assert [(one.code, one.text) for one in refused.value.problems] == [
        ("signature", "Molkerei Nord GmbH has not signed.")
    ]
    partner = partner_of(complete, round_.partner)
    signing.sign_application(partner=partner, revision=complete.revision, actor=by(round_.colleague))
    made = actions.submit_application(application=complete, actor=by(round_.owner))
    told = {one["name"]: one["signed_by"] for one in made.snapshot["partners"]}
    assert told == {"Lumen Optica BV": "", "Molkerei Nord GmbH": "Paul Partner"}


def test_only_the_owner_of_that_organisation_signs(round_: SimpleNamespace, draft: Application) -> None:
    partner, lead = partner_of(draft, round_.partner), partner_of(draft, round_.lead)
    signers = {
        name: (may_sign.test(user, partner), may_sign.test(user, lead), may_arrange.test(user, draft))
        for name, user in vars(round_).items()
        if hasattr(user, "email")
    }
    assert {name for name, (signs, _lead, _arranges) in signers.items() if signs} == {"colleague"}
    assert {name for name, (_signs, lead_, _arranges) in signers.items() if lead_} == {"owner"}
    assert {name for name, (_signs, _lead, arranges) in signers.items() if arranges} == {
        "owner", "editor", "helper",
    }  # fmt: skip


def test_a_change_of_a_signed_section_makes_the_signature_void_and_says_so(
    round_: SimpleNamespace, signed: Application
) -> None:
    mail.outbox.clear()
    write(signed, round_.editor, market="Dairies lose more than they say.")
    assert state(signed)["Molkerei Nord GmbH"] == "void"
    row = Signature.objects.get()
    assert (row.voided_by, len(row.changed)) == ("Ed Editor", 1)
    partner = partner_of(signed, round_.partner)
    assert (partner.signed_at, partner.signed_by) == (None, "")
    (sent,) = Job.objects.filter(kind="mail.send")
    assert sent.payload["to"] == round_.colleague.email
    assert "Ed Editor has changed" in sent.payload["body"]
    assert AuditEvent.objects.filter(verb="application.signature_voided").count() == 1

    with pytest.raises(Incomplete):
        actions.submit_application(application=signed, actor=by(round_.owner))
    signing.sign_application(partner=partner, revision=signed.revision, actor=by(round_.colleague))
    assert state(signed)["Molkerei Nord GmbH"] == "signed"
    actions.submit_application(application=signed, actor=by(round_.owner))


def test_saving_the_same_text_again_leaves_the_signature(
    round_: SimpleNamespace, signed: Application
) -> None:
    write(signed, round_.editor, market="Dairies lose milk every day.")
    assert state(signed)["Molkerei Nord GmbH"] == "signed"


def test_a_change_elsewhere_touches_only_who_signed_for_it(
    round_: SimpleNamespace, complete: Application
) -> None:
    form = complete.call.questions
    market = form.section_of("market").key
    third = organisation("Camera Lucida BV", "NL", nuts3="NL221")
    actions.add_partner(application=complete, organisation=third, values={}, actor=by(round_.owner))
    owning.assign_section(
        application=complete, section=market, organisation=round_.partner, actor=by(round_.owner)
    )
    complete.refresh_from_db()
    for who, user in ((round_.partner, round_.colleague), (third, round_.owner)):
        signing.sign_application(
            partner=partner_of(complete, who), revision=complete.revision, actor=by(user)
        )
    assert {len(row.sections) for row in Signature.objects.all()} == {
        len(form.asked_in(1)),
        len(form.asked_in(1)) - 1,
    }
    write(complete, round_.editor, market="Another market.")
    assert state(complete) == {
        "Lumen Optica BV": "free", "Molkerei Nord GmbH": "void", "Camera Lucida BV": "signed",
    }  # fmt: skip


def test_a_new_partner_makes_void_what_was_signed_about_partners(
    round_: SimpleNamespace, signed: Application
) -> None:
    actions.add_partner(
        application=signed, organisation=organisation("Camera Lucida BV"), values={}, actor=by(round_.owner)
    )
    assert state(signed)["Molkerei Nord GmbH"] == "void"


def test_nobody_signs_a_text_other_than_the_one_read(round_: SimpleNamespace, complete: Application) -> None:
    read = complete.revision
    write(complete, round_.editor, market="Changed while the director was reading.")
    with pytest.raises(Conflict) as refused:
        signing.sign_application(
            partner=partner_of(complete, round_.partner), revision=read, actor=by(round_.colleague)
        )
    assert refused.value.code == "signed-other-text"
    assert Signature.objects.count() == 0


def test_taking_a_signature_back_and_no_signing_after_the_submission(
    round_: SimpleNamespace, signed: Application
) -> None:
    row = Signature.objects.get()
    signing.take_signature_back(signature=row, actor=by(round_.colleague))
    assert state(signed)["Molkerei Nord GmbH"] == "missing"
    partner = partner_of(signed, round_.partner)
    again = signing.sign_application(partner=partner, revision=signed.revision, actor=by(round_.colleague))
    actions.submit_application(application=signed, actor=by(round_.owner))
    for late in (
        lambda: signing.take_signature_back(signature=again, actor=by(round_.colleague)),
        lambda: signing.sign_application(partner=partner, revision=99, actor=by(round_.colleague)),
    ):
        with pytest.raises(KontorError) as refused:
            late()
        assert refused.value.code == "not-a-draft"


def test_on_paper_only_where_nobody_here_may_sign(round_: SimpleNamespace, complete: Application) -> None:
    def scan(name: str = "signed.pdf") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, PAPER)

    partner = partner_of(complete, round_.partner)
    with pytest.raises(KontorError) as refused:
        signing.sign_on_paper(partner=partner, name="Paul", upload=scan(), actor=by(round_.owner))
    assert refused.value.code == "signed-here"
    round_.colleague.assignments.all().delete()
    with pytest.raises(KontorError) as bad:
        signing.sign_on_paper(partner=partner, name="Paul", upload=scan("x.exe"), actor=by(round_.owner))
    assert (bad.value.code, Signature.objects.count()) == ("attachment-type", 0)
    signing.sign_on_paper(
        partner=partner, name="Paul", capacity="Director", upload=scan(), actor=by(round_.owner)
    )
    assert state(complete)["Molkerei Nord GmbH"] == "signed"


def test_sections_have_owners_who_say_that_they_are_done(round_: SimpleNamespace, draft: Application) -> None:
    section = draft.call.questions.asked_in(1)[0].key
    owner = owning.assign_section(
        application=draft,
        section=section,
        organisation=round_.partner,
        user=round_.colleague,
        actor=by(round_.owner),
    )
    assert owner is not None
    assert owning.mark_section(owner=owner, done=True, actor=by(round_.colleague)).done_by == "Paul Partner"
    assert owning.mark_section(owner=owner, done=False, actor=by(round_.colleague)).done_at is None
    for wrong, code in (
        ({"organisation": round_.rival}, "section-organisation"),
        ({"organisation": round_.partner, "user": round_.owner}, "section-user"),
        ({"organisation": round_.partner, "section": "no-such"}, "section-section"),
    ):
        with pytest.raises(KontorError) as refused:
            owning.assign_section(
                **{"application": draft, "section": section, "actor": by(round_.owner), **wrong}
            )
        assert refused.value.code == code
    owning.assign_section(application=draft, section=section, organisation=None, actor=by(round_.owner))
    assert draft.section_owners.count() == 0


@pytest.mark.django_db(transaction=True)
def test_signing_while_somebody_writes_leaves_no_signature_under_other_words(
    round_: SimpleNamespace, complete: Application
) -> None:
    read = complete.revision
    partner = partner_of(complete, round_.partner)

    def sign() -> None:
        signing.sign_application(partner=partner, revision=read, actor=by(round_.colleague))

    def save() -> None:
        written = {"market": Written("Written meanwhile", base=read)}
        actions.save_answers(application=complete, written=written, actor=by(round_.editor))

    def run(work: Callable[[], None]) -> None:
        try:
            while True:
                try:
                    return work()
                except Conflict:
                    return None
                except OperationalError:
                    # the tests' SQLite lies in memory and refuses where a file would wait
                    assert connection.vendor == "sqlite"
                    time.sleep(0.02)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in (sign, save)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert complete.answers.get(field="market").value == "Written meanwhile"
    assert state(complete)["Molkerei Nord GmbH"] in ("void", "missing")
    assert Signature.objects.standing().count() == 0


def test_those_who_have_not_signed_are_asked_once_a_day(
    round_: SimpleNamespace, complete: Application, signed_in: Callable[..., Client]
) -> None:
    complete.call.time_zone = "Europe/Athens"
    complete.call.closes_at = timezone.now().replace(hour=15, minute=30) + dt.timedelta(days=3)
    complete.call.save()
    page = reverse("calls:signatures", args=[complete.key])
    address = reverse("calls:ask-to-sign", args=[complete.key])
    for stranger in (round_.competitor, round_.manager, round_.nobody):
        assert signed_in(stranger).post(address).status_code == 404
    assert signed_in(round_.reader).post(address).status_code == 403
    assert not Job.objects.filter(kind="mail.send").exists()
    lead = signed_in(round_.owner)
    assert "Asked to sign: Molkerei Nord GmbH." in lead.post(address, follow=True).content.decode()
    told = Job.objects.get(kind="mail.send").payload
    assert told["to"] == round_.colleague.email
    there = complete.call.closes_at.astimezone(complete.call.zone)
    assert f"{there:%H:%M} (Europe/Athens)" in told["body"]
    assert (
        reverse("calls:sign", args=[complete.key, partner_of(complete, round_.partner).key]) in told["body"]
    )  # type: ignore[attr-defined]
    assert "was asked today" in lead.post(address, follow=True).content.decode()
    with time_machine.travel(complete.call.closes_at, tick=False):
        late = signed_in(round_.owner)
        assert "The deadline is over" in late.post(address, follow=True).content.decode()
        assert "Ask those who have not signed" not in late.get(page).content.decode()
    assert Job.objects.filter(kind="mail.send").count() == 1
    assert AuditEvent.objects.filter(verb="application.signatures_asked").count() == 1
    assert "asked on" in lead.get(page).content.decode()
    signing.sign_application(
        partner=partner_of(complete, round_.partner),  # type: ignore[arg-type]
        revision=complete.revision,
        actor=by(round_.colleague),
    )
    assert "All partners have signed" in lead.post(address, follow=True).content.decode()
