"""What earlier introductions tell the ranking, for many organisations at once.

A setting switches it off: KONTOR_ANSWERS_IN_RANKING. A no is kept either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from kontor.features.matching.models import Introduction, Refusal, Side
from kontor.features.matching.models.states import MUTUAL, OPEN, Reply, State

# Before the first answers are known, an organisation counts as if it had answered one of two.
PRIOR_ANSWERED = 1
PRIOR_ASKED = 2


@dataclass(frozen=True)
class History:
    """`introductions`: how often it was introduced; `answer_rate`: share of requests answered by the
    deadline, drawn towards one half where there are few, None before the first; `partners`: keys of those it
    agreed with.
    """

    introductions: int = 0
    answer_rate: float | None = None
    partners: tuple[str, ...] = ()


NEWCOMER = History()


@dataclass(frozen=True)
class Answered:
    """Requests whose answer was due, and those of them answered (yes or no) by the deadline."""

    asked: int = 0
    answered: int = 0

    @property
    def share(self) -> float | None:
        return self.answered / self.asked if self.asked else None

    @property
    def rate(self) -> float | None:
        """The share with its prior."""
        if not self.asked:
            return None
        return (self.answered + PRIOR_ANSWERED) / (self.asked + PRIOR_ASKED)


def histories_of(keys: Iterable[str]) -> dict[str, History]:
    """{key: history} of those that were ever introduced. Three queries, however many keys; none when off."""
    if not settings.ANSWERS_IN_RANKING:
        return {}
    wanted = list(keys)
    sides = Side.objects.filter(organisation__key__in=wanted)
    counted = sides.exclude(introduction__state=State.WITHDRAWN).values_list("organisation__key")
    counts: dict[str, int] = dict(counted.annotate(number=Count("id")))
    rates, partners = answered_of(sides), _partners_of(wanted)
    return {
        key: History(counts.get(key, 0), rates.get(key, Answered()).rate, tuple(partners.get(key, ())))
        for key in {*counts, *rates, *partners}
    }


def answered_of(sides: QuerySet[Side]) -> dict[str, Answered]:
    """{organisation's key: how it answers} from its sides; one query.

    A request counts once it is answered or its deadline has passed. Withdrawn ones, and those the other side
    declined before, count only where this side had answered.
    """
    today = timezone.localdate()
    in_time = Q(reply__in=[Reply.YES, Reply.NO], replied_at__date__lte=F("introduction__deadline_on"))
    due = (
        Q(reply__in=[Reply.YES, Reply.NO])
        | Q(introduction__state=State.EXPIRED)
        | Q(introduction__state__in=OPEN, introduction__deadline_on__lt=today)
    )
    rows = sides.filter(asked_at__isnull=False).values_list("organisation__key")
    found = rows.annotate(asked=Count("id", filter=due), answered=Count("id", filter=due & in_time))
    return {key: Answered(asked, answered) for key, asked, answered in found if asked}


def _partners_of(keys: list[str]) -> dict[str, list[str]]:
    """{key: keys of the organisations it agreed with}."""
    rows = Introduction.objects.filter(
        Q(asker__key__in=keys) | Q(partner__key__in=keys), state__in=MUTUAL
    ).values_list("asker__key", "partner__key")
    found: dict[str, list[str]] = {}
    for asker, partner in rows.order_by("id"):
        found.setdefault(asker, []).append(partner)
        found.setdefault(partner, []).append(asker)
    return {key: sorted(set(found[key])) for key in keys if key in found}


@dataclass(frozen=True)
class Refused:
    """Whom one organisation refused or who refused it: keys of those known by name, and of those who are not.

    The second are left out of anonymous matches only: were their named ones to vanish too, the anonymous no
    would tell the name.
    """

    named: tuple[str, ...] = ()
    anonymous: frozenset[str] = frozenset()


NOBODY = Refused()


def refused_by_or_of(key: str) -> Refused:
    """Only for those who may act for the organisation: to others it would tell who said no. One query."""
    rows = Refusal.objects.filter(Q(by__key=key) | Q(other__key=key), lifted_at=None)
    named: set[str] = set()
    anonymous: set[str] = set()
    for by, other, known, by_known in rows.values_list("by__key", "other__key", "named", "by_named"):
        them, is_known = (other, known) if by == key else (by, by_known)
        (named if is_known else anonymous).add(them)
    return Refused(tuple(sorted(named)), frozenset(anonymous))


def refused_pairs() -> set[frozenset[str]]:
    """Every pair of which one said no, for computations over the whole directory. One query."""
    rows = Refusal.objects.filter(lifted_at=None).values_list("by__key", "other__key")
    return {frozenset(pair) for pair in rows}
