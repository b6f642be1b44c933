"""Several people write in one application: every text is stored, joined or kept beside; none is lost."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.calls import actions
from kontor.features.calls.actions import Outcome, Written
from kontor.features.calls.models import AnswerVersion, Application

FIRST = "It smells milk. It costs little."


def save(application: Application, user: object, key: str, value: object, base: int = 0) -> actions.Saved:
    written = {key: Written(value, base=base)}
    return actions.save_answers(application=application, written=written, actor=Actor.of_user(user))[key]


def test_what_fills_a_fact_fills_it(round_: SimpleNamespace, complete: Application) -> None:
    assert (complete.title, complete.themes, complete.kets, complete.months) == (
        "A nose for milk", ["health"], ["photonics"], 24,
    )  # fmt: skip
    assert complete.requested == Decimal("120000.00")
    assert {(one.cost, one.grant) for one in complete.partners.all()} == {
        (Decimal("100000.00"), Decimal("60000.00"))
    }


def test_two_people_in_different_sentences_are_joined(round_: SimpleNamespace, draft: Application) -> None:
    first = save(draft, round_.owner, "innovation", FIRST)
    theirs = save(
        draft, round_.colleague, "innovation", "It smells sour milk. It costs little.", first.revision
    )
    mine = save(draft, round_.owner, "innovation", "It smells milk. It costs nothing.", first.revision)
    assert (theirs.outcome, mine.outcome, mine.by) == (Outcome.SAVED, Outcome.MERGED, "Paul Partner")
    assert draft.answers.get(field="innovation").value == "It smells sour milk. It costs nothing."


def test_two_people_in_one_sentence_keep_both(round_: SimpleNamespace, draft: Application) -> None:
    first = save(draft, round_.owner, "innovation", FIRST)
    save(draft, round_.colleague, "innovation", "It hears milk. It costs little.", first.revision)
    mine = save(draft, round_.owner, "innovation", "It tastes milk. It costs little.", first.revision)
    assert mine.outcome == Outcome.PARKED
    assert draft.answers.get(field="innovation").value == "It hears milk. It costs little."
    parked = AnswerVersion.objects.get(pk=mine.parked)
    assert parked.value == "It tastes milk. It costs little."
    actions.settle_version(version=parked, take=True, actor=Actor.of_user(round_.colleague))
    assert draft.answers.get(field="innovation").value == "It tastes milk. It costs little."
    values = draft.versions.filter(field="innovation").order_by("id").values_list("value", flat=True)
    assert "It hears milk. It costs little." in list(values)
    with pytest.raises(KontorError, match="decided about this text already"):
        actions.settle_version(version=parked, take=False, actor=Actor.of_user(round_.owner))


def test_a_text_sent_twice_is_stored_once(round_: SimpleNamespace, draft: Application) -> None:
    """The answer to the first sending got lost, somebody else wrote, and the page sends again."""
    save(draft, round_.owner, "innovation", FIRST)
    save(draft, round_.colleague, "innovation", "Another text altogether.", 3)
    again = save(draft, round_.owner, "innovation", FIRST)
    assert again.outcome == Outcome.SAME
    assert draft.answers.get(field="innovation").value == "Another text altogether."
    assert draft.versions.filter(field="innovation", settled_at=None, origin="parked").count() == 0


def test_two_first_texts_follow_each_other(round_: SimpleNamespace, draft: Application) -> None:
    save(draft, round_.owner, "innovation", "One.")
    save(draft, round_.colleague, "innovation", "Two.")
    assert draft.answers.get(field="innovation").value == "One. Two."


def test_an_earlier_version_comes_back(round_: SimpleNamespace, draft: Application) -> None:
    first = save(draft, round_.owner, "innovation", FIRST)
    save(draft, round_.owner, "innovation", "", first.revision)
    version = draft.versions.filter(field="innovation", value=FIRST).get()
    actions.restore_version(version=version, actor=Actor.of_user(round_.colleague))
    assert draft.answers.get(field="innovation").value == FIRST


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("title", ["a"], "answer-shape"),
        ("unheard-of", "a", "field-unknown"),
        ("risks", [], "field-unknown"),
        ("partners", {}, "field-unknown"),
    ],
)
def test_what_does_not_belong_there_is_refused(
    round_: SimpleNamespace, draft: Application, key: str, value: object, code: str
) -> None:
    with pytest.raises(KontorError) as refused:
        save(draft, round_.owner, key, value)
    assert refused.value.code == code


def test_nothing_is_written_after_the_submission(round_: SimpleNamespace, complete: Application) -> None:
    by = Actor.of_user(round_.owner)
    actions.submit_application(application=complete, actor=by)
    with pytest.raises(KontorError) as refused:
        save(complete, round_.editor, "innovation", "Too late")
    assert refused.value.code == "not-a-draft"
    assert "Too late" not in str(list(complete.versions.values_list("value", flat=True)))
