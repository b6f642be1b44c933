"""What answers teach: how members answer, and what the reasons for no say about the score's parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.features.matching import wording
from kontor.features.matching.ask import WEIGHTS
from kontor.features.matching.introductions.history import Answered, answered_of
from kontor.features.matching.introductions.rules import sees_all, stands_for_q
from kontor.features.matching.models import Refusal, Side
from kontor.features.matching.models.states import NoReason
from kontor.features.organisations.models import Organisation

# A part of the score counts as high from here on.
HIGH = 0.5


@dataclass(frozen=True)
class MemberAnswers:
    key: str
    name: str
    answers: Answered
    waiting: int

    @property
    def percent(self) -> int | None:
        share = self.answers.share
        return None if share is None else round(100 * share)


@dataclass(frozen=True)
class PartShare:
    """Of the nos with this reason whose score had this part: in how many it was high."""

    label: str
    high: int
    known: int

    @property
    def low(self) -> int:
        return self.known - self.high

    @property
    def percent(self) -> int | None:
        return round(100 * self.high / self.known) if self.known else None


@dataclass(frozen=True)
class Lesson:
    reason: str
    label: str
    count: int
    parts: tuple[PartShare, ...]
    suggestion: str


def answers_of_members(user: Any) -> list[MemberAnswers]:
    """Those the person manages (or all), the worst answer rate first: three queries."""
    sides = Side.objects.filter(organisation__in=_overseen(user))
    answered = answered_of(sides)
    open_sides = sides.filter(introduction__state__in=["proposed", "waiting"], asked_at__isnull=False)
    waiting: dict[str, int] = {}
    for key in open_sides.filter(reply="").values_list("organisation__key", flat=True):
        waiting[key] = waiting.get(key, 0) + 1
    names = dict(Organisation.objects.filter(key__in={*answered, *waiting}).values_list("key", "name"))
    rows = [
        MemberAnswers(key, name, answered.get(key, Answered()), waiting.get(key, 0))
        for key, name in names.items()
    ]
    return sorted(rows, key=lambda row: (_or_last(row.answers.share), -row.answers.asked, row.name))


def _or_last(share: float | None) -> float:
    return 2.0 if share is None else share


def lessons_for(user: Any) -> list[Lesson]:
    """Reasons for no by count, of the person's members and of those who refused them; one query."""
    mine = _overseen(user)
    rows = list(Refusal.objects.filter(Q(by__in=mine) | Q(other__in=mine)).values_list("reason", "parts"))
    lessons = [_lesson(reason, [parts for found, parts in rows if found == reason]) for reason in NoReason]
    return sorted((each for each in lessons if each.count), key=lambda each: -each.count)


def _overseen(user: Any) -> Any:
    rows = (
        Organisation.objects.all() if sees_all.test(user) else Organisation.objects.filter(stands_for_q(user))
    )
    return rows.values("pk")


def _lesson(reason: NoReason, parts: Sequence[dict[str, float]]) -> Lesson:
    shares = {name: _share(name, parts) for name in WEIGHTS}
    suggestion = _suggestion(reason, shares)
    return Lesson(reason.value, str(reason.label), len(parts), tuple(shares.values()), suggestion)


def _share(name: str, parts: Sequence[dict[str, float]]) -> PartShare:
    values = [each[name] for each in parts if name in each]
    return PartShare(wording.part_label(name), sum(value >= HIGH for value in values), len(values))


# The part of the score that should have spoken against a match with this reason.
_PART = {
    NoReason.FAR_FROM_NEED: "fit",
    NoReason.ALREADY_KNOWN: "novelty",
    NoReason.ALREADY_SOLVED: "novelty",
    NoReason.COMPETITOR: "complementarity",
    NoReason.DISTANCE: "border",
    NoReason.OUTDATED: "freshness",
}


def _suggestion(reason: NoReason, shares: dict[str, PartShare]) -> str:
    """What to do, in plain words. Where the part was high all the same, its weight is not the cause."""
    share = shares.get(_PART.get(reason, ""))
    misled = share is not None and share.known > 0 and 2 * share.high >= share.known
    if misled:
        return _MISLED.get(reason, _plain)()
    return _TOLD.get(reason, _plain)()


def _plain() -> str:
    return _("Read the words that came with the answers.")


_MISLED = {
    NoReason.FAR_FROM_NEED: lambda: _(
        "The score called the fit high. Ask both sides to write needs and offers in two or three sentences: "
        "short texts are misread."
    ),
    NoReason.ALREADY_KNOWN: lambda: _("Kontor did not know it. Ask members whom they work with already."),
    NoReason.ALREADY_SOLVED: lambda: _("Ask these members to close needs that are met."),
    NoReason.COMPETITOR: lambda: _(
        "They complete each other on paper only. Ask them to name what they sell."
    ),
    NoReason.DISTANCE: lambda: _(
        "The border counted in favour. Lower the weight of crossing a border, or set working languages as a "
        "condition."
    ),
    NoReason.OUTDATED: lambda: _(
        "Entries were confirmed lately and wrong all the same. Talk to these members."
    ),
}
_TOLD = {
    NoReason.FAR_FROM_NEED: lambda: _("Look at the weight of fit: raise it, so that weak fits fall back."),
    NoReason.ALREADY_KNOWN: lambda: _("Raise the weight of novelty, or put known partners into the team."),
    NoReason.ALREADY_SOLVED: lambda: _("Ask these members to close needs that are met."),
    NoReason.COMPETITOR: lambda: _("Raise the weight of what adds to the asker."),
    NoReason.NO_TIME: lambda: _(
        "Not the match's fault. Propose it again in half a year, or offer a later day."
    ),
    NoReason.SIZE: lambda: _("Set the size as a condition when you search."),
    NoReason.DISTANCE: lambda: _("Set countries, regions or working languages as conditions."),
    NoReason.OUTDATED: lambda: _("Raise the weight of freshness, and ask for a confirmation of old entries."),
}
