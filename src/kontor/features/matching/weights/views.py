"""The page of learned weights: what they are, how they did, who gains, and which version is in use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.engine.matching.learn import FEWEST
from kontor.features.accounts.rules import is_administrator
from kontor.features.matching.introductions.rules import may_oversee
from kontor.features.matching.models import LearnedWeights
from kontor.features.matching.weights import actions
from kontor.features.matching.weights.queries import last_learning, learning_now, settled_introductions
from kontor.features.matching.weights.showing import bias_tables, weight_tables


@require_safe
@policy(may_oversee)
def weights(request: HttpRequest) -> HttpResponse:
    """All versions, and one of them in full: the one asked for, in use, or the latest."""
    versions = list(LearnedWeights.objects.defer("bias", "fitted", "small_fitted")[:50])
    shown = _shown(request.GET.get("version", ""), versions)
    context: dict[str, Any] = {
        "versions": versions,
        "active": next((row for row in versions if row.active), None),
        "working": learning_now(),
        "last": last_learning(),
        "settled": settled_introductions(),
        "needed": FEWEST,
        "may_switch": is_administrator.test(request.user),
    }
    if shown is not None:
        context |= {"shown": shown, "tables": weight_tables(shown), "bias": bias_tables(shown)}
        context["share"] = round(100 * shown.share)
    return render(request, "matching/weights/weights.html", context)


def _shown(number: str, versions: list[LearnedWeights]) -> LearnedWeights | None:
    if number.isdigit() and len(number) < 9:
        return get_object_or_404(LearnedWeights, number=int(number))
    chosen = next((row for row in versions if row.active), None) or next(iter(versions), None)
    return LearnedWeights.objects.get(pk=chosen.pk) if chosen else None


@require_POST
@policy(may_oversee)
def learn(request: HttpRequest) -> HttpResponse:
    """Have weights learned from what is known today."""
    actions.learn_weights(actor=actor_of(request))
    messages.success(request, _("The weights are being learned. You can go on with other things."))
    return redirect("matching:weights")


@require_POST
@policy(is_administrator)
def switch(request: HttpRequest) -> HttpResponse:
    """Use the version that was posted, or the usual weights where none was."""
    number = request.POST.get("version", "")
    if not number:
        actions.use_usual_weights(actor=actor_of(request))
        messages.success(request, _("Every search uses the usual weights again."))
        return redirect("matching:weights")
    try:
        used = actions.use_weights(number=int(number) if number.isdigit() else 0, actor=actor_of(request))
    except KontorError as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, _("Every search uses version %(number)s now.") % {"number": used.number})
    return redirect("matching:weights")
