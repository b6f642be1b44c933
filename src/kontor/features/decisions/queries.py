"""What pages and programs read of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404

from kontor.features.accounts.rules import is_administrator
from kontor.features.calls.models import HANDED_IN, Application, ApplicationState, Call, CallState
from kontor.features.calls.rules import own_q, programmes_of
from kontor.features.decisions.book import Book, Candidate, read_book
from kontor.features.decisions.grounds import Proposed, names_of, proposed_by
from kontor.features.decisions.letters import Finding, jargon_in
from kontor.features.decisions.models import (
    Decision,
    DecisionDraw,
    Ending,
    Letter,
    Round,
    RoundEnvelope,
    Scenario,
)
from kontor.features.decisions.money import ZERO
from kontor.features.decisions.problem import kept_out, reason_told
from kontor.features.decisions.settings import Settings
from kontor.features.decisions.wording import Names, said


def rounds_for(user: Any) -> Any:
    """Rounds the person may read with what is asked, decided and open in each; one query."""
    handed = Q(call__applications__state__in=HANDED_IN)
    held = Q(decisions__ended_at=None)
    rows = Round.objects.visible_to(user).select_related("call__programme", "call__version")
    return rows.annotate(
        applications=Count("call__applications", filter=handed, distinct=True),
        decided=Count("decisions", filter=held, distinct=True),
        granted=Count(
            "decisions", filter=held & Q(decisions__kind__in=("approve", "conditions")), distinct=True
        ),
        told=Count("decisions", filter=held & Q(decisions__publication__isnull=False), distinct=True),
    )


def calls_to_decide(user: Any) -> Any:
    """Published calls without a round, of programmes the person manages, that have something handed in."""
    rows = Call.objects.filter(state=CallState.PUBLISHED, decision_round=None)
    if not is_administrator.test(user):
        rows = rows.filter(programme__key__in=programmes_of(user))
    handed = Application.objects.filter(call=OuterRef("pk"), state__in=HANDED_IN)
    return rows.filter(Exists(handed)).select_related("programme", "version")


def round_for(user: Any, key: str) -> Round:
    """One the person may read. Http404 for any other, told apart from none by nobody."""
    rows = Round.objects.visible_to(user).select_related("call__programme", "call__version", "adopted")
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def scenario_in(round: Round, key: str) -> Scenario:
    found = round.scenarios.filter(key=key).first()
    if found is None:
        raise Http404
    found.round = round
    return found


def letter_in(round: Round, key: str) -> Letter:
    rows = Letter.objects.filter(decision__round=round, key=key)
    found = rows.select_related("decision__application__lead", "decision__publication").first()
    if found is None:
        raise Http404
    found.decision.round = round
    return found


def letters_of(round: Round) -> list[Letter]:
    """Of decisions that hold or were told, by number; one query."""
    rows = Letter.objects.filter(decision__round=round).exclude(decision__ending=Ending.UNDONE)
    rows = rows.select_related("decision__application__lead", "decision__publication")
    found = list(rows.order_by("decision__application__number", "pk"))
    for one in found:
        one.decision.round = round
    return found


def findings_of(letter: Letter) -> list[Finding]:
    """What its reader may not understand."""
    call = letter.decision.round.call
    allowed = {letter.decision.application.number, letter.decision.application.title}
    allowed |= {call.programme.name, str(letter.decision.application.lead), *call.title.values()}
    return jargon_in(f"{letter.subject}\n{letter.body}", letter.language, frozenset(allowed))


@dataclass(frozen=True)
class Row:
    """One proposal on the board. `place` in the ranking, `proposed` by the adopted scenario; `left`:
    money per envelope after this one and all before it that are granted, in the order of the ranking.
    `out` says why it has no place.
    """

    candidate: Candidate
    place: int | None
    proposed: Proposed | None
    left: Mapping[str, Decimal] = field(default_factory=dict)
    out: str = ""

    @property
    def application(self) -> Application:
        return self.candidate.application

    @property
    def decision(self) -> Decision | None:
        return self.candidate.decision

    @property
    def withdrawn(self) -> bool:
        return self.application.state == ApplicationState.WITHDRAWN


@dataclass(frozen=True)
class Board:
    """A round as its committee sees it; `rows` in the order of the ranking, those without a place last."""

    round: Round
    book: Book
    names: Names
    rows: tuple[Row, ...]

    @property
    def envelopes(self) -> tuple[RoundEnvelope, ...]:
        return self.book.envelopes

    @property
    def asked(self) -> Decimal:
        return sum((row.candidate.asked for row in self.rows if not row.withdrawn), ZERO)

    @property
    def granted(self) -> Decimal:
        held = (row.decision for row in self.rows)
        return sum((one.amount for one in held if one and one.grants), ZERO)

    def of(self, key: str) -> Row:
        """One row by the application's key. Http404 where the round has no such application."""
        found = next((row for row in self.rows if row.application.key == key), None)
        if found is None:
            raise Http404
        return found

    def beside(self, row: Row) -> tuple[Row | None, Row | None]:
        """The one before and the one after it."""
        at = self.rows.index(row)
        after = self.rows[at + 1] if at + 1 < len(self.rows) else None
        return (self.rows[at - 1] if at else None), after


def board_of(round: Round) -> Board:
    """A fixed number of queries, whatever the number of applications."""
    book, names = read_book(round), names_of(round)
    adopted = round.adopted
    proposed = {one.key: one for one in proposed_by(round, adopted, names=names)} if adopted else {}
    ranking = _ranking(book, adopted)
    places = {key: place for place, key in enumerate(ranking, 1)}
    last = len(book.candidates) + 1
    ordered = sorted(book.candidates, key=lambda one: (places.get(one.key, last), one.application.number))
    left = {row.key: row.limit for row in book.envelopes}
    rows = []
    draws = _draws(round)
    for one in ordered:
        for key, amount in draws.get(one.application.pk, {}).items():
            left[key] = left[key] - amount
        gone = one.application.state == ApplicationState.WITHDRAWN
        out = "" if one.key in places or one.decision or gone else _out(one, names)
        rows.append(Row(one, places.get(one.key), proposed.get(one.key), dict(left), out))
    return Board(round, book, names, tuple(rows))


def _out(one: Candidate, names: Names) -> str:
    reason = kept_out(one, Settings())
    return said(reason_told(reason), names) if reason else ""


def _draws(round: Round) -> dict[int, dict[str, Decimal]]:
    """By application what its grant takes from each envelope, after any pot helped; one query."""
    found: dict[int, dict[str, Decimal]] = {}
    rows = DecisionDraw.objects.filter(decision__round=round, decision__ended_at=None)
    for row in rows.select_related("envelope", "decision"):
        found.setdefault(row.decision.application_id, {})[row.envelope.key] = row.amount
    return found


def _ranking(book: Book, adopted: Scenario | None) -> list[str]:
    """The adopted scenario's; before that by raw score, where there is one."""
    if adopted is not None:
        return list(adopted.result["ranking"])
    scored = [(one, one.standing.score()) for one in book.candidates]
    ready = [(score, one) for one, score in scored if score is not None and one.standing.passes]
    ready.sort(key=lambda pair: (-pair[0], pair[1].application.number))
    return [one.key for _score, one in ready if one.application.state != ApplicationState.INELIGIBLE]


@dataclass(frozen=True)
class Demand:
    """How much is asked of an envelope: `times` its money, by proposals that could be funded."""

    envelope: RoundEnvelope
    asked: Decimal
    proposals: int

    @property
    def times(self) -> Decimal | None:
        limit = self.envelope.limit
        return (self.asked / limit).quantize(Decimal("0.01")) if limit else None

    @property
    def is_over(self) -> bool:
        return self.asked > self.envelope.limit


def demand_on(book: Book) -> list[Demand]:
    """The oversubscription of each envelope; the balancing pot is asked by nobody directly."""
    counting = [one for one in book.candidates if one.application.state in HANDED_IN]
    counting = [one for one in counting if one.application.state != ApplicationState.INELIGIBLE]
    return [
        Demand(
            row,
            sum((one.split.get(row.key, ZERO) for one in counting), ZERO),
            sum(bool(one.split.get(row.key)) for one in counting),
        )
        for row in book.envelopes
        if row.kind != "balancing"
    ]


def told_decision(user: Any, application: str) -> Decision:
    """What the person's organisation was told of its application last. Http404 where there is nothing."""
    own = Application.objects.filter(own_q(user), key=application)
    rows = Decision.objects.filter(application__in=own).published()
    rows = rows.select_related(
        "application__lead", "round__call__programme", "round__call__version", "publication"
    )
    found = rows.order_by("-publication__number", "-id").first()
    if found is None:
        raise Http404
    return found


def freed_since(board: Board) -> bool:
    """Whether a withdrawn application has a grant, or gave one back after the last grant was given. One
    query.
    """
    given = [row for row in board.rows if row.decision and row.decision.grants]
    if any(row.withdrawn for row in given):
        return True
    moments = [row.decision.decided_at for row in given if row.decision]
    rows = Decision.objects.granting().filter(round=board.round, ending=Ending.WITHDRAWN)
    return rows.filter(ended_at__gt=max(moments, default=board.round.created_at)).exists()


def history_of(application: Application) -> list[Decision]:
    """Every decision on it, the latest first, those taken back too."""
    return list(application.decisions.select_related("publication", "scenario").order_by("-id"))
