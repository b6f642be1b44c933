"""Saying no to a match before anybody was asked, and lifting a no."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.events import OrganisationChanged, emit
from kontor.features.matching.introductions.actions.locking import checked_words
from kontor.features.matching.introductions.actions.proposing import pair_of
from kontor.features.matching.models import Introduction, Refusal
from kontor.features.matching.models.states import BLOCKING, NoReason
from kontor.features.organisations.models import Organisation, Statement


def checked_reason(reason: str, words: str) -> str:
    """One of the list; `other` needs words."""
    if reason not in NoReason.values:
        raise KontorError(
            _("Say why not."), code="reason-missing", path="reason", remedy=_("Choose a reason."), status=422
        )
    if reason == NoReason.OTHER and not words:
        raise KontorError(
            _("Say the other reason in your own words."),
            code="reason-words",
            path="words",
            remedy=_("A few words are enough."),
            status=422,
        )
    return reason


def refuse_match(
    *,
    by: Organisation,
    other: Organisation,
    reason: str,
    actor: Actor,
    words: str = "",
    statement: Statement | None = None,
    parts: Mapping[str, float] | None = None,
) -> Refusal:
    """Not this one: it is not suggested to `by` again, nor the other way round. Twice changes nothing."""
    words = checked_words(words, "words")
    reason = checked_reason(reason, words)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=by.pk)
        if Introduction.objects.filter(pair=pair_of(by, other), state__in=BLOCKING).exists():
            raise Conflict(
                _("These two are being introduced already, or know each other."),
                code="introduction-not-now",
                path="partner",
                remedy=_("Answer the introduction instead."),
            )
        refusal, created = Refusal.objects.get_or_create(
            by=by,
            other=other,
            lifted_at=None,
            defaults={
                "statement": statement,
                "named": statement is None,
                "reason": reason,
                "words": words,
                "parts": dict(parts or {}),
                "at": timezone.now(),
                "actor_label": actor.label[:200],
            },
        )
        if created:
            audit.record(
                actor=actor, verb="introduction.not_this_one", subject=by, changes={"reason": [None, reason]}
            )
    return refusal


def lift_refusal(*, refusal: Refusal, actor: Actor) -> Refusal:
    """The pair may be suggested and proposed again, as far as this side is concerned."""
    with transaction.atomic():
        stored = Refusal.objects.select_for_update().get(pk=refusal.pk)
        if stored.lifted_at is None:
            stored.lifted_at = timezone.now()
            stored.save(update_fields=["lifted_at"])
            changes = {"reason": [stored.reason, None]}
            audit.record(actor=actor, verb="introduction.no_lifted", subject=stored.by, changes=changes)
            emit(OrganisationChanged((stored.by.key,), "introduction"))
    return stored
