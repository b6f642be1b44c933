"""Keys in the composer's answers as words in the reader's language, and names of whom the reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from kontor.features.matching.consortia.problem.facts import Ground
from kontor.features.matching.consortia.problem.question import RESEARCH
from kontor.features.matching.introductions.disclosure import anonymous_title
from kontor.features.organisations.models import Organisation, Statement
from kontor.programmes.rules import REGISTRY

PARTS = {
    "coverage": gettext_lazy("Welcome competences covered"),
    "level": gettext_lazy("Levels above the one needed"),
    "affinity": gettext_lazy("Fit to the idea"),
    "capacity": gettext_lazy("Time left beside other consortia"),
    "new_ties": gettext_lazy("New ties across the border"),
    "pairs": gettext_lazy("Pairs that suit each other"),
    "partners": gettext_lazy("Number of partners"),
}

MEANINGS = {
    "coverage": gettext_lazy("Competences that are welcome, not needed, and that the team has."),
    "level": gettext_lazy("How much better the best member is than the product needs, level by level."),
    "affinity": gettext_lazy("How well the members' profiles fit the idea, added up."),
    "capacity": gettext_lazy("Less for whoever sits in other consortia already."),
    "new_ties": gettext_lazy("Pairs from two countries that have not worked together yet."),
    "pairs": gettext_lazy("Pairs of whom it is known that they suit each other, or do not."),
    "partners": gettext_lazy("Taken off for every partner: of two that do the same the smaller team wins."),
}


def language() -> str:
    return (get_language() or "en").split("-")[0]


@dataclass(frozen=True)
class Named:
    """A candidate as the reader may know it."""

    key: str
    title: str
    href: str = ""
    teaser: str = ""
    country: str = ""
    kind: str = ""
    size: str = ""
    anonymous: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Words:
    """Titles of candidates by key, and the programme whose rules and competences are named."""

    ground: Ground
    named: Mapping[str, Named] = field(default_factory=dict)

    def title(self, key: str) -> str:
        found = self.named.get(key)
        return found.title if found else _("An organisation that is no longer listed")

    def competence(self, key: str) -> str:
        found = next((each for each in self.ground.competences if each.key == key), None)
        return found.text.best(language()) if found else key

    def rule(self, ident: str) -> str:
        """The text of what a verdict's or a change's id names."""
        kind, _colon, key = ident.partition(":")
        if kind == "competence":
            return self.competence(key)
        if kind in {"fixed", "excluded", "lead"} and key:
            return self.title(key)
        if ident == RESEARCH:
            return _("A research partner takes part.")
        return self._of_programme(ident)

    def _of_programme(self, ident: str) -> str:
        programme, instrument = self.ground.programme, self.ground.instrument
        if programme is None or instrument is None:
            return ident
        name, _dot, side = ident.partition(".")
        use = next((each for each in instrument.rules if each.key in {ident, name}), None)
        if use is None:
            return ident
        text = use.text.get(language()) or REGISTRY[use.rule].said(programme, use).text(language())
        sides = {each.key: each.name.best(language()) for each in programme.sides}
        return f"{text.rstrip('.')} ({sides[side]})" if side in sides else text

    def sentence(self, reason: Mapping[str, Any]) -> str:
        """A reason as the composer gave it."""
        params = {name: self._worded(name, value) for name, value in reason["params"].items()}
        return _(reason["template"]) % params

    def _worded(self, name: str, value: Any) -> Any:
        if name == "names" and isinstance(value, list | tuple):
            return self.some(value)
        if name == "names":
            return self.title(value)
        if name == "competence":
            return self.competence(value)
        if name == "rule":
            # inside a sentence, which has a full stop of its own
            return self.rule(value).rstrip(".") if isinstance(value, str) else value
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def some(self, keys: Iterable[str]) -> str:
        """Three names, and how many more."""
        keys = list(keys)
        told = [self.title(key) for key in keys[:3]]
        if len(keys) > 3:
            more = len(keys) - 3
            told.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": more})
        return ", ".join(told)


def part_label(name: str) -> str:
    return str(PARTS.get(name, name))


def part_meaning(name: str) -> str:
    """What a part of the score counts, in a sentence."""
    return str(MEANINGS.get(name, ""))


def named_for(user: Any, keys: Iterable[str]) -> dict[str, Named]:
    """Candidates as `user` may know them today: two queries. Whoever left is not among them."""
    keys = sorted(set(keys))
    if not keys:
        return {}
    rows = Organisation.objects.visible_to(user).filter(key__in=keys)
    found = {row.key: _by_name(row) for row in rows}
    anonymous = Statement.objects.anonymous(timezone.localdate()).filter(key__in=keys)
    found |= {row.key: by_teaser(row) for row in anonymous.select_related("organisation")}
    return found


def _by_name(organisation: Organisation) -> Named:
    return Named(
        organisation.key,
        organisation.name,
        href=organisation.get_absolute_url() if organisation.findable else "",
        country=organisation.country,
        kind=organisation.get_kind_display(),
        size=organisation.get_size_display(),
    )


def by_teaser(statement: Statement) -> Named:
    organisation = statement.organisation
    return Named(
        statement.key,
        anonymous_title(organisation),
        teaser=statement.teaser,
        country=organisation.country,
        kind=organisation.get_kind_display(),
        size=organisation.get_size_display(),
        anonymous=True,
    )
