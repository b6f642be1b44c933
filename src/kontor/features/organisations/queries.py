"""What the profile page and its sisters read: fixed numbers of queries, and nothing the reader may not
see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from kontor import codes
from kontor.base.models import AuditEvent, Text, TextOrigin
from kontor.features.accounts.queries import clusters_managed, organisations_of
from kontor.features.accounts.rules import is_administrator
from kontor.features.organisations.earlier import SHOWN, ProjectLine, export_rows, lines_of, parts_of
from kontor.features.organisations.freshness import days_since, freshness, is_stale
from kontor.features.organisations.languages import language_name
from kontor.features.organisations.models import (
    ContactPerson,
    DuplicatePair,
    Membership,
    Merge,
    Organisation,
    Statement,
    YearFigures,
)
from kontor.features.organisations.models.organisation import editable_q, visible_q
from kontor.features.organisations.rules import may_decide_consent, may_edit, may_manage_cluster

TIMELINE_LENGTH = 30


def own_organisations(user: Any) -> list[Organisation]:
    """The organisations that the person has a role in, by name. No query for somebody without one."""
    keys = sorted(organisations_of(user))
    return list(Organisation.objects.alive().filter(key__in=keys).order_by("name", "pk")) if keys else []


@dataclass(frozen=True)
class Wording:
    """A text as the reader gets it. `origin` is source, human or machine; `stale` says out of date."""

    text: str
    language: str
    origin: str = TextOrigin.SOURCE
    stale: bool = False

    @property
    def foreign_language(self) -> str:
        """The language's name where it is not the reader's, else empty."""
        return "" if self.language == reader_language() else language_name(self.language)

    @property
    def is_machine(self) -> bool:
        return self.origin == TextOrigin.MACHINE


@dataclass(frozen=True)
class CodeLine:
    scheme: str
    code: str
    label: str


@dataclass(frozen=True)
class StatementLine:
    """A statement with its text in the reader's language; `teaser_only` means others read only its teaser."""

    statement: Statement
    title: Wording
    text: Wording
    codes: tuple[CodeLine, ...]
    days: int
    freshness: float
    is_stale: bool
    has_expired: bool

    @property
    def weeks(self) -> int:
        return self.days // 7

    @property
    def months(self) -> int:
        """Rounded: 75 days are two months, 80 are three."""
        return round(self.days / 30.44)


@dataclass
class Profile:
    """Everything the page of one organisation shows to one reader."""

    organisation: Organisation
    name: Wording
    summary: Wording
    may_edit: bool
    may_decide_consent: bool
    may_manage_cluster: bool
    codes: tuple[CodeLine, ...] = ()
    statements: dict[str, list[StatementLine]] = field(default_factory=dict)
    contacts: list[ContactPerson] = field(default_factory=list)
    member_of: list[Membership] = field(default_factory=list)
    figures: list[YearFigures] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    projects: list[ProjectLine] = field(default_factory=list)
    project_count: int = 0

    @property
    def country_label(self) -> str:
        return _label("country", self.organisation.country)

    @property
    def region_label(self) -> str:
        return _label("nuts", self.organisation.nuts3) if self.organisation.nuts3 else ""


def profile_of(organisation: Organisation, user: Any, language: str) -> Profile:
    """Reads the page of an organisation that `user` may see (the caller has asked)."""
    today = timezone.localdate()
    edits = may_edit(user, organisation)
    statements = _statements(organisation, user, today, edits)
    wordings = _texts(organisation, statements)
    profile = Profile(
        organisation=organisation,
        name=_wording(wordings, organisation, "name", language),
        summary=_wording(wordings, organisation, "summary", language),
        may_edit=edits,
        may_decide_consent=may_decide_consent.test(user, organisation),
        may_manage_cluster=may_manage_cluster(user, organisation),
        codes=code_lines(organisation.codes.all(), language),
        contacts=_contacts(organisation, edits),
        member_of=_memberships(organisation, user, today, edits),
    )
    parts = parts_of(organisation)
    profile.project_count = parts.count()
    profile.projects = lines_of(list(parts.defer("project__text")[:SHOWN]), user, language)
    for statement in statements:
        line = _line(statement, wordings, language, today)
        profile.statements.setdefault(statement.kind, []).append(line)
    if edits:
        profile.figures = list(organisation.figures.all())
        profile.events = events_of(organisation, statements)
    return profile


def code_lines(rows: Iterable[Any], language: str) -> tuple[CodeLine, ...]:
    """Rows with `scheme` and `code`, labelled in `language`, in the order of scheme and code."""
    pairs = sorted((row.scheme, row.code) for row in rows)
    return tuple(CodeLine(scheme, code, _label(scheme, code, language)) for scheme, code in pairs)


def events_of(organisation: Organisation, statements: Iterable[Statement] = ()) -> list[AuditEvent]:
    """What happened to the organisation and its statements, latest first. For its editors only."""
    about = _history(organisation, [statement.key for statement in statements])
    return list(about.order_by("-seq")[:TIMELINE_LENGTH])


def history_of(organisation: Organisation) -> QuerySet[AuditEvent]:
    """All that the log says of the organisation and its statements, latest first. For its editors only."""
    keys = list(organisation.statements.values_list("key", flat=True))
    return _history(organisation, keys).order_by("-seq")


def last_editor(subject: Organisation | Statement, verb: str) -> str:
    """Who did `verb` to the thing last, as the log names them; a dash where nobody did."""
    kind = subject._meta.model_name
    rows = AuditEvent.objects.filter(subject_kind=kind, subject_key=subject.key, verb=verb)
    return rows.order_by("-seq").values_list("actor_label", flat=True).first() or "–"


def _history(organisation: Organisation, statements: list[str]) -> QuerySet[AuditEvent]:
    """What the log says of an organisation and of statements given by their keys."""
    about = Q(subject_kind="organisation", subject_key=organisation.key)
    return AuditEvent.objects.filter(about | Q(subject_kind="statement", subject_key__in=statements))


def translations_of(subject: Organisation | Statement) -> list[Text]:
    """Every translation of an object's texts, by language and field."""
    rows = Text.objects.filter(subject_kind=subject._meta.model_name, subject_id=subject.pk)
    return list(rows.order_by("language", "field"))


def home_of_new(user: Any) -> tuple[Organisation | None, Any]:
    """(cluster, owner) of an organisation that `user` enters, so that somebody can change it afterwards.

    The manager of one cluster enters a member, an administrator may change everything; anybody else, the
    manager of several clusters too, becomes its owner.
    """
    managed = sorted(clusters_managed(user))
    if len(managed) == 1 and (cluster := Organisation.objects.alive().filter(key=managed[0]).first()):
        return cluster, None
    return None, None if is_administrator(user) else user


def members_of(cluster: Organisation) -> QuerySet[Membership]:
    """All memberships of a cluster, open ones first, for its managers."""
    rows = Membership.objects.filter(cluster=cluster).exclude(member__merged_into__isnull=False)
    return rows.select_related("member").order_by("until", "member__name", "pk")


def open_pairs(user: Any) -> QuerySet[DuplicatePair]:
    """Undecided pairs of which the person may change both sides, likeliest first."""
    rows = DuplicatePair.objects.filter(
        editable_q(user, "first__"),
        editable_q(user, "second__"),
        state="open",
        first__merged_into=None,
        second__merged_into=None,
        first__archived_at=None,
        second__archived_at=None,
    )
    return rows.select_related("first", "second").order_by("-score", "pk")


def archived_of(user: Any) -> QuerySet[Organisation]:
    """Archived organisations that the person may bring back, the latest first."""
    rows = Organisation.objects.filter(editable_q(user), merged_into=None).exclude(archived_at=None)
    return rows.order_by("-archived_at", "pk")


def merges_of(user: Any) -> QuerySet[Merge]:
    """Merges the person may take back, latest first."""
    rows = Merge.objects.filter(editable_q(user, "kept__"), undone_at=None)
    return rows.select_related("kept", "gone").order_by("-merged_at", "-pk")


def export_of(organisation: Organisation) -> dict[str, Any]:
    """Everything stored about one organisation, for its owner (GDPR articles 15 and 20). Plain JSON values
    but for dates, decimals and times.
    """
    own = Organisation.objects.filter(pk=organisation.pk).values().get()
    statements: list[dict[str, Any]] = [dict(row) for row in organisation.statements.values()]
    for row, statement in zip(statements, organisation.statements.prefetch_related("codes"), strict=True):
        row["codes"] = [f"{code.scheme}:{code.code}" for code in statement.codes.all()]
    ids = [row["id"] for row in statements]
    texts = Text.objects.filter(
        Q(subject_kind="organisation", subject_id=organisation.pk)
        | Q(subject_kind="statement", subject_id__in=ids)
    )
    return {
        "organisation": own,
        "codes": [f"{code.scheme}:{code.code}" for code in organisation.codes.all()],
        "figures": list(organisation.figures.values("year", "staff", "turnover", "balance")),
        "statements": statements,
        "translations": list(
            texts.values("subject_kind", "subject_id", "field", "language", "text", "origin")
        ),
        "contacts": list(organisation.contacts.values()),
        "earlier_projects": export_rows(organisation),
        "member_of": list(organisation.member_of.values("cluster__name", "since", "until")),
        "events": [
            _event_row(event)
            for event in _history(organisation, [row["key"] for row in statements]).order_by("seq")
        ],
    }


def _event_row(event: AuditEvent) -> dict[str, Any]:
    return {"at": event.at, "by": event.actor_label, "what": event.verb, "changes": event.changes}


def _statements(organisation: Organisation, user: Any, today: dt.date, edits: bool) -> list[Statement]:
    rows = organisation.statements.visible_to(user)
    rows = rows if edits else rows.current(today)
    return list(rows.prefetch_related("codes").order_by("kind", "closed_at", "-confirmed_at", "id"))


def _contacts(organisation: Organisation, edits: bool) -> list[ContactPerson]:
    rows = organisation.contacts.all()
    return list(rows if edits else rows.filter(consent_at__isnull=False, consent_withdrawn_at=None))


def _memberships(organisation: Organisation, user: Any, today: dt.date, edits: bool) -> list[Membership]:
    """Its memberships; for others than its editors the current ones in clusters they may see."""
    rows = organisation.member_of.select_related("cluster").order_by("until", "cluster__name", "pk")
    return list(rows if edits else rows.current(today).filter(visible_q(user, "cluster__")))


_Texts = dict[tuple[str, int, str], dict[str, Text]]


def _texts(organisation: Organisation, statements: list[Statement]) -> _Texts:
    """All translations of the page in one query."""
    ids = [statement.pk for statement in statements]
    found: _Texts = {}
    about = Q(subject_kind="organisation", subject_id=organisation.pk)
    for row in Text.objects.filter(about | Q(subject_kind="statement", subject_id__in=ids)):
        found.setdefault((row.subject_kind, row.subject_id, row.field), {})[row.language] = row
    return found


def _wording(texts: _Texts, subject: Organisation | Statement, field_name: str, language: str) -> Wording:
    source = Wording(getattr(subject, field_name), subject.language)
    kind = str(subject._meta.model_name)
    row = texts.get((kind, subject.pk, field_name), {}).get(language)
    if language == subject.language or row is None:
        return source
    return Wording(row.text, row.language, row.origin, row.stale)


def _line(statement: Statement, texts: _Texts, language: str, today: dt.date) -> StatementLine:
    return StatementLine(
        statement=statement,
        title=_wording(texts, statement, "title", language),
        text=_wording(texts, statement, "text", language),
        codes=code_lines(statement.codes.all(), language),
        days=days_since(statement.confirmed_at, today),
        freshness=freshness(statement.confirmed_at, today),
        is_stale=is_stale(statement.confirmed_at, today),
        has_expired=statement.valid_until is not None and statement.valid_until < today,
    )


def _label(scheme: str, code: str, language: str | None = None) -> str:
    """The code's label in the reader's language; the code itself where the list does not hold it."""
    if not codes.valid(scheme, code):
        return code
    return str(codes.label(scheme, code, language or reader_language()))


def reader_language() -> str:
    """The active language without its region: "de" for "de-at"."""
    return (get_language() or "en").split("-")[0]
