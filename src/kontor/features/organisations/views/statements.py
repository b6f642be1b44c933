"""Adding, changing, confirming, closing and translating statements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.permissions import policy
from kontor.features.organisations import actions
from kontor.features.organisations.forms import StatementForm, code_pairs
from kontor.features.organisations.models import Organisation, Statement, StatementKind
from kontor.features.organisations.rules import may_edit
from kontor.features.organisations.sealing import seal, unseal
from kontor.features.organisations.views.conflicts import chosen_values, conflict_page
from kontor.features.organisations.views.finding import organisation_for, statement_for
from kontor.features.organisations.views.problems import show_at_field


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A new statement; `?kind=need` chooses its kind."""
    organisation = organisation_for(request, key, may_edit)
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in StatementKind.values else "offer", "visibility": "public"}
    form = StatementForm(request.POST or None, initial=initial, suggest_from=request.POST.get("text", ""))
    if request.method == "POST" and "suggest" not in request.POST and form.is_valid():
        values = form.statement_values()
        codes = code_pairs(values.pop("codes"))
        try:
            actions.add_statement(organisation=organisation, codes=codes, actor=actor_of(request), **values)
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The statement is saved."))
            return redirect(organisation)
    return _form_page(request, organisation, form)


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def change(request: HttpRequest, key: str, statement_key: str) -> HttpResponse:
    """Saving also confirms the statement. Joined with what others saved meanwhile, as for profiles."""
    statement = statement_for(request, key, statement_key)
    if request.POST.get("step") == "resolve":
        return _save(request, statement, *chosen_values(request))
    begun = actions.statement_snapshot(statement)
    wants_codes = "suggest" in request.POST or not begun["codes"]
    text = request.POST.get("text", statement.text) if wants_codes else ""
    form = StatementForm(request.POST or None, initial=begun, suggest_from=text)
    if request.method == "POST" and "suggest" not in request.POST and form.is_valid():
        base = unseal(request.POST.get("base", ""))
        return _save(request, statement, form.statement_values(), base, form)
    return _form_page(
        request,
        statement.organisation,
        form,
        statement=statement,
        base=request.POST.get("base") or seal(begun),
    )


def _form_page(
    request: HttpRequest, organisation: Organisation, form: StatementForm, **context: Any
) -> HttpResponse:
    fragment = request.htmx and "suggest" in request.POST  # type: ignore[attr-defined]
    template = "organisations/edit_codes.html" if fragment else "organisations/statement_form.html"
    return render(request, template, {"organisation": organisation, "form": form, **context})


def _save(
    request: HttpRequest,
    statement: Statement,
    values: dict[str, Any],
    base: dict[str, Any],
    form: StatementForm | None = None,
) -> HttpResponse:
    organisation = statement.organisation
    values = {field: value for field, value in values.items() if field != "revision"}
    try:
        actions.change_statement(statement=statement, values=values, base=base, actor=actor_of(request))
    except actions.EditConflict as conflict:
        labels = {name: field.label for name, field in StatementForm.base_fields.items()}
        statement.refresh_from_db()
        who = statement.confirmed_by
        back = organisation.get_absolute_url()
        return conflict_page(request, conflict, labels=labels, title=organisation.name, back=back, who=who)
    except KontorError as error:
        if form is None:
            raise
        show_at_field(form, error)
        return _form_page(request, organisation, form, statement=statement, base=seal(base))
    messages.success(request, _("The statement is saved."))
    return redirect(organisation)


@require_POST
@policy(may_edit)
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """One statement (`statement=KEY`) or all open ones still hold."""
    organisation = organisation_for(request, key, may_edit)
    rows = organisation.statements.select_related("organisation").filter(closed_at=None)
    if statement_key := request.POST.get("statement"):
        rows = rows.filter(key=statement_key)
    count = actions.confirm_statements(statements=list(rows), actor=actor_of(request))
    messages.success(request, _("Confirmed: %(count)s.") % {"count": count})
    return redirect(organisation)


@require_POST
@policy(may_edit)
def close(request: HttpRequest, key: str, statement_key: str) -> HttpResponse:
    statement = statement_for(request, key, statement_key)
    actions.close_statement(statement=statement, actor=actor_of(request))
    messages.success(
        request, _("The statement is closed. Only its editors still see it; it can be opened again.")
    )
    return redirect(statement.organisation)


@require_POST
@policy(may_edit)
def reopen(request: HttpRequest, key: str, statement_key: str) -> HttpResponse:
    statement = statement_for(request, key, statement_key)
    actions.reopen_statement(statement=statement, actor=actor_of(request))
    messages.success(request, _("The statement is open again."))
    return redirect(statement.organisation)


_ONE = "<slug:key>/statements/<slug:statement_key>/"
urlpatterns = [
    path("<slug:key>/statements/new/", add, name="statement-add"),
    path("<slug:key>/statements/confirm/", confirm, name="statement-confirm"),
    path(_ONE, change, name="statement-change"),
    path(f"{_ONE}close/", close, name="statement-close"),
    path(f"{_ONE}reopen/", reopen, name="statement-reopen"),
]
