"""Is our team eligible? A check for anybody, before anything is written; nothing is kept."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor import programmes
from kontor.base.permissions import PUBLIC, policy
from kontor.engine.core.errors import InvalidInput
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.self_check import (
    MOST,
    PartnerForm,
    TeamForm,
    chosen,
    from_directory,
    instruments,
    team_from,
)
from kontor.features.programmes.tabs import tabs_of
from kontor.features.programmes.templatetags.programme_words import reader
from kontor.features.programmes.words import refused
from kontor.programmes.rules import State

_WORDS = {State.YES: "good", State.CLARIFY: "warn", State.NO: "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def eligibility(request: HttpRequest, key: str) -> HttpResponse:
    """Two empty partners to begin with; each button answers the whole page with what was written so far."""
    programme = programme_for(request.user, key)
    definition = published(programme).definition
    context: dict[str, Any] = {
        "programme": programme,
        "tabs": tabs_of(request.user, programme, definition, "eligibility"),
        "none": not definition.instruments,
    }
    if definition.instruments:
        context |= _asked(request, definition) if request.method == "POST" else _empty(request, definition)
    return render(request, "programmes/eligibility.html", context)


def _empty(request: HttpRequest, definition: programmes.Programme) -> dict[str, Any]:
    wanted = request.GET.get("instrument", "")
    known = [key for key, _label in instruments(definition)]
    form = TeamForm(definition=definition, initial={"instrument": wanted if wanted in known else known[0]})
    return {"form": form, "partners": [PartnerForm(prefix=f"p{at}") for at in range(2)], "lead": "0"}


def _asked(request: HttpRequest, definition: programmes.Programme) -> dict[str, Any]:
    """What a button asks for: one partner more or less, or the answer of every rule."""
    rows, lead = _written(request), request.POST.get("lead", "")
    step = request.POST.get("step", "check")
    note = ""
    if step == "add" and len(rows) < MOST:
        rows.append({})
    elif step.startswith("remove-") and step[7:].isdigit() and int(step[7:]) < len(rows):
        rows, lead = _without(rows, int(step[7:]), lead)
    elif step == "directory":
        note = _add_known(request, rows)
    form = TeamForm(request.POST, definition=definition)
    partners = [_form(row, at) for at, row in enumerate(rows)]
    context: dict[str, Any] = {"form": form, "partners": partners, "lead": lead, "note": note}
    if step == "check" and all([form.is_valid(), *(one.is_valid() for one in partners)]):
        context |= _answers(definition, form, partners, lead)
    return context


def _written(request: HttpRequest) -> list[dict[str, str]]:
    """The partners of the posted page, row by row."""
    given = request.POST.get("count", "0")
    count = min(int(given), MOST) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    names = PartnerForm.base_fields
    return [{name: request.POST.get(f"p{at}-{name}", "") for name in names} for at in range(count)]


def _form(row: dict[str, str], at: int) -> PartnerForm:
    return PartnerForm({f"p{at}-{name}": value for name, value in row.items()}, prefix=f"p{at}")


def _without(rows: list[dict[str, str]], gone: int, lead: str) -> tuple[list[dict[str, str]], str]:
    """The lead stays with its partner, whose number may fall by one."""
    kept = [row for at, row in enumerate(rows) if at != gone]
    if not lead.isdigit() or int(lead) == gone:
        return kept, ""
    return kept, str(int(lead) - (int(lead) > gone))


def _add_known(request: HttpRequest, rows: list[dict[str, str]]) -> str:
    """Puts an organisation of the directory into the first empty row; says what is wrong, else nothing."""
    name = request.POST.get("organisation", "").strip()[:300]
    named = Q(key=name) | Q(name=name)
    found = Organisation.objects.visible_to(request.user).filter(named).first() if name else None
    if found is None:
        return _("The directory shows you no organisation called “%(name)s”.") % {"name": name}
    empty = next((row for row in rows if not any(row.values())), None)
    if empty is not None:
        empty |= from_directory(found)
    elif len(rows) < MOST:
        rows.append(from_directory(found))
    return ""


def _answers(
    definition: programmes.Programme, form: TeamForm, partners: list[PartnerForm], lead: str
) -> dict[str, Any]:
    of, instrument = chosen(definition, form.cleaned_data["instrument"])
    told = [one.cleaned_data for one in partners]
    try:
        team = team_from(form.cleaned_data, told, lead)
        found = programmes.assess(of, instrument, team)
    except InvalidInput as error:
        return {"contradiction": refused(error)}
    names = {partner.key: partner.label for partner in team.partners}
    language = reader()
    rows = [
        {
            "state": answer.state,
            "kind": _WORDS[answer.state],
            "text": answer.wording(language),
            "preference": answer.use.preference,
            "source": answer.use.source,
            "findings": [
                {
                    "partner": names.get(one.partner, ""),
                    "reason": one.reason.text(language),
                    "changes": [change.sentence.text(language) for change in one.changes],
                    "state": one.state,
                }
                for one in answer.findings
            ],
        }
        for answer in found.answers
    ]
    return {"answers": rows, "state": found.state, "kind": _WORDS[found.state], "instrument": instrument}


urlpatterns = [path("<slug:key>/eligibility/", eligibility, name="eligibility")]
