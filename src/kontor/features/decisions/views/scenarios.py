"""Scenarios side by side, one in full, a new one, adopting and discarding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.cli.contract import Clock
from kontor.features.decisions import actions
from kontor.features.decisions.actions.scenarios import is_outdated
from kontor.features.decisions.forms import ReasonForm, ScenarioForm
from kontor.features.decisions.grounds import names_of
from kontor.features.decisions.models import Decision, PotKind, Round, Scenario
from kontor.features.decisions.queries import board_of, scenario_in
from kontor.features.decisions.rules import may_decide, may_read_round
from kontor.features.decisions.settings import Settings, settings_of
from kontor.features.decisions.sides import side_by_side
from kontor.features.decisions.tabs import around
from kontor.features.decisions.views.doors import decided_round, done_or_told, read_round, tried

#: Seconds that a page waits for a proof; a scenario that is not proven by then says so.
WAIT = 20.0


@require_safe
@policy(may_read_round)
def scenarios(request: HttpRequest, key: str) -> HttpResponse:
    """Who is funded in which, what is left, and what each is worth."""
    round = read_round(request, key)
    board = board_of(round)
    context = {
        **around(request.user, round, "scenarios"),
        "sides": side_by_side(board, list(round.scenarios.all())),
        "board": board,
    }
    return render(request, "decisions/scenarios.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_decide)
def new_scenario(request: HttpRequest, key: str) -> HttpResponse:
    round = decided_round(request, key)
    names = names_of(round)
    envelopes = list(round.envelopes.select_related("envelope"))
    form = ScenarioForm(
        request.POST or None,
        round=round,
        numbers=names.numbers,
        envelopes=envelopes,
        initial=_initial(round, request.GET.get("from", "")),
    )
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            actions.compute_scenario,
            round=round,
            name=form.cleaned_data["name"],
            names=form.names,
            settings=form.settings,
            stop=Clock(WAIT),
            actor=actor_of(request),
        )
        if made:
            return redirect(made)
    context = {
        **around(request.user, round, "scenarios"),
        "form": form,
        "plain": [
            form[name] for name in ("name", "rule", "pot", "balancing", "min_score") if name in form.fields
        ],
        "more": [form[name] for name in MORE if name in form.fields],
        "names": [form[name] for name in form.fields if name.startswith("name_")],
        "granted": Decision.objects.live().granting().filter(round=round).count(),
        "trial": [field for field in form if field.name.startswith("extra:")],
        "opened": any(name in MORE or name.startswith(("extra:", "name_")) for name in form.errors),
    }
    return render(request, "decisions/scenario_new.html", context, status=400 if form.errors else 200)


MORE = ("new_share", "countries", "exclusive", "requires", "partial", "partial_for", "adjusted")


def _initial(round: Round, origin: str) -> dict[str, Any]:
    """The usual settings of the call; those of another scenario where one is named."""
    known = round.scenarios.filter(key=origin).first() if origin else None
    if known is None:
        pot = round.envelopes.filter(key="balancing").first()
        usual = Settings()
        return {
            "rule": str(usual.rule),
            "pot": round.pot,
            "balancing": pot.amount if pot else None,
            "min_score": round.threshold.normalize() if round.threshold else None,
            "name": "",
        }
    told, numbers = settings_of(known.settings), names_of(round).numbers
    return {
        "name": _("%(name)s, changed") % {"name": known.label},
        "rule": str(told.rule),
        "pot": str(told.pot),
        "balancing": told.balancing or None,
        "min_score": told.min_score or None,
        "new_share": told.new_share,
        "countries": "\n".join(f"{one.country} {one.least:f} {one.most:f}" for one in told.countries),
        "exclusive": "\n".join(", ".join(numbers.get(key, key) for key in group) for group in told.exclusive),
        "requires": "\n".join(", ".join(numbers.get(key, key) for key in pair) for pair in told.requires),
        "partial": ", ".join(map(str, told.partial)),
        "partial_for": ", ".join(numbers.get(key, key) for key in told.partial_for),
        "adjusted": told.adjusted,
        **{f"extra:{key}": amount for key, amount in told.extra.items()},
    }


@require_safe
@policy(may_read_round)
def scenario(request: HttpRequest, key: str, scenario: str) -> HttpResponse:
    """Who is funded, and for each of the others why not and what would have changed it."""
    round = read_round(request, key)
    found = scenario_in(round, scenario)
    board = board_of(round)
    context = {
        **around(request.user, round, "scenarios"),
        "scenario": found,
        "side": side_by_side(board, [found]).columns[0],
        "outdated": is_outdated(round, found),
        "is_adopted": round.adopted_id == found.pk,
        "form": ReasonForm(),
        "pot": PotKind(settings_of(found.settings).pot).label,
    }
    return render(request, "decisions/scenario.html", context)


@require_POST
@policy(may_decide)
def adopt(request: HttpRequest, key: str, scenario: str) -> HttpResponse:
    round = decided_round(request, key)
    found = scenario_in(round, scenario)
    reason = request.POST.get("reason", "")
    if done_or_told(request, actions.adopt_scenario, scenario=found, reason=reason, actor=actor_of(request)):
        messages.success(request, _("The board follows “%(name)s” now.") % {"name": found.label})
        return redirect(round)
    return redirect(found)


@require_POST
@policy(may_decide)
def discard(request: HttpRequest, key: str, scenario: str) -> HttpResponse:
    round = decided_round(request, key)
    found = scenario_in(round, scenario)
    if done_or_told(request, actions.discard_scenario, scenario=found, actor=actor_of(request)):
        messages.success(request, _("The scenario is gone."))
    return redirect("decisions:scenarios", round.key)


@require_safe
@policy(may_read_round)
def problem(request: HttpRequest, key: str, scenario: str) -> HttpResponse:
    """The whole question as a file that `kontor portfolio solve` answers in the same way."""
    round = read_round(request, key)
    found: Scenario = scenario_in(round, scenario)
    answer = JsonResponse(found.problem, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="portfolio-{found.key}.json"'
    return answer


urlpatterns = [
    path("<str:key>/scenarios/", scenarios, name="scenarios"),
    path("<str:key>/scenarios/new/", new_scenario, name="scenario-new"),
    path("<str:key>/scenarios/<str:scenario>/", scenario, name="scenario"),
    path("<str:key>/scenarios/<str:scenario>/adopt/", adopt, name="adopt"),
    path("<str:key>/scenarios/<str:scenario>/discard/", discard, name="discard"),
    path("<str:key>/scenarios/<str:scenario>/portfolio.json", problem, name="problem"),
]
