"""Inviting an organisation into a seat, its answer, and taking either back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kontor.base import mail
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.links import make_link
from kontor.features.matching.consortia.actions.disclosing import note_names
from kontor.features.matching.consortia.actions.stepping import Change, step
from kontor.features.matching.introductions.actions.locking import checked_words
from kontor.features.matching.introductions.actions.refusing import checked_reason
from kontor.features.matching.introductions.disclosure import reader_of_mail
from kontor.features.matching.models import Seat
from kontor.features.matching.models.consortia import SeatState
from kontor.features.matching.models.states import Channel
from kontor.features.organisations.actions.reminders import recipients_of

ANSWER = "matching.seat"
ANSWER_DAYS = 200


def invite_seat(*, seat: Seat, actor: Actor, note: str = "") -> Seat:
    """Mail everybody who answers for the organisation, each in their language, with a link to answer by."""
    note = checked_words(note, "note")
    with step(seat.variant.consortium, "seat_invited", actor=actor) as change:
        stored = _held(seat, {SeatState.PROPOSED})
        organisation = stored.organisation
        assert organisation is not None
        if not organisation.findable or not recipients_of(organisation):
            raise KontorError(
                _("Nobody can be asked: it has no owner, editor or contact person who agreed."),
                code="seat-nobody",
                path="seat",
                remedy=_("Invite one of its people, or add a contact person."),
                status=409,
            )
        stored.state, stored.invited_at = SeatState.INVITED, timezone.now()
        _keep(stored, actor, change, SeatState.PROPOSED)
        mails = _mail(stored, "seat_invited", note=note)
        change.changes |= {"mails": [None, mails]}
    return stored


def withdraw_invitation(*, seat: Seat, actor: Actor) -> Seat:
    """The organisation is told, and is proposed again; also somebody who has accepted."""
    with step(seat.variant.consortium, "seat_withdrawn", actor=actor, final=True) as change:
        stored = _held(seat, {SeatState.INVITED, SeatState.ACCEPTED})
        if stored.organisation_id == change.consortium.lead_id:
            raise _closed()
        before = stored.state
        stored.state, stored.invited_at = SeatState.PROPOSED, None
        stored.answered_at, stored.answered_by = None, ""
        _keep(stored, actor, change, before)
        _mail(stored, "seat_withdrawn")
    return stored


def answer_seat(*, seat: Seat, accept: bool, actor: Actor, reason: str = "", words: str = "") -> Seat:
    """Accept or decline (with a reason). From then on earlier steps of the board stay as they are."""
    verb = "seat_accepted" if accept else "seat_declined"
    with step(seat.variant.consortium, verb, actor=actor, final=True) as change:
        stored = _held(seat, {SeatState.INVITED})
        stored.words = checked_words(words, "words")
        stored.reason = "" if accept else checked_reason(reason, stored.words)
        stored.state = SeatState.ACCEPTED if accept else SeatState.DECLINED
        stored.answered_at, stored.answered_by = timezone.now(), actor.label[:200]
        if accept:
            # whoever accepts is known to the team from now on
            stored.anonymous = False
        _keep(stored, actor, change, SeatState.INVITED)
        if stored.reason:
            change.changes["reason"] = ["", stored.reason]
        _tell_lead(stored, actor)
    return stored


def take_answer_back(*, seat: Seat, actor: Actor) -> Seat:
    """The organisation thinks it over again; as long as the consortium is being composed."""
    with step(seat.variant.consortium, "seat_answer_undone", actor=actor, final=True) as change:
        stored = _held(seat, {SeatState.ACCEPTED, SeatState.DECLINED})
        if stored.invited_at is None:
            raise _closed()
        before = stored.state
        stored.state, stored.reason, stored.words = SeatState.INVITED, "", ""
        stored.answered_at, stored.answered_by = None, ""
        _keep(stored, actor, change, before)
    return stored


def answer_path(seat: Seat) -> str:
    """The address in a mail by which an organisation answers without signing in."""
    organisation = seat.organisation.key if seat.organisation else ""
    payload = {"seat": seat.key, "organisation": organisation}
    return make_link(ANSWER, payload, ANSWER_DAYS, url_name="matching:seat-link")


def uninvite(seat: Seat) -> None:
    """Tell an organisation whose invitation was taken back with a step."""
    _mail(seat, "seat_withdrawn")


def _held(seat: Seat, states: set[SeatState]) -> Seat:
    rows = Seat.objects.select_related("organisation", "statement", "variant__consortium__lead")
    stored = rows.filter(pk=seat.pk, organisation=seat.organisation_id).first()
    gone = stored is None or stored.variant.removed_at is not None or stored.organisation is None
    if stored is None or gone or stored.state not in states:
        raise _closed()
    return stored


def _keep(seat: Seat, actor: Actor, change: Change, before: str) -> None:
    seat.revision += 1
    seat.changed_by = actor.label[:200]
    seat.save()
    change.about = "" if seat.anonymous else str(seat.organisation)
    change.changes = {"seat": [None, seat.key], "state": [before, seat.state]}


def _mail(seat: Seat, template: str, **context: Any) -> int:
    organisation, consortium = seat.organisation, seat.variant.consortium
    assert organisation is not None
    recipients = recipients_of(organisation)
    for address, language in recipients:
        with override(language):
            mail.send(
                to=address,
                language=language,
                template=template,
                context={
                    "consortium": consortium,
                    "organisation": organisation.name,
                    "lead": consortium.lead.name,
                    "seat": seat,
                    "answer_url": settings.SITE_URL + answer_path(seat),
                    **context,
                },
            )
    return len(recipients)


def _tell_lead(seat: Seat, actor: Actor) -> None:
    consortium = seat.variant.consortium
    who = seat.organisation.name if seat.organisation and not seat.anonymous else ""
    recipients = recipients_of(consortium.lead)
    if who and seat.statement_id and seat.organisation_id and recipients:
        note_names(consortium, reader_of_mail(consortium.lead), [seat.organisation_id], Channel.MAIL)
    for address, language in recipients:
        mail.send(
            to=address,
            language=language,
            template="seat_answered",
            context={
                "consortium": consortium,
                "who": who,
                "seat": seat,
                "accepted": seat.state == SeatState.ACCEPTED,
                "page_url": settings.SITE_URL + consortium.get_absolute_url(),
            },
        )


def _closed() -> Conflict:
    return Conflict(
        _("This invitation is closed: it was withdrawn, answered, or the seat changed."),
        code="invitation-closed",
        path="seat",
        remedy=_("Ask the lead partner."),
    )
