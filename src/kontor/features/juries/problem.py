"""From a panel's rows to the engine's problems, and from its answers to what a plan or a running order keeps.

Experts are members' keys, applications their keys; whoever shows an answer names them in the reader's
language.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils import timezone

from kontor.engine.core.explanation import Reason
from kontor.engine.juries import model as engine
from kontor.engine.juries.explain import passed_over
from kontor.engine.juries.pitches import model as pitches
from kontor.features.calls.models import Answer, Application
from kontor.features.juries.conflicts import Conflicts, assessable, conflicts_of
from kontor.features.juries.models import (
    Assignment,
    AssignmentKind,
    AssignmentState,
    Attendance,
    Member,
    MemberState,
    Panel,
    PitchDay,
    PitchSlot,
    ReviewState,
)
from kontor.features.juries.outcomes import read_round

if TYPE_CHECKING:
    from numpy.typing import NDArray

FitOf = Callable[[Sequence[str], Sequence[str]], "NDArray[np.float64]"]
# Words of an application that the fit is worked out from: more says nothing new, and costs time.
WORDS = 400


@dataclass(frozen=True)
class Question:
    """The engine's problem, and what was taken out of it: `done` sheets of members who are away count as they
    are, so their applications need fewer. `third`: applications that need one assessor more, or have one.
    """

    problem: engine.Problem
    done: frozenset[tuple[str, str]]
    third: frozenset[str]


@dataclass(frozen=True)
class _Standing:
    """Assignments by (member key, application key); `handed_in` those with a sheet handed in; `third`:
    applications with a third assessor.
    """

    active: frozenset[tuple[str, str]]
    handed_in: frozenset[tuple[str, str]]
    third: frozenset[str]


def question_of(panel: Panel, fit_of: FitOf, *, keep: bool, third: bool = False) -> Question:
    """`keep`: the assignment as it stands is the earlier one that a repair changes least. `third`: also one
    assessor more where two assessments are too far apart.
    """
    applications = list(assessable(panel))
    members = list(
        Member.objects.filter(
            panel=panel, state__in=(MemberState.INVITED, MemberState.ACCEPTED, MemberState.ILL)
        ).select_related("expert", "panel")
    )
    standing = _standing(panel)
    free = {each.key for each in members if _available(each)}
    done = frozenset(pair for pair in standing.handed_in if pair[0] not in free)
    apart = frozenset(
        each.application.key for each in read_round(panel).outcomes if third and each.third is not None
    )
    more = apart | standing.third if keep else apart
    conflicts = conflicts_of(panel, [each.expert for each in members], applications)
    fixed = {
        pair
        for pair in standing.handed_in
        if pair[0] in free and not _blocked(conflicts, members, applications, pair)
    }
    held = Counter(key for member, key in (fixed | standing.active if keep else fixed) if member in free)
    fixing = Counter(key for _member, key in fixed)
    asked = [_application(each, panel, done, more, members, fixing, held) for each in applications]
    kept = [pair for pair in zip(applications, asked, strict=True) if pair[1] is not None]
    rows = [row for row, _each in kept]
    keys = {row.key for row in rows}
    problem = engine.Problem(
        applications=tuple(each for _row, each in kept if each is not None),
        experts=tuple(_expert(each, each.key in free, rows, standing) for each in members),
        fit=fit_of(_texts(rows), [_profile(each, panel) for each in members])
        if rows and members
        else _none(),
        conflicts=tuple(_conflicts(conflicts, members, rows)),
        fixed=tuple(engine.Pair(*pair) for pair in sorted(fixed) if pair[1] in keys),
        previous=tuple(engine.Pair(*pair) for pair in sorted(standing.active) if keep and pair not in done),
    )
    return Question(problem, done, more)


def answer_of(question: Question, result: engine.Result, params: engine.Params) -> dict[str, Any]:
    """What a plan keeps: keys, figures and reasons, nothing that could not be shown in another language."""
    before = {(pair.expert, pair.application) for pair in question.problem.previous}
    now = {(each.expert, each.application) for each in result.assigned}
    better = passed_over(question.problem, result, params) if result.assigned else {}
    return {
        "assigned": [
            {
                "application": each.application,
                "expert": each.expert,
                "fit": round(each.fit, 4),
                "fixed": each.fixed,
                "kept": each.kept,
            }
            for each in result.assigned
        ],
        "dropped": [{"expert": e, "application": a} for e, a in sorted(before - now)],
        "done": [{"expert": e, "application": a} for e, a in sorted(question.done)],
        "third": [{"application": key} for key in sorted(question.third)],
        "total": _value(result.total),
        "worst": _value(result.worst),
        "worst_served": result.worst_served,
        "changes": _value(result.changes),
        "passed_over": [{"application": key, **_reason(reason)} for key, reason in better.items()],
        "blocked": _blocked_json(result.blocked) if result.blocked else None,
    }


def pitch_day_of(day: PitchDay) -> pitches.PitchDay:
    """Who pitches, who can listen when, and who must: jurors hear what they assessed."""
    slots = list(PitchSlot.objects.filter(day=day).select_related("application"))
    members = list(
        Member.objects.filter(panel=day.panel, state=MemberState.ACCEPTED).select_related("expert")
    )
    times = {row.member_id: row for row in Attendance.objects.filter(day=day)}
    present = [each for each in members if not (each.pk in times and times[each.pk].absent)]
    conflicts = conflicts_of(
        day.panel, [each.expert for each in present], [each.application for each in slots]
    )
    assessed: dict[int, set[int]] = defaultdict(set)
    active = Assignment.objects.filter(panel=day.panel, state=AssignmentState.ACTIVE)
    for member, application in active.values_list("member", "application"):
        assessed[member].add(application)
    frame = pitches.Frame(
        begin=day.begins,
        end=day.ends,
        pitch=day.pitch,
        questions=day.questions,
        change=day.change,
        breaks=tuple((start, end) for start, end in day.breaks),
        quorum=day.quorum,
    )
    return pitches.PitchDay(
        frame,
        tuple(pitches.Pitch(each.key, each.arrives, each.leaves, each.promised) for each in slots),
        tuple(_juror(each, times.get(each.pk), slots, conflicts, assessed[each.pk]) for each in present),
        tuple(_gaps(slots, day)),
    )


def _juror(
    member: Member,
    times: Attendance | None,
    slots: list[PitchSlot],
    conflicts: Conflicts,
    assessed: set[int],
) -> pitches.Juror:
    out = [each for each in slots if conflicts.blocks(member.expert_id, each.application_id)]
    must = [each for each in slots if each.application_id in assessed and each not in out]
    return pitches.Juror(
        member.key,
        times.arrives if times else 0,
        times.leaves if times else pitches.DAY,
        tuple(each.key for each in out),
        tuple(each.key for each in must),
    )


def _gaps(slots: list[PitchSlot], day: PitchDay) -> Iterable[pitches.Gap]:
    """Pitches of one lead lie a slot apart: the same people stand in both."""
    minutes = day.pitch + day.questions
    for number, first in enumerate(slots):
        for second in slots[number + 1 :]:
            if first.application.lead_id == second.application.lead_id:
                yield pitches.Gap(first.key, second.key, minutes)


def _standing(panel: Panel) -> _Standing:
    rows = Assignment.objects.filter(panel=panel, state=AssignmentState.ACTIVE)
    told = list(rows.values_list("member__key", "application__key", "review__state", "kind"))
    return _Standing(
        frozenset((member, application) for member, application, *_rest in told),
        frozenset(
            (m, application) for m, application, state, _kind in told if state == ReviewState.SUBMITTED
        ),
        frozenset(application for _m, application, _state, kind in told if kind == AssignmentKind.THIRD),
    )


def _available(member: Member) -> bool:
    day = member.panel.due_on or timezone.localdate()
    return member.counts and not member.expert.is_away(day)


def _application(
    row: Application,
    panel: Panel,
    done: frozenset[tuple[str, str]],
    more: frozenset[str],
    members: list[Member],
    fixing: Mapping[str, int],
    held: Mapping[str, int],
) -> engine.Application | None:
    """None where sheets that stay are enough. A field that one of their authors has is served already.
    `more`: applications with one assessor more; `fixing`, `held`: sheets that stay and assessors who do, by
    application: they may be more than are needed.
    """
    given = [member for member, application in done if application == row.key]
    need = max(panel.reviews + (row.key in more) - len(given), fixing[row.key])
    if need <= 0:
        return None
    by_key = {each.key: each for each in members}
    served = {name for key in given if key in by_key for name in by_key[key].expert.fields}
    fields = tuple(name for name in dict.fromkeys(row.themes) if name not in served)
    return engine.Application(
        row.key,
        reviews=need,
        reviews_max=max(need, held[row.key]),
        fields=fields if panel.fields_needed else (),
        language=row.language if panel.languages_needed else "",
    )


def _expert(member: Member, available: bool, rows: list[Application], standing: _Standing) -> engine.Expert:
    """Sheets handed in stay and take their place in the load."""
    keys = {row.key for row in rows}
    fixed = sum(pair[0] == member.key and pair[1] in keys for pair in standing.handed_in) if available else 0
    most = max(member.most, fixed)
    return engine.Expert(
        member.key,
        load_max=most,
        load_min=min(member.load_min, most),
        fields=tuple(dict.fromkeys(member.expert.fields)),
        languages=tuple(dict.fromkeys(member.expert.languages)),
        available=available,
    )


def _conflicts(
    conflicts: Conflicts, members: list[Member], rows: list[Application]
) -> Iterable[engine.Conflict]:
    """One for each pair; the reason names the kinds, which whoever shows it says in words."""
    by_expert = {each.expert_id: each.key for each in members}
    by_application = {each.pk: each.key for each in rows}
    for (expert, application), found in sorted(conflicts.found.items()):
        if expert in by_expert and application in by_application:
            kinds = ",".join(dict.fromkeys(each.kind.value for each in found))
            waiver = conflicts.waivers.get((expert, application))
            waived = waiver.signed_as if waiver and (expert, application) in conflicts.waived else ""
            yield engine.Conflict(by_expert[expert], by_application[application], kinds, waived)


def _blocked(
    conflicts: Conflicts, members: list[Member], rows: list[Application], pair: tuple[str, str]
) -> bool:
    """Also where the application is no longer one of these."""
    expert = next(each.expert_id for each in members if each.key == pair[0])
    application = next((each.pk for each in rows if each.key == pair[1]), None)
    return application is None or conflicts.blocks(expert, application)


def _texts(rows: list[Application]) -> list[str]:
    """Title and what was answered in words, as far as it says what the application is about."""
    answers: dict[int, list[str]] = defaultdict(list)
    told = Answer.objects.filter(application__in=[row.pk for row in rows]).order_by("pk")
    for application, value in told.values_list("application", "value"):
        if isinstance(value, str) and " " in value:
            answers[application].append(value)
    found = []
    for row in rows:
        words = " ".join([row.title, *answers[row.pk]]).split()
        found.append(" ".join(words[:WORDS]) or row.number)
    return found


def _profile(member: Member, panel: Panel) -> str:
    themes = {each.key: each.name.best("en") for each in panel.call.definition_of_programme.themes}
    fields = [themes[key] for key in member.expert.fields if key in themes]
    return " ".join([member.expert.profile, *fields]).strip() or member.expert.name


def _none() -> NDArray[np.float64]:
    return np.zeros((0, 0))


def _value(value: engine.Value | None) -> dict[str, float] | None:
    return None if value is None else {"reached": value.reached, "bound": value.bound}


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "template": reason.template, "params": _plain(reason.params)}


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(each) if isinstance(each, tuple) else each for name, each in params.items()}


def _blocked_json(blocked: engine.Blocked) -> dict[str, Any]:
    def named(each: engine.Named) -> dict[str, Any]:
        return {"rule": each.rule, "subject": list(each.subject), **_reason(each.reason)}

    return {
        "rules": [named(each) for each in blocked.rules],
        "applications": list(blocked.applications),
        "experts": list(blocked.experts),
        "need": blocked.need,
        "capacity": blocked.capacity,
        "remedies": [
            {
                "rules": list(each.rules),
                "amount": each.amount,
                "proven": each.proven,
                "changes": [named(change) for change in each.changes],
            }
            for each in blocked.remedies
        ],
    }


def broken_json(order: pitches.Order) -> list[dict[str, Any]]:
    """The rules that no running order keeps together."""
    return [
        {"rule": each.rule, "subject": list(each.subject), **_reason(each.reason)} for each in order.blocked
    ]
