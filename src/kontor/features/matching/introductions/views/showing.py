"""The page of one introduction, the same for its people and for a link in a mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from kontor.base.actor import Actor
from kontor.base.components.dates import day
from kontor.base.errors import KontorError
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.actions.answering import may_be_undone
from kontor.features.matching.introductions.disclosure import Shown, Viewer
from kontor.features.matching.introductions.forms import ANSWER_FORMS
from kontor.features.matching.introductions.progress import due_month
from kontor.features.matching.introductions.queries import Row, ledger_of, report_due, row_of
from kontor.features.matching.models import Introduction, Side
from kontor.features.matching.models.states import Reply, State
from kontor.features.organisations.views.problems import show_at_field

BADGES = {
    State.PROPOSED: "info",
    State.WAITING: "info",
    State.AGREED: "good",
    State.TALKS: "good",
    State.RESULT: "good",
    State.DECLINED: "bad",
    State.EXPIRED: "warn",
    State.WITHDRAWN: "neutral",
}


def shown_row(introduction: Introduction, viewer: Viewer, channel: str) -> Row:
    """The introduction as this viewer may read it; what it shows is noted."""
    row = row_of(introduction, viewer, in_list=False)
    actions.note_disclosures(viewer, row.shown, channel)
    return row


def page_of(row: Row, side: Side | None) -> dict[str, Any]:
    """What the templates of one introduction need; `side` is the one that the reader answers for."""
    introduction, today = row.introduction, timezone.localdate()
    return {
        "introduction": introduction,
        "row": row,
        "badge": BADGES[State(introduction.state)],
        "side": side,
        "other": introduction.other_side(side) if side else None,
        "can_answer": bool(side and introduction.is_open and not side.has_answered),
        "can_undo": bool(side and may_be_undone(introduction, side)),
        "report_due": report_due(introduction, side, today) if side else None,
        "can_report": bool(side and introduction.is_mutual),
        "month_now": due_month(timezone.localdate(introduction.agreed_at), today)
        if introduction.agreed_at
        else 0,
        "ledger": ledger_of(introduction),
        "happened": [{"at": at, "text": text} for at, text in _happened(row)],
    }


def answer_tabs(chosen: str, path: str) -> list[dict[str, Any]]:
    """Yes, no and later as links, so that each is one page with one question."""
    labels = {"yes": _("Yes"), "no": _("No"), "later": _("Later")}
    return [
        {"label": label, "href": f"{path}?answer={name}", "current": name == chosen, "count": None}
        for name, label in labels.items()
    ]


def answer_form(request: HttpRequest) -> tuple[str, forms.Form]:
    """The chosen answer and its form, bound when it was posted; a yes where the address says nothing else."""
    posted = request.method == "POST"
    chosen = (request.POST if posted else request.GET).get("answer", "yes")
    chosen = chosen if chosen in ANSWER_FORMS else "yes"
    return chosen, ANSWER_FORMS[chosen](request.POST if posted else None)


def take_answer(form: forms.Form, introduction: Introduction, side: Side, actor: Actor) -> bool:
    """Whether the answer was taken; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        actions.answer_introduction(
            introduction=introduction,
            organisation=side.organisation,
            reply=str(form.reply),  # type: ignore[attr-defined]
            actor=actor,
            **form.cleaned_data,
        )
    except KontorError as error:
        show_at_field(form, error)
        return False
    return True


def take_report(
    form: forms.Form, introduction: Introduction, side: Side, actor: Actor, month: int | None
) -> bool:
    """Whether the report was added to the ledger; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        actions.report_outcome(
            introduction=introduction,
            organisation=side.organisation,
            month=month,
            actor=actor,
            **form.cleaned_data,
        )
    except KontorError as error:
        show_at_field(form, error)
        return False
    return True


def said_after(reply: str) -> str:
    """What the person reads after answering."""
    return {
        Reply.YES: _("You said yes."),
        Reply.NO: _("You said no. You can lift it on the page of your introductions."),
        Reply.LATER: _("You are asked again on the day you chose."),
    }[Reply(reply)]


def _happened(row: Row) -> list[tuple[Any, str]]:
    """The time line, in order; people are not named, and sides only as far as the reader may read them."""
    introduction = row.introduction
    replied = [shown for shown in row.shown if shown.side.reply]
    lines: list[tuple[Any, str]] = [(introduction.proposed_at, _("Proposed"))]
    lines += [(shown.side.replied_at, _reply_line(shown)) for shown in replied]
    if introduction.agreed_at:
        lines.append((introduction.agreed_at, _("Both said yes: names and contact persons were exchanged")))
    if introduction.state in {State.EXPIRED, State.WITHDRAWN}:
        lines.append(
            (introduction.closed_at, _("Closed: %(state)s") % {"state": introduction.get_state_display()})
        )
    return sorted(lines, key=lambda line: line[0], reverse=True)


def _reply_line(shown: Shown) -> str:
    texts = {
        Reply.YES: _("%(who)s said yes"),
        Reply.NO: _("%(who)s said no"),
        Reply.LATER: _("%(who)s wants to be asked again on %(day)s"),
    }
    values = {"who": shown.title, "day": day(shown.side.later_until)}
    return texts[Reply(shown.side.reply)] % values
