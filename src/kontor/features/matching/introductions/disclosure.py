"""What one person may be shown of one side: teaser, coded, named after both agreed. Decided here alone.

Pages, mails, files and the API take a `Shown` from here and never read the organisation itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kontor.base.actor import Actor
from kontor.features.accounts.rules import is_member
from kontor.features.matching import wording
from kontor.features.matching.introductions.rules import stands_for_q
from kontor.features.matching.models import Introduction, Side
from kontor.features.matching.models.states import Level
from kontor.features.organisations.models import ContactPerson, Listing, Organisation, Visibility

MOST_CODES = 8


@dataclass(frozen=True)
class Viewer:
    """Who looks. `stands_for`: organisations (primary keys) whose side is the viewer's own."""

    key: str
    label: str
    stands_for: frozenset[int] = frozenset()
    member: bool = False


@dataclass(frozen=True)
class Shown:
    """One side as one viewer may read it. `href` leads to the directory, where it may be read by name."""

    side: Side
    level: str
    own: bool
    title: str
    href: str = ""
    teaser: str = ""
    where: str = ""
    what: str = ""
    trl: int | None = None
    codes: tuple[str, ...] = ()
    contacts: tuple[ContactPerson, ...] = field(default=())

    @property
    def named(self) -> bool:
        return self.level in {Level.NAMED, Level.CONTACTS}

    @property
    def coded(self) -> bool:
        return self.level != Level.TEASER

    @property
    def logged(self) -> bool:
        """Whether showing it is noted for the organisation to read."""
        return not self.own and self.coded


def viewer_of(user: Any, organisation_ids: Iterable[int]) -> Viewer:
    """A signed-in person before these organisations: one query."""
    own = Organisation.objects.filter(stands_for_q(user), pk__in=set(organisation_ids))
    return Viewer(
        user.key, str(user), frozenset(own.values_list("pk", flat=True)), bool(is_member.test(user))
    )


def reader_of_mail(organisation: Organisation, actor: Actor | None = None) -> Viewer:
    """Whoever reads the mails of an organisation, or came by a link in one."""
    return Viewer(f"mail:{organisation.key}", organisation.name, frozenset({organisation.pk}))


def level_for(viewer: Viewer, introduction: Introduction, side: Side, *, in_list: bool = False) -> str:
    """How much of `side` the viewer may be shown now."""
    organisation = side.organisation
    if organisation.pk in viewer.stands_for:
        return Level.NAMED
    if is_gone(organisation):
        return Level.TEASER
    if introduction.is_mutual:
        return Level.NAMED if in_list else Level.CONTACTS
    listed = organisation.listing == Listing.LISTED
    members = organisation.listing == Listing.MEMBERS and viewer.member
    if side.named_at_start and (listed or members):
        return Level.NAMED
    return Level.TEASER if in_list else Level.CODED


def is_gone(organisation: Organisation) -> bool:
    """It withdrew consent or left the directory: nothing of it is shown, whatever was agreed before."""
    left = organisation.merged_into_id is not None or organisation.archived_at is not None
    return left or organisation.listing == Listing.WITHDRAWN


def show(viewer: Viewer, introduction: Introduction, side: Side, *, in_list: bool = False) -> Shown:
    """The side for this viewer. Codes, readiness and contacts are read only where the level allows them."""
    organisation, level = side.organisation, level_for(viewer, introduction, side, in_list=in_list)
    own = organisation.pk in viewer.stands_for
    if is_gone(organisation) and not own:
        return Shown(side, level, own, _("An organisation that is no longer listed"))
    named = level in {Level.NAMED, Level.CONTACTS}
    deep = level != Level.TEASER and not in_list
    return Shown(
        side=side,
        level=level,
        own=own,
        title=organisation.name if named else anonymous_title(organisation),
        href=organisation.get_absolute_url() if named and organisation.findable else "",
        teaser=side.statement.teaser if side.statement else "",
        where=_where(organisation, named=named),
        what=_what(organisation) if level != Level.TEASER else wording.kind_label(organisation.kind),
        trl=_trl(side) if deep else None,
        codes=_codes(side) if deep else (),
        contacts=_contacts(organisation) if level == Level.CONTACTS else (),
    )


def anonymous_title(organisation: Organisation) -> str:
    """Kind and country, as a teaser says it."""
    title = _("%(kind)s in %(country)s") % {
        "kind": wording.kind_label(organisation.kind),
        "country": wording.country_label(organisation.country),
    }
    return title[:1].upper() + title[1:]


def _where(organisation: Organisation, *, named: bool) -> str:
    country = wording.country_label(organisation.country)
    return ", ".join(part for part in (organisation.place, country) if part) if named else country


def _what(organisation: Organisation) -> str:
    kind = wording.kind_label(organisation.kind)
    return f"{kind}, {organisation.get_size_display()}"


def _codes(side: Side) -> tuple[str, ...]:
    source = side.statement if side.statement else side.organisation
    rows: list[Any] = sorted(
        source.codes.all(), key=lambda row: (row.scheme != "theme", row.scheme, row.code)
    )
    return tuple(wording.code_label(f"{row.scheme}:{row.code}") for row in rows[:MOST_CODES])


def _trl(side: Side) -> int | None:
    """Of the statement asked about, else the highest that the organisation states in the open."""
    if side.statement:
        return side.statement.trl
    rows = side.organisation.statements.current(timezone.localdate()).exclude(visibility=Visibility.TEASER)
    return max((row.trl for row in rows if row.trl), default=None)


def _contacts(organisation: Organisation) -> tuple[ContactPerson, ...]:
    """Only those who agreed to be shown, and did not take it back."""
    return tuple(contact for contact in organisation.contacts.all() if contact.may_be_shown)
