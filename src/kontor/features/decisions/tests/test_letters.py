"""Letters: in the applicant's language, from scores and comments, checked for jargon, kept as sent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from kontor.base.errors import Conflict, KontorError
from kontor.base.jobs import run_due_jobs
from kontor.features.accounts.models import User
from kontor.features.decisions import actions
from kontor.features.decisions.grounds import names_of
from kontor.features.decisions.letters import compose, jargon_in
from kontor.features.decisions.letters.jargon import _patterns
from kontor.features.decisions.models import Decision, Letter
from kontor.features.decisions.queries import findings_of
from kontor.features.decisions.scores import Standing
from kontor.features.decisions.tests.conftest import decided
from kontor.features.decisions.tests.test_pages import published
from kontor.features.juries.models import Panel

pytestmark = pytest.mark.django_db


def test_jargon_long_sentences_and_abbreviations_are_found() -> None:
    text = "Your deliverables are, pursuant to the rules, fine. The MIRG says so. The EUR 5 (DG REGIO) stay."
    found = [(one.quote, one.advice) for one in jargon_in(text, "en", frozenset({"DG"}))]
    assert found == [
        ("deliverables", "Better: “result”."),
        ("pursuant to", "Better: “under”."),
        ("MIRG", "Write out what it stands for."),
        ("REGIO", "Write out what it stands for."),
    ]
    assert jargon_in("One subject, and the unterminated wire stay.", "en") == []
    long = " ".join(["word"] * 29) + "."
    assert [one.advice for one in jargon_in(long, "nl")] == ["The sentence has 29 words. Make two of it."]
    assert [one.quote for one in jargon_in("Gemäß Ihrer Zuwendungen", "de")] == ["Gemäß", "Zuwendungen"]


@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_every_language_has_its_words(language: str) -> None:
    assert len(_patterns(language)) >= 25


def _standing() -> Standing:
    shares = {"innovation": Decimal(80), "market": Decimal(40), "budget": Decimal(60)}
    comments = {"de": ["Der Markt ist unklar."], "en": ["Novel idea."]}
    return Standing(
        raw=Decimal("58.5"), per_criterion=shares, passes=False, below=("market",), comments=comments
    )


def test_a_german_letter_says_scores_comments_and_reason(rocket: SimpleNamespace) -> None:
    decision = decided(rocket, 1, "reject", reason="Der Markt fehlt.")
    Decision.objects.filter(pk=decision.pk).update(language="de")
    decision.refresh_from_db()
    draft = compose(decision, _standing(), names_of(rocket.round), "ROCKET")
    assert draft.language == "de"
    assert draft.subject == "Entscheidung über „Project 1“ (R-1)"
    for words in (
        "leider können wir Ihren Antrag „Project 1“ nicht fördern.",
        "Der Markt fehlt.",
        "58,5 von 100 Punkten; 60 sind nötig",
        "– Markt und Nutzen für KMU: 40 % (50 % sind nötig)",
        "– Der Markt ist unklar.",
    ):
        assert words in draft.body
    assert "Novel idea." not in draft.body
    assert jargon_in(draft.body, "de", frozenset({"R-1", "ROCKET"})) == []


def test_comments_in_another_language_are_named(rocket: SimpleNamespace) -> None:
    decision = decided(rocket, 4, "conditions", reason="A good idea.", conditions="Find a tester.")
    draft = compose(decision, _standing(), names_of(rocket.round), "ROCKET")
    assert draft.language == "nl"
    assert "in het Duits:\n– Der Markt ist unklar." in draft.body
    assert "in het Engels:\nA good idea." in draft.body, "the reason is English"
    assert "in het Engels:\nFind a tester." in draft.body, "and so are the conditions"
    dutch = decided(rocket, 4, "conditions", reason="Goed.", conditions="Zoek een tester.", language="nl")
    assert "in het" not in compose(dutch, Standing(), names_of(rocket.round), "ROCKET").body
    assert "100.000,00 EUR" in draft.body


def test_a_letter_goes_out_once_checked_published_and_to_somebody(rocket: SimpleNamespace) -> None:
    published(rocket)
    letter = Letter.objects.get(decision__application=rocket.rows[0])
    told = {"letter": letter, "subject": "S", "body": "The partners\n\nwait", "revision": letter.revision}
    row = actions.change_letter(**told, accepted=False, actor=rocket.by)
    with pytest.raises(Conflict):
        actions.change_letter(**told, accepted=True, actor=rocket.by)
    assert [one.quote for one in findings_of(row)] == []
    row = actions.change_letter(
        letter=row, subject="S", body="Die Stakeholder warten", accepted=False, revision=None, actor=rocket.by
    )
    assert [one.quote for one in findings_of(row)] == ["Stakeholder"]
    with pytest.raises(KontorError, match="may not know: Stakeholder"):
        actions.send_letters(letters=[row], actor=rocket.by)
    actions.change_letter(
        letter=row, subject="S", body=row.body, accepted=True, revision=None, actor=rocket.by
    )
    assert actions.send_letters(letters=[row], actor=rocket.by) == 1
    run_due_jobs()
    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("S", "Die Stakeholder warten\n")
    for action in (
        lambda: actions.send_letters(letters=[row], actor=rocket.by),
        lambda: actions.change_letter(
            letter=row, subject="S", body="x", accepted=True, revision=None, actor=rocket.by
        ),
    ):
        with pytest.raises(KontorError, match="sent already"):
            action()
    other = Letter.objects.get(decision__application=rocket.rows[2])
    with pytest.raises(KontorError, match="Firm 3 BV has nobody on the site"):
        actions.send_letters(letters=[other], actor=rocket.by)


def test_a_letter_sent_while_it_is_composed_anew_stays_as_it_was_sent(
    rocket: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = decided(rocket, 1, "reject")
    (first,) = actions.prepare_letters(round=rocket.round, actor=rocket.by)

    def sent_meanwhile(*args: Any) -> Any:
        Letter.objects.update(sent_at=timezone.now(), body="As it was sent")
        return compose(*args)

    monkeypatch.setattr("kontor.features.decisions.actions.letters.compose", sent_meanwhile)
    assert actions.prepare_letters(round=rocket.round, decisions=[made], actor=rocket.by) == []
    first.refresh_from_db()
    assert (first.body, first.sent_at is not None) == ("As it was sent", True)


def test_before_the_publication_no_letter_leaves(rocket: SimpleNamespace) -> None:
    decided(rocket, 1, "reject")
    (letter,) = actions.prepare_letters(round=rocket.round, actor=rocket.by)
    with pytest.raises(KontorError, match="decision on R-1 is not published"):
        actions.send_letters(letters=[letter], actor=rocket.by)
    run_due_jobs()
    assert mail.outbox == []
    assert actions.prepare_letters(round=rocket.round, actor=rocket.by) == []
    assert len(actions.prepare_letters(round=rocket.round, decisions=[letter.decision], actor=rocket.by)) == 1


def test_a_jury_is_over_when_every_letter_has_gone_out(
    rocket: SimpleNamespace, user_with: Callable[..., User]
) -> None:
    published(rocket)
    for firm in rocket.firms[2:]:
        user_with("owner", firm.key)
    Panel.objects.create(key="closed", call=rocket.call, phase="closed")
    Panel.objects.create(key="talking", call=rocket.call, step=2, phase="discussion")
    letters = list(Letter.objects.filter(decision__round=rocket.round).order_by("pk"))
    assert len(letters) == 4
    actions.send_letters(letters=letters[1:], actor=rocket.by)
    assert Panel.objects.get(key="closed").phase == "closed"
    actions.send_letters(letters=letters[:1], actor=rocket.by)
    assert dict(Panel.objects.values_list("key", "phase")) == {"closed": "published", "talking": "discussion"}
