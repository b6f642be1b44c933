"""Who signs for what, and what is still missing. Read only.

A partner signs for the sections that its organisation answers for and for those that nobody answers for; the
lead for all. The lead's signature is the handing in itself, by its authorised person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kontor.features.accounts.models import RoleAssignment, User
from kontor.features.accounts.scopes import Role, ScopeKind
from kontor.features.calls.models import (
    Application,
    ApplicationPartner,
    PartnerRole,
    SectionOwner,
    Signature,
)
from kontor.programmes.forms import Form, Section


@dataclass(frozen=True, slots=True)
class Standing:
    """One partner: the sections it signs for, its signature where it stands and covers them all, the last one
    that was made void, and the people who may sign.
    """

    partner: ApplicationPartner
    sections: tuple[Section, ...]
    signature: Signature | None
    void: Signature | None
    people: tuple[User, ...]

    @property
    def must_sign(self) -> bool:
        return self.partner.role == PartnerRole.PARTNER

    @property
    def is_missing(self) -> bool:
        return self.must_sign and self.signature is None

    @property
    def changed(self) -> tuple[Section, ...]:
        """The sections whose change made the last signature void."""
        told = self.void.changed if self.void and not self.signature else []
        return tuple(section for section in self.sections if section.key in told)


def sections_written(form: Form, step: int) -> tuple[Section, ...]:
    """The sections of the step being written and of those before."""
    return tuple(section for section in form.sections if section.step <= step)


def covered(
    partner: ApplicationPartner, owners: Mapping[str, int], sections: Iterable[Section]
) -> tuple[Section, ...]:
    """The sections a partner signs for; `owners` are {section: id of the organisation that answers}."""
    own = partner.organisation_id
    return tuple(
        section
        for section in sections
        if partner.role == PartnerRole.LEAD or owners.get(section.key, own) == own
    )


def owners_of(application: Application) -> dict[str, SectionOwner]:
    """{section: who answers for it}, in one query."""
    rows = SectionOwner.objects.filter(application=application).select_related("organisation", "user")
    return {row.section: row for row in rows}


def standings(application: Application) -> list[Standing]:
    """Every partner, the lead first; a fixed number of queries."""
    partners = list(application.partners.current().select_related("organisation"))
    owners = {key: row.organisation_id for key, row in owners_of(application).items()}
    sections = sections_written(application.questions, application.step)
    signatures: dict[int, list[Signature]] = {}
    for row in application.signatures.all():
        signatures.setdefault(row.partner_id, []).append(row)
    people = signatories([partner.organisation.key for partner in partners])
    return [
        _standing(
            partner,
            covered(partner, owners, sections),
            signatures.get(partner.pk, []),
            people.get(partner.organisation.key, ()),
        )
        for partner in partners
    ]


def missing_signatures(application: Application) -> list[ApplicationPartner]:
    """The partners whose signature the submission waits for."""
    return [one.partner for one in standings(application) if one.is_missing]


def signatories(keys: Iterable[str]) -> dict[str, tuple[User, ...]]:
    """{organisation: its owners}, in one query."""
    rows = RoleAssignment.objects.filter(
        scope_kind=ScopeKind.ORGANISATION, scope_key__in=list(keys), role=Role.OWNER, user__is_active=True
    )
    found: dict[str, tuple[User, ...]] = {}
    for row in rows.select_related("user").order_by("user__name", "user__pk"):
        found[row.scope_key] = (*found.get(row.scope_key, ()), row.user)
    return found


def _standing(
    partner: ApplicationPartner,
    sections: tuple[Section, ...],
    signatures: list[Signature],
    people: tuple[User, ...],
) -> Standing:
    """`signatures` latest first."""
    wanted = {section.key for section in sections}
    standing = next((row for row in signatures if row.voided_at is None), None)
    complete = standing if standing and wanted <= set(standing.sections) else None
    void = next((row for row in signatures if row.voided_at is not None), None)
    return Standing(partner, sections, complete, void, people)
