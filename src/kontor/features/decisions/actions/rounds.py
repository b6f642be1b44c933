"""Opening a round, its settings, and scores from outside the site."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.actions import refuse_own
from kontor.features.calls.models import HANDED_IN, Application, Call, FundingMode
from kontor.features.decisions.models import (
    Decision,
    DecisionDraw,
    HandScore,
    PurseKind,
    Round,
    RoundEnvelope,
)
from kontor.features.decisions.models.rounds import POT_OF
from kontor.features.programmes.models import Envelope, EnvelopeKind

CENT = Decimal("0.01")
BALANCING = "balancing"
CALL = "call"
FIELDS = ("four_eyes", "met_on", "place", "present", "notes", "seed")


@transaction.atomic
def open_round(
    *,
    call: Call,
    ceiling: Decimal | None = None,
    balancing: Decimal | None = None,
    four_eyes: bool = True,
    is_sample: bool = False,
    actor: Actor,
) -> Round:
    """A round for the call with the envelopes it may draw on: those of the programme that its instrument
    belongs to, or its regions; `ceiling`, money set aside for this call; and `balancing`, a pot that
    helps regions. KontorError (409) where the call has a round, and for a `ceiling` where regions pay.
    """
    _check_purses(call, ceiling, balancing)
    made = _created(call, four_eyes, is_sample, actor)
    rows = list(_envelopes(call))
    if ceiling is not None:
        rows.append(_own(CALL, PurseKind.CALL, _amount(ceiling)))
    if balancing is not None:
        rows.append(_own(BALANCING, PurseKind.BALANCING, _amount(balancing)))
    for position, row in enumerate(rows):
        RoundEnvelope.objects.create(round=made, position=position, **row)
    changes = {row["key"]: [None, _shown(row.get("amount"))] for row in rows}
    record(actor=actor, verb="decision.round_opened", subject=made, changes=changes)
    return made


def _created(call: Call, four_eyes: bool, is_sample: bool, actor: Actor) -> Round:
    try:
        with transaction.atomic():
            return Round.objects.create(
                key=new_key(),
                call=call,
                pot=POT_OF[FundingMode(call.mode)],
                four_eyes=four_eyes,
                is_sample=is_sample,
                created_by=actor.label[:200],
                changed_by=actor.label[:200],
            )
    except IntegrityError as error:
        raise KontorError(
            _("The decisions on this call are begun already."),
            code="round-exists",
            path="call",
            remedy=_("Open them from the list."),
            status=409,
        ) from error


def _envelopes(call: Call) -> Iterator[dict[str, Any]]:
    rows = list(call.programme.envelopes.filter(closed=False))
    definition = call.definition_of_programme
    if call.regions:
        for region in call.regions:
            yield {
                "key": region["key"],
                "kind": PurseKind.REGION,
                "names": region["name"],
                "amount": Decimal(region["budget"]) if region.get("budget") else None,
                "envelope": _of_region(call, definition, region, rows),
            }
        return
    whole = call.programme.current
    own = f"{definition.key}/"
    variant = whole is not None and definition.key != whole.definition.key
    # a variant without money of its own draws on the programme's
    prefix = own if variant and any(row.key.startswith(own) for row in rows) else ""
    for row in rows:
        key = row.key.removeprefix(prefix)
        if row.key == f"{prefix}{key}" and "/" not in key and _belongs(row, key, call, definition):
            yield {"key": row.key, "kind": PurseKind.PROGRAMME, "names": row.names, "envelope": row}


def _belongs(row: Envelope, key: str, call: Call, definition: programmes.Programme) -> bool:
    """Whether money for the call's instrument comes out of the envelope."""
    if row.kind in (EnvelopeKind.BUDGET, EnvelopeKind.THEME):
        return True
    if row.kind == EnvelopeKind.PART:
        return key == f"part:{call.instrument_of_programme.part}"
    return any(one.key == key and one.instrument == call.instrument for one in definition.envelopes)


def _of_region(
    call: Call, definition: programmes.Programme, region: dict[str, Any], rows: list[Envelope]
) -> Envelope | None:
    """The programme's envelope for the instrument in the region, where its file has one."""
    areas = tuple(region.get("nuts", ()))
    keys = {
        one.key
        for one in definition.envelopes
        if one.instrument == call.instrument and one.region and one.region in areas
    }
    return next((row for row in rows if row.key in keys or row.key == region.get("envelope")), None)


def _own(key: str, kind: PurseKind, amount: Decimal) -> dict[str, Any]:
    return {"key": key, "kind": kind, "names": _names(kind), "amount": amount}


def _names(kind: PurseKind) -> dict[str, str]:
    """Its name in every language of the interface: rows outlive the reader."""
    texts = {
        PurseKind.CALL: gettext_noop("Set aside for this call"),
        PurseKind.BALANCING: gettext_noop("Balancing pot"),
    }
    names = {}
    for language in ("en", "de", "nl"):
        with override(language):
            names[language] = now(texts[kind])
    return names


@transaction.atomic
def change_round(
    *,
    round: Round,
    values: dict[str, Any],
    revision: int | None,
    ceiling: Decimal | None = None,
    balancing: Decimal | None = None,
    actor: Actor,
) -> Round:
    """Settings and what the minutes say of the meeting; `ceiling` and `balancing` as amounts that must
    not fall below what is placed, None: left as they are. Conflict where somebody changed the round since
    `revision`.
    """
    row = locked_round(round)
    if revision is not None and revision != row.revision:
        raise Conflict(
            _("Somebody else changed this in the meantime."),
            path="revision",
            remedy=_("Load the page again, and enter your change once more."),
        )
    _keep_four_eyes(row, values)
    _check_purses(row.call, ceiling, balancing)
    before = {name: _shown(getattr(row, name)) for name in FIELDS}
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    changes = changed_fields(before, {name: _shown(getattr(row, name)) for name in FIELDS})
    for key, kind, amount in (
        (CALL, PurseKind.CALL, ceiling),
        (BALANCING, PurseKind.BALANCING, balancing),
    ):
        if amount is not None:
            changes |= set_amount(row, key, kind, _amount(amount))
    if changes:
        touch(row, actor)
        record(actor=actor, verb="decision.round_changed", subject=row, changes=changes)
    return row


def _check_purses(call: Call, ceiling: Decimal | None, balancing: Decimal | None) -> None:
    """Regions of a synchronised call pay, with a pot that helps them; money set aside for a call is an upper
    limit where the programme's envelopes pay.
    """
    if call.regions and ceiling is not None:
        raise KontorError(
            _("The regions of this call pay; nothing can be set aside beside them."),
            code="ceiling-with-regions",
            path="ceiling",
            remedy=_("Leave it empty, or set up a balancing pot."),
        )
    if not call.regions and balancing:
        raise KontorError(
            _("A balancing pot helps regions, and this call has none."),
            code="balancing-without-regions",
            path="balancing",
            remedy=_("Leave it empty."),
        )


def _keep_four_eyes(row: Round, values: dict[str, Any]) -> None:
    """The second person cannot be done away with while grants wait for one."""
    waiting = Decision.objects.live().granting().filter(round=row, publication=None, confirmed_at=None)
    if row.four_eyes and not values.get("four_eyes", True) and waiting.exists():
        raise KontorError(
            _("Grants wait for a second person."),
            code="unconfirmed",
            path="four_eyes",
            remedy=_("Have them confirmed or take them back first."),
            status=409,
        )


def set_amount(row: Round, key: str, kind: PurseKind, amount: Decimal) -> dict[str, list[Any]]:
    """Writes a limit of the round's own; what changed. KontorError where more than that is placed."""
    known = row.envelopes.select_for_update(of=("self",)).filter(key=key).first()
    if known is None:
        return _set_aside(row, key, kind, amount)
    if known.amount == amount:
        return {}
    if amount < known.committed:
        raise _placed_already(key, known.committed)
    old, known.amount = known.amount, amount
    known.save(update_fields=["amount"])
    return {key: [_shown(old), str(amount)]}


def _set_aside(row: Round, key: str, kind: PurseKind, amount: Decimal) -> dict[str, list[Any]]:
    """A limit that comes later counts what is granted already, as if it had been there from the beginning."""
    held = Decision.objects.live().granting().filter(round=row) if kind == PurseKind.CALL else ()
    placed = sum((one.amount for one in held), Decimal("0.00"))
    if amount < placed:
        raise _placed_already(key, placed)
    made = RoundEnvelope.objects.create(
        round=row, position=row.envelopes.count(), committed=placed, **_own(key, kind, amount)
    )
    for one in held:
        DecisionDraw.objects.create(decision=one, envelope=made, amount=one.amount)
        one.split[key] = str(one.amount)
        one.save(update_fields=["split"])
    return {key: [None, str(amount)]}


def _placed_already(key: str, placed: Decimal) -> KontorError:
    return KontorError(
        _("{amount} of it are placed already.").format(amount=placed),
        code="envelope-exceeded",
        path={CALL: "ceiling"}.get(key, key),
        remedy=_("Take decisions back first, or leave more."),
        status=409,
    )


@transaction.atomic
def score_by_hand(
    *, round: Round, application: Application, score: Decimal | None, source: str, actor: Actor
) -> None:
    """A total of 100 that experts outside the site gave; None takes it back. It counts only where no jury
    of the site assessed the application.
    """
    row = locked_round(round)
    if application.call_id != row.call_id or application.state not in HANDED_IN:
        raise KontorError(
            _("The application is not part of this call, or not handed in."),
            code="not-in-round",
            path="application",
        )
    refuse_own([application], actor)
    known = HandScore.objects.filter(round=row, application=application).first()
    before = [_shown(known.score), known.source] if known else [None, None]
    if score is None:
        HandScore.objects.filter(round=row, application=application).delete()
    else:
        _check_score(score, source)
        HandScore.objects.update_or_create(
            round=row, application=application, defaults={"score": score, "source": source.strip()[:200]}
        )
    touch(row, actor)
    changes = {"score": [before[0], _shown(score)], "source": [before[1], source.strip()]}
    record(actor=actor, verb="decision.scored_by_hand", subject=application, changes=changes)


def _check_score(score: Decimal, source: str) -> None:
    if not score.is_finite() or not 0 <= score <= 100 or score != score.quantize(Decimal("0.0001")):
        raise KontorError(
            _("{score} is no score.").format(score=score),
            code="score-invalid",
            path="score",
            remedy=_("Write 0 to 100, with at most four decimals."),
        )
    if not source.strip():
        raise KontorError(
            _("Where the score comes from is missing."),
            code="source-missing",
            path="source",
            remedy=_("Name the meeting or the document."),
        )


def locked_round(round: Round) -> Round:
    """Whoever changes a round holds it until the end of the transaction: decisions come one after another."""
    rows = Round.objects.select_for_update(of=("self",))
    return rows.select_related("call__programme", "call__version", "adopted").get(pk=round.pk)


def touch(row: Round, actor: Actor) -> None:
    row.revision += 1
    row.changed_by = actor.label[:200]
    row.save()


def _amount(amount: Decimal) -> Decimal:
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 10 or amount != amount.quantize(CENT):
        raise KontorError(
            _("{amount} is no amount of money.").format(amount=amount),
            code="amount-invalid",
            path="amount",
            remedy=_("Write an amount with at most two decimals."),
        )
    return amount


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
