"""One application as a member of the jury reads it, and the consensus report on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.attachments import answer_with
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.juries import actions
from kontor.features.juries.forms import ConsensusForm
from kontor.features.juries.marking import rounded
from kontor.features.juries.models import Assignment, Consensus, ConsensusVoice
from kontor.features.juries.models.panel import TALKING
from kontor.features.juries.outcomes import Round, read_round
from kontor.features.juries.rules import may_read_panel, may_run_panel
from kontor.features.juries.seeing import Seen, Viewer, offered_file, seen_by, writes_report
from kontor.features.juries.views.reading import application_in, head, read_by, run_by, said
from kontor.features.juries.visibility import Role, Thing
from kontor.features.juries.wording import failures, spoken, third_reason
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_safe
@policy(may_read_panel)
def dossier(request: HttpRequest, key: str, application: str) -> HttpResponse:
    """Text, sheets and results, each as far as the matrix says; a conflict shows itself and nothing else."""
    panel, viewer = read_by(request, key)
    about = application_in(panel, application)
    read = read_round(panel)
    seen = seen_by(viewer, read, about)[0]
    context = {**head(request, panel, "panel", viewer), **dossier_context(read, seen, viewer)}
    context["writes"] = writes_report(panel, seen, viewer)
    return render(request, "juries/dossier.html", context)


@never_cache
@require_safe
@policy(may_read_panel)
def file(request: HttpRequest, key: str, application: str, file: str) -> HttpResponseBase:
    """A file that the page of the application offers this person; 404 for every other."""
    panel, viewer = read_by(request, key)
    about = application_in(panel, application)
    seen = seen_by(viewer, read_round(panel), about)[0]
    held = offered_file(seen, file)
    if held is None:
        raise Http404
    return answer_with(held)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read_panel)
def consensus(request: HttpRequest, key: str, application: str) -> HttpResponse:
    """Write the report, for those who assessed the application and whoever runs the jury."""
    panel, viewer = read_by(request, key)
    about = application_in(panel, application)
    read = read_round(panel)
    seen = seen_by(viewer, read, about)[0]
    if not writes_report(panel, seen, viewer):
        raise Http404
    form = ConsensusForm(request.POST or None, scale=read.scale, initial=_initial(seen, read))
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_consensus(
                panel=panel,
                application=about,
                marks=form.marks(),
                text=form.cleaned_data["text"],
                comment=form.cleaned_data["comment"],
                language=form.cleaned_data["language"],
                revision=form.cleaned_data["revision"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The report is written. Each assessor is asked to agree."))
            return redirect("juries:dossier", panel.key, about.key)
    context = {**head(request, panel, "panel", viewer), **dossier_context(read, seen, viewer), "form": form}
    context["asked_marks"] = [(line, form[f"mark:{line['key']}"]) for line in context["table"]]
    context["rest"] = [form[name] for name in ("text", "comment", "language", "revision")]
    return render(request, "juries/consensus.html", context)


@require_POST
@policy(may_read_panel)
def answer(request: HttpRequest, key: str, application: str) -> HttpResponse:
    """An assessor agrees, or says why not."""
    panel, viewer = read_by(request, key)
    about = application_in(panel, application)
    if viewer.member is None:
        raise Http404
    report = get_object_or_404(
        Consensus.objects.select_related("panel__call__programme", "panel__call__version", "application"),
        panel=panel,
        application=about,
    )
    given = request.POST.get("revision", "")
    with said(request, _("Your answer is noted.")):
        actions.answer_consensus(
            consensus=report,
            member=viewer.member,
            agrees=request.POST.get("agrees") == "yes",
            words=request.POST.get("words", ""),
            revision=int(given) if given.isdecimal() else 0,
            actor=actor_of(request),
        )
    return redirect("juries:dossier", panel.key, about.key)


@require_POST
@policy(may_run_panel)
def reopen(request: HttpRequest, key: str, application: str, assignment: str) -> HttpResponse:
    """Give a sheet back to its author."""
    panel = run_by(request, key)
    rows = Assignment.objects.filter(panel=panel, application__key=application)
    row = get_object_or_404(rows, key=assignment)
    with said(request, _("The sheet is back with its author.")):
        actions.reopen_review(assignment=row, reason=request.POST.get("reason", ""), actor=actor_of(request))
    return redirect("juries:dossier", panel.key, application)


def dossier_context(read: Round, seen: Seen, viewer: Viewer) -> dict[str, Any]:
    """What the page about one application needs; the preview uses it too."""
    language = spoken()
    sheets = [(each.label, each.sheet, each.third) for each in seen.others or ()]
    report = seen.consensus
    context: dict[str, Any] = {
        "row": seen,
        "criteria": [(each, each.name.best(language)) for each in read.scale.criteria],
        "table": _table(read, seen, sheets, language),
        "sheets": sheets,
        "report": report,
        "below": failures(seen.outcome, read.scale) if seen.outcome else [],
        "total": rounded(seen.outcome.total) if seen.outcome else None,
        "verdict": read.scale.shown(seen.outcome.final.verdict, language)
        if seen.outcome and seen.outcome.final
        else "",
        "third": third_reason(read.outcome(seen.application)) if seen.apart else "",
        "scale": read.scale,
    }
    if report is not None:
        # who wrote it is for those who may know the assessors
        named = viewer.role == Role.MANAGER or viewer.may(Thing.JURORS)
        context["writer"] = report.written_by if named else ""
        voices = list(report.voices.select_related("member__expert"))
        mine = viewer.member.pk if viewer.member else 0
        context["voices"] = [
            (each, _named(each, viewer), each.revision == report.revision) for each in voices
        ]
        context["asked"] = (
            seen.own is not None
            and read.panel.phase in TALKING
            and not any(v.member_id == mine and v.revision == report.revision for v in voices)
        )
        context["counts"] = report.agreed_at is not None
    return context


def _named(voice: ConsensusVoice, viewer: Viewer) -> str:
    """Whose answer it is, as far as the viewer may know the assessors' names."""
    own = viewer.member is not None and viewer.member.pk == voice.member_id
    if own or viewer.may(Thing.JURORS):
        return voice.member.expert.name
    return _("An assessor")


def _table(read: Round, seen: Seen, sheets: list[Any], language: str) -> list[dict[str, Any]]:
    """Criteria by sheets, marks as the scale says them."""
    own = [(_("You"), seen.own)] if seen.own and seen.own.submitted else []
    columns = [*own, *((label, sheet) for label, sheet, _third in sheets)]
    report = seen.consensus
    return [
        {
            "key": each.key,
            "criterion": each.name.best(language),
            "agreed": read.scale.shown(report.marks.get(each.key, ""), language) if report else "",
            "marks": [
                (
                    label,
                    read.scale.shown(sheet.marks.get(each.key, ""), language),
                    sheet.values.get(f"why:{each.key}", ""),
                )
                for label, sheet in columns
            ],
        }
        for each in read.scale.criteria
    ]


def _initial(seen: Seen, read: Round) -> dict[str, Any]:
    report = seen.consensus
    if report is None:
        return {"language": seen.application.language}
    told = {f"mark:{key}": report.marks.get(key, "") for key in read.scale.keys}
    same = ("text", "comment", "language", "revision")
    return {**told, **{name: getattr(report, name) for name in same}}


urlpatterns = [
    path("<str:key>/applications/<str:application>/", dossier, name="dossier"),
    path("<str:key>/applications/<str:application>/files/<str:file>/", file, name="file"),
    path("<str:key>/applications/<str:application>/consensus/", consensus, name="consensus"),
    path("<str:key>/applications/<str:application>/consensus/answer/", answer, name="consensus-answer"),
    path("<str:key>/applications/<str:application>/<str:assignment>/reopen/", reopen, name="reopen"),
]
