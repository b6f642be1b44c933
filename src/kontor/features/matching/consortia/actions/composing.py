"""Having a team composed, and taking one over as a variant."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.jobs import enqueue
from kontor.base.keys import new_key
from kontor.features.matching.consortia.actions.board import new_variant
from kontor.features.matching.consortia.actions.stepping import step
from kontor.features.matching.models import Composition, Consortium, Seat, TeamVariant
from kontor.features.matching.models.consortia import SeatRole, SeatState
from kontor.features.organisations.models import Organisation, Statement

COMPOSE = "matching.compose"
# Compositions of one consortium that are kept.
KEPT = 10


@transaction.atomic
def note_composition(
    *, consortium: Consortium, asked: dict[str, Any], result: dict[str, Any], actor: Actor
) -> Composition:
    """Keep an answer of the composer. It changes nothing of the board."""
    made = Composition.objects.create(
        key=new_key(),
        consortium=consortium,
        asked=asked,
        status=result["status"],
        result=result,
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )
    _forget_old(consortium)
    return made


@transaction.atomic
def queue_composition(*, consortium: Consortium, asked: dict[str, Any], actor: Actor) -> Composition:
    """Leave a large question to a job; the answer appears in the returned row."""
    made = Composition.objects.create(
        key=new_key(),
        consortium=consortium,
        asked=asked,
        actor_key=actor.key,
        actor_label=actor.label[:200],
    )
    payload = {"composition": made.key, "user": actor.key}
    made.job_key = enqueue(COMPOSE, payload, actor=actor, dedup_key=made.key).key
    made.save(update_fields=["job_key"])
    _forget_old(consortium)
    return made


@transaction.atomic
def finish_composition(*, composition: Composition, result: dict[str, Any]) -> Composition:
    """Write the answer of a job; twice changes nothing."""
    stored = Composition.objects.select_for_update().get(pk=composition.pk)
    stored.status, stored.result = result["status"], result
    stored.save(update_fields=["status", "result"])
    return stored


def adopt_team(
    *, composition: Composition, number: int, actor: Actor, user: Any, name: str = ""
) -> TeamVariant:
    """Team `number` (from 0) of an answer as a new variant, its members proposed.

    Members that left the directory since make it a Conflict: the answer is out of date. `user`: only whom
    this person may see can be taken over.
    """
    with step(composition.consortium, "team_adopted", actor=actor) as change:
        consortium = change.consortium
        teams = composition.result.get("teams", [])
        if not 0 <= number < len(teams):
            raise KontorError(
                _("There is no such team in this answer."),
                code="team-unknown",
                path="team",
                remedy=_("Choose one of those shown."),
                status=404,
            )
        team = teams[number]
        keys = [member["key"] for member in team["members"]]
        found = _members(keys, user)
        variant = new_variant(consortium, name or str(_("Proposal %(number)s") % {"number": number + 1}))
        variant.proposal = {
            "team": keys,
            "objective": team["objective"],
            "composition": composition.key,
            "number": number,
        }
        variant.save(update_fields=["proposal"])
        for position, member in enumerate(team["members"]):
            _add(variant, position, member, team["lead"], found[member["key"]], consortium, actor)
        change.about, change.changes = variant.name, {"variant": [None, variant.name]}
    return variant


def _add(
    variant: TeamVariant,
    position: int,
    member: dict[str, Any],
    lead: str,
    found: tuple[Organisation, Statement | None],
    consortium: Consortium,
    actor: Actor,
) -> None:
    organisation, statement = found
    own = organisation.pk == consortium.lead_id and statement is None
    Seat.objects.create(
        key=new_key(),
        variant=variant,
        position=position,
        role=SeatRole.LEAD if member["key"] == lead else SeatRole.PARTNER,
        organisation=organisation,
        statement=statement,
        anonymous=statement is not None,
        state=SeatState.ACCEPTED if own else SeatState.PROPOSED,
        answered_at=timezone.now() if own else None,
        brings=[
            reason["params"]["competence"]
            for reason in member["brings"]
            if reason["code"] in {"alone", "best"}
        ],
        changed_by=actor.label[:200],
    )


def _members(keys: list[str], user: Any) -> dict[str, tuple[Organisation, Statement | None]]:
    named = Organisation.objects.visible_to(user).in_bulk(keys, field_name="key")
    anonymous = Statement.objects.anonymous(timezone.localdate()).filter(key__in=keys)
    found: dict[str, tuple[Organisation, Statement | None]] = {
        row.key: (row.organisation, row) for row in anonymous.select_related("organisation")
    }
    found |= {key: (row, None) for key, row in named.items()}
    if set(keys) - set(found):
        raise Conflict(
            _("This answer is out of date: somebody in the team is no longer listed."),
            code="composition-old",
            path="team",
            remedy=_("Have the team composed anew."),
        )
    return found


def _forget_old(consortium: Consortium) -> None:
    kept = Composition.objects.filter(consortium=consortium).values_list("pk", flat=True)[:KEPT]
    Composition.objects.filter(consortium=consortium).exclude(pk__in=list(kept)).delete()
