"""The consortium as a whole: handing in, deciding, giving up, and passing the lead on."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.features.matching.consortia.actions.stepping import Change, step
from kontor.features.matching.consortia.frozen import frozen_facts
from kontor.features.matching.introductions.actions.locking import checked_words
from kontor.features.matching.models import Consortium, Seat
from kontor.features.matching.models.consortia import COURSE, ConsortiumState, SeatRole, SeatState
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.actions import freeze_version


def submit_consortium(*, consortium: Consortium, actor: Actor) -> Consortium:
    """Hand the chosen variant in: the programme's version is frozen, and so are the facts of the team.

    KontorError where no variant is chosen, somebody in it has not accepted, or a rule says no.
    """
    with step(consortium, "submitted", actor=actor, final=True) as change:
        stored = change.consortium
        if stored.chosen is None or stored.version is None:
            raise KontorError(
                _("No variant is chosen, or no programme."),
                code="variant-not-chosen",
                path="chosen",
                remedy=_("Choose the team to go ahead with."),
                status=409,
            )
        _refuse_unanswered(stored)
        stored.frozen = frozen_facts(stored, stored.chosen)
        if stored.frozen["state"] == "no":
            raise KontorError(
                _("A rule of the programme says no."),
                code="rules-broken",
                path="chosen",
                remedy=_("The lights say which, and what would change it."),
                status=409,
            )
        reason = f"consortium {stored.key}"
        stored.version = freeze_version(version=stored.version, reason=reason, actor=actor)
        _move(change, ConsortiumState.SUBMITTED)
        stored.submitted_at = timezone.now()
    return change.consortium


def take_submission_back(*, consortium: Consortium, actor: Actor) -> Consortium:
    """Compose on; as long as nothing is decided. The board rests on the programme's current version again."""
    with step(consortium, "submission_taken_back", actor=actor, final=True, when_open=False) as change:
        _move(change, ConsortiumState.COMPOSING)
        change.consortium.submitted_at = None
        change.consortium.frozen = {}
    return change.consortium


def decide_consortium(*, consortium: Consortium, approve: bool, reason: str, actor: Actor) -> Consortium:
    """Approve or reject what was handed in, with a reason. From then on nothing of it changes."""
    words = checked_words(reason, "reason")
    if not words:
        raise KontorError(
            _("A decision needs a reason."),
            code="decision-reason",
            path="reason",
            remedy=_("Write it so that the partners understand it."),
            status=422,
        )
    verb = "approved" if approve else "rejected"
    with step(consortium, verb, actor=actor, final=True, when_open=False) as change:
        _move(change, ConsortiumState.APPROVED if approve else ConsortiumState.REJECTED)
        change.consortium.decided_at, change.consortium.decision = timezone.now(), words
        change.reason = words
    return change.consortium


def close_consortium(*, consortium: Consortium, actor: Actor) -> Consortium:
    """Its work is done; the space stays readable."""
    with step(consortium, "closed", actor=actor, final=True, when_open=False) as change:
        _move(change, ConsortiumState.CLOSED)
    return change.consortium


def withdraw_consortium(*, consortium: Consortium, actor: Actor) -> Consortium:
    """Give it up; it can be taken up again."""
    with step(consortium, "given_up", actor=actor, final=True) as change:
        _move(change, ConsortiumState.WITHDRAWN)
    return change.consortium


def resume_consortium(*, consortium: Consortium, actor: Actor) -> Consortium:
    with step(consortium, "taken_up_again", actor=actor, final=True, when_open=False) as change:
        if change.consortium.state != ConsortiumState.WITHDRAWN:
            raise _not_from(change.consortium.state)
        _move(change, ConsortiumState.COMPOSING)
    return change.consortium


def offer_lead(*, consortium: Consortium, organisation: Organisation, actor: Actor) -> Consortium:
    """Ask a partner that has accepted its seat to lead; it decides."""
    with step(consortium, "lead_offered", actor=actor) as change:
        stored = change.consortium
        seats = Seat.objects.filter(
            variant__consortium=stored, variant__removed_at=None, state=SeatState.ACCEPTED
        )
        if organisation.pk == stored.lead_id or not seats.filter(organisation=organisation).exists():
            raise KontorError(
                _("Only a partner that has accepted its seat can take the lead."),
                code="lead-not-partner",
                path="organisation",
                remedy=_("Choose one of the partners."),
                status=409,
            )
        stored.offered_to = organisation
        change.about, change.changes = organisation.name, {"lead": [stored.lead.name, organisation.name]}
    return change.consortium


def answer_lead(*, consortium: Consortium, accept: bool, actor: Actor) -> Consortium:
    """The partner takes the lead, or does not. Its people compose from then on, the former lead's read."""
    verb = "lead_taken" if accept else "lead_refused"
    with step(consortium, verb, actor=actor, final=True, when_open=False) as change:
        stored = change.consortium
        new = stored.offered_to
        if new is None:
            raise Conflict(
                _("The lead is not offered any more."),
                code="lead-not-offered",
                path="lead",
                remedy=_("Ask the lead partner."),
            )
        stored.offered_to = None
        change.about = new.name
        if accept:
            change.changes = {"lead": [stored.lead.name, new.name]}
            _swap_roles(stored, new)
            stored.lead = new
    return change.consortium


def withdraw_offer(*, consortium: Consortium, actor: Actor) -> Consortium:
    """The lead stays where it is."""
    with step(consortium, "lead_offer_withdrawn", actor=actor) as change:
        change.consortium.offered_to = None
    return change.consortium


def _swap_roles(consortium: Consortium, new: Organisation) -> None:
    """Where the former lead led the team, the new one does; handed-in facts stay as they were."""
    if not consortium.is_open:
        return
    seats = Seat.objects.filter(variant__consortium=consortium, variant__removed_at=None)
    for old_seat in seats.filter(organisation=consortium.lead, role=SeatRole.LEAD):
        new_seat = seats.filter(variant=old_seat.variant_id, organisation=new).first()
        if new_seat is not None:
            old_seat.role, new_seat.role = SeatRole.PARTNER, SeatRole.LEAD
            for seat in (old_seat, new_seat):
                seat.revision += 1
                seat.save(update_fields=["role", "revision"])


def _refuse_unanswered(consortium: Consortium) -> None:
    waiting = Seat.objects.filter(
        variant=consortium.chosen, state__in=[SeatState.PROPOSED, SeatState.INVITED]
    ).count()
    if waiting:
        raise KontorError(
            _("%(count)s partners of the chosen variant have not accepted yet.") % {"count": waiting},
            code="seats-unanswered",
            path="chosen",
            remedy=_("Invite them and wait for their answers, or remove them."),
            status=409,
        )


def _move(change: Change, state: ConsortiumState) -> None:
    stored = change.consortium
    if state not in COURSE[stored.state]:
        raise _not_from(stored.state)
    change.changes["state"] = [stored.state, state.value]
    stored.state = state


def _not_from(state: str) -> Conflict:
    return Conflict(
        _("This is not possible any more: the consortium is %(state)s.")
        % {"state": ConsortiumState(state).label},
        code="consortium-state",
        path="state",
        remedy=_("Look at it as it is now."),
    )
