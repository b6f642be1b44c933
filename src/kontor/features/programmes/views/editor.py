"""The web editor of a programme's file: save with all faults, look, compare, publish, throw away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor import programmes
from kontor.base.actor import actor_of
from kontor.base.errors import Conflict, KontorError
from kontor.base.permissions import policy, require
from kontor.features.programmes import actions
from kontor.features.programmes.forms import DraftForm
from kontor.features.programmes.models import Programme, ProgrammeVersion
from kontor.features.programmes.queries import programme_for, programmes_for
from kontor.features.programmes.rules import may_add, may_edit, may_manage_some
from kontor.features.programmes.tabs import tabs_of
from kontor.features.programmes.views.versions import changes_between
from kontor.programmes.template import blank


@dataclass(frozen=True)
class Line:
    """A line of a faulty file, shown below the editor so that a fault's link leads to it."""

    number: int
    text: str
    faulty: bool


def _allowed(request: HttpRequest, key: str) -> Programme:
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    return programme


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_edit)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The draft, else the current version to start a draft from. Saving keeps faults and shows them."""
    programme = _allowed(request, key)
    draft = programme.draft
    if request.method != "POST":
        source = draft or programme.current
        text = source.text if source else ""
        form = DraftForm(initial={"text": text, "note": draft.note if draft else ""})
        return _page(request, programme, form, text, draft.revision if draft else None)
    form = DraftForm(request.POST, request.FILES)
    revision = _revision(request)
    if not form.is_valid():
        return _page(request, programme, form, form.data.get("text", ""), revision)
    values = form.cleaned_data
    if request.POST.get("step") == "look":
        shown = DraftForm(initial={"text": values["text"], "note": values["note"]})
        return _page(request, programme, shown, values["text"], revision, looked=True)
    try:
        actions.save_draft(
            programme=programme,
            text=values["text"],
            revision=revision,
            note=values["note"],
            actor=actor_of(request),
        )
    except Conflict:
        return _conflict(request, programme, values)
    messages.success(request, _("The draft is saved."))
    return redirect("programmes:edit", programme.key)


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else None


def _page(
    request: HttpRequest,
    programme: Programme,
    form: DraftForm,
    text: str,
    revision: int | None,
    *,
    looked: bool = False,
) -> HttpResponse:
    current = programme.current
    context: dict[str, Any] = {
        "programme": programme,
        "form": form,
        "revision": "" if revision is None else revision,
        "draft": programme.draft,
        "current": current,
        "looked": looked,
        "tabs": tabs_of(request.user, programme, current.definition if current else None, "edit"),
        **_checked(text),
    }
    if looked and current:
        context |= changes_between(current.text, text)
    return render(request, "programmes/edit.html", context)


def _checked(text: str) -> dict[str, Any]:
    """Faults of a text, and its lines where there are some."""
    found, problems = programmes.check(text.encode())
    faulty = {problem.line for problem in problems}
    lines = [Line(at, line, at in faulty) for at, line in enumerate(text.splitlines(), 1)] if faulty else []
    near = [line for line in lines if any(abs(line.number - bad) <= 2 for bad in faulty)]
    return {"problems": problems, "lines": near, "sound": found if not problems else None}


def _conflict(request: HttpRequest, programme: Programme, values: dict[str, Any]) -> HttpResponse:
    """Both texts side by side, and in words what theirs and one's own differ in; nothing is saved (409)."""
    theirs = programme.draft
    text = theirs.text if theirs else ""
    context = {
        "programme": programme,
        "theirs": theirs,
        "mine": values["text"],
        "note": values["note"],
        "form": DraftForm(initial={"text": values["text"], "note": values["note"]}),
        "revision": theirs.revision if theirs else "",
        **changes_between(text, values["text"]),
    }
    return render(request, "programmes/conflict.html", context, status=409)


@require_POST
@policy(may_manage_some)
def check(request: HttpRequest) -> HttpResponse:
    """The faults of a posted text, for the page while somebody writes. Nothing is saved."""
    text = request.POST.get("text", "")[: actions.LONGEST].replace("\r\n", "\n")
    return render(request, "programmes/_faults.html", {**_checked(text), "live": True})


@require_safe
@policy(may_edit)
def publish_question(request: HttpRequest, key: str) -> HttpResponse:
    """What publishing changes, in words, before it is done."""
    programme = _allowed(request, key)
    draft, current = programme.draft, programme.current
    context: dict[str, Any] = {"programme": programme, "draft": draft, "current": current}
    if draft:
        context |= _checked(draft.text) | changes_between(current.text if current else draft.text, draft.text)
    return render(request, "programmes/publish.html", context)


@require_POST
@policy(may_edit)
def publish(request: HttpRequest, key: str) -> HttpResponse:
    programme = _allowed(request, key)
    try:
        version = actions.publish_draft(programme=programme, actor=actor_of(request))
    except KontorError as error:
        messages.error(request, str(error))
        return redirect("programmes:edit", programme.key)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect(programme)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_edit)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then throw the draft away. Its text stays in the log, and the page after offers it again."""
    programme = _allowed(request, key)
    draft = programme.draft
    if request.method == "POST" and draft is not None:
        text, note = draft.text, draft.note
        actions.discard_draft(programme=programme, actor=actor_of(request))
        context = {"programme": programme, "text": text, "note": note}
        return render(request, "programmes/discarded.html", context)
    return render(request, "programmes/discard.html", {"programme": programme, "draft": draft})


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_add)
def add(request: HttpRequest) -> HttpResponse:
    """A new programme: from a template, from a copy of another (`?copy=`), or from a file."""
    if request.method == "POST":
        form = DraftForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = actions.add_programme(text=form.cleaned_data["text"], actor=actor_of(request))
            except KontorError as error:
                form.add_error("text", str(error))
            else:
                messages.success(request, _("The programme is added as a draft."))
                return redirect("programmes:edit", made.key)
        text = form.data.get("text", "")
    else:
        text = _start(request)
        form = DraftForm(initial={"text": text})
    context = {
        "form": form,
        "copies": [one.programme for one in programmes_for(request.user) if one.version],
        "copy": request.GET.get("copy", ""),
        **(_checked(text) if request.method == "POST" else {}),
    }
    return render(request, "programmes/add.html", context)


def _start(request: HttpRequest) -> str:
    """The template, or the file of the programme to copy."""
    key = request.GET.get("copy", "")
    version: ProgrammeVersion | None = programme_for(request.user, key).current if key else None
    return version.text if version else blank()


urlpatterns = [
    path("add/", add, name="add"),
    path("check/", check, name="check"),
    path("<slug:key>/edit/", edit, name="edit"),
    path("<slug:key>/edit/publish/", publish_question, name="publish-question"),
    path("<slug:key>/edit/publish/now/", publish, name="publish"),
    path("<slug:key>/edit/discard/", discard, name="discard"),
]
