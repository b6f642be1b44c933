"""Taking the money of a grant out of envelopes, and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.features.decisions.models import Decision, DecisionDraw, Ending, PurseKind, RoundEnvelope
from kontor.features.decisions.money import ZERO, draws_of, granted_by, split_of
from kontor.features.programmes.actions import commit_money, release_commitment


def price(made: Decision) -> dict[str, Decimal]:
    """Fills in what is granted and from which envelopes; answers what pots make of that."""
    round, application = made.round, made.application
    rows = envelopes_of(made)
    partners = list(application.partners.current().select_related("organisation"))
    split = split_of(application, partners, rows, round.call, made.percent)
    if not split:
        raise KontorError(
            _("The proposal asks for no money, or for none that this round may place."),
            code="nothing-to-grant",
            path="kind",
            remedy=_("Look at the budget of the application and at the envelopes of the round."),
            status=409,
        )
    made.split = {key: str(amount) for key, amount in split.items()}
    made.amount = granted_by(split, round.call)
    return draws_of(split, rows, round.pot)


def envelopes_of(decision: Decision) -> list[RoundEnvelope]:
    return list(decision.round.envelopes.select_related("envelope"))


def take_money(made: Decision, draws: Mapping[str, Decimal], actor: Actor) -> None:
    """Commit what a decision draws, in the round's envelopes and in the programme's. KontorError (409)
    where an envelope holds too little by now; the transaction ends then.
    """
    rows = {row.key: row for row in envelopes_of(made) if row.key in draws}
    public: dict[str, Decimal] = {}
    for key, amount in draws.items():
        RoundEnvelope.objects.filter(pk=rows[key].pk).update(committed=F("committed") + amount)
        DecisionDraw.objects.create(decision=made, envelope=rows[key], amount=amount)
        envelope = rows[key].envelope
        if envelope is not None:
            public[envelope.key] = public.get(envelope.key, ZERO) + amount
    if public:
        made.commitment = commit_money(
            programme=made.round.call.programme,
            draws=public,
            reference=f"{made.application.number} {made.application.title}",
            # what it is in all: a region or a theme pays a part of it, a whole budget pays it once
            amount=min(made.amount, sum(public.values(), ZERO)),
            actor=actor,
        )
        made.save(update_fields=["commitment"])


def end_decision(decision: Decision, ending: Ending, actor: Actor) -> None:
    """It no longer holds; its money is free again."""
    for draw in decision.draws.all():
        RoundEnvelope.objects.filter(pk=draw.envelope_id).update(committed=F("committed") - draw.amount)
    commitment = decision.commitment
    if commitment is not None and commitment.released_at is None:
        release_commitment(commitment=commitment, reason=str(Ending(ending).label), actor=actor)
    decision.ended_at, decision.ended_by, decision.ending = timezone.now(), actor.label[:200], ending
    decision.save(update_fields=["ended_at", "ended_by", "ending"])


def release_decision(decision: Decision, actor: Actor) -> None:
    """End what was decided on an application that was withdrawn, with its row in the log."""
    end_decision(decision, Ending.WITHDRAWN, actor)
    changes = {"decision": [decision.kind, None], "amount": [str(decision.amount), None]}
    record(actor=actor, verb="decision.released", subject=decision.application, changes=changes)


def revive_decision(before: Decision, actor: Actor) -> None:
    """It holds again, and takes its money anew. KontorError (409) where that is gone."""
    before.ended_at, before.ended_by, before.ending, before.commitment = None, "", "", None
    before.draws.all().delete()
    rows = envelopes_of(before)
    if before.grants:  # what was set aside for the call meanwhile counts it too
        later = [row.key for row in rows if row.kind == PurseKind.CALL]
        before.split = {**before.split, **{key: str(before.amount) for key in later}}
    before.save(update_fields=["ended_at", "ended_by", "ending", "commitment", "reserve_place", "split"])
    split = {key: Decimal(amount) for key, amount in before.split.items()}
    take_money(before, draws_of(split, rows, before.round.pot), actor)
