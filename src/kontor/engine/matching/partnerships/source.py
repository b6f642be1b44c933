"""Projects and partners as questions with known answers: masked, split by date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kontor.engine.matching.model import Profile, Statement
from kontor.engine.matching.past import Cooperation
from kontor.engine.matching.read.model import Directory

LATEST = 0.25
"""Share of the projects that are asked for: the latest."""

WINDOW = 1 / 12
KNOWN = 1 / 2
"""Least shares of all projects in a window before the latest, and before that window."""


@dataclass(frozen=True)
class Task:
    """A project: what is asked (title and objective, partners' names masked), by whom, and who took part."""

    key: str
    title: str
    text: str
    language: str
    started: str
    lead: str
    members: frozenset[str]

    @property
    def partners(self) -> frozenset[str]:
        return self.members - {self.lead}

    def as_cooperation(self) -> Cooperation:
        return Cooperation(self.key, self.title, self.text, tuple(self.members), self.started, self.language)


@dataclass(frozen=True)
class Source:
    """`profiles` know nothing of projects but their own facts; `tasks` are in the order of their keys."""

    name: str
    profiles: dict[str, Profile]
    tasks: tuple[Task, ...]

    def cutoff(self) -> str:
        """The first day of the earliest month from which on at most a quarter of the projects begin."""
        months = sorted({task.started[:7] for task in self.tasks})
        late = {m: sum(task.started[:7] >= m for task in self.tasks) for m in months}
        return next(m for m in months if late[m] <= LATEST * len(self.tasks)) + "-01"

    def windows(self) -> list[tuple[str, str]]:
        """Consecutive spans of first days, the end not in it; the latest begins at the cutoff."""
        found = [(self.cutoff(), "9999")]
        months = sorted({task.started[:7] for task in self.tasks if task.started < self.cutoff()})
        for month in reversed(months):
            began, end = f"{month}-01", found[0][0]
            known = sum(task.started < began for task in self.tasks)
            inside = sum(began <= task.started < end for task in self.tasks)
            if known < KNOWN * len(self.tasks):
                break
            if inside >= WINDOW * len(self.tasks):
                found.insert(0, (began, end))
        return found


def source_of(name: str, directory: Directory) -> Source:
    """The projects of a directory read from CORDIS or keep, each with its partners' names masked."""
    short = {key: each.short_name for key, each in directory.details.items() if len(each.short_name) > 2}
    texts: dict[str, Statement] = {}
    members: dict[str, set[str]] = defaultdict(set)
    for profile in directory.profiles:
        for statement in profile.statements:
            project = statement.key.partition("/")[2]
            texts[project] = statement
            members[project].add(profile.key)
    names = {profile.key: profile.name for profile in directory.profiles}
    tasks = []
    for key in sorted(texts):
        spoken = [names[m] for m in members[key]] + [short[m] for m in members[key] if m in short]
        text = masked(texts[key].text, spoken)
        title = text.partition(". ")[0]
        if texts[key].confirmed_on and len(members[key]) > 1:
            tasks.append(
                Task(
                    key,
                    title,
                    text,
                    texts[key].language,
                    texts[key].confirmed_on,
                    directory.leads.get(key, ""),
                    frozenset(members[key]),
                )
            )
    profiles = {
        p.key: replace(p, statements=(), partners=(), summary=described(p, directory), summary_language="en")
        for p in directory.profiles
    }
    return Source(name, profiles, tuple(tasks))


def described(profile: Profile, directory: Directory) -> str:
    """What is known of an organisation before any project: its name, kind and town."""
    place = directory.details[profile.key].place
    return f"{profile.name}, {profile.kind} organisation" + (f" in {place.title()}." if place else ".")


def masked(text: str, names: Iterable[str]) -> str:
    """A text without these names as whole words; a name in one word only as it is written."""
    for name in sorted(set(names), key=lambda each: (-len(each), each)):
        flags = re.IGNORECASE if " " in name else 0
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", text, flags=flags)
    return text
