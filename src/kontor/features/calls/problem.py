"""From an application's rows to the team that a programme's rules are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kontor import programmes
from kontor.features.calls.annexes import annex_answers
from kontor.features.calls.models import Application, ApplicationPartner, PartnerRole
from kontor.features.matching.consortia.problem.facts import partner_of
from kontor.features.matching.consortia.problem.pool import clusters_of


def team(
    application: Application,
    partners: Iterable[ApplicationPartner] | None = None,
    clusters: Mapping[int, list[str]] | None = None,
) -> programmes.Team:
    """The partners as the rules see them, associated ones left out; keys are the partners' keys.

    `partners` (with their organisations) and `clusters` spare queries where many teams are made.
    """
    if partners is None:
        partners = application.partners.current().select_related("organisation")
    counting = [one for one in partners if one.role != PartnerRole.ASSOCIATED]
    if clusters is None:
        clusters = clusters_of([one.organisation_id for one in counting])
    return programmes.Team(
        partners=tuple(_partner(one, clusters.get(one.organisation_id, [])) for one in counting),
        themes=tuple(application.themes) or None,
        kets=tuple(application.kets) or None,
        months=application.months,
    )


def eligibility(application: Application) -> programmes.Assessment:
    """The rules of the instrument asked for, as the call froze them, asked about the team as it stands; then
    the terms of the regions that pay.
    """
    return assessed(application, list(application.partners.current().select_related("organisation")))


def assessed(application: Application, partners: Sequence[ApplicationPartner]) -> programmes.Assessment:
    """The same for partners that are read already, with their organisations."""
    call = application.call
    definition, instrument = call.definition_of_programme, application.instrument_of_programme
    found = programmes.assess(definition, instrument, team(application, partners))
    return replace(found, answers=(*found.answers, *annex_answers(call, partners)))


def _partner(row: ApplicationPartner, clusters: Iterable[str]) -> programmes.Partner:
    known = partner_of(row.key, row.organisation, name=row.organisation.name, clusters=clusters)
    return replace(
        known,
        lead=row.role == PartnerRole.LEAD,
        cost=row.cost,
        grant=row.grant,
        led_before=row.led_before,
        new=row.new,
        in_difficulty=row.in_difficulty,
    )
