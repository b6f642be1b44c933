"""The kinds of filters: how each reads what stands in the address, narrows the rows, and says so on its chip.

A field cleans one raw value (ValueError where it means nothing), turns the values it got into one
condition, and names a value for people. Values of one field widen each other (SI or IT), fields narrow
each other.
"""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.codes import schemes as codes
from kontor.features.accounts.rules import is_member
from kontor.features.organisations.directory.fulltext import query_words
from kontor.features.organisations.freshness import STALE_DAYS
from kontor.features.organisations.models import (
    Membership,
    Organisation,
    OrganisationCode,
    Statement,
    StatementCode,
    Visibility,
)

Condition = Q
# An address with thousands of values is a mistake or an attack.
MAX_VALUES = 100


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, in which language, and on what day: the only things a condition may depend on."""

    user: Any
    today: dt.date
    language: str = "en"

    @property
    def statements_shown(self) -> list[str]:
        """Visibilities of statements that count for this person. A teaser never betrays its organisation."""
        return [Visibility.PUBLIC, Visibility.MEMBERS] if is_member(self.user) else [Visibility.PUBLIC]


@dataclass(frozen=True)
class Field(ABC):
    """`name` stands in the address and in the API, `label` before the value on the chip."""

    name: str
    label: Any
    many: bool = field(default=True, kw_only=True)
    # Whether one text may hold several values with commas between them.
    listed: bool = field(default=False, kw_only=True)

    @abstractmethod
    def clean(self, raw: str) -> str:
        """The value as it is kept; raises ValueError with what to do."""

    @abstractmethod
    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        """The condition on Organisation. `dense` says that many pass and few are read: test one by one."""

    def name_of(self, value: str, scope: Scope) -> str:
        """What the chip says after the label."""
        return value


@dataclass(frozen=True)
class WordsField(Field):
    """Free words, each the beginning of a word of the organisation, in any order."""

    def clean(self, raw: str) -> str:
        text = " ".join(raw.split())[:200]
        if text and not query_words(text):
            raise ValueError(_("Write at least one letter or digit."))
        return text

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        return Q(search_text__has_words=query_words(" ".join(values)))


@dataclass(frozen=True)
class ChoiceField(Field):
    """One of the values of a column."""

    choices: Sequence[tuple[str, Any]] = ()

    def clean(self, raw: str) -> str:
        if raw not in dict(self.choices):
            raise ValueError(
                _("Choose one of: %(values)s.") % {"values": ", ".join(key for key, _x in self.choices)}
            )
        return raw

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        return Q(**{f"{self.name}__in": list(values)})

    def name_of(self, value: str, scope: Scope) -> str:
        return str(dict(self.choices)[value])


@dataclass(frozen=True)
class CountryField(Field):
    def clean(self, raw: str) -> str:
        value = codes.canonical("country", raw)
        if value is None:
            raise ValueError(_("Write a country as its two letters, for example SI or DE."))
        return value

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        return Q(country__in=list(values))

    def name_of(self, value: str, scope: Scope) -> str:
        return str(codes.label("country", value, scope.language))


@dataclass(frozen=True)
class RegionField(Field):
    """A NUTS code of any level; regions inside it count."""

    def clean(self, raw: str) -> str:
        value = raw.strip().upper()
        if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,3}", value):
            raise ValueError(_("Write a NUTS code of two to five characters, for example SI04 or DE300."))
        return value

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        return any_of(Q(nuts3__begins=value) for value in values)

    def name_of(self, value: str, scope: Scope) -> str:
        return labelled("nuts", value, scope.language)


@dataclass(frozen=True)
class CodeField(Field):
    """A code of a scheme with all below it, on the organisation or on a statement that the person may
    read.
    """

    def clean(self, raw: str) -> str:
        value = codes.canonical(self.name, raw)
        if value is None:
            raise ValueError(_("There is no such code. Search for one by its words."))
        return value

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        # One subquery for each beginning, each answered by its index alone.
        begins = "code__begins_tested" if dense else "code__begins"
        parts = [part for value in values for part in at_or_below(self.name, value, begins)]
        return any_of(self._coded(part, scope, dense) for part in parts)

    def _coded(self, part: Condition, scope: Scope, dense: bool) -> Condition:
        own = OrganisationCode.objects.filter(part, scheme=self.name)
        stated = StatementCode.objects.filter(part, scheme=self.name)
        if dense:
            # Spelt out from the organisation inwards: SQLite would begin at the code, once for each row.
            of_row = readable_statements(scope).filter(organisation=OuterRef("pk"))
            coded = of_row.filter(OneByOne(stated.filter(statement=OuterRef("pk"))))
            return within(own, "organisation", dense) | Q(OneByOne(coded))
        shown = stated.filter(statement__closed_at=None, statement__visibility__in=scope.statements_shown)
        shown = shown.exclude(statement__valid_until__lt=scope.today)
        return within(own, "organisation", dense) | within(shown, "statement__organisation", dense)

    def name_of(self, value: str, scope: Scope) -> str:
        return labelled(self.name, value, scope.language)


@dataclass(frozen=True)
class ClusterField(Field):
    """Current members of a cluster. A cluster that the person may not see has no members for them."""

    def clean(self, raw: str) -> str:
        if not re.fullmatch(r"[0-9a-z]{1,12}", raw):
            raise ValueError(_("Choose a cluster from the list."))
        return raw

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        clusters = Organisation.objects.visible_to(scope.user).filter(key__in=list(values))
        current = Membership.objects.current(scope.today)
        return Q(pk__in=current.filter(cluster__in=clusters.values("pk")).values("member"))

    def name_of(self, value: str, scope: Scope) -> str:
        found = (
            Organisation.objects.visible_to(scope.user)
            .filter(key=value)
            .values_list("name", flat=True)
            .first()
        )
        return found or value


@dataclass(frozen=True)
class ListField(Field):
    """An item of a JSON list: working languages, tags."""

    column: str = ""
    # Whether its items stand among the words of the search, which then finds the few to look at.
    searched: bool = False
    cleaned: Callable[[str], str] = str.strip

    def clean(self, raw: str) -> str:
        value = self.cleaned(raw)[:80]
        if not value:
            raise ValueError(_("Write a value."))
        return value

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        return any_of(self._holds(value) for value in values)

    def _holds(self, value: str) -> Condition:
        exactly = Q(**{f"{self.column}__has_item": value})
        found = query_words(value) if self.searched else []
        return Q(search_text__has_words=found) & exactly if found else exactly


@dataclass(frozen=True)
class StatementField(Field):
    """Whether the organisation has a current statement of a kind that the person may read."""

    kind: str = ""

    def clean(self, raw: str) -> str:
        return yes_or_no(raw)

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        stated = within(readable_statements(scope).filter(kind=self.kind), "organisation", dense)
        return stated if values[-1] == "yes" else ~stated

    def name_of(self, value: str, scope: Scope) -> str:
        return str(YES_NO[value])


@dataclass(frozen=True)
class FreshField(Field):
    """When the organisation last confirmed a statement: within so many days, or longer ago."""

    choices: Sequence[tuple[str, Any]] = ()

    def clean(self, raw: str) -> str:
        if raw not in dict(self.choices):
            raise ValueError(
                _("Choose one of: %(values)s.") % {"values": ", ".join(key for key, _x in self.choices)}
            )
        return raw

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        days = STALE_DAYS if values[-1] == "older" else int(values[-1])
        begin = dt.datetime.combine(
            scope.today - dt.timedelta(days=days), dt.time(), timezone.get_current_timezone()
        )
        statements = readable_statements(scope)
        recent = within(statements.filter(confirmed_at__gte=begin), "organisation", dense)
        if values[-1] != "older":
            return recent
        if dense:
            return within(statements, "organisation", dense) & ~recent
        # The same in one pass over the index: those whose last confirmation is older.
        last = statements.order_by().values("organisation").annotate(last=Max("confirmed_at"))
        return Q(pk__among=last.filter(last__lt=begin).values("organisation"))

    def name_of(self, value: str, scope: Scope) -> str:
        return str(dict(self.choices)[value])


@dataclass(frozen=True)
class SampleField(Field):
    def clean(self, raw: str) -> str:
        return yes_or_no(raw)

    def condition(self, values: Sequence[str], scope: Scope, dense: bool = False) -> Condition:
        return Q(is_sample=values[-1] == "yes")

    def name_of(self, value: str, scope: Scope) -> str:
        return str(YES_NO[value])


YES_NO = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}


def yes_or_no(raw: str) -> str:
    if raw not in YES_NO:
        raise ValueError(_("Write yes or no."))
    return raw


def readable_statements(scope: Scope) -> QuerySet[Statement]:
    """Current statements that `scope` counts; whether their organisation is visible is asked of it."""
    return Statement.objects.current(scope.today).filter(visibility__in=scope.statements_shown)


class OneByOne(Exists):
    """EXISTS that stays a test of single rows: without the offset PostgreSQL would find all of them first."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def within(rows: QuerySet[Any], column: str, dense: bool) -> Condition:
    """Organisations that `rows` point to by `column`: one test for each, or all found first."""
    if dense:
        return Q(OneByOne(rows.filter(**{column: OuterRef("pk")})))
    return Q(pk__among=rows.values(column))


def any_of(conditions: Iterable[Condition]) -> Condition:
    return reduce(or_, conditions)


def at_or_below(scheme: str, code: str, begins: str) -> list[Condition]:
    """Conditions for the code and all below it: a CPV without its closing zeros, a NACE section's divisions,
    what a theme has. `begins` is the lookup for a range of codes.
    """
    if scheme == "cpv":
        return [Q(**{begins: code.rstrip("0").ljust(2, "0")})]
    if scheme == "nace" and not code.isalpha():
        return [Q(**{begins: code})]
    children = codes.children(scheme, code)
    if scheme == "nace" and children:
        return [Q(code=code), Q(**{begins: (children[0], children[-1])})]
    return [Q(code__in=[code, *children])]


def labelled(scheme: str, code: str, language: str) -> str:
    """ "20.1 Manufacture of basic chemicals"; the bare code where the list does not know it."""
    label = codes.label(scheme, code, language)
    return code if label.text == code else f"{code} {label}"
