"""Committing, releasing and moving a programme's money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.programmes.models import Commitment, Draw, Envelope, Programme, Reallocation
from kontor.features.programmes.problem import PlannedEnvelope

CENT = Decimal("0.01")
#: What the columns hold.
MOST = Decimal(10) ** 10


@transaction.atomic
def commit_money(
    *,
    programme: Programme,
    draws: Mapping[str, Decimal],
    reference: str,
    amount: Decimal | None = None,
    actor: Actor,
) -> Commitment:
    """Promise money to a case. `draws` maps keys of envelopes to amounts; one case counts once in each.

    The commitment's own `amount` is the largest draw where none is given: a project of 100 under a theme and
    under a part draws 100 on both. Whoever divides a case among envelopes says what it is in all.
    KontorError where an envelope is unknown or holds too little; then nothing is committed.
    """
    if not draws or not reference.strip():
        raise KontorError(
            _("A commitment needs a case and an envelope."),
            code="commitment-empty",
            path="reference" if draws else "draws",
            remedy=_("Say for what the money is, and from which envelope."),
        )
    envelopes = _locked(programme, draws)
    for key, drawn in draws.items():
        _checked(drawn, f"draws.{key}")
        _take(envelopes[key], drawn)
    commitment = Commitment.objects.create(
        key=new_key(),
        programme=programme,
        reference=reference.strip()[:300],
        amount=max(draws.values()) if amount is None else amount,
        made_by=actor.label[:200],
    )
    Draw.objects.bulk_create(
        Draw(commitment=commitment, envelope=envelopes[key], amount=drawn) for key, drawn in draws.items()
    )
    changes = {f"draw {key}": [None, str(drawn)] for key, drawn in draws.items()}
    record(actor=actor, verb="commit", subject=commitment, changes=changes)
    return commitment


@transaction.atomic
def release_commitment(*, commitment: Commitment, reason: str, actor: Actor) -> None:
    """Give committed money back to its envelopes, with a reason. KontorError when it was released before."""
    _with_reason(reason)
    commitment = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if commitment.released_at is not None:
        raise KontorError(
            _("This money was released before."),
            code="already-released",
            remedy=_("Load the page again to see what is committed now."),
            status=409,
        )
    commitment.released_at, commitment.released_by = timezone.now(), actor.label[:200]
    commitment.release_reason = reason.strip()[:300]
    commitment.save(update_fields=["released_at", "released_by", "release_reason"])
    for draw in commitment.draws.all():
        Envelope.objects.filter(pk=draw.envelope_id).update(committed=F("committed") - draw.amount)
    changes = {"released": [False, True], "amount": [str(commitment.amount), None]}
    record(actor=actor, verb="release", subject=commitment, changes=changes, reason=reason)


@transaction.atomic
def reallocate(
    *, programme: Programme, source: str, target: str, amount: Decimal, reason: str, actor: Actor
) -> Reallocation:
    """Move uncommitted money from one envelope to another: a decision with its reason in the log."""
    _with_reason(reason)
    _checked(amount, "amount")
    if source == target:
        raise KontorError(
            _("Both envelopes are the same."),
            code="same-envelope",
            path="target",
            remedy=_("Choose another one."),
        )
    envelopes = _locked(programme, (source, target))
    given, taken = envelopes[source], envelopes[target]
    if given.remaining < amount:
        raise _exceeded(given, amount)
    Envelope.objects.filter(pk=given.pk).update(amount=F("amount") - amount)
    Envelope.objects.filter(pk=taken.pk).update(amount=F("amount") + amount)
    row = Reallocation.objects.create(
        programme=programme,
        source=given,
        target=taken,
        amount=amount,
        reason=reason.strip()[:500],
        decided_by=actor.label[:200],
    )
    changes = {
        f"amount of {source}": [str(given.amount), str(given.amount - amount)],
        f"amount of {target}": [str(taken.amount), str(taken.amount + amount)],
    }
    record(actor=actor, verb="reallocate", subject=programme, changes=changes, reason=reason)
    return row


def plan_envelopes(programme: Programme, planned: Iterable[PlannedEnvelope]) -> None:
    """Bring the envelopes to what a new version states, in the publication's transaction.

    Re-allocations stay on top of it. KontorError where an envelope would hold less than is committed.
    """
    rows = {
        row.key: row
        for row in Envelope.objects.select_for_update().filter(programme=programme).order_by("pk")
    }
    wanted = {one.key: one for one in planned}
    for position, one in enumerate(wanted.values()):
        row = rows.get(one.key) or Envelope(programme=programme, key=one.key)
        amount = one.amount + row.amount - row.planned
        if amount < row.committed:
            raise _exceeded(row, row.committed, holds=amount)
        row.kind, row.names, row.currency = one.kind, one.names, one.currency
        row.planned, row.amount, row.position, row.closed = one.amount, amount, position, False
        row.save()
    for key, row in rows.items():
        if key not in wanted and not row.closed:
            if row.committed:
                raise _exceeded(row, row.committed, holds=Decimal(0))
            row.closed = True
            row.save(update_fields=["closed"])


def _locked(programme: Programme, keys: Iterable[str]) -> dict[str, Envelope]:
    """The envelopes, locked in one order so that two writers cannot wait for each other."""
    wanted = set(keys)
    rows = (
        Envelope.objects.select_for_update()
        .filter(programme=programme, key__in=wanted, closed=False)
        .order_by("pk")
    )
    found = {row.key: row for row in rows}
    for key in sorted(wanted - set(found)):
        raise KontorError(
            _("The programme has no envelope “{key}”.").format(key=key),
            code="envelope-unknown",
            path=f"draws.{key}",
            remedy=_("Choose one from the programme's money page."),
            status=404,
        )
    return found


def _take(envelope: Envelope, amount: Decimal) -> None:
    if envelope.remaining < amount:
        raise _exceeded(envelope, amount)
    try:
        with transaction.atomic():
            Envelope.objects.filter(pk=envelope.pk).update(committed=F("committed") + amount)
    except IntegrityError as refused:
        raise _exceeded(envelope, amount) from refused


def _exceeded(envelope: Envelope, asked: Decimal, holds: Decimal | None = None) -> KontorError:
    left = envelope.remaining if holds is None else holds
    return KontorError(
        _("“{name}” has {left} {currency} left, {asked} {currency} are asked for.").format(
            name=envelope, left=left, currency=envelope.currency, asked=asked
        ),
        code="envelope-exceeded",
        path=f"draws.{envelope.key}",
        remedy=_("Take less, release a commitment, or move money from another envelope."),
        status=409,
    )


def _checked(amount: Decimal, path: str) -> None:
    if not amount.is_finite() or not 0 < amount < MOST or amount != amount.quantize(CENT):
        raise KontorError(
            _("{amount} is no amount of money.").format(amount=amount),
            code="amount-invalid",
            path=path,
            remedy=_("Write an amount above zero with at most two decimals."),
        )


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path="reason",
            remedy=_("Say in a sentence why; it stays on record."),
        )
