"""The Word file: out, back, and choosing field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.attachments import TYPES, answer_with
from kontor.base.errors import KontorError
from kontor.base.models import Attachment
from kontor.base.permissions import policy, require
from kontor.features.calls.dossier.actions import taking_over
from kontor.features.calls.dossier.facts import LANGUAGES, ground_of
from kontor.features.calls.dossier.forms import WordForm
from kontor.features.calls.dossier.paper import Line, Side, Take, lines_of, word_of
from kontor.features.calls.dossier.rules import may_take_over
from kontor.features.calls.dossier.views.reading import application_of, head, language, said
from kontor.features.calls.models import Application, Transfer
from kontor.features.organisations.views.problems import show_at_field
from kontor.programmes.word.answers import Ground, boxes_of
from kontor.programmes.word.model import Box

_TAKES = {
    Take.FILE: gettext_lazy("As the file says"),
    Take.JOINED: gettext_lazy("Both joined"),
    Take.HERE: gettext_lazy("As it stands here now"),
}
UNREAD = {
    "choice": gettext_lazy("This cannot be chosen, and is left out."),
    "row": gettext_lazy("This row or cell belongs to no partner or column."),
    "shown-only": gettext_lazy("Changed in the file, but only shown there: change it here."),
    "missing": gettext_lazy("The box of this field is gone from the file; the answer stays as it is here."),
    "pictures": gettext_lazy("Pictures are not taken; attach them as files."),
    "doubled": gettext_lazy("The box of this field stands twice in the file; the first one counts."),
    "unknown": gettext_lazy("A box that belongs to no field of this form."),
    "beside": gettext_lazy("Text beside the boxes; copy it into a field where it is meant."),
    "comments": gettext_lazy(
        "The file has remarks in its margin; they are not read. Open the file to see them."
    ),
}


@dataclass(frozen=True)
class Option:
    take: Take
    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class LineRow:
    line: Line
    label: str
    options: tuple[Option, ...]
    before: tuple[Box, ...]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_take_over)
def word(request: HttpRequest, key: str) -> HttpResponse:
    """Download and upload."""
    application = _written_by(request, key)
    form = WordForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = taking_over.receive_word(
                application=application, upload=form.cleaned_data["file"], actor=actor_of(request)
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            return redirect("calls:word-lines", application.key, made.key)
    context = {
        **head(request, application, "word"),
        "form": form,
        "transfers": application.transfers.filter(kind="word")[:20],
    }
    return render(request, "calls/dossier/word.html", context, status=400 if form.errors else 200)


@require_safe
@policy(may_take_over)
def word_file(request: HttpRequest, key: str) -> HttpResponse:
    """The DOCX file, in the reader's language or in `?language=`."""
    application = _written_by(request, key)
    wanted = request.GET.get("language", "")
    content = word_of(application, wanted if wanted in LANGUAGES else language())
    answer = HttpResponse(content, content_type=TYPES["docx"][0])
    answer["Content-Disposition"] = f'attachment; filename="{application.number}.docx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_take_over)
def lines(request: HttpRequest, key: str, transfer_key: str) -> HttpResponse:
    """What a returned file changed, beside what stands here; writes what is chosen."""
    application = _written_by(request, key)
    transfer = _transfer(application, transfer_key)
    open_ = transfer.settled_at is None and application.is_draft
    found = lines_of(transfer)
    if request.method == "POST" and open_:
        revision = request.POST.get("revision", "")
        with said(request, _("What was chosen is written.")):
            taking_over.settle_word(
                transfer=transfer,
                takes=_takes(request, found),
                revision=int(revision) if revision.isdecimal() else 0,
                actor=actor_of(request),
            )
        return redirect("calls:word-lines", application.key, transfer.key)
    ground = ground_of(application, language())
    context = {
        **head(request, application, "word"),
        "transfer": transfer,
        "lines": [_row(application, line, ground) for line in found],
        "both": sum(line.side is Side.BOTH for line in found) if open_ else 0,
        "open": open_ and any(line.side is not Side.SAME for line in found),
        "unread": [_unread(application, one) for one in transfer.unread],
    }
    return render(request, "calls/dossier/word_lines.html", context)


@require_safe
@policy(may_take_over)
def original(request: HttpRequest, key: str, transfer_key: str) -> FileResponse:
    """The file as it was uploaded."""
    transfer = _transfer(_written_by(request, key), transfer_key)
    return answer_with(get_object_or_404(Attachment.objects.of(transfer)))


@require_POST
@policy(may_take_over)
def take_back(request: HttpRequest, key: str, transfer_key: str) -> HttpResponse:
    """Everything that one file, application or the directory wrote, as it was before."""
    application = _written_by(request, key)
    transfer = _transfer(application, transfer_key)
    with said(request, _("The fields stand as before.")):
        taking_over.take_transfer_back(transfer=transfer, actor=actor_of(request))
    return redirect("calls:word" if transfer.kind == "word" else "calls:take-over", application.key)


def _takes(request: HttpRequest, found: list[Line]) -> dict[str, str]:
    told = {line.field.key: request.POST.get(f"take-{line.field.key}", "") for line in found}
    return {key: take for key, take in told.items() if take}


def _written_by(request: HttpRequest, key: str) -> Application:
    application = application_of(request, key)
    require(request, may_take_over, application)
    return application


def _transfer(application: Application, key: str) -> Transfer:
    found: Transfer = get_object_or_404(application.transfers, key=key)
    found.application = application
    return found


def _row(application: Application, line: Line, ground: Ground) -> LineRow:
    form = application.questions

    def boxes(value: Any) -> tuple[Box, ...]:
        return boxes_of(form, line.field, value, ground)

    takes = (Take.HERE,) if line.side is Side.SAME else line.options
    options = tuple(Option(take, str(_TAKES[take]), boxes(line.value(take))) for take in takes)
    before = boxes(line.before) if line.side is Side.BOTH else ()
    return LineRow(line, line.field.label.best(ground.language), options, before)


def _unread(application: Application, told: dict[str, str]) -> dict[str, str]:
    known = {field.key: field for field in application.questions.fields()}
    field = known.get(told["field"])
    label = field.label.best(language()) if field else ""
    return {"label": label, "words": str(UNREAD[told["code"]]), "text": told["text"], "code": told["code"]}


urlpatterns: list[Any] = [
    path("<str:key>/word/", word, name="word"),
    path("<str:key>/word/file/", word_file, name="word-file"),
    path("<str:key>/word/<str:transfer_key>/", lines, name="word-lines"),
    path("<str:key>/word/<str:transfer_key>/original/", original, name="word-original"),
    path("<str:key>/take-over/<str:transfer_key>/back/", take_back, name="transfer-back"),
]
