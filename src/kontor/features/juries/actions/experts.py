"""The pool of experts: profiles, ties, groups of undertakings, declared conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.erasure import ERASED, erased_address, mark_of
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.features.calls.models import Application
from kontor.features.juries.actions.checking import LOOKED_AT, block_conflicts
from kontor.features.juries.actions.locking import refused, with_reason
from kontor.features.juries.models import DeclaredConflict, Expert, GroupLink, MemberState, Tie, TieKind
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import Programme

SEATED = (MemberState.INVITED, MemberState.ACCEPTED, MemberState.ILL)
FIELDS = (
    *("organisation", "name", "email", "profile", "fields", "languages", "language", "load"),
    *("away_from", "away_until"),
)


@transaction.atomic
def add_expert(
    *, programme: Programme, values: Mapping[str, Any], is_sample: bool = False, actor: Actor
) -> Expert:
    """A new expert in a programme's pool. KontorError where the address is there already."""
    expert = Expert(key=new_key(), programme=programme, is_sample=is_sample, changed_by=actor.label[:200])
    _set(expert, values)
    _save(expert)
    record(actor=actor, verb="expert.added", subject=expert, changes={"programme": [None, programme.key]})
    return expert


@transaction.atomic
def change_expert(*, expert: Expert, values: Mapping[str, Any], revision: int | None, actor: Actor) -> Expert:
    """Change a profile. Conflict where somebody changed it since. Conflicts of interest are looked for
    anew.
    """
    row = Expert.objects.select_for_update().get(pk=expert.pk)
    if revision is not None and row.revision != revision:
        raise Conflict(
            _("Somebody changed this profile in the meantime: {who}.").format(who=row.changed_by),
            code="expert-changed",
            remedy=_("Look at what is new and save again."),
        )
    before = _plain(row)
    _set(row, values)
    row.revision += 1
    row.changed_by = actor.label[:200]
    _save(row)
    changes = changed_fields(before, _plain(row))
    if changes:
        record(actor=actor, verb="expert.changed", subject=row, changes=changes)
        block_conflicts(expert=row, actor=actor)
    return row


@transaction.atomic
def archive_expert(*, expert: Expert, actor: Actor) -> None:
    """Out of the pool; seats and assessments stay as they are. Can be taken back."""
    if Expert.objects.filter(pk=expert.pk, archived_at=None).update(archived_at=timezone.now()):
        record(actor=actor, verb="expert.archived", subject=expert, changes={"archived": [False, True]})


@transaction.atomic
def erase_expert(*, expert: Expert, actor: Actor) -> None:
    """Forget who somebody was, for good: name, address, profile, ties, and what they declared and signed. The
    assessments stay, under a number, for decisions rest on them; the log keeps its rows, as it must.
    KontorError (409) while they sit in a jury that is at work.
    """
    row = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    seated = row.seats.filter(state__in=SEATED, panel__phase__in=LOOKED_AT)
    if seated.exists():
        raise refused(
            _("This expert sits in a jury that is at work."),
            "expert-seated",
            _("Take them out of the jury first."),
        )
    row.name, row.email = mark_of(row.key), erased_address(row.key)
    row.user, row.organisation, row.profile = None, None, ""
    row.fields, row.languages, row.away_from, row.away_until = [], [], None, None
    row.archived_at = row.archived_at or timezone.now()
    row.revision += 1
    row.changed_by = actor.label[:200]
    row.save()
    row.ties.all().delete()
    row.declared.update(reason="–")
    row.seats.update(declared_as="", reason="")
    for waiver in row.waivers.all():
        waiver.told = [{**each, "through": ""} for each in waiver.told]
        waiver.save(update_fields=["told"])
    record(actor=actor, verb="expert.erased", subject=row, changes={"erased": [False, True]})


@transaction.atomic
def restore_expert(*, expert: Expert, actor: Actor) -> None:
    """Back into the pool. KontorError where another one has the address now, or the data are erased."""
    if expert.domain == ERASED:
        raise refused(_("These data are erased for good."), "expert-erased", _("Add the expert anew."))
    try:
        with transaction.atomic():
            done = Expert.objects.filter(pk=expert.pk).exclude(archived_at=None).update(archived_at=None)
    except IntegrityError as error:
        raise _there() from error
    if done:
        record(actor=actor, verb="expert.restored", subject=expert, changes={"archived": [True, False]})


@transaction.atomic
def add_tie(*, expert: Expert, values: Mapping[str, Any], actor: Actor) -> Tie:
    """What binds an expert to an organisation or a person: a supervisor, a former employer, a relation."""
    organisation, email = values.get("organisation"), str(values.get("email") or "").strip()
    if organisation is None and not email:
        raise KontorError(
            _("The tie leads to nobody."),
            code="tie-empty",
            path="organisation",
            remedy=_("Name the organisation, or give the person's address."),
        )
    tie = Tie.objects.create(
        expert=expert,
        kind=TieKind(values["kind"]),
        organisation=organisation,
        person=str(values.get("person") or "").strip()[:200],
        email=email,
        until=values.get("until"),
        added_by=actor.label[:200],
    )
    told = {"kind": [None, tie.kind], "organisation": [None, organisation.key if organisation else ""]}
    record(actor=actor, verb="expert.tied", subject=expert, changes=told)
    block_conflicts(expert=expert, actor=actor)
    return tie


@transaction.atomic
def remove_tie(*, tie: Tie, reason: str, actor: Actor) -> None:
    """Take a tie out that does not hold, with a reason."""
    why = with_reason(reason)
    told = {"kind": [tie.kind, None], "organisation": [tie.organisation_id, None]}
    expert = tie.expert
    tie.delete()
    record(actor=actor, verb="expert.untied", subject=expert, changes=told, reason=why)


@transaction.atomic
def link_group(*, first: Organisation, second: Organisation, source: str, actor: Actor) -> GroupLink:
    """Two organisations belong to one group. The same pair twice stays one link."""
    if first.pk == second.pk:
        raise refused(_("Both are the same organisation."), "group-same", path="second", status=400)
    low, high = sorted((first, second), key=lambda each: each.pk)
    link, new = GroupLink.objects.get_or_create(
        first=low, second=high, defaults={"source": source.strip()[:200], "added_by": actor.label[:200]}
    )
    if new:
        told = {"first": [None, low.key], "second": [None, high.key], "source": [None, link.source]}
        record(actor=actor, verb="group.linked", subject=low, changes=told)
        block_conflicts(actor=actor)
    return link


@transaction.atomic
def unlink_group(*, link: GroupLink, reason: str, actor: Actor) -> None:
    why = with_reason(reason)
    told = {"first": [link.first.key, None], "second": [link.second.key, None]}
    subject = link.first
    link.delete()
    record(actor=actor, verb="group.unlinked", subject=subject, changes=told, reason=why)


@transaction.atomic
def declare_conflict(
    *,
    expert: Expert,
    reason: str,
    application: Application | None = None,
    organisation: Organisation | None = None,
    actor: Actor,
) -> DeclaredConflict:
    """State a conflict with one application, or with an organisation wherever it applies. One that stands
    already is returned.
    """
    if (application is None) == (organisation is None):
        raise refused(
            _("A conflict is with one application or with one organisation."),
            "conflict-about",
            path="application",
            status=400,
        )
    why = with_reason(reason)
    stands = DeclaredConflict.objects.filter(
        expert=expert, application=application, organisation=organisation, withdrawn_at=None
    ).first()
    if stands is not None:
        return stands
    row = DeclaredConflict.objects.create(
        expert=expert,
        application=application,
        organisation=organisation,
        reason=why[:300],
        declared_by=actor.label[:200],
    )
    about = application.number if application else organisation.key if organisation else ""
    record(actor=actor, verb="conflict.declared", subject=expert, changes={"with": [None, about]}, reason=why)
    block_conflicts(expert=expert, actor=actor)
    return row


@transaction.atomic
def withdraw_declaration(*, declared: DeclaredConflict, reason: str, actor: Actor) -> None:
    """It was declared in error; the row stays on record. Blocked assignments do not come back by
    themselves.
    """
    why = with_reason(reason)
    rows = DeclaredConflict.objects.filter(pk=declared.pk, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()):
        told = {"declared": [declared.reason, None]}
        record(actor=actor, verb="conflict.withdrawn", subject=declared.expert, changes=told, reason=why)


def _set(expert: Expert, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(expert, name, values[name])
    expert.email = expert.email.strip().lower()
    if expert.away_from and expert.away_until and expert.away_until < expert.away_from:
        raise KontorError(
            _("The absence ends before it begins."),
            code="away-order",
            path="away_until",
            remedy=_("Give a later day."),
        )


def _save(expert: Expert) -> None:
    try:
        with transaction.atomic():
            expert.save()
    except IntegrityError as error:
        raise _there() from error


def _there() -> KontorError:
    return refused(
        _("The pool has somebody with this address already."),
        "expert-there",
        _("Open that profile instead."),
        path="email",
    )


def _plain(expert: Expert) -> dict[str, Any]:
    found = {name: getattr(expert, name) for name in FIELDS if name != "organisation"}
    found["organisation"] = expert.organisation.key if expert.organisation else None
    return {name: str(v) if name.startswith("away") and v else v for name, v in found.items()}
