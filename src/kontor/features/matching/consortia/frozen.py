"""The facts of a team at the moment it was handed in, kept with the consortium."""

from __future__ import annotations

from typing import Any

from kontor import programmes
from kontor.features.matching.consortia.problem.facts import ground_of, team_of
from kontor.features.matching.consortia.problem.pool import clusters_of, levels_of
from kontor.features.matching.models import Consortium, TeamVariant
from kontor.programmes.team_file import team_json
from kontor.programmes.team_file import team_of as read_team


def frozen_facts(consortium: Consortium, variant: TeamVariant) -> dict[str, Any]:
    """`team` as a team file, `state` of the rules then, `levels` of each seat in each competence."""
    seats = list(variant.seats.select_related("organisation", "statement"))
    ids = [seat.organisation_id for seat in seats if seat.organisation_id]
    names = {seat.key: seat.organisation.name for seat in seats if seat.organisation and not seat.anonymous}
    team = team_of(consortium, seats, names, clusters_of(ids))
    ground = ground_of(consortium)
    state = "yes"
    if ground.programme and ground.instrument:
        state = programmes.assess(ground.programme, ground.instrument, team).state.value
    levels = levels_of(consortium, ids)
    return {
        "variant": variant.key,
        "state": state,
        "team": team_json(team),
        "levels": {seat.key: levels.get(seat.organisation_id or 0, {}) for seat in seats},
    }


def thawed(consortium: Consortium) -> programmes.Team | None:
    """The team as it was handed in; None while it is composed."""
    told = consortium.frozen.get("team")
    return read_team(told) if told else None
