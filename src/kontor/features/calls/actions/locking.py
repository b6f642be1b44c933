"""An application locked for a change."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.features.calls.models import Application


def locked(application: Application) -> Application:
    """The row as it stands, held until the transaction ends: changes of one application follow each other.

    Whatever another transaction did to it before is seen: a text saved while somebody submits is either in
    what is submitted, or refused and kept by the page that wrote it.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "call__programme", "call__version", "lead"
    )
    return rows.get(pk=application.pk)


def locked_draft(application: Application) -> Application:
    """The same, where it may still be written in. KontorError (409) where it was handed in or withdrawn."""
    row = locked(application)
    if not row.is_draft:
        raise KontorError(
            _("The application is no longer a draft: {state}.").format(state=row.get_state_display()),
            code="not-a-draft",
            path="state",
            remedy=_("What you wrote stays on this page. Copy it if you need it, then load the page again."),
            status=409,
        )
    return row
