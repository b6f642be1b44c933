"""Answers from a Word file, another application and the directory: nothing is lost, all can be taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kontor.base.attachments import place_of
from kontor.base.errors import Conflict, KontorError
from kontor.base.models import Attachment
from kontor.features.calls import actions
from kontor.features.calls.actions import Written
from kontor.features.calls.dossier.actions import taking_over
from kontor.features.calls.dossier.copying import facts_for, plan_for, sources_for
from kontor.features.calls.dossier.facts import answers_of
from kontor.features.calls.dossier.paper import Side, Take, lines_of, word_of
from kontor.features.calls.dossier.tests.conftest import by, with_annex
from kontor.features.calls.models import Application, Signature, Transfer
from kontor.features.organisations.tests.factories import statement

pytestmark = pytest.mark.django_db


def write(application: Application, user: Any, **values: Any) -> None:
    application.refresh_from_db()
    written = {key: Written(value, base=application.revision) for key, value in values.items()}
    actions.save_answers(application=application, written=written, actor=by(user))
    application.refresh_from_db()


def edited(content: bytes, **texts: str) -> SimpleUploadedFile:
    """The file after somebody wrote these texts into the boxes, with a program that is not ours."""
    document = docx.Document(io.BytesIO(content))
    for table in document.tables:
        for key, text in texts.items():
            if f"⟦{key}⟧" in table.rows[0].cells[0].text:
                table.rows[1].cells[0].text = text
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile("back.docx", out.getvalue())


@pytest.fixture
def returned(round_: SimpleNamespace, complete: Application) -> Callable[..., Transfer]:
    content = word_of(complete, "de")

    def make(**texts: str) -> Transfer:
        return taking_over.receive_word(
            application=complete, upload=edited(content, **texts), actor=by(round_.editor)
        )

    return make


def settle(transfer: Transfer, user: Any, **takes: str) -> Transfer:
    return taking_over.settle_word(
        transfer=transfer, takes=takes, revision=transfer.application.revision, actor=by(user)
    )


def test_a_file_that_comes_back_unchanged_says_nothing(returned: Callable[..., Transfer]) -> None:
    transfer = returned()
    assert (transfer.values, transfer.unread, lines_of(transfer)) == ({}, [], [])


def test_each_side_is_shown_and_what_is_chosen_is_written(
    round_: SimpleNamespace, complete: Application, returned: Callable[..., Transfer]
) -> None:
    transfer = returned(market="From the train.", innovation="Also new. A laser.", months="30")
    write(complete, round_.owner, market="From the office.", months="30")
    found = {line.field.key: (line.side, line.proposal, line.options) for line in lines_of(transfer)}
    assert found == {
        "innovation": (Side.FILE, Take.FILE, (Take.FILE, Take.HERE)),
        "market": (Side.BOTH, Take.HERE, (Take.FILE, Take.HERE)),
        "months": (Side.SAME, Take.HERE, (Take.FILE, Take.HERE)),
    }
    transfer.application.refresh_from_db()
    done = settle(transfer, round_.owner, innovation="file", market="here")
    assert {key: answers_of(complete)[key] for key in ("innovation", "market", "months")} == {
        "innovation": "Also new. A laser.", "market": "From the office.", "months": "30",
    }  # fmt: skip
    assert list(done.taken) == ["innovation"]
    # what was not chosen is still in the file that is kept
    assert done.values["market"] == "From the train."
    assert place_of(Attachment.objects.of(done).get().key).read_bytes().startswith(b"PK")


def test_changes_of_different_sentences_are_joined(
    round_: SimpleNamespace, complete: Application, returned: Callable[..., Transfer]
) -> None:
    write(complete, round_.owner, market="One. Two. Three.")
    content = word_of(complete, "en")
    transfer = taking_over.receive_word(
        application=complete, upload=edited(content, market="One. Two. Four."), actor=by(round_.editor)
    )
    write(complete, round_.owner, market="Zero. Two. Three.")
    (line,) = lines_of(transfer)
    assert (line.proposal, line.joined) == (Take.JOINED, "Zero. Two. Four.")
    transfer.application.refresh_from_db()
    settle(transfer, round_.owner, market="joined")
    assert answers_of(complete)["market"] == "Zero. Two. Four."


def test_somebody_writing_while_another_chooses_is_seen(
    round_: SimpleNamespace, complete: Application, returned: Callable[..., Transfer]
) -> None:
    transfer = returned(market="From the train.")
    shown = complete.revision
    write(complete, round_.owner, market="Just now.")
    with pytest.raises(Conflict):
        taking_over.settle_word(
            transfer=transfer, takes={"market": "file"}, revision=shown, actor=by(round_.editor)
        )
    assert answers_of(complete)["market"] == "Just now."


def test_a_file_taken_over_makes_signatures_void_and_can_be_taken_back(
    round_: SimpleNamespace, signed: Application, returned: Callable[..., Transfer]
) -> None:
    before = answers_of(signed)["market"]
    transfer = settle(returned(market="From the train."), round_.editor, market="file")
    assert Signature.objects.get().voided_by == "Ed Editor"
    taking_over.take_transfer_back(transfer=transfer, actor=by(round_.editor))
    assert answers_of(signed)["market"] == before
    with pytest.raises(KontorError) as twice:
        settle(transfer, round_.editor, market="file")
    assert twice.value.code == "word-settled"


def test_taking_back_never_overwrites_what_was_written_since(
    round_: SimpleNamespace, complete: Application, returned: Callable[..., Transfer]
) -> None:
    transfer = settle(returned(market="From the train."), round_.editor, market="file")
    write(complete, round_.owner, market="Better still.")
    with pytest.raises(Conflict) as refused:
        taking_over.take_transfer_back(transfer=transfer, actor=by(round_.editor))
    assert refused.value.code == "written-since"
    assert answers_of(complete)["market"] == "Better still."


def test_foreign_and_damaged_files_are_refused_and_kept_nowhere(
    round_: SimpleNamespace, complete: Application
) -> None:
    other = actions.begin_application(call=round_.call, lead=round_.lead, actor=by(round_.owner))
    content = word_of(complete, "en")
    for name, upload, code in (
        ("another application", word_of(other, "en"), "word-foreign"),
        ("half a file", content[: len(content) // 2], "word-damaged"),
        ("a PDF", b"%PDF-1.7", "word-not-word"),
    ):
        with pytest.raises(KontorError) as refused:
            taking_over.receive_word(
                application=complete, upload=SimpleUploadedFile("x.docx", upload), actor=by(round_.editor)
            )
        assert (name, refused.value.code) == (name, code)
    assert (Transfer.objects.count(), Attachment.objects.count()) == (0, 0)


def test_only_a_draft_takes_anything_over(round_: SimpleNamespace, submitted: Application) -> None:
    upload = edited(word_of(submitted, "en"), market="Late.")
    with pytest.raises(KontorError) as refused:
        taking_over.receive_word(application=submitted, upload=upload, actor=by(round_.editor))
    assert refused.value.code == "not-a-draft"


def test_copying_field_by_field_with_files_of_its_own(round_: SimpleNamespace, complete: Application) -> None:
    with_annex(round_.call)
    complete.refresh_from_db()
    kept = actions.attach_file(
        application=complete,
        field="annex",
        upload=SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a"),
        actor=by(round_.owner),
    )
    other = actions.begin_application(
        call=round_.call, lead=round_.lead, title="Next", actor=by(round_.owner)
    )
    assert [row.key for row in sources_for(round_.owner, other)] == [complete.key]
    assert sources_for(round_.competitor, other) == []

    before = answers_of(other)
    lines = {line.copy.target: line for line in plan_for(other, complete)}
    assert lines["budget"].copy.fit == "part"  # the partner is not in this one
    values = {key: lines[key].copy.value for key in ("market", "annex", "budget")}
    transfer = taking_over.take_over(
        application=other, kind="application", source=complete.number, values=values,
        revision=other.revision, actor=by(round_.owner),
    )  # fmt: skip
    found = answers_of(other)
    assert found["market"] == answers_of(complete)["market"]
    assert list(found["budget"]) == [other.partners.get().key]
    (file,) = found["annex"]
    copied = Attachment.objects.get(key=file["key"])
    assert (copied.key != kept.key, copied.sha256, copied.subject_id) == (True, kept.sha256, other.pk)
    assert place_of(copied.key).read_bytes() == b"%PDF-1.7 a"

    taking_over.take_transfer_back(transfer=transfer, actor=by(round_.owner))
    assert {key: value for key, value in answers_of(other).items() if value} == before
    assert answers_of(complete)["annex"][0]["key"] == kept.key


def test_the_directory_offers_only_what_one_stands_for(round_: SimpleNamespace, draft: Application) -> None:
    statement(round_.lead, "We bond chips to glass.", kind="offer")
    secret = {"visibility": "teaser", "teaser": "A dairy"}
    statement(round_.partner, "Secret recipe of a dairy.", kind="offer", **secret)
    (mine,) = facts_for(round_.owner, draft)
    assert mine[0] == round_.lead
    assert "We bond chips to glass." in {fact.text for fact in mine[1]}
    assert facts_for(round_.competitor, draft) == []
    (theirs,) = facts_for(round_.colleague, draft)
    assert theirs[0] == round_.partner
