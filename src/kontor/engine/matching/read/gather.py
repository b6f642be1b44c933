"""From mentions of organisations in projects to one profile for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from kontor.engine.matching.model import Profile, Size, Statement, StatementKind
from kontor.engine.matching.read.model import Details, EarlierProject

LONGEST_TEXT = 2_000
"""Characters of a project's description that become part of a statement."""


@dataclass(frozen=True, slots=True)
class Project:
    """`started` and `ended` are ISO dates or empty, `language` that of the text, empty where it has to be
    recognised.
    """

    key: str
    title: str
    text: str
    language: str
    started: str
    ended: str = ""
    programme: str = ""


@dataclass(slots=True)
class Mentions:
    """Everything that is said about one organisation, counted: what is said most often holds."""

    key: str
    names: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    projects: dict[str, Project] = field(default_factory=dict)
    details: Details = field(default_factory=Details)
    led: set[str] = field(default_factory=set)

    def profile(self, partners: Iterable[str]) -> Profile:
        return Profile(
            key=self.key,
            name=commonest(self.names),
            kind=commonest(self.kinds) or "other",
            size=commonest(self.sizes) or Size.UNKNOWN,
            country=commonest(self.countries),
            nuts3=commonest(self.regions),
            statements=tuple(_statement(self.key, p) for p in self.projects.values()),
            partners=tuple(sorted(set(partners) - {self.key})),
        )


def commonest(counted: Counter[str]) -> str:
    """The value said most often; of equals one not in capitals, the longest, the first in the alphabet."""
    known = [(-count, value.isupper(), -len(value), value) for value, count in counted.items() if value]
    return min(known)[-1] if known else ""


def leads_of(mentions: Iterable[Mentions]) -> dict[str, str]:
    """For each project the key of the organisation that leads it, where one does."""
    return {project: each.key for each in mentions for project in sorted(each.led)}


def projects_of(mentions: Iterable[Mentions]) -> tuple[EarlierProject, ...]:
    """Every project with who took part, in the order of their keys."""
    every = sorted(mentions, key=lambda each: each.key)
    told: dict[str, Project] = {}
    members: dict[str, list[str]] = {}
    for each in every:
        for key, project in each.projects.items():
            told[key] = project
            members.setdefault(key, []).append(each.key)
    leads = leads_of(every)
    return tuple(
        EarlierProject(
            key=key,
            title=told[key].title or told[key].text[:80] or key,
            text=told[key].text,
            language=told[key].language,
            started=told[key].started,
            ended=told[key].ended,
            programme=told[key].programme,
            members=tuple(members[key]),
            lead=leads.get(key, ""),
        )
        for key in sorted(told)
    )


def profiles_of(mentions: Iterable[Mentions]) -> tuple[Profile, ...]:
    """Profiles in the order of their keys; whoever shares a project is a partner."""
    every = sorted(mentions, key=lambda each: each.key)
    members: dict[str, list[str]] = {}
    for each in every:
        for project in each.projects:
            members.setdefault(project, []).append(each.key)
    return tuple(each.profile(key for project in each.projects for key in members[project]) for each in every)


def _statement(owner: str, project: Project) -> Statement:
    title = project.title if not project.title or project.title[-1] in ".!?" else f"{project.title}."
    text = f"{title} {project.text}".strip()
    return Statement(
        key=f"{owner}/{project.key}",
        kind=StatementKind.COMPETENCE,
        text=text[:LONGEST_TEXT],
        language=project.language,
        confirmed_on=project.started,
    )
