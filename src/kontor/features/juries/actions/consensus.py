"""The consensus report: written by one of the assessors or the manager, agreed to by every assessor."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import Conflict
from kontor.base.keys import new_key
from kontor.features.calls.models import Application
from kontor.features.juries.actions.locking import locked, refused, with_reason
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import (
    Assignment,
    AssignmentState,
    Consensus,
    ConsensusVoice,
    Member,
    Panel,
    ReviewState,
)
from kontor.features.juries.models.panel import TALKING


@transaction.atomic
def write_consensus(
    *,
    panel: Panel,
    application: Application,
    marks: Mapping[str, str],
    text: str,
    comment: str,
    language: str,
    revision: int | None,
    actor: Actor,
) -> Consensus:
    """Write the report, or a new version of it, to which every assessor has to agree anew. Conflict where
    somebody wrote in between.
    """
    row = _talking(panel)
    scale = scale_of(row)
    given = {key: scale.mark(key, str(marks.get(key, ""))) for key in scale.keys}
    with_reason(text, "text")
    report = Consensus.objects.select_for_update().filter(panel=row, application=application).first()
    if (report.revision if report else None) != revision:
        raise Conflict(
            _("Somebody wrote on this report in the meantime."),
            code="consensus-changed",
            remedy=_("Read the new version and write yours into it."),
        )
    if not _sheets(row, application).exists():
        raise refused(_("No sheet is handed in yet."), "consensus-early", path="text")
    if report is None:
        report = Consensus(key=new_key(), panel=row, application=application, revision=0)
    report.marks, report.text, report.comment = given, text.strip(), comment.strip()
    report.language, report.written_by = language[:8], actor.label[:200]
    report.revision += 1
    report.agreed_at = None
    report.save()
    changes = {"revision": [revision, report.revision]}
    record(actor=actor, verb="consensus.written", subject=report, changes=changes)
    return report


@transaction.atomic
def answer_consensus(
    *, consensus: Consensus, member: Member, agrees: bool, words: str = "", revision: int, actor: Actor
) -> Consensus:
    """An assessor of the application agrees to the revision that was read, or says why not. When all agree,
    the report's marks count.
    """
    row = _talking(consensus.panel)
    report = Consensus.objects.select_for_update().get(pk=consensus.pk)
    if report.revision != revision:
        raise Conflict(
            _("The report was changed while you read it."),
            code="consensus-changed",
            remedy=_("Read the new version and answer again."),
        )
    assessing = {each.member_id for each in _sheets(row, report.application)}
    if member.pk not in assessing:
        raise refused(_("You did not assess this application."), "consensus-stranger", status=403)
    if not agrees:
        with_reason(words, "words")
    ConsensusVoice.objects.update_or_create(
        consensus=report,
        member=member,
        defaults={"agrees": agrees, "words": words.strip()[:500], "revision": revision},
    )
    yes = set(report.voices.filter(agrees=True, revision=revision).values_list("member", flat=True))
    report.agreed_at = timezone.now() if assessing <= yes else None
    report.save(update_fields=["agreed_at"])
    changes = {"agrees": [None, agrees], "all": [None, report.agreed_at is not None]}
    record(actor=actor, verb="consensus.answered", subject=report, changes=changes, reason=words.strip())
    return report


def _talking(panel: Panel) -> Panel:
    row = locked(panel)
    if row.phase not in TALKING:
        raise refused(
            _("Consensus is found in the discussion."),
            "jury-phase",
            _("Move the jury to its discussion first."),
        )
    return row


def _sheets(panel: Panel, application: Application) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        panel=panel,
        application=application,
        state=AssignmentState.ACTIVE,
        review__state=ReviewState.SUBMITTED,
    )
