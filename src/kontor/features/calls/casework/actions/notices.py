"""Applications follow organisations that are merged; of those that leave or change, somebody is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.events import ApplicationChanged, emit
from kontor.features.calls.models import (
    Application,
    ApplicationPartner,
    ApplicationState,
    CallContact,
    Case,
    NoticeKind,
    OrganisationNotice,
    PartnerWish,
    SectionOwner,
)
from kontor.features.calls.models.application import of_organisations
from kontor.features.calls.problem import eligibility
from kontor.features.organisations.models import Organisation
from kontor.programmes.rules import State
from kontor.programmes.team_file import team_of

#: Rows beside partners that belong to an organisation, by the name under which a notice keeps them.
_ROWS: dict[str, Any] = {
    "sections": SectionOwner,
    "cases": Case,
    "wishes": PartnerWish,
    "contacts": CallContact,
}
#: Languages in which a rule's wording is kept.
_LANGUAGES = ("en", "de", "nl")
#: Here the eligibility still counts for something.
_OPEN = frozenset(
    {
        *(ApplicationState.SUBMITTED, ApplicationState.ADMISSIBLE, ApplicationState.ELIGIBLE),
        *(ApplicationState.ASSESSED, ApplicationState.PITCHED, ApplicationState.RANKED),
    }
)


@transaction.atomic
def follow_merge(*, gone: Organisation, kept: Organisation, actor: Actor) -> list[Application]:
    """Give `kept` what applications of `gone` hold, as its people have their rights there from now on. What
    was handed in keeps the old name. Where both are partners of one application they stay two, and the lead
    is `kept`. Answers the applications that followed.
    """
    for name, model in _ROWS.items():
        if name != "sections":
            model.objects.filter(organisation=gone).update(organisation=kept)
    known = OrganisationNotice.objects.merged().filter(organisation=gone)
    found = list(_held(Q(pk=gone.pk)).exclude(pk__in=known.values("application")))
    for application in found:
        moved = _follow(application, gone, kept)
        _notice(application, gone, NoticeKind.MERGED, moved, other=kept)
        changes = {"organisation": [gone.key, kept.key]}
        record(actor=actor, verb="application.organisation_merged", subject=application, changes=changes)
    _changed(found)
    return found


def _follow(application: Application, gone: Organisation, kept: Organisation) -> dict[str, Any]:
    rows = application.partners.select_for_update()
    ours = list(rows.filter(organisation=gone).order_by("pk"))
    there = list(rows.current().filter(organisation=kept))
    swapped = []
    for row in ours:
        if row.removed_at is None and there:
            if row.role == "lead":
                _swap(row, there[0])
                swapped.append([row.pk, there[0].pk])
            continue
        ApplicationPartner.objects.filter(pk=row.pk).update(organisation=kept)
    moved = [row.pk for row in ours if row.removed_at is not None or not there]
    sections = SectionOwner.objects.filter(application=application, organisation=gone)
    told = {"partners": moved, "swapped": swapped, "sections": list(sections.values_list("pk", flat=True))}
    sections.update(organisation=kept)
    if application.lead_id == gone.pk:
        Application.objects.filter(pk=application.pk).update(lead=kept)
        told["lead"] = True
    return told


def _swap(first: ApplicationPartner, second: ApplicationPartner) -> None:
    """Two partners change places; one of them is out for a moment, for an organisation is in once only."""
    now, one, other = timezone.now(), first.organisation_id, second.organisation_id
    ApplicationPartner.objects.filter(pk=second.pk).update(removed_at=now)
    ApplicationPartner.objects.filter(pk=first.pk).update(organisation=other)
    ApplicationPartner.objects.filter(pk=second.pk).update(organisation=one, removed_at=None)


@transaction.atomic
def part_again(*, gone: Organisation, actor: Actor) -> list[Application]:
    """A merge was taken back: what followed goes back, as far as it is still there. Cases, wishes and contact
    persons stay with whom they are.
    """
    rows = OrganisationNotice.objects.merged().filter(organisation=gone)
    found = []
    for notice in rows.exclude(other=None).select_related("application", "other").order_by("-pk"):
        kept = notice.other
        assert kept is not None
        application, told = notice.application, notice.details
        partners = ApplicationPartner.objects.filter(pk__in=told.get("partners", []), organisation=kept)
        partners.update(organisation=gone)
        for first, second in told.get("swapped", []):
            pair = ApplicationPartner.objects.in_bulk([first, second])
            if len(pair) == 2 and pair[first].organisation_id == kept.pk:
                _swap(pair[first], pair[second])
        SectionOwner.objects.filter(pk__in=told.get("sections", []), organisation=kept).update(
            organisation=gone
        )
        if told.get("lead"):
            Application.objects.filter(pk=application.pk, lead=kept).update(lead=gone)
        now = timezone.now()
        notice.undone_at, notice.settled_at = now, notice.settled_at or now
        notice.save(update_fields=["undone_at", "settled_at"])
        changes = {"organisation": [kept.key, gone.key]}
        record(actor=actor, verb="application.organisation_parted", subject=application, changes=changes)
        found.append(application)
    _changed(found)
    return found


@transaction.atomic
def note_leaving(*, organisations: Iterable[Organisation]) -> int:
    """Whoever handles applications of these is told that they left the directory; how many notices."""
    count = 0
    for organisation in organisations:
        since = organisation.archived_at or organisation.consent_withdrawn_at
        told = OrganisationNotice.objects.filter(organisation=organisation, kind=NoticeKind.LEFT)
        if since is not None:
            told = told.filter(at__gte=since)
        rows = list(
            _held(Q(pk=organisation.pk))
            .exclude(state=ApplicationState.WITHDRAWN)
            .exclude(pk__in=told.values("application"))
        )
        count += sum(_notice(row, organisation, NoticeKind.LEFT, {}) for row in rows)
        _changed(rows)
    return count


@transaction.atomic
def note_return(*, keys: Iterable[str], actor: Actor) -> None:
    """Back in the directory: nobody needs to look at it any more."""
    rows = OrganisationNotice.objects.waiting().filter(kind=NoticeKind.LEFT, organisation__key__in=list(keys))
    rows.update(settled_at=timezone.now(), settled_by=actor.label[:200])


@transaction.atomic
def note_rules(*, application: Application, organisation: Organisation) -> bool:
    """Ask the rules about the team as the directory knows it now; where one is answered worse than when it
    was handed in, somebody is told. Whether they were.
    """
    frozen = application.snapshot.get("team")
    if application.state not in _OPEN or frozen is None:
        return False
    call = application.call
    then = programmes.assess(
        call.definition_of_programme, application.instrument_of_programme, team_of(frozen)
    )
    before = {answer.use.key: answer.state for answer in then.answers}
    order = (State.YES, State.CLARIFY, State.NO)
    worse = {
        answer.use.key: {
            "was": str(before[answer.use.key]),
            "now": str(answer.state),
            "text": {language: answer.wording(language) for language in _LANGUAGES},
        }
        for answer in eligibility(application).answers
        if order.index(answer.state) > order.index(before.get(answer.use.key, State.NO))
    }
    return bool(worse) and _notice(application, organisation, NoticeKind.RULES, worse)


@transaction.atomic
def settle_notice(*, notice: OrganisationNotice, actor: Actor) -> None:
    """Somebody looked at it; nothing changes where somebody did before."""
    rows = OrganisationNotice.objects.waiting().filter(pk=notice.pk)
    if rows.update(settled_at=timezone.now(), settled_by=actor.label[:200]):
        changes = {"organisation": [notice.name, None], "kind": [notice.kind, None]}
        record(actor=actor, verb="application.notice_settled", subject=notice.application, changes=changes)


def _held(condition: Q) -> Any:
    rows = Application.objects.filter(of_organisations(condition)).distinct()
    return rows.select_related("call__programme", "call__version").order_by("pk")


def _notice(
    application: Application,
    organisation: Organisation,
    kind: NoticeKind,
    details: dict[str, Any],
    *,
    other: Organisation | None = None,
) -> bool:
    """A new notice; one of the same kind that waits is brought up to date instead."""
    told = {"name": organisation.name[:300], "details": details, "at": timezone.now()}
    if kind != NoticeKind.MERGED:
        known = OrganisationNotice.objects.waiting().filter(
            application=application, organisation=organisation, kind=kind
        )
        if known.update(**told):
            return False
    OrganisationNotice.objects.create(
        application=application, organisation=organisation, other=other, kind=kind, **told
    )
    return True


def _changed(applications: Iterable[Application]) -> None:
    """Who assesses is looked at anew: ties of the organisation count for what it is now."""
    if keys := tuple(one.key for one in applications):
        emit(ApplicationChanged(keys, "partners"))
