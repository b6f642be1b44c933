"""Consortia for one reader: lists, the board with its variants, the shared space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kontor import programmes
from kontor.base.models import Attachment
from kontor.features.accounts.queries import organisations_of
from kontor.features.matching import wording as matching_words
from kontor.features.matching.consortia.frozen import thawed
from kontor.features.matching.consortia.lights import Lights, lights_of
from kontor.features.matching.consortia.money import Line, Split, split
from kontor.features.matching.consortia.problem.facts import Ground, ground_of, team_of
from kontor.features.matching.consortia.problem.pool import clusters_of, levels_of
from kontor.features.matching.consortia.rules import (
    may_compose,
    readable_q,
    sees_whole_board,
    stands_for_q,
    variants_for,
    variants_q,
)
from kontor.features.matching.consortia.wording import language
from kontor.features.matching.introductions.disclosure import anonymous_title, is_gone
from kontor.features.matching.models import Comment, Consortium, Seat, TeamVariant
from kontor.features.matching.models.consortia import ConsortiumState, SeatRole, SeatState
from kontor.features.organisations.models import Organisation

MOST = 300


def readable(user: Any) -> QuerySet[Consortium]:
    """With lead and programme; the caller narrows."""
    rows = Consortium.objects.filter(readable_q(user))
    return rows.select_related("lead", "programme", "version", "chosen", "offered_to", "need")


@dataclass(frozen=True)
class ListRow:
    """One consortium in a list: the seats of its chosen or first variant, counted by state."""

    consortium: Consortium
    product: str
    seats: int
    accepted: int
    waiting: int
    countries: tuple[str, ...]


def narrowed(user: Any, *, state: str = "", programme: str = "") -> QuerySet[Consortium]:
    """What `user` may read, the latest first, in a state and of a programme."""
    rows = readable(user)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(programme__key=programme) if programme else rows


def list_of(user: Any, *, state: str = "", programme: str = "") -> list[ListRow]:
    """The first of them: two queries and those of the person's roles."""
    return rows_of(list(narrowed(user, state=state, programme=programme)[:MOST]), user)


def rows_of(found: Sequence[Consortium], user: Any) -> list[ListRow]:
    """One query for all; seats of variants that the reader may not read are not counted."""
    variants = TeamVariant.objects.alive().filter(variants_q(user), consortium__in=[row.pk for row in found])
    seats = Seat.objects.filter(variant__in=variants.values("pk")).values_list(
        "variant__consortium_id", "variant_id", "variant__position", "state", "organisation__country"
    )
    by_variant: dict[int, dict[tuple[int, int], list[tuple[str, str]]]] = {}
    for consortium, variant, position, seat_state, country in seats:
        of_it = by_variant.setdefault(consortium, {}).setdefault((position, variant), [])
        of_it.append((seat_state, country or ""))
    return [_list_row(row, by_variant.get(row.pk, {})) for row in found]


def _list_row(row: Consortium, variants: dict[tuple[int, int], list[tuple[str, str]]]) -> ListRow:
    chosen = [seats for (_p, variant), seats in variants.items() if variant == row.chosen_id]
    first = [seats for _key, seats in sorted(variants.items())]
    seats = (chosen or first or [[]])[0]
    product = ground_of(row).product
    return ListRow(
        row,
        product.name.best(language()) if product else "",
        len(seats),
        sum(state == SeatState.ACCEPTED for state, _country in seats),
        sum(state == SeatState.INVITED for state, _country in seats),
        tuple(sorted({c for s, c in seats if c and s not in {SeatState.DECLINED, SeatState.OPEN}})),
    )


def seats_to_answer(user: Any) -> QuerySet[Seat]:
    """Invitations of the person's own organisations that wait for an answer."""
    own = organisations_of(user)
    rows = Seat.objects.filter(
        organisation__key__in=sorted(own),
        state=SeatState.INVITED,
        variant__removed_at=None,
        variant__consortium__state=ConsortiumState.COMPOSING,
    )
    return rows.select_related("organisation", "variant__consortium__lead").order_by("invited_at", "id")


@dataclass(frozen=True)
class Card:
    """A seat as the reader may see it. `named`: the title is a name; `own`: of the reader's organisation."""

    seat: Seat
    title: str
    named: bool
    own: bool
    href: str = ""
    where: str = ""
    what: str = ""
    teaser: str = ""
    brings: tuple[tuple[str, int], ...] = ()
    state: str = ""
    lights: tuple[Any, ...] = ()
    meant_for: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.seat.organisation_id is None


@dataclass(frozen=True)
class Need:
    """A competence of the target product: what the team has of it, and who brings it."""

    key: str
    text: str
    level: int
    required: bool
    have: int
    by: tuple[str, ...]

    @property
    def met(self) -> bool:
        return self.have >= self.level


@dataclass(frozen=True)
class View:
    """One variant: cards in their order, lights, needs, money."""

    variant: TeamVariant
    cards: tuple[Card, ...]
    lights: Lights | None
    needs: tuple[Need, ...]
    money: Split
    chosen: bool
    countries: tuple[str, ...]
    partners: int
    smes: int

    @property
    def missing(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.required and not need.met)

    @property
    def welcome(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if not need.required and not need.met)


@dataclass(frozen=True)
class Board:
    """Everything a reader may see of a consortium's teams."""

    consortium: Consortium
    ground: Ground
    views: tuple[View, ...]
    whole: bool
    composes: bool
    own: frozenset[int] = field(default_factory=frozenset)

    def view(self, key: str = "") -> View | None:
        """The variant with this key, else the chosen one, else the first."""
        found = [view for view in self.views if view.variant.key == key]
        chosen = [view for view in self.views if view.chosen]
        return next(iter([*found, *chosen, *self.views]), None)


def board_of(consortium: Consortium, user: Any) -> Board:
    """The number of queries does not depend on how many seats and variants there are."""
    variants = list(
        variants_for(user, consortium).prefetch_related("seats__organisation", "seats__statement")
    )
    seats = [seat for variant in variants for seat in variant.seats.all()]
    ids = {seat.organisation_id for seat in seats if seat.organisation_id}
    own = frozenset(Organisation.objects.filter(stands_for_q(user), pk__in=ids).values_list("pk", flat=True))
    whole = sees_whole_board(user, consortium)
    ground = ground_of(consortium)
    levels = levels_of(
        consortium, (s.organisation_id for s in seats if s.organisation_id and not s.anonymous)
    )
    clusters = clusters_of(ids)
    composes = bool(may_compose.test(user, consortium)) and whole
    make = _Maker(consortium, ground, whole, own, levels, clusters)
    return Board(consortium, ground, tuple(make.view(variant) for variant in variants), whole, composes, own)


@dataclass(frozen=True)
class _Maker:
    consortium: Consortium
    ground: Ground
    whole: bool
    own: frozenset[int]
    levels: dict[int, dict[str, int]]
    clusters: dict[int, list[str]]

    def view(self, variant: TeamVariant) -> View:
        seats = list(variant.seats.all())
        titles = {seat.key: self.title(seat) for seat in seats}
        team = self._team(variant, seats, titles)
        lights = lights_of(self.ground, team)
        counting = [seat for seat in seats if seat.counts and seat.organisation]
        organisations = [seat.organisation for seat in counting if seat.organisation]
        return View(
            variant=variant,
            cards=tuple(self._card(seat, titles[seat.key], lights) for seat in seats),
            lights=lights,
            needs=self._needs(variant, counting, titles),
            money=self._money(counting, titles),
            chosen=variant.pk == self.consortium.chosen_id,
            countries=tuple(sorted({each.country for each in organisations if each.country})),
            partners=len(organisations),
            smes=sum(
                each.kind == "firm" and each.size in {"micro", "small", "medium"} for each in organisations
            ),
        )

    def title(self, seat: Seat) -> str:
        """The name, or as much of it as the reader may know."""
        organisation = seat.organisation
        if organisation is None:
            return seat.task or _("Open seat")
        if organisation.pk in self.own:
            return organisation.name
        if is_gone(organisation):
            return _("An organisation that is no longer listed")
        return organisation.name if self._named(seat) else anonymous_title(organisation)

    def _named(self, seat: Seat) -> bool:
        if seat.organisation_id in self.own or seat.organisation_id == self.consortium.lead_id:
            return True
        return not seat.anonymous and (self.whole or seat.state == SeatState.ACCEPTED)

    def _team(self, variant: TeamVariant, seats: list[Seat], titles: dict[str, str]) -> programmes.Team:
        """As it was handed in, where it was; names as the reader may know them."""
        frozen = thawed(self.consortium) if self.consortium.frozen.get("variant") == variant.key else None
        if frozen is None:
            return team_of(self.consortium, seats, titles, self.clusters)
        return frozen

    def _card(self, seat: Seat, title: str, lights: Lights | None) -> Card:
        organisation = seat.organisation
        named = organisation is not None and self._named(seat) and not is_gone(organisation)
        anonymous = organisation is not None and not named
        known = self._levels(seat)
        return Card(
            seat=seat,
            title=title,
            named=named,
            own=organisation is not None and organisation.pk in self.own,
            href=organisation.get_absolute_url() if organisation and named and organisation.findable else "",
            where=_where(organisation, named) if organisation else "",
            what=_what(organisation) if organisation else "",
            teaser=seat.statement.teaser if seat.statement and seat.anonymous and not named else "",
            brings=tuple(
                (each.text.best(language()), known[each.key])
                for each in self.ground.competences
                if known.get(each.key) and not (anonymous and not self.whole)
            ),
            state=lights.seat_state(seat.key) if lights else "",
            lights=lights.by_seat.get(seat.key, ()) if lights else (),
            meant_for=tuple(
                each.text.best(language()) for each in self.ground.competences if each.key in seat.brings
            ),
        )

    def _levels(self, seat: Seat) -> dict[str, int]:
        """From the matrix; of a frozen team as it was, of an anonymous partner what the seat is for."""
        frozen = self.consortium.frozen.get("levels", {})
        if self.consortium.frozen.get("variant") and seat.key in frozen:
            return dict(frozen[seat.key])
        if seat.anonymous:
            return dict.fromkeys(seat.brings, 1)
        return self.levels.get(seat.organisation_id or 0, {})

    def _needs(self, variant: TeamVariant, seats: list[Seat], titles: dict[str, str]) -> tuple[Need, ...]:
        found = []
        for each in self.ground.competences:
            levels = {seat.key: self._levels(seat).get(each.key, 0) for seat in seats}
            have = max(levels.values(), default=0)
            by = tuple(titles[key] for key, level in levels.items() if level == have and have)
            text = each.text.best(language())
            found.append(Need(each.key, text, each.level, each.required, have, by))
        return tuple(found)

    def _money(self, seats: list[Seat], titles: dict[str, str]) -> Split:
        instrument = self.ground.instrument
        lines = [
            Line(titles[seat.key], seat.organisation.country, seat.cost, seat.grant)
            for seat in seats
            if seat.organisation and seat.role != SeatRole.ASSOCIATED
        ]
        ceilings: dict[str, Decimal | None] = {
            "rate": instrument.rate if instrument else None,
            "project_ceiling": instrument.project_ceiling if instrument else None,
            "grant_ceiling": instrument.grant_ceiling if instrument else None,
        }
        return split(lines, currency=self.ground.currency, **ceilings)


def _where(organisation: Organisation, named: bool) -> str:
    country = matching_words.country_label(organisation.country)
    parts = (organisation.place, country) if named else (country,)
    return ", ".join(part for part in parts if part)


def _what(organisation: Organisation) -> str:
    kind = matching_words.kind_label(organisation.kind)
    return f"{kind}, {organisation.get_size_display()}" if organisation.size != "unknown" else kind


def comments_of(consortium: Consortium) -> QuerySet[Comment]:
    return Comment.objects.filter(consortium=consortium).select_related("organisation")


def teaser_names(consortium: Consortium, user: Any) -> list[int]:
    """Organisations (primary keys) that were found by a teaser, accepted and spoke in the shared space,
    without those the person stands for. One query.
    """
    seated = Q(
        seats__variant__consortium=consortium,
        seats__statement__isnull=False,
        seats__anonymous=False,
        seats__state=SeatState.ACCEPTED,
    )
    rows = Organisation.objects.filter(seated, consortium_comments__consortium=consortium)
    return sorted(set(rows.exclude(stands_for_q(user)).values_list("pk", flat=True)))


def files_of(consortium: Consortium) -> QuerySet[Attachment]:
    return Attachment.objects.of(consortium)


def speaks_for(user: Any, consortium: Consortium) -> Organisation | None:
    """For whom a comment of the person is said: the lead, else an own organisation in an accepted seat."""
    mine = Organisation.objects.filter(stands_for_q(user))
    if mine.filter(pk=consortium.lead_id).exists():
        return consortium.lead
    seated = Q(seats__variant__consortium=consortium, seats__state=SeatState.ACCEPTED)
    return mine.filter(seated).order_by("pk").first()


def leads_for(user: Any) -> list[Organisation]:
    """Organisations in whose name the person may begin a consortium; the own ones first."""
    own = set(organisations_of(user))
    rows = Organisation.objects.editable_by(user).order_by("name_key", "id")[:500]
    return sorted(rows, key=lambda row: row.key not in own)
