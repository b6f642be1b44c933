"""Taking decisions on proposals, one by one or as the adopted scenario says, and confirming grants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.actions import refuse_own
from kontor.features.calls.models import HANDED_IN, Application, ApplicationState
from kontor.features.calls.models.eligibility import Verdict as Eligibility
from kontor.features.decisions.actions.placing import end_decision, price, take_money
from kontor.features.decisions.actions.rounds import locked_round, touch
from kontor.features.decisions.grounds import proposed_by
from kontor.features.decisions.models import GRANTING, Decision, DecisionKind, Ending, Round

S = ApplicationState
#: Nobody has found these eligible: they get no money.
UNGRANTABLE = frozenset({S.SUBMITTED, S.ADMISSIBLE, S.INELIGIBLE})


@dataclass(frozen=True)
class Verdict:
    """What is decided. `percent` of what was asked is granted; `grounds` are a reason as data where the
    software worded it; `place` on the reserve list. `language` is that of the words, the actor's if empty.
    """

    kind: str
    reason: str
    conditions: str = ""
    redirect_to: str = ""
    percent: int = 100
    grounds: dict[str, Any] = field(default_factory=dict)
    place: int | None = None
    language: str = ""


@transaction.atomic
def decide(
    *, round: Round, application: Application, verdict: Verdict, seen: str | None = None, actor: Actor
) -> Decision:
    """What becomes of a proposal, with its reason. A grant commits its money in the same transaction or
    is not taken. `seen` is the key of the decision that the person had in front of them, "" for none:
    Conflict where another holds by now. An earlier decision is replaced and stays on record, published or
    not.
    """
    row = locked_round(round)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    known = Decision.objects.live().filter(application=application).first()
    if seen is not None and seen != (known.key if known else ""):
        raise Conflict(
            _("Somebody else decided on this proposal in the meantime."),
            path="seen",
            remedy=_("Load the page again to see what they decided."),
        )
    _check(row, application, verdict)
    refuse_own([application], actor)
    if known:
        end_decision(known, Ending.REPLACED, actor)
    made = _made(row, application, verdict, known, actor)
    draws = price(made) if made.grants else {}
    made.save()
    take_money(made, draws, actor)
    touch(row, actor)
    changes: dict[str, list[Any]] = {
        "decision": [known.kind if known else None, made.kind],
        "amount": [str(known.amount) if known else None, str(made.amount)],
        "percent": [None, made.percent if made.grants else None],
        "conditions": [None, made.conditions],
        "redirect_to": [None, made.redirect_to],
        "place": [None, made.reserve_place],
    }
    told = {name: pair for name, pair in changes.items() if pair[0] or pair[1]}
    record(actor=actor, verb="decision.taken", subject=application, changes=told, reason=made.reason)
    return made


def _made(
    row: Round, application: Application, verdict: Verdict, known: Decision | None, actor: Actor
) -> Decision:
    kind = DecisionKind(verdict.kind)
    return Decision(
        key=new_key(),
        round=row,
        application=application,
        kind=kind,
        reason=verdict.reason.strip(),
        language=(verdict.language or actor.language)[:8],
        grounds=verdict.grounds,
        conditions=verdict.conditions.strip() if kind == DecisionKind.CONDITIONS else "",
        redirect_to=verdict.redirect_to.strip() if kind == DecisionKind.REDIRECT else "",
        percent=verdict.percent if kind in GRANTING else 100,
        reserve_place=free_place(row, application, verdict.place) if kind == DecisionKind.RESERVE else None,
        scenario=row.adopted,
        decided_at=timezone.now(),
        decided_by=actor.label[:200],
        decided_by_key=actor.key[:64],
        replaces=known,
    )


def free_place(row: Round, application: Application, wanted: int | None) -> int:
    """The place wanted on the reserve list; behind all others where that is taken, or none was wanted."""
    rows = Decision.objects.live().filter(round=row, kind=DecisionKind.RESERVE)
    rows = rows.exclude(application=application)
    if wanted and not rows.filter(reserve_place=wanted).exists():
        return wanted
    return (rows.aggregate(last=Max("reserve_place"))["last"] or 0) + 1


def _check(row: Round, application: Application, verdict: Verdict) -> None:
    if application.call_id != row.call_id or application.state not in HANDED_IN:
        raise KontorError(
            _("The application is not part of this call, was not handed in, or was withdrawn."),
            code="not-in-round",
            path="application",
            remedy=_("Load the page again to see where it stands."),
            status=409,
        )
    kind = verdict.kind
    if kind not in DecisionKind.values:
        raise _wrong(
            "kind", _("There is no decision “{kind}”.").format(kind=kind), _("Choose one of the list.")
        )
    if not verdict.reason.strip():
        raise _wrong("reason", _("A reason is missing."), _("Say in a sentence why; applicants may ask."))
    if kind == DecisionKind.CONDITIONS and not verdict.conditions.strip():
        raise _wrong(
            "conditions", _("The conditions are missing."), _("Say what must be done, and until when.")
        )
    if kind == DecisionKind.REDIRECT and not verdict.redirect_to.strip():
        raise _wrong(
            "redirect_to", _("Where to is missing."), _("Name the programme, the call or the office.")
        )
    if not 1 <= verdict.percent <= 100:
        wrong = _("{percent} % cannot be granted.").format(percent=verdict.percent)
        raise _wrong("percent", wrong, _("Use 1 to 100."))
    if kind in (*GRANTING, DecisionKind.RESERVE) and ungrantable(application):
        words = _("A proposal that is not eligible gets no money.")
        if application.state in (S.SUBMITTED, S.ADMISSIBLE):
            words = _("Whether the proposal is eligible is not decided yet.")
        raise _wrong("kind", words, _("Decide about its eligibility first."))


def ungrantable(application: Application) -> bool:
    """Whether nobody found it eligible. Once it is decided, the officer's record says so, not its state."""
    if application.state != S.DECIDED:
        return application.state in UNGRANTABLE
    last = application.eligibility_decisions.first()
    return last is not None and last.verdict != Eligibility.ELIGIBLE


def _wrong(path: str, message: object, remedy: object) -> KontorError:
    return KontorError(message, code=f"{path.replace('_', '-')}-invalid", path=path, remedy=remedy)


@transaction.atomic
def decide_as_adopted(*, round: Round, actor: Actor) -> list[Decision]:
    """Take for every proposal without a decision the one that the adopted scenario proposes, with its
    reason in words. All or none: KontorError where the money of one of them is gone.
    """
    row = locked_round(round)
    scenario = row.adopted
    if scenario is None:
        raise KontorError(
            _("No scenario is adopted."),
            code="nothing-adopted",
            remedy=_("Compute scenarios and adopt one of them."),
            status=409,
        )
    held = Decision.objects.live().filter(round=row)
    decided = set(held.values_list("application__key", flat=True))
    applications = {one.key: one for one in row.call.applications.filter(state__in=HANDED_IN)}
    made = []
    for one in proposed_by(row, scenario, actor.language):
        if one.key not in decided and one.key in applications:
            verdict = Verdict(one.kind, one.reason, percent=one.percent, grounds=one.grounds, place=one.place)
            made.append(
                decide(round=row, application=applications[one.key], verdict=verdict, seen="", actor=actor)
            )
    return made


@transaction.atomic
def confirm_decisions(*, round: Round, decisions: Iterable[Decision], actor: Actor) -> int:
    """A second person says yes to grants; how many. KontorError where it is the one who decided."""
    row = locked_round(round)
    keys = [one.key for one in decisions]
    count = 0
    held = Decision.objects.live().filter(round=row, key__in=keys).select_related("application", "round")
    refuse_own([one.application for one in held if one.needs_confirmation], actor)
    for one in held:
        if not one.needs_confirmation:
            continue
        if one.decided_by_key == actor.key:
            raise KontorError(
                _("You took the decision on {number} yourself.").format(number=one.application.number),
                code="same-person",
                path="decisions",
                remedy=_("Ask another person who manages the programme."),
                status=409,
            )
        one.confirmed_at, one.confirmed_by = timezone.now(), actor.label[:200]
        one.save(update_fields=["confirmed_at", "confirmed_by"])
        changes = {"confirmed": [False, True], "amount": [str(Decimal(0)), str(one.amount)]}
        record(actor=actor, verb="decision.confirmed", subject=one.application, changes=changes)
        count += 1
    if count:
        touch(row, actor)
    return count
