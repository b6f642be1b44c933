"""A case's log in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kontor.base.erasure import in_words
from kontor.features.calls.models import (
    ApplicationState,
    Call,
    CaseEntry,
    EntryKind,
    NoticeKind,
    OrganisationNotice,
)

_WHY = {"region": "region", "language": "language", "theme": "theme", "load": "load"}


def entry_line(entry: CaseEntry) -> str:
    """What happened, in a sentence, before the text that somebody wrote."""
    details: dict[str, Any] = entry.details
    match entry.kind:
        case EntryKind.ASSIGNED if details.get("to"):
            why = ", ".join(_why(name) for name in details.get("why", ()))
            said = _("Contact person: %(name)s") % {"name": in_words(details["to"])}
            line = f"{said} ({why})" if why else said
            return f"{line}. {_('Everybody was full or away.')}" if details.get("overloaded") else line
        case EntryKind.ASSIGNED:
            return _("No contact person yet: the call has none.")
        case EntryKind.HANDED_OVER:
            return _("Handed over from %(old)s to %(new)s") % {
                "old": in_words(details.get("from", "")) or _("nobody"),
                "new": in_words(details.get("to", "")),
            }
        case EntryKind.STEP:
            return _step(str(details.get("to", "")))
    return str(entry.get_kind_display()).capitalize()


def notice_line(notice: OrganisationNotice) -> str:
    """What became of an organisation in an application, in a sentence."""
    told = {"name": notice.name, "other": notice.other.name if notice.other else _("another organisation")}
    if notice.kind == NoticeKind.MERGED:
        line = _("%(name)s was merged into %(other)s, to which the application belongs now.") % told
        if notice.details.get("swapped"):
            line += " " + _("Both are partners of it.")
        return line
    if notice.kind == NoticeKind.LEFT:
        return _("%(name)s left the directory. What was handed in stays as it was.") % told
    rules = " ".join(Call.said(one["text"]) for one in notice.details.values())
    return _("%(name)s changed. Answered worse than at the handing in: %(rules)s") % {
        **told, "rules": rules
    }  # fmt: skip


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
