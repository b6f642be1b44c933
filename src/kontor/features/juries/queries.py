"""What people and higher features may read of juries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import Http404

from kontor.features.calls.models import Call
from kontor.features.juries.marking import rounded
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Expert,
    Member,
    MemberState,
    Panel,
    ReviewState,
)
from kontor.features.juries.models.panel import WRITING, expert_q
from kontor.features.juries.outcomes import COMMENT, Outcome, Round, read_round


@dataclass(frozen=True)
class Result:
    """What a jury says of an application. `total` and `adjusted` are percent of the best possible result,
    None until everything that counts is in; `counts` is the one that ranks. `per_criterion`: percent by
    criterion; `below`: criteria that miss their threshold; `comments`: words for the applicants by language.
    """

    application_key: str
    total: Decimal | None
    adjusted: Decimal | None
    counts: Decimal | None
    rank: int | None
    per_criterion: dict[str, Decimal]
    passes: bool
    below: list[str]
    verdict: str = ""
    comments: dict[str, list[str]] = field(default_factory=dict)


def results(call: Call) -> list[Result]:
    """Of the call's last step that has a jury, in the order of the applications' numbers; empty without."""
    panel = Panel.objects.filter(call=call).select_related("call__programme", "call__version")
    found = panel.order_by("-step").first()
    return results_of(read_round(found)) if found else []


def results_of(read: Round) -> list[Result]:
    ranks = {each.application.pk: rank for rank, each in read.ranked(adjusted=read.panel.adjusted)}
    return [_result(each, ranks.get(each.application.pk), read.panel) for each in read.outcomes]


def _result(outcome: Outcome, rank: int | None, panel: Panel) -> Result:
    final = outcome.final
    shares = final.score.shares if final else {}
    adjusted = outcome.adjusted if panel.adjusted else outcome.total
    return Result(
        application_key=outcome.application.key,
        total=rounded(outcome.total),
        adjusted=rounded(outcome.adjusted),
        counts=rounded(adjusted),
        rank=rank,
        per_criterion={key: rounded(100 * share) or Decimal(0) for key, share in shares.items()},
        passes=final is not None and final.passed,
        below=list(outcome.below),
        verdict=final.verdict if final else "",
        comments=comments_of(outcome),
    )


def comments_of(outcome: Outcome) -> dict[str, list[str]]:
    """Words for the applicants by language: the consensus report's where all agreed, else each assessor's."""
    agreed = outcome.consensus
    if agreed and agreed.agreed_at and agreed.comment.strip():
        return {agreed.language: [agreed.comment.strip()]}
    told: dict[str, list[str]] = defaultdict(list)
    for sheet in outcome.handed_in:
        words = sheet.values.get(COMMENT, "").strip()
        if words and sheet.review:
            told[sheet.review.language].append(words)
    return dict(told)


def panels_for(user: Any) -> Any:
    """The panels a person may read, with how many sheets are due and handed in; one query."""
    sheets = Q(assignments__state=AssignmentState.ACTIVE)
    done = sheets & Q(assignments__review__state=ReviewState.SUBMITTED)
    rows = Panel.objects.visible_to(user).select_related("call__programme")
    return rows.annotate(
        sheets=Count("assignments", filter=sheets, distinct=True),
        done=Count("assignments", filter=done, distinct=True),
    )


def panel_for(user: Any, key: str) -> Panel:
    """One the person may read. Http404 for any other, told apart from none by nobody."""
    rows = Panel.objects.visible_to(user).select_related("call__programme", "call__version")
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def expert_for(user: Any, key: str) -> Expert:
    """One of the pools the person keeps. Http404 for any other."""
    rows = Expert.objects.kept_by(user).select_related("programme", "organisation", "user")
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def seat_of(user: Any, panel: Panel) -> Member | None:
    """The person's seat in the panel, whatever its state but taken out or declined."""
    if not user.is_authenticated:
        return None
    rows = Member.objects.filter(expert_q(user, "expert__"), panel=panel).select_related("expert")
    return rows.exclude(state__in=(MemberState.DECLINED, MemberState.REMOVED)).first()


def invitations_for(user: Any) -> Any:
    """Seats in juries that wait for the person's answer."""
    if not user.is_authenticated:
        return Member.objects.none()
    rows = Member.objects.filter(expert_q(user, "expert__"), state=MemberState.INVITED)
    return rows.select_related("panel__call__programme", "expert")


def sheets_to_write(user: Any) -> Any:
    """The person's assignments whose sheet is not handed in, of panels that review now."""
    if not user.is_authenticated:
        return Assignment.objects.none()
    rows = Assignment.objects.filter(
        expert_q(user, "member__expert__"),
        member__state=MemberState.ACCEPTED,
        state=AssignmentState.ACTIVE,
        panel__phase__in=WRITING,
    ).exclude(review__state=ReviewState.SUBMITTED)
    return rows.select_related("panel__call", "application", "review")
