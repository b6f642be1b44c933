"""Earlier cooperations as sparse arrays: a frozen graph of projects, who took part, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching import text as reading
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Profile
from kontor.engine.matching.model.checks import assign, iso_date, required
from kontor.engine.matching.past.alike import Likeness
from kontor.engine.matching.past.places import Places
from kontor.engine.matching.terms import ONE, Terms, terms_of_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

K1 = 1.5
B = 0.75
NUTS2 = 4
"""Characters of a region's code in NUTS 2."""


@dataclass(frozen=True, slots=True)
class Cooperation:
    """One project of the past: its title and text, and the keys of those who took part.

    `started`: ISO date or empty. `language`: of the text, empty where it has to be recognised.
    """

    key: str
    title: str
    text: str
    members: tuple[str, ...]
    started: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        required(self.key, "key")
        iso_date(self.started, "started")
        assign(self, "members", tuple(sorted(set(self.members))))


@dataclass(frozen=True, slots=True)
class Weighted:
    """A sparse matrix by columns: for each term the rows that hold it and with what weight."""

    columns: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]
    rarity: Mapping[str, float]
    rows: int

    @classmethod
    def build(cls, texts: Sequence[Terms]) -> Weighted:
        """TF-IDF with damped counts; every row has length 1."""
        holders: dict[str, list[tuple[int, float]]] = {}
        for row, terms in enumerate(texts):
            for term, weight in sorted(terms.items()):
                holders.setdefault(term, []).append((row, damped(weight)))
        rarity = {t: float(np.log((1 + len(texts)) / (1 + len(held))) + 1) for t, held in holders.items()}
        squares = np.zeros(len(texts))
        for term, held in holders.items():
            for row, value in held:
                squares[row] += (value * rarity[term]) ** 2
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        columns = {}
        for term, held in holders.items():
            rows = np.array([row for row, _ in held], dtype=np.int64)
            weights = np.array([weight for _, weight in held])
            columns[term] = (rows, weights * rarity[term] / lengths[rows])
        return cls(columns, rarity, len(texts))

    def closeness(self, terms: Mapping[str, float]) -> NDArray[np.float64]:
        """Cosine of each row with a question, from 0 to 1; terms that no row holds still make it longer."""
        unseen = float(np.log(1 + self.rows) + 1)
        summed = np.zeros(self.rows)
        length = 0.0
        for term, count in sorted(terms.items()):
            weight = damped(count) * self.rarity.get(term, unseen)
            length += weight * weight
            if term in self.columns:
                rows, weights = self.columns[term]
                summed[rows] += weight * weights
        return summed / np.sqrt(length) if length else summed


def damped(weight: float) -> float:
    """The second mention of a word counts less than the first."""
    return float(1 + np.log(max(weight, 1) / ONE)) if weight > ONE else weight / ONE


@dataclass(frozen=True, slots=True)
class Works:
    """BM25 over everything that is known of each organisation, its earlier projects and its own words, as
    one text: what is spread over many projects adds up, where the best single passage shows only one.
    """

    columns: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]
    rows: int

    @classmethod
    def build(cls, texts: Sequence[Terms]) -> Works:
        lengths = np.array([sum(terms.values()) for terms in texts], dtype=np.float64)
        usual = max(float(lengths.mean()), 1.0) if len(texts) else 1.0
        held: dict[str, tuple[list[int], list[int]]] = {}
        for row, terms in enumerate(texts):
            for term, weight in terms.items():
                rows, counts = held.setdefault(term, ([], []))
                rows.append(row)
                counts.append(weight)
        longer = K1 * (1 - B + B * lengths / usual)
        columns = {}
        for term, (rows, counts) in held.items():
            holders, count = np.array(rows, dtype=np.int64), np.array(counts) / ONE
            rarity = np.log(1 + (len(texts) - len(rows) + 0.5) / (len(rows) + 0.5))
            columns[term] = (holders, rarity * count * (K1 + 1) / (count + longer[holders]))
        return cls(columns, len(texts))

    def closeness(self, terms: Mapping[str, float]) -> NDArray[np.float64]:
        """As a share of the organisation that comes closest, from 0 to 1."""
        summed = np.zeros(self.rows)
        for term, weight in sorted(terms.items()):
            if term in self.columns:
                rows, weights = self.columns[term]
                summed[rows] += weight * weights
        return summed / max(float(summed.max(initial=0.0)), 1e-12)


@dataclass(frozen=True, slots=True)
class Past:
    """`projects[project[i]]` had `organisations[member[i]]` among its members; `counts` is how many projects
    each had.

    Organisations of the directory without a project are there too, so that nothing has to tell them apart.
    It never changes: build another one.
    """

    organisations: tuple[str, ...]
    labels: tuple[str, ...]
    countries: NDArray[np.str_]
    projects: tuple[Cooperation, ...]
    project: NDArray[np.int64]
    member: NDArray[np.int64]
    sizes: NDArray[np.int64]
    counts: NDArray[np.int64]
    words: Weighted
    names: Weighted
    works: Works
    lands: Places
    regions: Places
    likeness: Likeness
    numbers: Mapping[str, int]

    @classmethod
    def build(
        cls, cooperations: Iterable[Cooperation], profiles: Iterable[Profile], lexicon: Lexicon
    ) -> Past:
        """Members that are no profile count as links between others. The order of the input plays no part.

        Raises InvalidInput where the key of a cooperation stands twice.
        """
        projects = tuple(sorted(cooperations, key=lambda each: each.key))
        for one, other in pairwise(projects):
            if one.key == other.key:
                raise InvalidInput("key", f"“{one.key}” stands twice.", "Give each project its own key.")
        known = {profile.key: profile for profile in profiles}
        keys = tuple(sorted({*known, *(key for each in projects for key in each.members)}))
        numbers = {key: number for number, key in enumerate(keys)}
        pairs = [(p, numbers[key]) for p, each in enumerate(projects) for key in each.members]
        both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        told = [_terms(each, lexicon) for each in projects]
        labels = tuple(known[key].name if key in known else "" for key in keys)
        countries = np.array([known[key].country if key in known else "" for key in keys], dtype="U2")
        names = Weighted.build([terms_of_text(label, "en", lexicon) for label in labels])
        counts = np.bincount(both[:, 1], minlength=len(keys))
        regions = _regions([known.get(key) for key in keys])
        return cls(
            organisations=keys,
            labels=labels,
            countries=countries,
            projects=projects,
            project=both[:, 0],
            member=both[:, 1],
            sizes=np.bincount(both[:, 0], minlength=len(projects)),
            counts=counts,
            words=Weighted.build(told),
            names=names,
            works=Works.build(_works(keys, known, projects, told, lexicon)),
            lands=Places.build(countries.tolist(), both[:, 0], both[:, 1], len(projects)),
            regions=Places.build(regions, both[:, 0], both[:, 1], len(projects)),
            likeness=Likeness.build(names.columns, countries, counts),
            numbers=numbers,
        )

    def per_project(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums values of organisations over the members of each project."""
        summed: NDArray[np.float64] = np.bincount(
            self.project, values[self.member], minlength=len(self.projects)
        ).astype(np.float64)
        return summed

    def per_member(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums values of projects over the projects of each organisation."""
        summed: NDArray[np.float64] = np.bincount(
            self.member, values[self.project], minlength=len(self.organisations)
        ).astype(np.float64)
        return summed

    def projects_of(self, number: int) -> NDArray[np.int64]:
        own: NDArray[np.int64] = self.project[self.member == number]
        return own


def _regions(profiles: Sequence[Profile | None]) -> list[str]:
    """NUTS 2 regions, the country where an organisation has none; all empty where nobody has one."""
    known = any(profile and profile.nuts3 for profile in profiles)
    return [(profile.nuts3[:NUTS2] or profile.country) if profile and known else "" for profile in profiles]


def _works(
    keys: Sequence[str],
    known: Mapping[str, Profile],
    projects: Sequence[Cooperation],
    told: Sequence[Terms],
    lexicon: Lexicon,
) -> list[Terms]:
    """For each organisation its name, its summary and the texts of its projects as one."""
    collected: dict[str, Terms] = {}
    for key in keys:
        about = f"{known[key].name}. {known[key].summary}" if key in known else ""
        collected[key] = terms_of_text(about, "en", lexicon)
    for each, terms in zip(projects, told, strict=True):
        for key in each.members:
            own = collected[key]
            for term, weight in terms.items():
                own[term] = own.get(term, 0) + weight
    return list(collected.values())


def _terms(each: Cooperation, lexicon: Lexicon) -> Terms:
    readable = reading.without_markup(f"{each.title}. {each.text}")
    return terms_of_text(readable, each.language or reading.recognise(readable), lexicon)
