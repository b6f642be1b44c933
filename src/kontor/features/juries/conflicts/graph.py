"""The part of the organisation graph that conflicts are looked for in: read once, in a fixed number of
queries, whatever the number of experts and applications.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from kontor.features.accounts.models import RoleAssignment
from kontor.features.accounts.scopes import ScopeKind
from kontor.features.calls.models import Application, ApplicationPartner
from kontor.features.juries.models import Expert, GroupLink
from kontor.features.matching.models import Seat
from kontor.features.matching.models.consortia import SeatState
from kontor.features.organisations.models import ContactPerson, Membership, Organisation, Participation

# Whoever writes from one of these shares nothing with others who do.
FREE_MAIL = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com"),
        *("icloud.com", "me.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "gmx.at", "web.de"),
        *("t-online.de", "freenet.de", "posteo.de", "mailbox.org", "aol.com", "orange.fr", "free.fr"),
        # all invented people of the sample share one
        "sample.kontor.example",
        *("laposte.net", "ziggo.nl", "kpnmail.nl", "xs4all.nl", "planet.nl", "home.nl", "hetnet.nl"),
    }
)


@dataclass
class Graph:
    """Organisations by primary key. `homes[expert]`: where an expert belongs; `teams[application]`: who
    applies; `clusters[organisation]`: clusters it is in, and itself where it is one; `groups`: a number that
    all of one group share; `projects[organisation]`: {mark: title} of joint work that counts;
    `mails[organisation]`: addresses of its people; `domains[organisation]`. Organisations that were `merged`
    are one, under the key of the one that stayed.
    """

    names: dict[int, str] = field(default_factory=dict)
    homes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    teams: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    clusters: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    groups: dict[int, int] = field(default_factory=dict)
    projects: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    mails: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    domains: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    merged: dict[int, int] = field(default_factory=dict)

    def root(self, organisation: int | None) -> int:
        """The organisation that it was merged into, itself where it was not; 0 for none."""
        at = organisation or 0
        while at in self.merged:
            at = self.merged[at]
        return at


def read_graph(
    experts: Iterable[Expert], applications: Iterable[Application], *, years: int, today: dt.date
) -> Graph:
    """`years`: joint work that ended longer ago does not count."""
    experts, applications = list(experts), list(applications)
    rows = Organisation.objects.exclude(merged_into=None).values_list("pk", "merged_into")
    graph = Graph(merged={pk: into for pk, into in rows if into is not None})
    _homes(graph, experts)
    _teams(graph, applications)
    asked = {pk for group in (*graph.homes.values(), *graph.teams.values()) for pk in group}
    _clusters(graph, asked, today)
    _groups(graph)
    _projects(graph, asked, since=today.replace(year=today.year - years, day=min(today.day, 28)))
    _applied_together(graph, asked, applications, since=today - dt.timedelta(days=366 * years))
    _people(graph, {pk for team in graph.teams.values() for pk in team})
    wanted = asked | {pk for group in graph.clusters.values() for pk in group}
    graph.names = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return graph


def _homes(graph: Graph, experts: list[Expert]) -> None:
    """An expert belongs to the organisation of the profile and to those the account has a role in."""
    by_user: dict[int, list[int]] = defaultdict(list)
    by_mail: dict[str, list[int]] = defaultdict(list)
    for expert in experts:
        if expert.organisation_id:
            graph.homes[expert.pk].add(graph.root(expert.organisation_id))
        if expert.user_id:
            by_user[expert.user_id].append(expert.pk)
        else:
            by_mail[expert.email.lower()].append(expert.pk)
    kinds = (ScopeKind.ORGANISATION, ScopeKind.CLUSTER)
    held = RoleAssignment.objects.filter(
        Q(user__in=list(by_user)) | Q(user__email__in=list(by_mail)), scope_kind__in=kinds
    ).values_list("user", "user__email", "scope_key")
    rows = list(held)
    keys = dict(Organisation.objects.filter(key__in={key for _u, _m, key in rows}).values_list("key", "pk"))
    for user, mail, key in rows:
        for expert_pk in [*by_user.get(user, ()), *by_mail.get(mail.lower(), ())]:
            if key in keys:
                graph.homes[expert_pk].add(keys[key])


def _teams(graph: Graph, applications: list[Application]) -> None:
    for application in applications:
        graph.teams[application.pk].add(graph.root(application.lead_id))
    rows = ApplicationPartner.objects.current().filter(application__in=[each.pk for each in applications])
    for application_pk, organisation in rows.values_list("application", "organisation"):
        graph.teams[application_pk].add(graph.root(organisation))


def _clusters(graph: Graph, asked: set[int], today: dt.date) -> None:
    rows = Membership.objects.current(today).filter(Q(member__in=asked) | Q(cluster__in=asked))
    for cluster, member in rows.values_list("cluster", "member"):
        graph.clusters[member].add(cluster)
        graph.clusters[cluster].add(cluster)


def _groups(graph: Graph) -> None:
    """Links chain: union of what is linked, numbered by its smallest member."""
    root: dict[int, int] = {}

    def top(node: int) -> int:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for first, second in GroupLink.objects.values_list("first", "second"):
        low, high = sorted((top(graph.root(first)), top(graph.root(second))))
        root[high] = low
    graph.groups = {node: top(node) for node in root}


def _projects(graph: Graph, asked: set[int], since: dt.date) -> None:
    """Earlier projects; one whose end is not known counts."""
    rows = Participation.objects.filter(organisation__in=asked)
    recent = rows.filter(Q(project__ended_on=None) | Q(project__ended_on__gte=since))
    for organisation, key, title in recent.values_list("organisation", "project__key", "project__title"):
        graph.projects[organisation][f"project:{key}"] = title
    seats = Seat.objects.filter(
        organisation__in=_with_merged(graph, asked), state=SeatState.ACCEPTED, variant__removed_at=None
    )
    told = seats.filter(variant__consortium__changed_at__date__gte=since)
    for organisation, key, title in told.values_list(
        "organisation", "variant__consortium__key", "variant__consortium__title"
    ):
        graph.projects[graph.root(organisation)][f"consortium:{key}"] = title


def _applied_together(graph: Graph, asked: set[int], applications: list[Application], since: dt.date) -> None:
    """Other applications handed in within the years: who applies together works together."""
    rows = ApplicationPartner.objects.current().filter(
        organisation__in=_with_merged(graph, asked),
        application__submitted_at__date__gte=since,
        application__withdrawn_at=None,
    )
    rows = rows.exclude(application__in=[each.pk for each in applications])
    told = rows.values_list("organisation", "application__key", "application__title", "application__number")
    for organisation, key, title, number in told:
        graph.projects[graph.root(organisation)][f"application:{key}"] = title or number


def _with_merged(graph: Graph, asked: set[int]) -> set[int]:
    """These and all that were merged into them."""
    return asked | {gone for gone in graph.merged if graph.root(gone) in asked}


def _people(graph: Graph, applying: set[int]) -> None:
    """Addresses of applying organisations: their contacts, their accounts, their site."""
    rows = Organisation.objects.filter(pk__in=applying).values_list("pk", "key", "domain")
    keys: dict[str, int] = {}
    for pk, key, domain in rows:
        keys[key] = pk
        if domain:
            graph.domains[pk].add(domain.lower().removeprefix("www."))
    contacts = ContactPerson.objects.filter(organisation__in=applying).exclude(email="")
    held = RoleAssignment.objects.filter(scope_kind=ScopeKind.ORGANISATION, scope_key__in=list(keys))
    mails = [*contacts.values_list("organisation", "email")]
    mails += [(keys[key], mail) for key, mail in held.values_list("scope_key", "user__email")]
    for pk, mail in mails:
        graph.mails[pk].add(mail.lower())
        graph.domains[pk].add(mail.lower().rpartition("@")[2])
    for pk in list(graph.domains):
        graph.domains[pk] -= FREE_MAIL


def shared(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    return {mark: title for mark, title in first.items() if mark in second}
