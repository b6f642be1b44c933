"""A case's log in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kontor.features.calls.models import ApplicationState, CaseEntry, EntryKind

_WHY = {"region": "region", "language": "language", "theme": "theme", "load": "load"}


def entry_line(entry: CaseEntry) -> str:
    """What happened, in a sentence, before the text that somebody wrote."""
    details: dict[str, Any] = entry.details
    match entry.kind:
        case EntryKind.ASSIGNED if details.get("to"):
            why = ", ".join(_why(name) for name in details.get("why", ()))
            said = _("Contact person: %(name)s") % {"name": details["to"]}
            line = f"{said} ({why})" if why else said
            return f"{line}. {_('Everybody was full or away.')}" if details.get("overloaded") else line
        case EntryKind.ASSIGNED:
            return _("No contact person yet: the call has none.")
        case EntryKind.HANDED_OVER:
            return _("Handed over from %(old)s to %(new)s") % {
                "old": details.get("from") or _("nobody"),
                "new": details.get("to", ""),
            }
        case EntryKind.STEP:
            return _step(str(details.get("to", "")))
    return str(entry.get_kind_display()).capitalize()


def _step(to: str) -> str:
    if to == "begun":
        return _("The application was begun")
    if to in ApplicationState.values:
        return _("The application is now: %(state)s") % {"state": ApplicationState(to).label}
    return _("The application moved on")


def _why(name: str) -> str:
    return {
        "region": pgettext("why this contact person", "region"),
        "language": pgettext("why this contact person", "language"),
        "theme": pgettext("why this contact person", "theme"),
        "load": pgettext("why this contact person", "fewest open cases"),
    }.get(name, name)
