"""The officer's decision about eligibility: recorded with what the rules said, never overwritten."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict, KontorError
from kontor.features.calls.actions import move_application, refuse_own
from kontor.features.calls.checking.problem import recorded
from kontor.features.calls.models import Application, ApplicationState, EligibilityDecision, Verdict
from kontor.features.calls.problem import eligibility
from kontor.programmes import Assessment
from kontor.programmes.rules import State

#: Languages in which the rules' answers are kept beside those of the call.
LANGUAGES = ("en", "de", "nl")
_TO = {Verdict.ELIGIBLE: ApplicationState.ELIGIBLE, Verdict.INELIGIBLE: ApplicationState.INELIGIBLE}
_OPEN = (
    ApplicationState.SUBMITTED,
    ApplicationState.ADMISSIBLE,
    ApplicationState.ELIGIBLE,
    ApplicationState.INELIGIBLE,
)


@transaction.atomic
def decide_eligibility(
    *, application: Application, verdict: str, reason: str, seen: int, actor: Actor
) -> EligibilityDecision:
    """Record that an application is eligible or not, beside what every rule said at this moment.

    `seen` is the number of the last decision the officer saw, 0 for none: Conflict where a colleague decided
    in between. Deciding otherwise than the rules say, or before everything is known, needs a reason; so does
    every refusal. KontorError once the application is being assessed, and for an officer who stands
    for one of its organisations.
    """
    application = _locked(application, seen)
    refuse_own([application], actor)
    choice = _verdict(verdict)
    if application.state not in _OPEN:
        raise KontorError(
            _("This application is {state}.").format(state=application.get_state_display()),
            code="state-not-decidable",
            remedy=_("Eligibility is decided between submission and assessment."),
            status=409,
        )
    found = eligibility(application)
    waived = _against(found, choice)
    if not reason.strip() and (waived or choice == Verdict.INELIGIBLE):
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path="reason",
            remedy=_("Say why the decision differs from the rules.")
            if waived
            else _("The applicant reads it; name the rule and what was missing."),
        )
    row = _record(application, choice, reason, found, waived, actor)
    move_application(application=application, to=_TO[choice], reason=reason.strip(), actor=actor)
    return row


@transaction.atomic
def take_back_eligibility(
    *, application: Application, reason: str, seen: int, actor: Actor
) -> EligibilityDecision:
    """Undo the last decision: the application is submitted again, and both rows stay."""
    application = _locked(application, seen)
    refuse_own([application], actor)
    last = application.eligibility_decisions.first()
    if last is None or last.verdict == Verdict.TAKEN_BACK:
        raise KontorError(
            _("There is no decision to take back."),
            code="nothing-decided",
            remedy=_("Load the page again to see where the application stands."),
            status=409,
        )
    if not reason.strip():
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path="reason",
            remedy=_("Say in a sentence why; it stays on record."),
        )
    row = _record(application, Verdict.TAKEN_BACK, reason, eligibility(application), [], actor)
    move_application(
        application=application, to=ApplicationState.SUBMITTED, reason=reason.strip(), actor=actor
    )
    return row


def _locked(application: Application, seen: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "call__programme", "call__version"
    )
    row = rows.get(pk=application.pk)
    last = row.eligibility_decisions.values_list("number", flat=True).first() or 0
    if last != seen:
        raise Conflict(
            _("A colleague decided about this application in the meantime."),
            code="eligibility-decided",
            remedy=_("Look at that decision before you write another."),
        )
    return row


def _verdict(verdict: str) -> Verdict:
    if verdict not in (Verdict.ELIGIBLE, Verdict.INELIGIBLE):
        raise KontorError(
            _("“{verdict}” is no decision.").format(verdict=verdict),
            code="verdict-invalid",
            path="verdict",
            remedy=_("Choose eligible or not eligible."),
        )
    return Verdict(verdict)


def _against(found: Assessment, choice: Verdict) -> list[str]:
    """Keys of the rules that do not say what the officer decides."""
    if choice == Verdict.ELIGIBLE:
        return [
            answer.use.key
            for answer in found.answers
            if answer.state != State.YES and not answer.use.preference
        ]
    if found.broken:
        return []
    return [answer.use.key for answer in found.answers if not answer.use.preference]


def _record(
    application: Application,
    verdict: Verdict,
    reason: str,
    found: Assessment,
    waived: list[str],
    actor: Actor,
) -> EligibilityDecision:
    last = application.eligibility_decisions.values_list("number", flat=True).first() or 0
    languages = tuple(dict.fromkeys((*application.call.languages, *LANGUAGES)))
    row = EligibilityDecision.objects.create(
        application=application,
        number=last + 1,
        verdict=verdict,
        reason=reason.strip(),
        computed=str(found.state),
        answers=recorded(found, languages),
        waived=waived,
        receipt=application.receipt,
        decided_at=timezone.now(),
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )
    changes = {
        "eligibility": [None, str(verdict)],
        "rules say": [None, str(found.state)],
        "against": [None, ", ".join(waived) or None],
    }
    record(
        actor=actor,
        verb="application.eligibility",
        subject=application,
        changes={name: pair for name, pair in changes.items() if pair[1]},
        reason=reason.strip(),
    )
    return row
