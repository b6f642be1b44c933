"""Who may be proposed: only organisations that the reader may see, anonymous ones by their teaser alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from kontor import programmes
from kontor.base.errors import KontorError
from kontor.features.matching.ask import Ask
from kontor.features.matching.consortia.problem.facts import Ground, ground_of, partner_of
from kontor.features.matching.consortia.rules import readable_q
from kontor.features.matching.introductions.history import refused_by_or_of
from kontor.features.matching.models import Consortium, Seat
from kontor.features.matching.models.consortia import SeatState
from kontor.features.matching.products import key_of
from kontor.features.matching.queries import Partner, find_partners
from kontor.features.organisations.models import (
    Listing,
    Membership,
    Organisation,
    Participation,
    Statement,
    StatementCode,
)
from kontor.features.programmes.models import MemberCompetence

# So many that the matchmaker finds for the idea are candidates beside the programme's own members.
FOUND = 60
MOST = 20_000
# A statement that carries a competence's code counts as this level: somebody says so, nobody looked.
CLAIMED = 1


@dataclass(frozen=True)
class Member:
    """A candidate. `key` is the organisation's, of an anonymous one the statement's: never both."""

    key: str
    organisation: Organisation
    statement: Statement | None = None
    levels: dict[str, int] = field(default_factory=dict)
    affinity: float = 0.0
    capacity: float = 1.0
    partner: programmes.Partner | None = None

    @property
    def anonymous(self) -> bool:
        return self.statement is not None


@dataclass(frozen=True)
class Pool:
    """All candidates by key; `ties` are pairs of keys that worked together before."""

    members: dict[str, Member]
    ties: tuple[tuple[str, str], ...] = ()
    found: dict[str, Partner] = field(default_factory=dict)


def pool_for(consortium: Consortium, user: Any, seats: Iterable[Seat] = ()) -> Pool:
    """Members in the programme's competence matrix, whoever says they can what the product needs, whoever the
    matchmaker finds for the idea, and whoever sits in `seats`. The number of queries does not depend on how
    many there are.
    """
    ground, seats = ground_of(consortium), list(seats)
    found = _found(consortium, user, seats)
    refused = refused_by_or_of(consortium.lead.key).named
    matrix = _matrix(consortium)
    claims = _claims(ground)
    named = _named(user, {*matrix, *claims} | {p.organisation.pk for p in found.values() if p.organisation})
    rows = {row.key: row for row in named if row.key not in refused}
    sitting = {s.organisation_id: s for s in seats if s.counts and not s.anonymous and s.organisation}
    rows |= {s.organisation.key: s.organisation for s in sitting.values() if s.organisation}
    clusters = clusters_of(row.pk for row in rows.values())
    busy = _busy(user, [row.pk for row in rows.values()])
    members = {
        key: Member(
            key,
            row,
            levels=_levels(matrix.get(row.pk, {}), claims.get(row.pk, set())),
            affinity=_affinity(found.get(key)),
            capacity=1 / (1 + busy.get(row.pk, 0)),
            partner=partner_of(key, row, clusters=clusters.get(row.pk, [])),
        )
        for key, row in sorted(rows.items())
    }
    members |= {each.key: each for each in _anonymous(found, ground)}
    members |= {each.key: each for each in _anonymous_seats(seats, ground)}
    return Pool(members, tuple(_ties(members)), found)


def clusters_of(organisation_ids: Iterable[int]) -> dict[int, list[str]]:
    """{organisation: keys of the clusters it is in today}. One query."""
    rows = Membership.objects.current(timezone.localdate()).filter(member__in=list(organisation_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for member, cluster in rows.order_by("cluster__key").values_list("member_id", "cluster__key"):
        found[member].append(cluster)
    return found


def levels_of(consortium: Consortium, organisation_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """{organisation: {competence: level}} as the composer counts them: the matrix, and CLAIMED for what an
    open statement says where the matrix says nothing. Two queries.
    """
    wanted = list(organisation_ids)
    stated, claims = _matrix(consortium, wanted), _claims(ground_of(consortium), wanted)
    return {pk: _levels(stated.get(pk, {}), claims.get(pk, set())) for pk in {*stated, *claims}}


def question_text(consortium: Consortium) -> str:
    """What the matchmaker is asked: the idea in the consortium's own words."""
    return f"{consortium.title}. {consortium.text}".strip()


def _found(consortium: Consortium, user: Any, seats: list[Seat]) -> dict[str, Partner]:
    """The matchmaker's answer by key; the lead asks, so that its refusals and its border count."""
    product = _product(consortium)
    team = tuple(s.organisation.key for s in seats if s.counts and not s.anonymous and s.organisation)
    ask = Ask(
        text=question_text(consortium),
        language=consortium.language,
        kind="idea",
        organisation=consortium.lead.key,
        product=product,
        origin=consortium.lead.country,
        team=team,
        top=FOUND,
    )
    try:
        answer = find_partners(ask, user)
    except KontorError as error:
        if error.code != "question-invalid" or not ask.organisation:
            raise
        # a lead that is hidden, or not indexed yet, asks as nobody
        answer = find_partners(replace(ask, organisation=""), user)
    return {each.key: each for each in answer.partners}


def _product(consortium: Consortium) -> str:
    """The target product as the matchmaker names it; empty where none is chosen."""
    if consortium.programme is None or ground_of(consortium).product is None:
        return ""
    return key_of(consortium.programme.key, consortium.product)


def _matrix(consortium: Consortium, only: list[int] | None = None) -> dict[int, dict[str, int]]:
    if consortium.programme_id is None:
        return {}
    rows = MemberCompetence.objects.filter(programme_id=consortium.programme_id, level__gt=0)
    if only is not None:
        rows = rows.filter(organisation__in=only)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for organisation, competence, level in rows.values_list("organisation_id", "competence", "level"):
        found[organisation][competence] = level
    return found


def _claims(ground: Ground, only: list[int] | None = None) -> dict[int, set[str]]:
    """{organisation: competences} of which an open statement carries a code."""
    wanted = _codes(ground)
    if not wanted:
        return {}
    condition = Q()
    for scheme, code in wanted:
        condition |= Q(scheme=scheme, code=code)
    today = timezone.localdate()
    statements = Statement.objects.current(today).filter(
        visibility__in=["public", "members"], kind__in=["offer", "competence"]
    )
    if only is not None:
        statements = statements.filter(organisation__in=only)
    rows = StatementCode.objects.filter(condition, statement__in=statements)
    found: dict[int, set[str]] = defaultdict(set)
    for owner, scheme, code in rows.values_list("statement__organisation_id", "scheme", "code"):
        found[owner] |= wanted[scheme, code]
    return found


def _codes(ground: Ground) -> dict[tuple[str, str], set[str]]:
    """{(scheme, code): competences}; themes are too wide to claim by, where there are other codes."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for competence in ground.competences:
        codes = list(competence.codes())
        narrow = [each for each in codes if each[0] != "theme"] or codes
        for code in narrow:
            found[code].add(competence.key)
    return found


def _named(user: Any, organisation_ids: set[int]) -> list[Organisation]:
    rows = Organisation.objects.visible_to(user).filter(
        pk__in=organisation_ids, listing__in=[Listing.LISTED, Listing.MEMBERS]
    )
    return list(rows.order_by("key")[:MOST])


def _levels(stated: dict[str, int], claimed: set[str]) -> dict[str, int]:
    return {**dict.fromkeys(sorted(claimed), CLAIMED), **stated}


def _affinity(found: Partner | None) -> float:
    return max(0.0, min(1.0, found.match.score)) if found else 0.0


def _busy(user: Any, organisation_ids: list[int]) -> dict[int, int]:
    """In how many consortia that the reader may read each sits already; others betray nothing."""
    readable = Consortium.objects.filter(readable_q(user)).values("pk")
    rows = Seat.objects.filter(
        organisation__in=organisation_ids,
        anonymous=False,
        state=SeatState.ACCEPTED,
        variant__removed_at=None,
        variant__consortium__in=readable,
    )
    counted = (
        rows.order_by()
        .values_list("organisation")
        .annotate(number=Count("variant__consortium", distinct=True))
    )
    return dict(counted)


def _anonymous(found: dict[str, Partner], ground: Ground) -> Iterator[Member]:
    """Those whom the matchmaker shows by a teaser: its codes, country, kind and size are all that counts."""
    statements = [each.statement for each in found.values() if each.organisation is None and each.statement]
    yield from _behind(statements, {key: _affinity(each) for key, each in found.items()}, ground)


def _anonymous_seats(seats: list[Seat], ground: Ground) -> Iterator[Member]:
    sitting = [seat.statement for seat in seats if seat.anonymous and seat.statement and seat.counts]
    yield from _behind(sitting, {}, ground)


def _behind(statements: list[Statement], affinity: dict[str, float], ground: Ground) -> Iterator[Member]:
    wanted = _codes(ground)
    codes: dict[int, set[str]] = defaultdict(set)
    for statement, scheme, code in StatementCode.objects.filter(statement__in=statements).values_list(
        "statement_id", "scheme", "code"
    ):
        codes[statement] |= wanted.get((scheme, code), set())
    for each in statements:
        yield Member(
            each.key,
            each.organisation,
            each,
            levels=_levels({}, codes[each.pk]),
            affinity=affinity.get(each.key, 0.0),
            partner=partner_of(each.key, each.organisation, anonymous=True),
        )


def _ties(members: dict[str, Member]) -> Iterator[tuple[str, str]]:
    """Pairs that took part in one earlier project. Anonymous ones have none: a tie would name them."""
    keys = {each.organisation.pk: each.key for each in members.values() if not each.anonymous}
    rows = Participation.objects.findable().filter(organisation__in=list(keys))
    by_project: dict[int, list[str]] = defaultdict(list)
    for project, organisation in rows.order_by("project_id").values_list("project_id", "organisation_id"):
        by_project[project].append(keys[organisation])
    pairs = {
        (one, other)
        for together in by_project.values()
        for one in together
        for other in together
        if one < other
    }
    yield from sorted(pairs)
