"""Loading and removing the sample: each one transaction, audited, and safe to do twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kontor.base import audit, texts
from kontor.base.actor import Actor
from kontor.base.events import OrganisationGone, SampleLoaded, SampleRemoved, emit
from kontor.base.models import Text
from kontor.features.accounts.actions import add_person, grant_role
from kontor.features.accounts.models import RoleAssignment, User
from kontor.features.accounts.scopes import Scope
from kontor.features.organisations.actions import unmerge_organisations
from kontor.features.organisations.actions.announce import announce
from kontor.features.organisations.models import (
    ContactPerson,
    EarlierProject,
    Membership,
    Merge,
    Organisation,
    OrganisationCode,
    Participation,
    ParticipationRole,
    Statement,
    StatementCode,
    YearFigures,
)
from kontor.features.organisations.sample import rows
from kontor.features.organisations.sample.model import Sample, SampleOrganisation, SampleProject, SampleUser
from kontor.features.organisations.sample.read import read_sample


@dataclass(frozen=True)
class SampleCounts:
    """How many were written, or removed."""

    organisations: int
    statements: int
    users: int


def load_sample(*, actor: Actor, password: str | None = None, sample: Sample | None = None) -> SampleCounts:
    """Write what of the sample is not there yet; what is there stays as people changed it.

    `password` becomes the password of the sample users created now; without it they sign in by mail link.
    Raises KontorError where a record cannot be stored, and then writes nothing.
    """
    sample = sample or read_sample()
    present = set(Organisation.objects.filter(is_sample=True).values_list("key", flat=True))
    wanted = [told for told in sample.organisations if told.key not in present]
    with transaction.atomic():
        written = _write_organisations(wanted, actor)
        statements = _write_statements(wanted, written, actor)
        _write_surroundings(wanted, written)
        _write_projects(sample.projects, written)
        changes = [(row, {"name": [None, row.name], "is_sample": [None, True]}) for row in written.values()]
        audit.record_many(actor=actor, verb="sample.loaded", items=changes)
        announce(written.values(), "sample")
        users = sum(_add_user(told, password, actor) for told in sample.users)
        emit(SampleLoaded())
    return SampleCounts(len(written), statements, users)


def remove_sample(*, actor: Actor) -> SampleCounts:
    """Delete every sample organisation and sample user with all that hangs on them; audit rows remain.

    Organisations of one's own that were merged into a sample one are parted from it first.
    """
    with transaction.atomic():
        emit(SampleRemoved())
        _part_own_from_sample(actor)
        organisations = list(Organisation.objects.filter(is_sample=True).order_by("pk"))
        users = list(User.objects.filter(is_sample=True).order_by("pk"))
        statements = _delete_organisations(organisations)
        User.objects.filter(pk__in=[user.pk for user in users]).delete()
        gone = [_ref(row) for row in organisations] + [_ref(user) for user in users]
        items = [(subject, {"is_sample": [True, None]}) for subject in gone]
        audit.record_many(actor=actor, verb="sample.removed", items=items)
        if organisations:
            emit(OrganisationGone(keys=tuple(organisation.key for organisation in organisations)))
    return SampleCounts(len(organisations), statements, len(users))


def _write_organisations(wanted: Sequence[SampleOrganisation], actor: Actor) -> dict[str, Organisation]:
    """Rows by key, with their primary keys."""
    now = timezone.now()
    unsaved = [rows.organisation(told, now, actor.label) for told in wanted]
    Organisation.objects.bulk_create(unsaved)
    return {row.key: row for row in unsaved}


def _write_statements(
    wanted: Sequence[SampleOrganisation], written: dict[str, Organisation], actor: Actor
) -> int:
    now = timezone.now()
    told = [(each, statement) for each in wanted for statement in each.statements]
    unsaved = [rows.statement(said, written[each.key], now, actor.label) for each, said in told]
    Statement.objects.bulk_create(unsaved)
    pairs = list(zip(unsaved, (said for _each, said in told), strict=True))
    StatementCode.objects.bulk_create(
        StatementCode(statement=row, scheme=scheme, code=code)
        for row, said in pairs
        for scheme, code in rows.codes(said.codes)
    )
    Text.objects.bulk_create(text for row, said in pairs for text in rows.translations(row, said))
    return len(unsaved)


def _write_surroundings(wanted: Sequence[SampleOrganisation], written: dict[str, Organisation]) -> None:
    """Codes, figures, contacts, memberships and names in further languages."""
    now = timezone.now()
    both = [(told, written[told.key]) for told in wanted]
    keys = {membership.cluster for told in wanted for membership in told.memberships}
    clusters = Organisation.objects.in_bulk(sorted(keys), field_name="key")
    OrganisationCode.objects.bulk_create(
        OrganisationCode(organisation=row, scheme=scheme, code=code)
        for told, row in both
        for scheme, code in rows.codes(told.codes)
    )
    YearFigures.objects.bulk_create(new for told, row in both for new in rows.figures(told, row, now.year))
    ContactPerson.objects.bulk_create(new for told, row in both for new in rows.contacts(told, row, now))
    Membership.objects.bulk_create(
        Membership(
            cluster=clusters[given.cluster],
            member=row,
            since=dt.date.fromisoformat(given.since),
            until=dt.date.fromisoformat(given.until) if given.until else None,
        )
        for told, row in both
        for given in told.memberships
    )
    Text.objects.bulk_create(new for told, row in both for new in rows.names(told, row))


def _write_projects(told: Sequence[SampleProject], written: dict[str, Organisation]) -> None:
    """Projects of which a member is new, with the parts of those members."""
    year = timezone.localdate().year
    wanted = [each for each in told if any(key in written for key in each.members)]
    known = EarlierProject.objects.in_bulk([each.key for each in wanted], field_name="key")
    fresh = [rows.project(each, year) for each in wanted if each.key not in known]
    EarlierProject.objects.bulk_create(fresh)
    projects = known | {row.key: row for row in fresh}
    Participation.objects.bulk_create(
        Participation(
            project=projects[each.key],
            organisation=written[key],
            role=ParticipationRole.PARTNER if number else ParticipationRole.LEAD,
        )
        for each in wanted
        for number, key in enumerate(each.members)
        if key in written
    )


def _add_user(told: SampleUser, password: str | None, actor: Actor) -> bool:
    if User.objects.filter(email__iexact=told.email).exists():
        return False
    user = add_person(
        email=told.email,
        name=told.name,
        language=told.language,
        password=password,
        actor=actor,
        is_sample=True,
    )
    for given in told.roles:
        grant_role(user=user, role=given.role, scope=Scope(given.scope, given.key), actor=actor)
    return True


def _part_own_from_sample(actor: Actor) -> None:
    """Latest merges first, since an earlier one cannot be taken back before a later one."""
    open_merges = Merge.objects.filter(undone_at=None).select_related("kept", "gone").order_by("-pk")
    for merge in open_merges.filter(kept__is_sample=True) | open_merges.filter(gone__is_sample=True):
        unmerge_organisations(merge=merge, actor=actor)


def _delete_organisations(organisations: Sequence[Organisation]) -> int:
    """Rows hanging on them go by cascade; texts and roles name them by number and key and go here."""
    statements = list(Statement.objects.filter(organisation__is_sample=True))
    texts.forget_texts(statements)
    texts.forget_texts(organisations)
    keys = [organisation.key for organisation in organisations]
    RoleAssignment.objects.filter(scope_kind__in=["cluster", "organisation"], scope_key__in=keys).delete()
    Organisation.objects.filter(is_sample=True).delete()
    EarlierProject.objects.filter(source="sample", participations=None).delete()
    return len(statements)


def _ref(row: Organisation | User) -> audit.SubjectRef:
    """What the audit says of a row that is gone; people are named by key only."""
    kind = str(row._meta.model_name)
    return audit.SubjectRef(kind=kind, key=row.key, label=row.name if isinstance(row, Organisation) else "")
