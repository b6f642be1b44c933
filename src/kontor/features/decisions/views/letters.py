"""Letters: all of a round, one with its preview and what the check found, sending."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import policy
from kontor.features.decisions import actions
from kontor.features.decisions.actions.letters import recipients_by_lead, recipients_of
from kontor.features.decisions.forms import LetterForm
from kontor.features.decisions.letters import Finding
from kontor.features.decisions.models import Decision, Letter
from kontor.features.decisions.papers import letter as paper
from kontor.features.decisions.queries import findings_of, letter_in, letters_of
from kontor.features.decisions.rules import may_decide, may_read_round
from kontor.features.decisions.tabs import around
from kontor.features.decisions.views.doors import decided_round, done_or_told, read_round, tried
from kontor.features.decisions.views.showing import BADGES


@require_safe
@policy(may_read_round)
def letters(request: HttpRequest, key: str) -> HttpResponse:
    """Every letter with its state; what is not written, not checked or not sent stands out."""
    round = read_round(request, key)
    written = letters_of(round)
    people = recipients_by_lead([one.decision.application for one in written if one.sent_at is None])
    rows = [
        (one, findings_of(one), one.sent_to or people.get(one.decision.application.lead_id, []))
        for one in written
    ]
    lacking = Decision.objects.live().filter(round=round, letter=None).count()
    ready = [
        one
        for one, found, to in rows
        if to and one.sent_at is None and one.decision.publication_id and (one.accepted or not found)
    ]
    context = {
        **around(request.user, round, "letters"),
        "rows": rows,
        "lacking": lacking,
        "ready": ready,
        "unpublished": sum(one.decision.publication_id is None for one in written),
        "nobody": sorted({str(one.decision.application.lead) for one, _found, to in rows if not to}),
        "badges": BADGES,
    }
    return render(request, "decisions/letters.html", context)


@require_POST
@policy(may_decide)
def prepare(request: HttpRequest, key: str) -> HttpResponse:
    """Letters for decisions that have none; with `letter` this one anew."""
    round = decided_round(request, key)
    chosen = None
    if again := request.POST.get("letter"):
        chosen = [letter_in(round, again).decision]
    made = done_or_told(
        request, actions.prepare_letters, round=round, decisions=chosen, actor=actor_of(request)
    )
    if isinstance(made, list):
        text = ngettext("%(count)s letter is prepared.", "%(count)s letters are prepared.", len(made))
        messages.success(request, text % {"count": len(made)})
    if chosen:
        return redirect("decisions:letter", round.key, again)
    return redirect("decisions:letters", round.key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read_round)
def letter(request: HttpRequest, key: str, letter: str) -> HttpResponse:
    """The letter as it will arrive, what the check found in it, and the form to change it."""
    round = read_round(request, key) if request.method != "POST" else decided_round(request, key)
    found = letter_in(round, letter)
    initial = {name: getattr(found, name) for name in ("subject", "body", "accepted", "revision")}
    form = LetterForm(request.POST or None, initial=initial, found=bool(findings_of(found)))
    if request.method == "POST" and form.is_valid():
        told = {"accepted": False, **form.cleaned_data}
        if tried(form, actions.change_letter, letter=found, actor=actor_of(request), **told):
            messages.success(request, _("The letter is saved."))
            return redirect("decisions:letter", round.key, found.key)
        found.refresh_from_db()
    shown = findings_of(found)
    context = {
        **around(request.user, round, "letters"),
        "letter": found,
        "form": form,
        "findings": shown,
        "marked": marked(found, shown),
        "recipients": found.sent_to or recipients_of(found.decision.application),
    }
    return render(request, "decisions/letter.html", context, status=400 if form.errors else 200)


def marked(letter: Letter, findings: list[Finding]) -> SafeString:
    """The body with what was found marked; sentences are told beside it, not marked over words in them."""
    offset = len(letter.subject) + 1
    parts, at = [], 0
    for one in findings:
        start, end = one.start - offset, one.end - offset
        if start < at or letter.body[start:end] != one.quote:
            continue
        parts += [escape(letter.body[at:start]), "<mark>", escape(one.quote), "</mark>"]
        at = end
    parts.append(escape(letter.body[at:]))
    return mark_safe("".join(str(part) for part in parts))  # noqa: S308  # every text part is escaped above


@require_POST
@policy(may_decide)
def send(request: HttpRequest, key: str) -> HttpResponse:
    """The ticked letters, all or none."""
    round = decided_round(request, key)
    wanted = request.POST.getlist("letter")
    chosen = [one for one in letters_of(round) if one.key in wanted]
    count = done_or_told(request, actions.send_letters, letters=chosen, actor=actor_of(request))
    if isinstance(count, int) and count is not True:
        text = ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", count)
        messages.success(request, text % {"count": count})
    return redirect("decisions:letters", round.key)


@require_safe
@policy(may_read_round)
def letter_pdf(request: HttpRequest, key: str, letter: str) -> HttpResponse:
    round = read_round(request, key)
    found = letter_in(round, letter)
    return answer_with_pdf(paper.pdf(found), f"letter-{found.decision.application.number}")


urlpatterns = [
    path("<str:key>/letters/", letters, name="letters"),
    path("<str:key>/letters/prepare/", prepare, name="prepare"),
    path("<str:key>/letters/send/", send, name="send"),
    path("<str:key>/letters/<str:letter>/", letter, name="letter"),
    path("<str:key>/letters/<str:letter>/pdf/", letter_pdf, name="letter-pdf"),
]
