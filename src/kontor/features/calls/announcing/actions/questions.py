"""Questions about a call and their answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.models import Call, CallState, Question

#: Characters of a question, and of an answer.
LONGEST = 3_000
#: Unanswered questions of one call at a time: beyond, somebody must answer first.
MOST_WAITING = 200


@transaction.atomic
def ask_question(*, call: Call, text: str, language: str, email: str = "", actor: Actor) -> Question:
    """Put a question to those who help in the call; whoever gives an address is answered by mail.

    KontorError for an empty or too long text, and while too many wait for an answer.
    """
    if call.state != CallState.PUBLISHED:
        raise _refused(
            "call", _("This call takes no questions."), _("Write to the programme's managers."), 409
        )
    if not text.strip() or len(text) > LONGEST:
        raise _refused(
            "text",
            _("Write a text of at most {most} characters.").format(most=LONGEST),
            _("Ask one thing at a time."),
        )
    if call.faq.waiting().count() >= MOST_WAITING:
        raise _refused(
            "text",
            _("Too many questions wait for an answer."),
            _("Call your contact person, or try again tomorrow."),
            409,
        )
    question = Question.objects.create(
        key=new_key(),
        call=call,
        asked=text.strip(),
        language=language,
        email=email.strip(),
        asked_at=timezone.now(),
        position=call.faq.count(),
    )
    record(actor=actor, verb="call.asked", subject=call, changes={"question": [None, question.key]})
    return question


@transaction.atomic
def answer_question(
    *,
    question: Question,
    texts: dict[str, dict[str, str]],
    publish: bool = True,
    revision: int | None = None,
    actor: Actor,
) -> Question:
    """Answer it, in one or more languages, and put it on the call's page where `publish`.

    `texts` is {language: {"question", "answer"}}; both parts of a language or none. Conflict where somebody
    answered since `revision`. The one who asked is told once, by mail.
    """
    rows = Question.objects.select_for_update(of=("self",)).select_related("call")
    row = rows.get(pk=question.pk)
    if revision is not None and row.revision != revision:
        raise Conflict(
            _("Somebody answered this question while you were writing."),
            code="question-changed",
            remedy=_("Look at the answer as it is now and save again."),
        )
    told = _whole(row.call, texts)
    first = row.answered_at is None
    row.texts, row.answered_at = told, row.answered_at or timezone.now()
    row.answered_by = actor.label[:200]
    row.published_at = (row.published_at or timezone.now()) if publish else None
    row.revision += 1
    row.save()
    changes = {"question": [row.key, row.key], "published": [None, publish]}
    record(actor=actor, verb="call.answered", subject=row.call, changes=changes)
    if first and row.email:
        _tell(row)
    return row


@transaction.atomic
def take_down_question(*, question: Question, actor: Actor) -> None:
    """Take a published answer off the page; it can be published again."""
    row = Question.objects.select_for_update().get(pk=question.pk)
    if row.published_at is not None:
        row.published_at = None
        row.revision += 1
        row.save(update_fields=["published_at", "revision"])
        changes = {"question": [row.key, row.key], "published": [True, False]}
        record(actor=actor, verb="call.answered", subject=question.call, changes=changes)


@transaction.atomic
def discard_question(*, question: Question, actor: Actor) -> None:
    """Delete a question that nobody should read, such as advertising; its text stays in the log."""
    changes = {"question": [question.key, None], "asked": [question.asked, None]}
    record(actor=actor, verb="call.question-discarded", subject=question.call, changes=changes)
    question.delete()


def _whole(call: Call, texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = {}
    for language in call.languages or ["en"]:
        given = texts.get(language, {})
        parts = {name: given.get(name, "").strip() for name in ("question", "answer")}
        if bool(parts["question"]) != bool(parts["answer"]):
            name = "answer" if parts["question"] else "question"
            raise _refused(
                f"{name}_{language}",
                _("Question and answer belong together."),
                _("Write both in this language, or neither."),
            )
        if max(map(len, parts.values())) > LONGEST:
            raise _refused(
                f"answer_{language}",
                _("Write a text of at most {most} characters.").format(most=LONGEST),
                _("Shorten it."),
            )
        if parts["answer"]:
            told[language] = parts
    if not told:
        first = (call.languages or ["en"])[0]
        raise _refused(
            f"answer_{first}", _("The answer is missing."), _("Write it in one language at least.")
        )
    return told


def _tell(question: Question) -> None:
    said = question.texts.get(question.language) or next(iter(question.texts.values()))
    context = {"call": question.call, "asked": question.asked, "answer": said["answer"]}
    mail.send(to=question.email, language=question.language, template="question_answered", context=context)


def _refused(path: str, message: object, remedy: object, status: int = 400) -> KontorError:
    return KontorError(message, code=f"{path.split('_')[0]}-invalid", path=path, remedy=remedy, status=status)
