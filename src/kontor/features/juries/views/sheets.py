"""The score sheet: written with or without script, with or without a network, handed in."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, policy, require
from kontor.features.juries import actions
from kontor.features.juries.actions.reviews import Change, Saved, fields_of, missing_in
from kontor.features.juries.marking import Scale
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Review,
    ReviewClash,
    ReviewState,
    ReviewValue,
)
from kontor.features.juries.models.panel import WRITING
from kontor.features.juries.outcomes import COMMENT, MARK, NOTES, WHY, read_round
from kontor.features.juries.rules import may_write_sheet
from kontor.features.juries.seeing import seen_by, viewer_of
from kontor.features.juries.views.reading import require_sign_in, said
from kontor.features.juries.wording import spoken

# One message of a device: a whole sheet fits many times.
LARGEST = 500_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_write_sheet)
def sheet(request: HttpRequest, assignment: str) -> HttpResponse:
    """Criteria with their anchors, words for the applicants; the application beside. POST saves all
    fields.
    """
    row = _own(request, assignment)
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            saved = _save_form(request, row)
            faults = saved.faults
            if saved.clashes:
                messages.warning(
                    request, _("Another device wrote in the meantime: choose between the versions.")
                )
            elif not faults and request.POST.get("hand_in"):
                faults |= _missing(row)
                actions.submit_review(assignment=row, actor=actor_of(request))
                messages.success(request, _("Your sheet is handed in. Thank you."))
                return redirect("juries:sheet", row.key)
            elif not faults:
                messages.success(request, _("Saved."))
                return redirect("juries:sheet", row.key)
        except KontorError as error:
            faults[error.path or "sheet"] = str(error)
    context = _context(request, row, faults)
    return render(request, "juries/sheet.html", context, status=400 if faults else 200)


@never_cache
@require_POST
@policy(may_write_sheet)
def sync(request: HttpRequest, assignment: str) -> JsonResponse:
    """What a device wrote, perhaps without a network: {"device", "language", "changes": [{field, value,
    base}]}.

    Answers with every field as it stands, and with both versions where two devices wrote.
    """
    row = _own(request, assignment)
    if len(request.body) > LARGEST:
        return JsonResponse({"error": _("This is too much at once.")}, status=413)
    try:
        told = json.loads(request.body)
        changes = [
            Change(str(each["field"]), str(each["value"]), int(each["base"])) for each in told["changes"]
        ]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("This message cannot be read.")}, status=400)
    try:
        saved = actions.save_fields(
            assignment=row,
            changes=changes,
            language=str(told.get("language", "")),
            device=str(told.get("device", "")),
            actor=actor_of(request),
        )
    except KontorError as error:
        return JsonResponse({"error": str(error), "code": error.code}, status=error.status)
    return JsonResponse(
        {
            "fields": {name: {"value": v, "revision": r} for name, (v, r) in saved.fields.items()},
            "clashes": [{"id": each.pk, "field": each.field, "value": each.value} for each in saved.clashes],
            "faults": saved.faults,
        }
    )


@require_POST
@policy(may_write_sheet)
def take_back(request: HttpRequest, assignment: str) -> HttpResponse:
    row = _own(request, assignment)
    with said(request, _("You can change your sheet again.")):
        actions.take_back_review(assignment=row, actor=actor_of(request))
    return redirect("juries:sheet", row.key)


@require_POST
@policy(may_write_sheet)
def settle(request: HttpRequest, assignment: str, clash: int) -> HttpResponse:
    """Choose between two versions of a field."""
    row = _own(request, assignment)
    waiting = get_object_or_404(
        ReviewClash.objects.select_related("review__assignment"), review__assignment=row, pk=clash
    )
    with said(request):
        actions.settle_clash(clash=waiting, take=request.POST.get("take") == "yes", actor=actor_of(request))
    return redirect("juries:sheet", row.key)


@require_safe
@policy(PUBLIC)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps opened sheets readable without a network. It holds nothing of anybody's."""
    found = finders.find("juries/worker.js")
    if not found:
        raise Http404
    with open(found, encoding="utf-8") as file:
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("juries:list")
    answer["Cache-Control"] = "no-cache"
    return answer


def _own(request: HttpRequest, key: str) -> Assignment:
    """The person's own assignment; 404 for anybody else's, the manager included."""
    rows = Assignment.objects.select_related(
        "panel__call__programme", "panel__call__version", "member__expert", "application__lead"
    )
    require_sign_in(request)
    row = rows.filter(key=key).first()
    if row is None or not may_write_sheet.test(request.user, row):
        raise Http404
    require(request, may_write_sheet, row)
    return row


def _missing(row: Assignment) -> dict[str, str]:
    """Everything that a sheet lacks, not only what handing in would tell first."""
    values = dict(ReviewValue.objects.filter(review__assignment=row).values_list("field", "value"))
    return {each.path: str(each) for each in missing_in(values, read_round(row.panel).scale)}


def _save_form(request: HttpRequest, row: Assignment) -> Saved:
    scale = read_round(row.panel).scale
    changes = [
        Change(
            name,
            request.POST[name],
            int(base) if (base := request.POST.get(f"base:{name}", "")).isdecimal() else 0,
        )
        for name in fields_of(scale)
        if name in request.POST
    ]
    return actions.save_fields(
        assignment=row,
        changes=changes,
        language=request.POST.get("language", ""),
        device="form",
        actor=actor_of(request),
    )


def _context(request: HttpRequest, row: Assignment, faults: dict[str, str]) -> dict[str, Any]:
    panel, language = row.panel, spoken()
    read = read_round(panel)
    viewer = viewer_of(request.user, panel)
    assert viewer is not None, "whoever writes a sheet sits in the jury"
    seen = next((each for each in seen_by(viewer, read, row.application)), None)
    review = Review.objects.filter(assignment=row).prefetch_related("values").first()
    values = {each.field: each for each in review.values.all()} if review else {}
    posted = request.POST if faults else None
    clashes = _clashes(review, values, read.scale)
    divided = {each["row"].field for each in clashes}

    def cell(name: str) -> dict[str, Any]:
        known = values.get(name)
        # where two versions wait, what was posted is one of them: saving again must not overrule the other
        mine = posted is not None and name not in divided
        text = posted.get(name, "") if posted is not None and mine else known.value if known else ""
        return {
            "name": name,
            "value": text,
            "base": known.revision if known else 0,
            "fault": faults.get(name, ""),
        }

    closed = bool(seen and seen.conflicts) or row.state != AssignmentState.ACTIVE
    submitted = review is not None and review.state == ReviewState.SUBMITTED
    return {
        "assignment": row,
        "panel": panel,
        "row": seen,
        "closed": closed,
        "submitted": submitted,
        "writable": not closed and not submitted and panel.phase in WRITING,
        "retakable": submitted and panel.phase == "reviewing",
        "criteria": [
            {
                "criterion": each,
                "name": each.name.best(language),
                "question": each.question.best(language),
                "steps": read.scale.steps(each, language),
                "mark": cell(f"{MARK}{each.key}"),
                "why": cell(f"{WHY}{each.key}"),
            }
            for each in read.scale.criteria
        ],
        "comment": cell(COMMENT),
        "notes": cell(NOTES),
        "scale": read.scale,
        "language": review.language if review else row.application.language,
        "languages": (("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands")),
        "clashes": clashes,
        "faults": faults,
        "sheet_fault": faults.get("sheet", "") or faults.get("clashes", ""),
    }


def _clashes(review: Review | None, values: dict[str, Any], scale: Scale) -> list[dict[str, Any]]:
    """Fields with two versions, named and in words."""
    if review is None:
        return []
    names = {each.key: each.name.best(spoken()) for each in scale.criteria}

    def label(name: str) -> str:
        kind, _colon, key = name.partition(":")
        if kind == "why":
            return f"{names.get(key, key)}: {_('Why')}"
        fixed = {COMMENT: _("Words for the applicants"), NOTES: _("Notes for the jury")}
        return str(names.get(key) or fixed.get(name, name))

    def shown(name: str, text: str) -> str:
        return scale.shown(text, spoken()) if name.startswith(MARK) else text

    return [
        {
            "row": each,
            "label": label(each.field),
            "now": shown(each.field, values[each.field].value if each.field in values else ""),
            "waiting": shown(each.field, each.value),
        }
        for each in review.clashes.filter(settled_at=None)
    ]


urlpatterns = [
    path("worker.js", worker, name="worker"),
    path("sheets/<str:assignment>/", sheet, name="sheet"),
    path("sheets/<str:assignment>/sync/", sync, name="sheet-sync"),
    path("sheets/<str:assignment>/back/", take_back, name="sheet-back"),
    path("sheets/<str:assignment>/clash/<int:clash>/", settle, name="sheet-clash"),
]
