"""Five minutes: may this team apply? The answers can be kept without an account and begin an application."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, policy
from kontor.engine.core.errors import InvalidInput
from kontor.features.calls.announcing.limits import not_too_many
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.announcing.views.reading import head
from kontor.features.calls.checking import actions
from kontor.features.calls.checking.forms import (
    MOST,
    CheckForm,
    KeepForm,
    answers_of,
    initial_of,
    lead_of,
    rows_of,
)
from kontor.features.calls.checking.mailing import send_check
from kontor.features.calls.checking.problem import assess_check
from kontor.features.calls.checking.words import answer_rows, badge_of
from kontor.features.calls.models import Call, SelfCheck
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.self_check import PartnerForm, from_directory
from kontor.features.programmes.words import refused

COOKIE = "kontor-check"
COOKIE_DAYS = 180


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def self_check(request: HttpRequest, key: str) -> HttpResponse:
    """A new check, or the one this browser keeps for the call."""
    call = call_for(request.user, key)
    if request.method != "POST" and "new" not in request.GET:
        known = _kept(request, call)
        if known is not None:
            return redirect("calls:check-kept", known.key)
    return _answered(request, call, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def kept(request: HttpRequest, check: str) -> HttpResponse:
    """A check that was kept: whoever has its address may read and change it."""
    row = _by_key(check)
    call = call_for(request.user, row.call.key)
    return _answered(request, call, row)


@never_cache
@require_POST
@policy(PUBLIC)
def send_link(request: HttpRequest, check: str) -> HttpResponse:
    row = _by_key(check)
    form = KeepForm(request.POST)
    if form.is_valid():
        try:
            not_too_many(request)
        except KontorError as error:
            messages.error(request, str(error))
            return redirect("calls:check-kept", row.key)
        send_check(check=row, email=form.cleaned_data["email"], language=(get_language() or "en")[:2])
        messages.success(request, _("The link is on its way."))
    else:
        messages.error(request, _("This is no e-mail address."))
    return redirect("calls:check-kept", row.key)


@never_cache
@require_POST
@policy(PUBLIC)
def forget(request: HttpRequest, check: str) -> HttpResponse:
    """Delete it at once, here and everywhere."""
    row = _by_key(check)
    call = row.call
    actions.forget_check(check=row)
    messages.success(request, _("The check is deleted."))
    answer = redirect(call)
    answer.delete_cookie(_cookie(call), path=reverse("calls:list"))
    return answer


def _answered(request: HttpRequest, call: Call, row: SelfCheck | None) -> HttpResponse:
    """The page; `check` keeps the answers and shows what every rule says."""
    posted = request.method == "POST"
    context: dict[str, Any] = {**head(request, call, ""), "check": row}
    if not posted:
        answers = row.answers if row else {"language": (get_language() or "en")[:2]}
        rows = rows_of(answers) or [{}, {}]
        context |= {
            "form": CheckForm(call=call, initial=initial_of(answers)),
            "partners": [PartnerForm(prefix=f"p{at}", initial=one) for at, one in enumerate(rows)],
            "lead": lead_of(answers),
        }
        context |= _said(call, answers) if row else {}
        context["begin"] = _begin(call, row) if row else ""
        return _page(request, context)
    found, lead, note = _written(request)
    form = CheckForm(request.POST, call=call)
    partners = [_form(one, at) for at, one in enumerate(found)]
    context |= {"form": form, "partners": partners, "lead": lead, "note": note}
    if request.POST.get("step", "check") != "check":
        return _page(request, context)
    sound = [one.is_valid() for one in (form, *partners)]
    if not all(sound):
        return _page(request, context, 400)
    try:
        made = actions.keep_check(
            call=call, answers=answers_of(form, partners, lead), check=row, actor=actor_of(request)
        )
    except InvalidInput as error:
        return _page(request, {**context, "contradiction": refused(error)}, 400)
    except KontorError as error:
        form.add_error(error.path if error.path in form.fields else None, str(error))
        return _page(request, context, 400)
    return _remember(redirect(f"{reverse('calls:check-kept', args=[made.key])}#answers"), call, made)


def _begin(call: Call, row: SelfCheck) -> str:
    """Where the application begins with these answers, while the call takes some."""
    if not call.takes(timezone.now()):
        return ""
    told = {name: row.answers.get(name) or "" for name in ("title", "language", "instrument")}
    return f"{reverse('calls:begin', args=[call.key])}?{urlencode({'check': row.key, **told})}"


def _said(call: Call, answers: dict[str, Any]) -> dict[str, Any]:
    try:
        found = assess_check(call, answers)
    except (InvalidInput, KeyError):
        return {}
    return {
        "answers": answer_rows(found),
        "state": str(found.state),
        "kind": badge_of(found.state),
        "keep": KeepForm(),
    }


def _written(request: HttpRequest) -> tuple[list[dict[str, str]], str, str]:
    """The partners of the posted page after its button, the lead's position, and what was not possible."""
    given = request.POST.get("count", "0")
    count = min(int(given), MOST) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    names = PartnerForm.base_fields
    rows = [{name: request.POST.get(f"p{at}-{name}", "") for name in names} for at in range(count)]
    lead, step, note = request.POST.get("lead", ""), request.POST.get("step", "check"), ""
    if step == "add" and len(rows) < MOST:
        rows.append({})
    elif step.startswith("remove-") and step[7:].isdigit() and int(step[7:]) < len(rows):
        gone = int(step[7:])
        del rows[gone]
        if lead.isdigit():
            lead = "" if int(lead) == gone else str(int(lead) - (int(lead) > gone))
    elif step == "directory":
        note = _from_directory(request, rows)
    return rows, lead, note


def _from_directory(request: HttpRequest, rows: list[dict[str, str]]) -> str:
    name = request.POST.get("organisation", "").strip()[:300]
    seen = Organisation.objects.visible_to(request.user)
    found = (seen.filter(key=name) | seen.filter(name=name)).first() if name else None
    if found is None:
        return _("The directory shows you no organisation called “%(name)s”.") % {"name": name}
    empty = next((row for row in rows if not any(row.values())), None)
    if empty is not None:
        empty |= from_directory(found)
    elif len(rows) < MOST:
        rows.append(from_directory(found))
    return ""


def _form(row: dict[str, str], at: int) -> PartnerForm:
    return PartnerForm({f"p{at}-{name}": value for name, value in row.items()}, prefix=f"p{at}")


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = render(request, "calls/checking/check.html", context, status=status)
    # the address is the key: no other site learns it, but this one must, or its forms are refused
    answer["Referrer-Policy"] = "same-origin"
    return answer


def _by_key(key: str) -> SelfCheck:
    return get_object_or_404(SelfCheck.objects.select_related("call__programme", "call__version"), key=key)


def _cookie(call: Call) -> str:
    return f"{COOKIE}-{call.pk}"


def _kept(request: HttpRequest, call: Call) -> SelfCheck | None:
    """The check that the browser's signed cookie names."""
    key = request.get_signed_cookie(_cookie(call), default="")
    return SelfCheck.objects.filter(call=call, key=key).first() if key else None


def _remember(answer: HttpResponse, call: Call, check: SelfCheck) -> HttpResponse:
    answer.set_signed_cookie(
        _cookie(call),
        check.key,
        max_age=COOKIE_DAYS * 86_400,
        path=reverse("calls:list"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


urlpatterns = [
    path("checks/<str:check>/", kept, name="check-kept"),
    path("checks/<str:check>/mail/", send_link, name="check-mail"),
    path("checks/<str:check>/forget/", forget, name="check-forget"),
    path("<slug:key>/check/", self_check, name="self-check"),
]
