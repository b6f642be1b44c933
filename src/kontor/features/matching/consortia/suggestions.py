"""The composer's answers for a page or a program: who fills which gap, and the teams it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kontor.features.matching import wording as matching_words
from kontor.features.matching.consortia.actions.overriding import deviates
from kontor.features.matching.consortia.ask import filled
from kontor.features.matching.consortia.problem import Pool, pool_for
from kontor.features.matching.consortia.queries import Board, View
from kontor.features.matching.consortia.wording import Named, Words, named_for, part_label, part_meaning
from kontor.features.matching.models import Composition


@dataclass(frozen=True)
class Suggested:
    """A candidate for a gap: why, what it would close and break, and whether adding needs a reason."""

    named: Named
    gain: float
    reasons: tuple[str, ...]
    also: tuple[str, ...]
    breaks: tuple[str, ...]
    levels: tuple[tuple[str, int], ...]
    fit: int
    deviates: bool


@dataclass(frozen=True)
class GapView:
    """A missing competence or broken rule, and who could help."""

    rule: str
    text: str
    reason: str
    competence: str
    suggested: tuple[Suggested, ...]


def suggestions_for(board: Board, view: View, user: Any) -> tuple[GapView, ...]:
    """For those who compose, as long as the board is open; else nothing."""
    if not board.composes or not board.consortium.is_open:
        return ()
    seats = [card.seat for card in view.cards]
    pool = pool_for(board.consortium, user, seats)
    told = filled(board.consortium, seats, pool)
    keys = {each["key"] for gap in told["gaps"] for each in gap["proposals"]}
    words = Words(board.ground, named_for(user, {*keys, *_team_keys(pool)}))
    return tuple(_gap(gap, words, pool, view) for gap in told["gaps"])


def _team_keys(pool: Pool) -> Iterable[str]:
    """Reasons may name whoever sits in the team or is proposed: all of them are in the pool."""
    return pool.members


def _gap(gap: Mapping[str, Any], words: Words, pool: Pool, view: View) -> GapView:
    kind, _colon, key = gap["rule"].partition(":")
    shown = [each for each in gap["proposals"] if each["key"] in words.named]
    return GapView(
        rule=gap["rule"],
        text=words.rule(gap["rule"]),
        reason=words.sentence(gap["reason"]),
        competence=key if kind == "competence" else "",
        suggested=tuple(_suggested(each, gap["rule"], words, pool, view) for each in shown),
    )


def _suggested(told: Mapping[str, Any], rule: str, words: Words, pool: Pool, view: View) -> Suggested:
    member = pool.members[told["key"]]
    found = pool.found.get(told["key"])
    reasons = [words.sentence(each) for each in told["reasons"]]
    if found is not None:
        reasons += [matching_words.sentence(reason) for reason in found.match.reasons[:1]]
    return Suggested(
        named=words.named[told["key"]],
        gain=told["gain"],
        reasons=tuple(dict.fromkeys(reasons)),
        also=tuple(words.rule(each) for each in told["closes"] if each != rule),
        breaks=tuple(words.rule(each) for each in told["breaks"]),
        levels=tuple((words.competence(key), level) for key, level in member.levels.items()),
        fit=round(100 * member.affinity),
        deviates=deviates(view.variant, told["key"], "joined"),
    )


@dataclass(frozen=True)
class MemberView:
    named: Named
    brings: tuple[str, ...]
    points: float
    lead: bool
    price: str
    lost: float | None
    without: tuple[str, ...]


@dataclass(frozen=True)
class PartView:
    """A part of a team's points: `value` times `weight`; `meaning` says in words what it counts."""

    label: str
    meaning: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True)
class TeamView:
    """One proposed team, best first; `complete`: everybody in it is still listed."""

    number: int
    members: tuple[MemberView, ...]
    parts: tuple[PartView, ...]
    objective: float
    proven: bool
    countries: tuple[str, ...]
    complete: bool

    @property
    def earned(self) -> float:
        """Points for what the team brings."""
        return sum(part.points for part in self.parts if part.points > 0)

    @property
    def taken_off(self) -> float:
        """Points taken off, mostly for the number of partners; at least 0."""
        return -sum(part.points for part in self.parts if part.points < 0)


@dataclass(frozen=True)
class ChangeView:
    """A smallest set of rules to change, and who could then form a team."""

    sentences: tuple[str, ...]
    team: tuple[str, ...]


@dataclass(frozen=True)
class AnswerView:
    """An answer of the composer as this reader may read it."""

    composition: Composition
    status: str
    teams: tuple[TeamView, ...]
    corrections: tuple[ChangeView, ...]
    figures: Mapping[str, int]

    @property
    def is_waiting(self) -> bool:
        return not self.composition.status


def answer_view(composition: Composition, board: Board, user: Any) -> AnswerView:
    """Two queries for the names, whatever the size of the answer."""
    result = composition.result
    words = Words(board.ground, named_for(user, _keys_in(result)))
    return AnswerView(
        composition,
        composition.status,
        tuple(_team(number, team, words) for number, team in enumerate(result.get("teams", ()))),
        tuple(
            ChangeView(
                tuple(words.sentence(change["reason"]) for change in each["changes"]),
                tuple(words.title(key) for key in each["team"]),
            )
            for each in result.get("corrections", ())
        ),
        result.get("figures", {}),
    )


def _keys_in(result: Mapping[str, Any]) -> set[str]:
    """Every candidate that an answer may name: members, teams without one of them, ties."""
    found: set[str] = set()
    for team in result.get("teams", ()):
        for member in team["members"]:
            found.add(member["key"])
            found |= set((member["price"] or {}).get("team", ()))
            for reason in member["brings"]:
                found |= set(reason["params"].get("names", ()))
    for each in result.get("corrections", ()):
        found |= set(each["team"])
        for change in each["changes"]:
            found |= set(change["reason"]["params"].get("names", ()))
    return found


def _team(number: int, team: Mapping[str, Any], words: Words) -> TeamView:
    members = tuple(_member(each, team["lead"], words) for each in team["members"])
    return TeamView(
        number=number,
        members=members,
        parts=tuple(
            PartView(
                part_label(part["name"]),
                part_meaning(part["name"]),
                part["value"],
                part["weight"],
                part["points"],
            )
            for part in team["parts"]
        ),
        objective=team["objective"],
        proven=team["status"] == "optimal",
        countries=tuple(sorted({each.named.country for each in members if each.named.country})),
        complete=not any(each.named.gone for each in members),
    )


def _member(told: Mapping[str, Any], lead: str, words: Words) -> MemberView:
    key, price = told["key"], told["price"] or {}
    named = words.named.get(key) or Named(key, words.title(key), gone=True)
    team = tuple(words.title(each) for each in price.get("team", ()))
    return MemberView(
        named=named,
        brings=tuple(words.sentence(each) for each in told["brings"]),
        points=told["points"],
        lead=key == lead,
        price=price.get("status", ""),
        lost=price.get("lost"),
        without=team,
    )
