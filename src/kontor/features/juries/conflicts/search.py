"""Looking for conflicts between experts and applications, and which of them a waiver covers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from kontor.features.calls.models import Application, ApplicationQuerySet, ApplicationState
from kontor.features.juries.conflicts.found import Found, Kind
from kontor.features.juries.conflicts.graph import Graph, read_graph, shared
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    DeclaredConflict,
    Expert,
    Panel,
    Tie,
    TieKind,
    Waiver,
)

ASSESSABLE = (
    ApplicationState.ELIGIBLE,
    ApplicationState.ASSESSED,
    ApplicationState.PITCHED,
    ApplicationState.RANKED,
)
OUT = (ApplicationState.INELIGIBLE, ApplicationState.WITHDRAWN)
Pair = tuple[int, int]


def assessable(panel: Panel) -> ApplicationQuerySet:
    """The panel's applications: of its call and step, found eligible; those it assessed stay when they are
    decided or go on to the next step, those withdrawn or found ineligible later leave.
    """
    given = Assignment.objects.filter(panel=panel).exclude(state=AssignmentState.DROPPED)
    now = Q(step=panel.step, state__in=ASSESSABLE) | Q(pk__in=given.values("application"))
    return Application.objects.filter(now, call=panel.call_id).exclude(state__in=OUT)


@dataclass(frozen=True)
class Conflicts:
    """Every conflict by (expert, application); `waived` pairs are covered by a waiver, whole."""

    found: dict[Pair, tuple[Found, ...]] = field(default_factory=dict)
    waivers: dict[Pair, Waiver] = field(default_factory=dict)

    @cached_property
    def waived(self) -> frozenset[Pair]:
        return frozenset(
            pair
            for pair, waiver in self.waivers.items()
            if {each.mark for each in self.found.get(pair, ())} <= set(waiver.covers)
        )

    def blocks(self, expert: int, application: int) -> bool:
        """Whether the expert must have nothing to do with the application."""
        pair = (expert, application)
        return pair in self.found and pair not in self.waived

    def of_expert(self, expert: int) -> dict[int, tuple[Found, ...]]:
        return {at: found for (who, at), found in self.found.items() if who == expert}

    @property
    def blocking(self) -> dict[Pair, tuple[Found, ...]]:
        return {pair: found for pair, found in self.found.items() if pair not in self.waived}


def conflicts_of(
    panel: Panel,
    experts: Iterable[Expert] | None = None,
    applications: Sequence[Application] | None = None,
    today: dt.date | None = None,
) -> Conflicts:
    """Between these experts (those of the panel) and these applications (all of the panel), by the rules of
    the panel; a fixed number of queries.
    """
    today = today or timezone.localdate()
    if experts is None:
        seated = Expert.objects.filter(seats__panel=panel)
        experts = seated.exclude(seats__state="removed", seats__panel=panel).distinct()
    experts = list(experts)
    applications = list(assessable(panel)) if applications is None else list(applications)
    graph = read_graph(experts, applications, years=panel.years, today=today)
    found: dict[Pair, set[Found]] = defaultdict(set)
    for each in _all(panel, experts, applications, graph, today):
        found[each.expert, each.application].add(each)
    rows = Waiver.objects.filter(panel=panel, revoked_at=None)
    waivers = {(row.expert_id, row.application_id): row for row in rows}
    return Conflicts({pair: tuple(sorted(told)) for pair, told in found.items()}, waivers)


def _all(
    panel: Panel,
    experts: list[Expert],
    applications: list[Application],
    graph: Graph,
    today: dt.date,
) -> Iterator[Found]:
    ties = _ties(experts, today, panel.years)
    declared = _declared(experts)
    for expert in experts:
        for application in applications:
            pair = (expert.pk, application.pk)
            team = graph.teams[application.pk]
            yield from _by_homes(pair, graph, team, cluster_members=panel.cluster_members)
            yield from _by_domain(pair, graph, team, expert)
            yield from _by_ties(pair, graph, team, ties[expert.pk])
            yield from _by_declaration(pair, graph, team, declared[expert.pk])


def _by_homes(pair: Pair, graph: Graph, team: set[int], *, cluster_members: bool) -> Iterator[Found]:
    for home in graph.homes[pair[0]]:
        for member in team:
            who = graph.names.get(member, "")
            if home == member:
                yield Found(*pair, Kind.SAME, who, "", f"same:{member}")
                continue
            for cluster in _common_clusters(graph, home, member, cluster_members=cluster_members):
                name = graph.names.get(cluster, "")
                yield Found(*pair, Kind.CLUSTER, who, name, f"cluster:{member}:{cluster}")
            group = graph.groups.get(home)
            if group is not None and group == graph.groups.get(member):
                yield Found(*pair, Kind.GROUP, who, graph.names.get(home, ""), f"group:{member}:{group}")
            for mark, title in shared(graph.projects[home], graph.projects[member]).items():
                yield Found(*pair, Kind.CONSORTIUM, who, title, f"consortium:{member}:{mark}")


def _common_clusters(graph: Graph, home: int, member: int, *, cluster_members: bool) -> set[int]:
    """Clusters of both; without `cluster_members` only where one of the two is that cluster itself."""
    common = graph.clusters[home] & graph.clusters[member]
    return common if cluster_members else common & {home, member}


def _by_domain(pair: Pair, graph: Graph, team: set[int], expert: Expert) -> Iterator[Found]:
    for member in team:
        if expert.domain and expert.domain in graph.domains[member]:
            who = graph.names.get(member, "")
            yield Found(*pair, Kind.DOMAIN, who, expert.domain, f"domain:{member}:{expert.domain}")


def _by_ties(pair: Pair, graph: Graph, team: set[int], ties: list[Tie]) -> Iterator[Found]:
    for tie in ties:
        for member in team:
            by_mail = bool(tie.email) and tie.email.lower() in graph.mails[member]
            if graph.root(tie.organisation_id) == member or by_mail:
                who = graph.names.get(member, "")
                yield Found(*pair, Kind(tie.kind), who, tie.person or who, f"{tie.kind}:{member}:{tie.pk}")


def _by_declaration(
    pair: Pair, graph: Graph, team: set[int], declared: list[DeclaredConflict]
) -> Iterator[Found]:
    for each in declared:
        about = graph.root(each.organisation_id)
        if each.application_id == pair[1] or about in team:
            who = graph.names.get(about, "")
            yield Found(*pair, Kind.DECLARED, who, each.reason, f"declared:{each.pk}")


def _ties(experts: list[Expert], today: dt.date, years: int) -> dict[int, list[Tie]]:
    """Ties that hold; supervision never ends, others count for the years after their end."""
    since = today - dt.timedelta(days=round(365.25 * years))
    found: dict[int, list[Tie]] = defaultdict(list)
    still = Q(until=None) | Q(until__gte=since) | Q(kind=TieKind.SUPERVISOR)
    for tie in Tie.objects.filter(still, expert__in=experts):
        found[tie.expert_id].append(tie)
    return found


def _declared(experts: list[Expert]) -> dict[int, list[DeclaredConflict]]:
    found: dict[int, list[DeclaredConflict]] = defaultdict(list)
    for row in DeclaredConflict.objects.filter(expert__in=experts, withdrawn_at=None):
        found[row.expert_id].append(row)
    return found
