"""Who may read which rows of the log, and what its verbs and fields are called."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
    "ask for erasure": _("asked to be erased"),
    "erase person": _("erased a person's data"),
    "change password": _("changed the password"),
    "create token": _("created a token"),
    "revoke token": _("revoked a token"),
    "withdraw invitation": _("withdrew an invitation"),
    "end session": _("signed a device out"),
    "save": _("saved"),
    "restore": _("brought back"),
    "share": _("shared"),
    "unshare": _("stopped sharing"),
}
_fields: dict[str, object] = {"email": _("e-mail address"), "role": _("role"), "scope": _("where")}


def see_history_with(lens: Lens) -> None:
    """`lens(user)` selects rows that a person who does not see everything may read (their members' …)."""
    if lens not in _lenses:
        _lenses.append(lens)


def name_verbs(verbs: dict[str, object]) -> None:
    """Lazy translations of a feature's verbs, in the past tense."""
    _verbs.update(verbs)


def name_fields(fields: dict[str, object]) -> None:
    """Lazy translations of what a feature logs that is no column of the thing."""
    _fields.update(fields)


def rows_for(user: Any) -> QuerySet[AuditEvent]:
    """Everything for administrators and controllers; for others what they did and what the lenses show."""
    rows = AuditEvent.objects.order_by("-seq")
    if sees_everything.test(user):
        return rows
    mine = Q(actor_key=user.key)
    for lens in _lenses:
        mine |= lens(user)
    return rows.filter(mine)


def narrowed(
    rows: QuerySet[AuditEvent],
    *,
    actor: str = "",
    verb: str = "",
    kind: str = "",
    subject: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[AuditEvent]:
    """`rows` by part of who did it, by verb, kind of thing, part of its name or its key, and days (both
    included); what is empty narrows nothing.
    """
    if actor:
        rows = rows.filter(actor_label__icontains=actor)
    if verb:
        rows = rows.filter(verb=verb)
    if kind:
        rows = rows.filter(subject_kind=kind)
    if subject:
        rows = rows.filter(Q(subject_label__icontains=subject) | Q(subject_key=subject))
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until and until < dt.date.max:
        rows = rows.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    return rows


def _midnight(day: dt.date) -> dt.datetime:
    """The beginning of a day where the site is; of the calendar's first and last years in UTC."""
    beginning = dt.datetime.combine(day, dt.time())
    if 1 < day.year < dt.date.max.year:
        return timezone.make_aware(beginning)
    return beginning.replace(tzinfo=dt.UTC)


def verb_text(verb: str) -> str:
    """The verb in the reader's language; as it is where no feature named it."""
    return str(_verbs.get(verb, verb))


@functools.cache
def _columns(kind: str) -> dict[str, object]:
    """The names that the models of this kind give their fields."""
    fields = [
        field
        for model in apps.get_models()
        if model._meta.model_name == kind
        for field in model._meta.get_fields()
    ]
    return {field.name: field.verbose_name for field in fields if hasattr(field, "verbose_name")}


def field_text(kind: str, name: str) -> str:
    """What people call a field of a logged change; the bare name where neither feature nor model says."""
    return str(_fields.get(name) or _columns(kind).get(name) or name.replace("_", " "))
