"""Questions to the matchmaker, answered for one reader: only what that reader may see leaves this module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.codes.suggest import codes_read_from
from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Evidence, Reason
from kontor.engine.core.result import Status
from kontor.engine.matching.model import Audience, Code, Match, Result
from kontor.engine.matching.solve import search
from kontor.features.accounts.rules import is_member
from kontor.features.matching.ask import Ask
from kontor.features.matching.introductions.history import NOBODY, refused_by_or_of
from kontor.features.matching.memory import memory
from kontor.features.matching.problem import query_of, whole_text
from kontor.features.matching.products import competences_of
from kontor.features.matching.tasks import encoder, lexicon
from kontor.features.matching.weights.queries import active_rows
from kontor.features.organisations.models import (
    EarlierProject,
    Organisation,
    Participation,
    Statement,
    StatementCode,
)
from kontor.features.organisations.rules import may_edit, may_see, may_see_statement


@dataclass(frozen=True)
class Partner:
    """One match as the reader may see it: by name with its row, or anonymous with the teaser's statement."""

    match: Match
    organisation: Organisation | None
    statement: Statement | None
    evidence: dict[str, Statement]
    projects: dict[str, EarlierProject] = field(default_factory=dict)

    @property
    def anonymous(self) -> bool:
        return self.organisation is None

    @property
    def key(self) -> str:
        """The organisation's key, or of an anonymous match the statement's: never both."""
        if self.organisation is not None:
            return self.organisation.key
        return self.statement.key if self.statement else ""

    @property
    def country(self) -> str:
        owner = self.organisation or (self.statement and self.statement.organisation)
        return owner.country if owner else ""


@dataclass(frozen=True)
class Answer:
    """`asker` is the organisation that asks, if one does; `result` the engine's answer behind `partners`,
    `suggested` the codes that were read from the text.
    """

    ask: Ask
    asker: Organisation | None
    partners: tuple[Partner, ...]
    result: Result
    suggested: tuple[Code, ...] = ()

    @property
    def is_blocked(self) -> bool:
        return self.result.status == Status.INFEASIBLE


def find_partners(ask: Ask, user: Any) -> Answer:
    """Who fits, for `user`. Raises KontorError `question-invalid` with the field at fault.

    The number of queries does not depend on the number of matches.
    """
    asker, asked = _resolved(ask, user)
    refused = refused_by_or_of(asked.organisation) if asked.organisation else NOBODY
    audiences = audiences_of(user)
    named = codes_of(ask.statement)
    suggested = () if named else read_codes(asked)
    try:
        query = query_of(
            asked,
            audiences=audiences,
            today=timezone.localdate(),
            competences=competences_of(ask.product),
            codes=named,
            hidden=(*refused.named, *_own_team(asked, user)),
            suggested=suggested,
            usual=active_rows(),
        )
        past = memory.past(audiences)
        result = search(memory.current(), query, lexicon=lexicon(), encoder=encoder(), past=past)
    except InvalidInput as refusal:
        raise KontorError(
            refusal.message, code="question-invalid", path=refusal.path, remedy=refusal.remedy, status=422
        ) from refusal
    matches = [each for each in result.matches if not (each.anonymous and each.key in refused.anonymous)]
    return Answer(ask, asker, tuple(readable_partners(matches, user)), result, suggested)


def _own_team(ask: Ask, user: Any) -> list[str]:
    """Those of the team that `user` acts for: only of these may the teasers vanish without betraying them."""
    rows = Organisation.objects.filter(key__in=ask.team) if ask.team else ()
    return [row.key for row in rows if may_edit.test(user, row)]


def read_codes(ask: Ask) -> tuple[Code, ...]:
    """Codes that the text of a question suggests, without those that somebody took out."""
    if not ask.read_codes or not ask.text.strip():
        return ()
    return codes_read_from(ask.text, ask.language, [Code.parse(code) for code in ask.wrong_codes])


def codes_of(statement: str) -> tuple[Code, ...]:
    """What the asking statement is about, beside its words."""
    rows = StatementCode.objects.filter(statement__key=statement) if statement else ()
    return tuple(Code(row.scheme, row.code) for row in rows)


def audiences_of(user: Any) -> tuple[Audience, ...]:
    """Anybody finds what is public and anonymous teasers; members also what is meant for members."""
    members = (Audience.MEMBERS,) if is_member(user) else ()
    return (Audience.PUBLIC, *members, Audience.TEASER)


def _resolved(ask: Ask, user: Any) -> tuple[Organisation | None, Ask]:
    """The asking organisation, and the question with the asking statement's own words put in."""
    if ask.statement:
        statement = _one(Statement.objects.select_related("organisation").filter(key=ask.statement))
        if not may_see_statement.test(user, statement):
            raise _unknown("statement")
        kind = {"need": "need", "offer": "offer"}.get(statement.kind, "idea")
        owner = statement.organisation
        asked = replace(ask, text=whole_text(statement), language=statement.language, kind=kind)
    elif ask.organisation:
        owner, asked = _one(Organisation.objects.filter(key=ask.organisation)), ask
    else:
        return None, ask
    if not may_see.test(user, owner):
        raise _unknown("organisation")
    asked = replace(asked, organisation=owner.key, origin=asked.origin or owner.country)
    return owner, asked if may_edit.test(user, owner) else _as_stranger(asked, owner, user)


def _as_stranger(ask: Ask, owner: Organisation, user: Any) -> Ask:
    """The question without what only the asker's own people may read: its anonymous and hidden statements."""
    visible = owner.statements.visible_to(user).current(timezone.localdate())
    text = ask.text or "\n".join([owner.summary, *(row.text for row in visible)]).strip()
    kind = ask.kind if ask.text else "idea"
    return replace(ask, organisation="", text=text, kind=kind, excluded=(*ask.excluded, owner.key))


def _one(rows: Any) -> Any:
    row = rows.first()
    if row is None:
        raise _unknown(rows.model.__name__.lower())
    return row


def _unknown(path: str) -> KontorError:
    return KontorError(
        _("There is nothing here that you may see."),
        code="not-found",
        path=path,
        remedy=_("Check the address."),
        status=404,
    )


def readable_partners(matches: Iterable[Match], user: Any) -> Iterable[Partner]:
    """The matches with their rows, each checked once more against the directory as it is now."""
    matches = list(matches)
    told = [evidence for match in matches for evidence in _evidence(match) if evidence.project]
    named = {match.key for match in matches if not match.anonymous} | {each.profile for each in told}
    organisations = Organisation.objects.visible_to(user).in_bulk(sorted(named), field_name="key")
    taken = _parts_taken(named, {each.project for each in told})
    projects = {row.project.key: row.project for row in taken.values()}
    quoted = {e.statement for match in matches for e in _evidence(match) if e.statement and e.profile}
    statements = _statements(quoted, user)
    for match in matches:
        seen = _only_readable(_with_visible_partners(match, organisations, taken), statements)
        if match.anonymous:
            statement = statements.get(match.statement)
            if statement is not None:
                yield Partner(seen, None, statement, statements, projects)
        elif match.key in organisations:
            yield Partner(seen, organisations[match.key], None, statements, projects)


def _parts_taken(keys: set[str], projects: set[str]) -> dict[tuple[str, str], Participation]:
    """Who of these organisations is in which of these projects now, by both keys."""
    rows = Participation.objects.filter(organisation__key__in=keys, project__key__in=projects)
    found = rows.select_related("project", "organisation").defer("project__text") if projects else ()
    return {(row.organisation.key, row.project.key): row for row in found}


def _with_visible_partners(
    match: Match, organisations: Mapping[str, Organisation], taken: Collection[tuple[str, str]]
) -> Match:
    """The match without reasons that rest on a part in a project which the reader may not see or which ended.

    What is known of projects can be a little older than the directory: here it is brought up to date.
    """

    def holds(reason: Reason) -> bool:
        mine = (match.key,) if reason.part == "ties" else ()
        return all(
            each.profile in organisations
            and all((key, each.project) in taken for key in (each.profile, *mine))
            for each in reason.evidence
            if each.project
        )

    return replace(match, reasons=tuple(filter(holds, match.reasons)))


def _statements(keys: set[str], user: Any) -> dict[str, Statement]:
    """Statements that may be quoted to `user`: those to be read by name, and teasers."""
    today = timezone.localdate()
    rows = Statement.objects.select_related("organisation").filter(key__in=keys)
    found = {row.key: row for row in rows.anonymous(today)}
    return found | {row.key: row for row in rows.visible_to(user).current(today)}


def _evidence(match: Match) -> Iterable[Evidence]:
    for reason in (*match.reasons, match.doubt):
        yield from reason.evidence


def _only_readable(match: Match, statements: dict[str, Statement]) -> Match:
    """The match without quotes of statements that were closed or hidden since the index was read."""

    def kept(reason: Reason) -> Reason:
        evidence = tuple(
            e for e in reason.evidence if not (e.profile and e.statement) or e.statement in statements
        )
        return replace(reason, evidence=evidence)

    return replace(match, reasons=tuple(map(kept, match.reasons)), doubt=kept(match.doubt))


def statements_that_ask(asker: Organisation | None, user: Any) -> list[Statement]:
    """The asking organisation's statements that the reader may put as a question of its own, needs first."""
    if asker is None:
        return []
    rows = asker.statements.visible_to(user).current(timezone.localdate())
    order = {"need": 0, "offer": 1, "competence": 2}
    return sorted(rows, key=lambda row: (order[row.kind], row.pk))


def countries_present() -> set[str]:
    """Countries in which somebody is indexed, from memory."""
    segments = memory.current().segments
    return {str(code) for segment in segments for code in np.unique(segment.columns.country)} - {""}
