"""A decision as a letter: what was decided, why, how the proposal was judged, and what happens next.

Everything is in the applicant's language but what people wrote in another one: comments in the applicant's
language go first; where there are none, the others follow with the name of their language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from kontor.features.calls.models import Application
from kontor.features.decisions.models import Decision, DecisionKind
from kontor.features.decisions.scores import Standing
from kontor.features.decisions.wording import Names, points, said
from kontor.features.organisations.languages import language_name
from kontor.features.programmes.templatetags.programme_words import cents
from kontor.programmes.schema.assessment import Assessment, Criterion

K = DecisionKind
LANGUAGES = ("en", "de", "nl")


@dataclass(frozen=True)
class Draft:
    """A letter as text; paragraphs are parted by an empty line."""

    language: str
    subject: str
    body: str


def compose(decision: Decision, standing: Standing, names: Names, sender: str) -> Draft:
    """The letter in the application's language, in English where the interface lacks that language."""
    language = language_of(decision.application)
    with override(language):
        application = decision.application
        values = {"number": application.number, "title": application.title or application.number}
        subject = _("Decision on “%(title)s” (%(number)s)") % values
        parts = [
            _("Dear applicants,"),
            *_decided(decision, language),
            *_why(decision, names, language),
            *_judged(decision, standing, names, language),
            *_comments(standing, language),
            *_next(decision),
            _("With kind regards"),
            sender,
        ]
    return Draft(language, subject, "\n\n".join(part for part in parts if part))


def language_of(application: Application) -> str:
    """In which the applicants are written to: the application's, English where the interface lacks it."""
    language = application.language[:2]
    return language if language in LANGUAGES else "en"


def _decided(decision: Decision, language: str) -> Iterator[str]:
    application = decision.application
    values = {
        "title": application.title or application.number,
        "amount": cents(decision.amount),
        "currency": decision.round.call.definition_of_programme.currency,
        "percent": decision.percent,
        "place": decision.reserve_place or "–",
        "where": decision.redirect_to,
    }
    yield {
        K.APPROVE: _("We are glad to tell you: your proposal “%(title)s” will be funded."),
        K.CONDITIONS: _(
            "We are glad to tell you: your proposal “%(title)s” will be funded, with conditions."
        ),
        K.RESERVE: _(
            "Your proposal “%(title)s” is good enough to be funded, but the money does not reach it."
        ),
        K.POSTPONE: _("We have not decided on your proposal “%(title)s” yet."),
        K.REDIRECT: _("We cannot fund your proposal “%(title)s” in this call, but we know a better place."),
        K.REJECT: _("Unfortunately we cannot fund your proposal “%(title)s”."),
    }[K(decision.kind)] % values
    if decision.grants:
        text = _("The grant is at most %(amount)s %(currency)s.")
        if decision.percent < 100:
            text = _("The grant is at most %(amount)s %(currency)s, %(percent)s %% of what you asked for.")
        yield text % values
    if decision.kind == K.RESERVE and decision.reserve_place:
        yield _("It has place %(place)s on the reserve list.") % values
    if decision.kind == K.CONDITIONS:
        head = _("These conditions must be met:")
        if decision.language[:2] != language:
            head = _("These conditions must be met, in %(language)s:") % {
                "language": language_name(decision.language[:2], language)
            }
        yield f"{head}\n{decision.conditions}"
    if decision.kind == K.REDIRECT:
        yield _("Please turn to: %(where)s") % values


def _why(decision: Decision, names: Names, language: str) -> Iterator[str]:
    """The reason as data is said in the letter's language; one that somebody wrote stands as it is."""
    if decision.grounds:
        broken = _broken(decision, language)
        yield "\n".join([_("The reason:"), said(decision.grounds, names), *broken])
    elif decision.language[:2] == language:
        yield _("The reason:") + "\n" + decision.reason
    else:
        named = language_name(decision.language[:2], language)
        yield _("The reason, in %(language)s:") % {"language": named} + "\n" + decision.reason


def _broken(decision: Decision, language: str) -> list[str]:
    """Where it is not eligible: the rules that it broke, as the officer recorded them in each language."""
    if decision.grounds.get("code") != "decision.ineligible":
        return []
    last = decision.application.eligibility_decisions.first()
    rows = last.answers if last is not None else []
    texts = (row["text"].get(language) or row["text"].get("en", "") for row in rows if row["state"] == "no")
    return [f"– {text}" for text in texts if text]


def _judged(decision: Decision, standing: Standing, names: Names, language: str) -> Iterator[str]:
    assessment = decision.round.call.instrument_of_programme.assessment
    if assessment is None or not (standing.per_criterion or standing.raw is not None):
        return
    lines = []
    if standing.raw is not None and not standing.verdict:
        values = {"total": points(standing.raw), "least": points(assessment.threshold or Decimal(0))}
        text = _("The jury gave your proposal %(total)s of 100 points.")
        if assessment.threshold:
            text = _("The jury gave your proposal %(total)s of 100 points; %(least)s are needed.")
        lines.append(text % values)
    lines += [_criterion(one, standing, assessment, language) for one in assessment.criteria]
    yield "\n".join(line for line in lines if line)


def _criterion(one: Criterion, standing: Standing, assessment: Assessment, language: str) -> str:
    share = standing.per_criterion.get(one.key)
    if share is None or standing.verdict:
        return ""
    line = f"– {one.name.best(language)}: {points(share.quantize(Decimal(1)))} %"
    if one.key in standing.below:
        least = points(assessment.each or Decimal(0))
        line += " (" + _("%(least)s %% are needed") % {"least": least} + ")"
    return line


def _comments(standing: Standing, language: str) -> Iterator[str]:
    told = standing.comments
    own = told.get(language, [])
    if own:
        head = ngettext("The jury's comment:", "The jury's comments:", len(own))
        yield "\n".join([head, *(f"– {text}" for text in own)])
        return
    for other, texts in sorted(told.items()):
        named = language_name(other, language)
        head = _("What the jury said, in %(language)s:") % {"language": named}
        yield "\n".join([head, *(f"– {text}" for text in texts)])


def _next(decision: Decision) -> Iterator[str]:
    yield next_step(decision.kind)
    if decision.kind != K.REJECT:  # it offers that talk already
        yield _("If you have a question, your contact person gladly helps.")


def next_step(kind: str) -> str:
    """What happens after a decision of this kind, in the reader's language."""
    return {
        K.APPROVE: _("We will send you the grant agreement. Please do not start before you have signed it."),
        K.CONDITIONS: _("Please tell us how you meet the conditions. Then we send you the grant agreement."),
        K.RESERVE: _("If money becomes free, we write to you. You need not do anything."),
        K.POSTPONE: _("We write to you as soon as we have decided."),
        K.REDIRECT: _("If you agree, we gladly send them your proposal."),
        K.REJECT: _("Your contact person gladly talks with you about what would make the proposal stronger."),
    }[K(kind)]
