"""Who may read which rows of the log, and a thing's history in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kontor.base.audit.record import Subject, ref
from kontor.base.models import AuditEvent
from kontor.base.permissions import holds

sees_everything = holds("administrator", "controller")
opens_log = sees_everything | holds("cluster_manager")

Lens = Callable[[Any], Q]
_lenses: list[Lens] = []
_verbs: dict[str, object] = {
    "add": _("added"),
    "change": _("changed"),
    "delete": _("deleted"),
    "import": _("imported"),
    "merge": _("merged"),
    "invite": _("invited"),
    "grant role": _("gave a role"),
    "take role": _("took a role"),
    "change password": _("changed the password"),
    "create token": _("created a token"),
    "revoke token": _("revoked a token"),
    "withdraw invitation": _("withdrew an invitation"),
    "end session": _("signed a device out"),
}


@dataclass(frozen=True)
class Happened:
    """One line of a time line: when, what in words, who."""

    at: Any
    text: str
    who: str
    href: str = ""


def see_history_with(lens: Lens) -> None:
    """`lens(user)` selects rows that a person who does not see everything may read (their members' …)."""
    if lens not in _lenses:
        _lenses.append(lens)


def name_verbs(verbs: dict[str, object]) -> None:
    """Lazy translations of a feature's verbs, in the past tense."""
    _verbs.update(verbs)


def rows_for(user: Any) -> QuerySet[AuditEvent]:
    """Everything for administrators and controllers; for others what they did and what the lenses show."""
    rows = AuditEvent.objects.order_by("-seq")
    if sees_everything.test(user):
        return rows
    mine = Q(actor_key=user.key)
    for lens in _lenses:
        mine |= lens(user)
    return rows.filter(mine)


def verb_text(verb: str) -> str:
    """The verb in the reader's language; as it is where no feature named it."""
    return str(_verbs.get(verb, verb))


def history_of(subject: Subject, limit: int = 50) -> list[Happened]:
    """The newest `limit` changes of one thing, latest first. Whether it may be shown is the page's to
    know.
    """
    about = ref(subject)
    rows = AuditEvent.objects.filter(subject_kind=about.kind, subject_key=about.key).order_by("-seq")
    return [Happened(row.at, _sentence(row), row.actor_label) for row in rows[:limit]]


def _sentence(row: AuditEvent) -> str:
    fields = ", ".join(name.replace("_", " ") for name in row.changes)
    words = f"{verb_text(row.verb)}: {fields}" if fields else verb_text(row.verb)
    return f"{words} ({row.reason})" if row.reason else words
