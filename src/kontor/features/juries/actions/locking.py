"""Rows locked for a change, and the refusals that several actions share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import Conflict, KontorError
from kontor.features.juries.models import Panel


def locked(panel: Panel, revision: int | None = None) -> Panel:
    """The panel, locked. Conflict where it changed since `revision`."""
    row = Panel.objects.select_for_update().select_related(None).get(pk=panel.pk)
    if revision is not None and row.revision != revision:
        raise Conflict(
            _("Somebody changed the jury in the meantime: {who}.").format(who=row.changed_by),
            code="jury-changed",
            remedy=_("Look at what is new and save again."),
        )
    return row


def with_reason(reason: str, path: str = "reason") -> str:
    """The reason, trimmed. KontorError where there is none."""
    if not reason.strip():
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path=path,
            remedy=_("Say in a sentence why; it stays on record."),
        )
    return reason.strip()


def refused(
    message: object, code: str, remedy: object = "", path: str = "", status: int = 409
) -> KontorError:
    return KontorError(message, code=code, path=path, remedy=remedy, status=status)
