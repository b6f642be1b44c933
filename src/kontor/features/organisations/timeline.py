"""What happened, in words: audit rows as lines of a time line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kontor.base.audit.read import field_text, name_fields, name_verbs, see_history_with, verb_text
from kontor.base.models import AuditEvent
from kontor.features.organisations.models import Organisation, Statement

VERBS: dict[str, Any] = {
    "organisation.created": _("Organisation added"),
    "organisation.changed": _("Profile changed"),
    "organisation.figures": _("Figures changed"),
    "organisation.translated": _("Translation changed"),
    "organisation.archived": _("Taken out of the directory"),
    "organisation.consent_given": _("Consent given"),
    "organisation.consent_withdrawn": _("Consent withdrawn"),
    "organisation.contact_added": _("Contact person added"),
    "organisation.contact_changed": _("Contact person changed"),
    "organisation.contact_consent_given": _("Contact person gave consent"),
    "organisation.contact_consent_withdrawn": _("Contact person withdrew consent"),
    "organisation.contact_erased": _("Contact person erased"),
    "organisation.merged": _("Another record merged into this one"),
    "organisation.merged_into": _("Merged into another record"),
    "organisation.unmerged": _("Merge taken back"),
    "organisation.unmerged_from": _("Merge taken back"),
    "organisation.reminded": _("Asked whether its statements still hold"),
    "organisation.not_duplicate": _("Said to be no duplicate"),
    "membership.asked": _("Asked to join a cluster"),
    "membership.added": _("Membership added"),
    "membership.changed": _("Membership changed"),
    "statement.added": _("Statement added"),
    "statement.changed": _("Statement changed"),
    "statement.confirmed": _("Statement confirmed"),
    "statement.closed": _("Statement closed"),
    "statement.reopened": _("Statement opened again"),
    "statement.translated": _("Statement translated"),
    "organisation.tagged": _("Tag added"),
    "organisation.untagged": _("Tag removed"),
    "organisation.joined": _("Became a member of a cluster"),
    "organisation.left": _("Left a cluster"),
    "organisation.unarchived": _("Brought back into the directory"),
    "organisation.removed": _("Removed"),
    "organisation.took_part": _("Earlier projects added"),
    "organisation.project_changed": _("Earlier project changed"),
    "organisation.part_removed": _("Earlier projects taken back"),
    "import.done": _("File imported"),
    "import.undone": _("Import taken back"),
    "regions.imported": _("Outlines of regions imported"),
    "sample.loaded": _("Sample data loaded"),
    "sample.removed": _("Sample data removed"),
    "view.saved": _("View saved"),
    "view.deleted": _("View deleted"),
    "many.changed": _("Many organisations changed"),
    "many.undone": _("Change to many taken back"),
}

# What is logged beside the columns of the models.
FIELDS: dict[str, Any] = {
    "codes": _("codes"),
    "cluster": _("cluster"),
    "cluster_key": _("key of the cluster"),
    "member_of": _("member of"),
    "mails": _("mails"),
    "statements": _("statements"),
    "organisations": _("organisations"),
    "origin": _("origin"),
    "gone": _("merged"),
    "kept": _("kept"),
    "parted": _("parted"),
    "other": _("the other one"),
    "shapes": _("outlines"),
    "new": _("new"),
    "change": _("changed"),
    "same": _("without change"),
    "refused": _("refused"),
    "removed": _("removed"),
    "earlier_projects": _("earlier projects"),
    "restored": _("restored"),
    "archived_at": _("archived"),
    "confirmed_at": _("last confirmed"),
    "closed_at": _("closed"),
}


def register() -> None:
    """Tell the log what the directory's verbs mean, and whose rows people may read there."""
    name_verbs(VERBS)
    name_fields(FIELDS)
    see_history_with(rows_of_editors)


def rows_of_editors(user: Any) -> Q:
    """The rows about organisations the person may change, and about their statements."""
    own = Organisation.objects.editable_by(user)
    statements = Statement.objects.filter(organisation__in=own)
    return Q(subject_kind="organisation", subject_key__in=own.values("key")) | Q(
        subject_kind="statement", subject_key__in=statements.values("key")
    )


@dataclass(frozen=True)
class Happening:
    """A line for the timeline component."""

    at: dt.datetime
    text: str
    who: str


def timeline_of(events: Iterable[AuditEvent]) -> list[Happening]:
    """The rows in their order; changed fields are named, values are not."""
    return [Happening(event.at, _in_words(event), event.actor_label) for event in events]


def _in_words(event: AuditEvent) -> str:
    text = verb_text(event.verb)
    if event.verb in {"organisation.changed", "statement.changed"} and event.changes:
        return f"{text}: {', '.join(field_text(event.subject_kind, field) for field in event.changes)}"
    return text
