"""The whole dossier: complete for its own people, as handed in for others, one archive that checks itself."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kontor.base.models import Attachment
from kontor.base.tests.pages import text_of
from kontor.features.calls import actions
from kontor.features.calls.actions import Written
from kontor.features.calls.dossier.actions import signing
from kontor.features.calls.dossier.archive import archive_of
from kontor.features.calls.dossier.files import readable_file
from kontor.features.calls.dossier.tests.conftest import by, partner_of, with_annex
from kontor.features.calls.dossier.whole import whole_of
from kontor.features.calls.models import Application
from kontor.features.calls.tests.conftest import SECRET
from kontor.programmes.word import read_word

pytestmark = pytest.mark.django_db

LETTER = b"%PDF-1.7 letter of intent"


@pytest.fixture
def handed_in(round_: SimpleNamespace, complete: Application) -> Application:
    """With two annexes of one name, submitted."""
    with_annex(round_.call)
    complete.refresh_from_db()
    for content in (LETTER, LETTER + b" two"):
        actions.attach_file(
            application=complete, field="annex", upload=SimpleUploadedFile("../letter.pdf", content),
            actor=by(round_.owner),
        )  # fmt: skip
    complete.refresh_from_db()
    partner = partner_of(complete, round_.partner)
    signing.sign_application(partner=partner, revision=complete.revision, actor=by(round_.colleague))
    actions.submit_application(application=complete, actor=by(round_.owner))
    complete.refresh_from_db()
    return complete


def archive(user: Any, application: Application, language: str = "en") -> dict[str, bytes]:
    with archive_of(whole_of(user, application, language)) as content, zipfile.ZipFile(content) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_everything_is_in_it_and_the_index_names_each_file(
    round_: SimpleNamespace, handed_in: Application
) -> None:
    files = archive(round_.owner, handed_in)
    receipt = handed_in.receipt.replace("/", "-")
    assert sorted(files) == sorted([
        "application.pdf", "application.docx", "answers.json", "annexes/annex/letter.pdf",
        "annexes/annex/letter 2.pdf", f"receipts/{receipt}.json", "history.csv", "index.html", "index.json",
    ])  # fmt: skip
    index = json.loads(files["index.json"])
    assert {one["path"]: one["sha256"] for one in index["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "index.json"
    }
    submission = handed_in.submissions.get()
    assert hashlib.sha256(files[f"receipts/{receipt}.json"]).hexdigest() == submission.sha256
    assert files["annexes/annex/letter.pdf"] == LETTER
    assert read_word(files["application.docx"]).identity.subject == handed_in.key
    assert SECRET in text_of(files["application.pdf"])
    assert SECRET in files["index.html"].decode()
    assert "Paul Partner" in files["index.html"].decode()
    (head, *rows) = list(csv.reader(io.StringIO(files["history.csv"].decode("utf-8-sig"))))
    assert head == ["at", "who", "what", "reason"]
    assert rows[0][1] == "Olga Owner"


def test_a_missing_annex_is_named_not_dropped(round_: SimpleNamespace, handed_in: Application) -> None:
    from kontor.base.attachments import place_of

    place_of(Attachment.objects.filter(subject_kind="application").order_by("id")[0].key).unlink()
    files = archive(round_.owner, handed_in)
    told = {one["path"]: one["about"] for one in json.loads(files["index.json"])["files"]}
    assert "annexes/annex/letter.pdf" not in files
    assert told["annexes/annex/letter.pdf"].endswith("this file is gone")


def test_whoever_handles_it_reads_what_was_handed_in_and_never_the_draft(
    round_: SimpleNamespace, handed_in: Application
) -> None:
    actions.take_submission_back(application=handed_in, actor=by(round_.owner))
    written = {"market": Written("Half a thought, not for officers", base=handed_in.revision)}
    actions.save_answers(application=handed_in, written=written, actor=by(round_.owner))
    third = actions.attach_file  # a new file replaces the second one
    handed_in.refresh_from_db()
    second = handed_in.answers.get(field="annex").value[1]["key"]
    actions.remove_file(application=handed_in, field="annex", key=second, actor=by(round_.owner))
    new = third(
        application=handed_in,
        field="annex",
        upload=SimpleUploadedFile("new.pdf", LETTER),
        actor=by(round_.owner),
    )
    for user in (round_.manager, round_.controller):
        files = archive(user, handed_in)
        assert "application.docx" not in files
        assert "annexes/annex/new.pdf" not in files
        everything = b"".join(files.values()).decode(errors="ignore") + text_of(files["application.pdf"])
        assert "Half a thought" not in everything
        assert SECRET in everything
        assert readable_file(user, handed_in, new.key) is None
        assert readable_file(user, handed_in, second) is not None
    assert b"Half a thought" in archive(round_.reader, handed_in)["index.html"]
    assert readable_file(round_.reader, handed_in, new.key) == new


def test_a_history_that_a_spreadsheet_cannot_run(round_: SimpleNamespace, handed_in: Application) -> None:
    round_.owner.name = "=HYPERLINK(1)"
    round_.owner.save()
    actions.withdraw_application(application=handed_in, reason="@SUM(A1)", actor=by(round_.owner))
    rows = list(csv.reader(io.StringIO(archive(round_.owner, handed_in)["history.csv"].decode("utf-8-sig"))))
    assert (rows[-1][1], rows[-1][3]) == ("'=HYPERLINK(1)", "'@SUM(A1)")
