"""Name and summary of an organisation, title and text of a statement, in other languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.models import Text
from kontor.base.permissions import policy
from kontor.features.organisations import actions
from kontor.features.organisations.forms import TranslationForm
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.queries import last_editor, reader_language, translations_of
from kontor.features.organisations.rules import may_edit
from kontor.features.organisations.sealing import seal
from kontor.features.organisations.views.conflicts import begun_with, chosen_values, conflict_page
from kontor.features.organisations.views.finding import organisation_for, statement_for

# Proposed where the reader's language is the original's: most translate into English first.
_OFTEN = ("en", "de")
# Field of the form to field of the thing.
_OF_ORGANISATIONS = {"name": "name", "text": "summary"}
_OF_STATEMENTS = {"name": "title", "text": "text"}


@dataclass(frozen=True)
class _Task:
    """What is translated on this page, and where the page is."""

    request: HttpRequest
    organisation: Organisation
    subject: Organisation | Statement
    fields: Mapping[str, str]
    write: Callable[..., None]
    template: str
    here: str

    @property
    def about(self) -> str:
        return str(self.subject.key)

    @property
    def verb(self) -> str:
        return f"{self.subject._meta.model_name}.translated"


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def translations(request: HttpRequest, key: str) -> HttpResponse:
    """Name and summary in other languages; `?language=fr` opens one to change it."""
    organisation = organisation_for(request, key, may_edit)

    def write(**values: Any) -> None:
        actions.translate_organisation(organisation=organisation, actor=actor_of(request), **values)

    here = reverse("organisations:translations", args=[key])
    template = "organisations/profile_translations.html"
    return _answer(_Task(request, organisation, organisation, _OF_ORGANISATIONS, write, template, here))


@require_http_methods(["GET", "POST"])
@policy(may_edit)
def translate(request: HttpRequest, key: str, statement_key: str) -> HttpResponse:
    """Title and text in other languages; `?language=fr` opens one to change it."""
    statement = statement_for(request, key, statement_key)

    def write(**values: Any) -> None:
        actions.translate_statement(statement=statement, actor=actor_of(request), **values)

    here = reverse("organisations:statement-translate", args=[key, statement_key])
    template = "organisations/statement_translate.html"
    return _answer(_Task(request, statement.organisation, statement, _OF_STATEMENTS, write, template, here))


def _answer(task: _Task) -> HttpResponse:
    request = task.request
    if request.POST.get("step") == "resolve":
        values, base = chosen_values(request, task.about)
        return _save(task, values, base)
    texts = translations_of(task.subject)
    opened = _opened(request, texts)
    form = TranslationForm(
        request.POST or None, initial=_initial(task, texts, opened), original=task.subject.language
    )
    if request.method == "POST" and form.is_valid():
        return _save(task, *_wanted(task, form.cleaned_data), form)
    return _page(task, form, request.POST.get("base") or _sealed(task, texts, opened))


def _opened(request: HttpRequest, texts: Iterable[Text]) -> str:
    """The language whose texts the form holds; "" for a form that begins empty."""
    language = request.GET.get("language", "")
    return language if any(row.language == language for row in texts) else ""


def _initial(task: _Task, texts: Iterable[Text], opened: str) -> dict[str, Any]:
    rows = {row.field: row for row in texts if row.language == opened}
    if not rows:
        likely = (reader_language(), *_OFTEN)
        return {"language": next(each for each in likely if each != task.subject.language)}
    found = {name: rows[field].text for name, field in task.fields.items() if field in rows}
    return {"language": opened, "origin": next(iter(rows.values())).origin, **found}


def _sealed(task: _Task, texts: Iterable[Text], opened: str) -> str:
    """What the page showed, and the language whose form was filled in."""
    shown = {f"{row.language}.{row.field}": row.text for row in texts}
    return seal({"texts": shown, "opened": opened}, task.about)


def _wanted(task: _Task, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(values, base) of one language. An empty text removes a translation in a form that was opened to change
    this language; elsewhere it says nothing.
    """
    begun = begun_with(task.request, task.about)
    language = values["language"]
    base = {field: begun["texts"].get(f"{language}.{field}", "") for field in task.fields.values()}
    wanted = {
        field: values[name]
        for name, field in task.fields.items()
        if values[name] or begun["opened"] == language
    }
    return {**wanted, "language": language, "origin": values["origin"]}, base


def _page(task: _Task, form: TranslationForm, base: str) -> HttpResponse:
    context = {
        "organisation": task.organisation,
        "statement": task.subject,
        "form": form,
        "texts": translations_of(task.subject),
        "base": base,
    }
    return render(task.request, task.template, context)


def _save(
    task: _Task, values: dict[str, Any], base: dict[str, Any], form: TranslationForm | None = None
) -> HttpResponse:
    how = {"language": values.pop("language"), "origin": values.pop("origin")}
    try:
        task.write(values=values, base=base, **how)
    except actions.EditConflict as conflict:
        labels = {field: TranslationForm.base_fields[name].label for name, field in task.fields.items()}
        return conflict_page(
            task.request,
            conflict,
            labels=labels,
            title=task.organisation.name,
            back=task.here,
            who=last_editor(task.subject, task.verb),
            about=task.about,
            carried=how,
        )
    except KontorError as error:
        if form is None:
            raise
        form.add_error("language", str(error))
        return _page(task, form, task.request.POST["base"])
    messages.success(task.request, _("The translation is saved."))
    return redirect(task.here)


urlpatterns = [
    path("<slug:key>/translations/", translations, name="translations"),
    path("<slug:key>/statements/<slug:statement_key>/translate/", translate, name="statement-translate"),
]
