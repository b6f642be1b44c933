"""What pages, files and the API read of introductions: each list in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from kontor.features.accounts.queries import organisations_of
from kontor.features.matching.introductions.disclosure import Shown, Viewer, anonymous_title, show, viewer_of
from kontor.features.matching.introductions.progress import Worth, due_month, worth_of
from kontor.features.matching.introductions.rules import readable_q, sees_all, stands_for_q
from kontor.features.matching.models import Disclosure, Introduction, Outcome, Refusal, Side
from kontor.features.matching.models.states import MUTUAL, Reply, State
from kontor.features.organisations.models import Organisation

# So many cards a board shows; the file holds all.
MOST_CARDS = 300
COLUMNS = (
    State.PROPOSED,
    State.WAITING,
    State.AGREED,
    State.TALKS,
    State.RESULT,
    State.DECLINED,
    State.EXPIRED,
    State.WITHDRAWN,
)


@dataclass(frozen=True)
class Filters:
    """What narrows the board; empty means all. `member`, `cluster`: keys; `since`: proposed on or after."""

    cluster: str = ""
    member: str = ""
    country: str = ""
    theme: str = ""
    since: dt.date | None = None


@dataclass(frozen=True)
class Row:
    """An introduction as one viewer may read it."""

    introduction: Introduction
    asker: Shown
    partner: Shown
    worth: Worth

    @property
    def shown(self) -> tuple[Shown, Shown]:
        return self.asker, self.partner

    @property
    def other(self) -> Shown:
        """The side that is not the viewer's; the partner where both are."""
        return self.asker if self.partner.own and not self.asker.own else self.partner

    @property
    def mine(self) -> Shown:
        return self.partner if self.other is self.asker else self.asker


@dataclass(frozen=True)
class Column:
    state: str
    label: str
    rows: list[Row]
    count: int


@dataclass(frozen=True)
class Board:
    viewer: Viewer
    columns: list[Column]
    total: int

    @property
    def rows(self) -> list[Row]:
        return [row for column in self.columns for row in column.rows]

    @property
    def cut(self) -> bool:
        return len(self.rows) < self.total


def readable(user: Any) -> QuerySet[Introduction]:
    """The introductions the person may read, the latest first, with all that a row needs: three queries."""
    sides = Side.objects.select_related("organisation", "statement").order_by("id")
    rows = Introduction.objects.filter(readable_q(user)).order_by("-proposed_at", "-id")
    return rows.prefetch_related(Prefetch("sides", sides), "outcomes")


def filtered(rows: QuerySet[Introduction], filters: Filters, user: Any) -> QuerySet[Introduction]:
    """Themes are read from the person's own side only: of the other they are more than its teaser."""
    if filters.cluster:
        rows = rows.filter(_either("member_of__cluster__key", filters.cluster))
    if filters.member:
        rows = rows.filter(Q(asker__key=filters.member) | Q(partner__key=filters.member))
    if filters.country:
        rows = rows.filter(Q(asker__country=filters.country) | Q(partner__country=filters.country))
    if filters.since:
        rows = rows.filter(proposed_at__date__gte=filters.since)
    if filters.theme:
        mine = Organisation.objects.all() if sees_all.test(user) else own_or_managed(user)
        bearing = mine.filter(codes__scheme="theme", codes__code=filters.theme).values("pk")
        rows = rows.filter(Q(asker__in=bearing) | Q(partner__in=bearing))
    return rows


def _either(path: str, value: str) -> Q:
    members = Organisation.objects.filter(**{path: value}).values("pk")
    return Q(asker__in=members) | Q(partner__in=members)


def own_or_managed(user: Any) -> QuerySet[Organisation]:
    return Organisation.objects.filter(stands_for_q(user))


def rows_of(introductions: Iterable[Introduction], viewer: Viewer, *, in_list: bool = True) -> list[Row]:
    return [row_of(introduction, viewer, in_list=in_list) for introduction in introductions]


def row_of(introduction: Introduction, viewer: Viewer, *, in_list: bool = True) -> Row:
    asker, partner = sorted(introduction.sides.all(), key=lambda side: side.role)
    return Row(
        introduction,
        show(viewer, introduction, asker, in_list=in_list),
        show(viewer, introduction, partner, in_list=in_list),
        worth_of(introduction.outcomes.all()),
    )


def viewer_before(user: Any, introductions: Iterable[Introduction]) -> Viewer:
    ids = {pk for each in introductions for pk in (each.asker_id, each.partner_id)}
    return viewer_of(user, ids)


def board_of(user: Any, filters: Filters) -> Board:
    """The pipeline as columns: five queries, however many introductions."""
    rows = filtered(readable(user), filters, user)
    counts: dict[str, int] = dict(
        rows.order_by().values_list("state").annotate(number=Count("pk", distinct=True))
    )
    introductions = list(rows[:MOST_CARDS])
    viewer = viewer_before(user, introductions)
    found = rows_of(introductions, viewer)
    columns = [
        Column(
            state.value,
            str(state.label),
            [row for row in found if row.introduction.state == state],
            counts.get(state.value, 0),
        )
        for state in COLUMNS
    ]
    return Board(viewer, columns, sum(counts.values()))


@dataclass(frozen=True)
class Mine:
    """The introductions of a person's own organisations, by what they ask of them."""

    viewer: Viewer
    to_answer: list[Row]
    to_report: list[Row]
    waiting: list[Row]
    running: list[Row]
    closed: list[Row]

    @property
    def rows(self) -> list[Row]:
        return [*self.to_answer, *self.to_report, *self.waiting, *self.running, *self.closed]


def mine_of(user: Any) -> Mine:
    """Four queries. An introduction stands in one group only, the first that applies."""
    own = Organisation.objects.filter(key__in=sorted(organisations_of(user)))
    rows = readable(user).filter(Q(asker__in=own) | Q(partner__in=own))
    introductions = list(rows[:MOST_CARDS])
    viewer = viewer_before(user, introductions)
    today = timezone.localdate()
    groups: dict[str, list[Row]] = {name: [] for name in _GROUPS}
    for row in rows_of(introductions, viewer):
        groups[_group(row, today)].append(row)
    return Mine(viewer, **groups)


_GROUPS = ("to_answer", "to_report", "waiting", "running", "closed")


def _group(row: Row, today: dt.date) -> str:
    introduction, mine = row.introduction, row.mine.side
    if introduction.is_open:
        return "to_answer" if mine.reply in {Reply.NONE, Reply.LATER} else "waiting"
    if introduction.state in MUTUAL:
        return "to_report" if report_due(introduction, mine, today) is not None else "running"
    return "closed"


def report_due(introduction: Introduction, side: Side, today: dt.date) -> int | None:
    """The month this side should report now; None where nothing is due."""
    if introduction.agreed_at is None or not introduction.is_mutual:
        return None
    month = due_month(timezone.localdate(introduction.agreed_at), today)
    told = {row.month for row in introduction.outcomes.all() if row.organisation_id == side.organisation_id}
    return month if month and month not in told else None


@dataclass(frozen=True)
class LedgerRow:
    """One month of the ledger: what each side said last, and how often it corrected itself."""

    month: int
    asker: Outcome | None
    partner: Outcome | None
    corrections: int

    @property
    def differs(self) -> bool:
        """Both reported, and not the same."""
        if self.asker is None or self.partner is None:
            return False
        return (self.asker.kind, self.asker.amount) != (self.partner.kind, self.partner.amount)


def ledger_of(introduction: Introduction) -> list[LedgerRow]:
    """Both sides side by side, by month."""
    rows = list(introduction.outcomes.all())
    ledger = []
    for month in sorted({row.month for row in rows}):
        of_month = [row for row in rows if row.month == month]
        sides = [
            [row for row in of_month if row.organisation_id == pk]
            for pk in (introduction.asker_id, introduction.partner_id)
        ]
        last = [said[-1] if said else None for said in sides]
        corrections = sum(max(0, len(said) - 1) for said in sides)
        ledger.append(LedgerRow(month, last[0], last[1], corrections))
    return ledger


def refusals_by(user: Any) -> list[tuple[Refusal, str]]:
    """The nos of the person's own organisations that are not lifted, each with whom it is about."""
    rows = Refusal.objects.filter(by__key__in=sorted(organisations_of(user)), lifted_at=None)
    found = rows.select_related("by", "other")[:MOST_CARDS]
    return [(row, row.other.name if _known(row) else anonymous_title(row.other)) for row in found]


def _known(refusal: Refusal) -> bool:
    return refusal.named and refusal.other.findable


def disclosures_about(organisation: Organisation) -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(about=organisation).select_related("introduction", "consortium")


def members_with_introductions(user: Any) -> list[tuple[str, str]]:
    """Key and name of the person's own organisations and members that were ever introduced."""
    organisations = Organisation.objects.all() if sees_all.test(user) else own_or_managed(user)
    introduced = Side.objects.values("organisation")
    found = organisations.filter(pk__in=introduced).order_by("name_key", "id")
    return list(found.values_list("key", "name")[:1000])
