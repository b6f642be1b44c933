"""The shared space: comments and files, from the idea to the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.attachments import answer_with
from kontor.base.errors import KontorError
from kontor.base.models import Attachment
from kontor.base.permissions import policy, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.forms import CommentForm, FileForm
from kontor.features.matching.consortia.queries import comments_of, files_of, speaks_for
from kontor.features.matching.consortia.rules import Entry, may_change_entry, may_read
from kontor.features.matching.consortia.views.reading import consortium_for, head, said
from kontor.features.matching.models import Consortium
from kontor.features.matching.models.states import Channel
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read)
def space(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that was said and attached, and a form for each."""
    consortium = consortium_for(request, key)
    posted = request.POST if request.method == "POST" else None
    comment = CommentForm(posted if posted is not None and "text" in posted else None)
    upload = FileForm(posted, request.FILES) if request.FILES else FileForm()
    if request.method == "POST" and _taken(request, consortium, comment, upload):
        return redirect(reverse("matching:consortium-space", args=[consortium.key]))
    actions.note_space(consortium, request.user, Channel.PAGE)
    context = {
        **head(request, consortium, "space"),
        "comments": list(comments_of(consortium)),
        "files": list(files_of(consortium)),
        "comment_form": comment,
        "file_form": upload,
        "me": request.user.key,  # type: ignore[union-attr] # the policy asks for somebody signed in
    }
    return render(request, "matching/consortia/space.html", context)


def _taken(request: HttpRequest, consortium: Consortium, comment: CommentForm, upload: FileForm) -> bool:
    """Whether the comment or the file was kept; otherwise its form says why not."""
    form: Any = upload if request.FILES else comment
    if not form.is_valid():
        return False
    try:
        if form is upload:
            file = form.cleaned_data["file"]
            actions.attach_file(consortium=consortium, upload=file, actor=actor_of(request))
            messages.success(request, _("The file is attached."))
        else:
            actions.add_comment(
                consortium=consortium,
                text=form.cleaned_data["text"],
                organisation=speaks_for(request.user, consortium),
                actor=actor_of(request),
            )
    except KontorError as error:
        show_at_field(form, error)
        return False
    return True


@require_safe
@policy(may_read)
def file(request: HttpRequest, key: str, file_key: str) -> FileResponse:
    """A download, for those who may read the space today."""
    consortium = consortium_for(request, key)
    return answer_with(get_object_or_404(files_of(consortium), key=file_key))


@require_POST
@policy(may_read)
def change_file(request: HttpRequest, key: str, file_key: str) -> HttpResponse:
    """Remove a file or bring it back: who added it, and who composes."""
    consortium = consortium_for(request, key)
    rows = Attachment.objects.filter(subject_kind="consortium", subject_id=consortium.pk)
    attachment = get_object_or_404(rows, key=file_key)
    _require_own(request, consortium, attachment.actor_key)
    if "restore" in request.POST:
        with said(request, _("The file is back.")):
            actions.bring_file_back(consortium=consortium, attachment=attachment, actor=actor_of(request))
    else:
        with said(request, _("The file is removed.")):
            actions.remove_file(consortium=consortium, attachment=attachment, actor=actor_of(request))
    return redirect(reverse("matching:consortium-space", args=[consortium.key]))


@require_POST
@policy(may_read)
def change_comment(request: HttpRequest, key: str, comment_key: str) -> HttpResponse:
    """Remove one's own comment or bring it back."""
    consortium = consortium_for(request, key)
    comment = get_object_or_404(comments_of(consortium), key=comment_key)
    _require_own(request, consortium, comment.actor_key)
    with said(request):
        if "restore" in request.POST:
            actions.bring_comment_back(comment=comment, actor=actor_of(request))
        else:
            actions.remove_comment(comment=comment, actor=actor_of(request))
    return redirect(reverse("matching:consortium-space", args=[consortium.key]))


def _require_own(request: HttpRequest, consortium: Consortium, actor_key: str) -> None:
    require(request, may_change_entry, Entry(consortium, actor_key))


urlpatterns = [
    path("<str:key>/space/", space, name="consortium-space"),
    path("<str:key>/files/<str:file_key>/", file, name="consortium-file"),
    path("<str:key>/files/<str:file_key>/change/", change_file, name="consortium-file-change"),
    path("<str:key>/comments/<str:comment_key>/change/", change_comment, name="consortium-comment-change"),
]
