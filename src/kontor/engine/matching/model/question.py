"""What the matchmaker is asked, under which conditions, and how it weighs."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model.checks import (
    assign,
    choice,
    country_code,
    in_range,
    iso_date,
    language_code,
)
from kontor.engine.matching.model.organisation import Audience, Code, OrganisationKind, Size


class QueryKind(StrEnum):
    """`need` and `challenge` look for offers and competences, `offer` for needs, `idea` for both."""

    NEED = "need"
    OFFER = "offer"
    IDEA = "idea"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Hard conditions. Empty means no condition; values in one field are alternatives, fields are all
    required.

    `across_from`: country whose border has to be crossed. `codes`: prefixes, `nace:28` keeps 28.11. `area`:
    prefixes of NUTS codes. `trl_min`, `trl_max`: at least one statement's TRL lies between them; a profile
    without any TRL is kept unless `trl_required`. `languages`: works in at least one of them. `excluded`:
    keys that must not appear, `among`: keys of which alone some are sought; an organisation's key stands for
    its row by name, a teaser goes by its statement's key.
    """

    countries: tuple[str, ...] = ()
    countries_excluded: tuple[str, ...] = ()
    across_from: str = ""
    sizes: tuple[str, ...] = ()
    sme_only: bool = False
    kinds: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    trl_min: int | None = None
    trl_max: int | None = None
    trl_required: bool = False
    area: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    among: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("countries", "countries_excluded"):
            assign(self, name, tuple(country_code(item, name) for item in getattr(self, name)))
        assign(self, "across_from", country_code(self.across_from, "across_from"))
        assign(self, "sizes", tuple(choice(Size, item, "sizes") for item in self.sizes))
        assign(self, "kinds", tuple(choice(OrganisationKind, item, "kinds") for item in self.kinds))
        assign(self, "languages", tuple(language_code(item, "languages") for item in self.languages))
        assign(self, "area", tuple(item.strip().upper() for item in self.area if item.strip()))
        assign(self, "codes", tuple(self.codes))
        assign(self, "excluded", tuple(self.excluded))
        assign(self, "among", tuple(self.among))
        in_range(self.trl_min, 1, 9, "trl_min")
        in_range(self.trl_max, 1, 9, "trl_max")
        if self.trl_min is not None and self.trl_max is not None and self.trl_min > self.trl_max:
            raise InvalidInput(
                "trl_min", f"TRL {self.trl_min} to {self.trl_max} is empty.", "Swap the two values."
            )


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the score counts; only the proportions matter, 0 switches a part off.

    A part that cannot be computed (no asking organisation, so no reciprocity) is left out and the others
    share its weight. Defaults: fit carries three quarters, so a side part orders what fits about equally
    well. The last twelve are counted from earlier cooperations and apply only where a search is given them.
    """

    fit: float = 12.0
    reciprocity: float = 1.0
    complementarity: float = 1.0
    border: float = 0.5
    freshness: float = 0.5
    answer_rate: float = 0.5
    novelty: float = 0.5
    projects: float = 4.0
    works: float = 2.0
    ties: float = 1.0
    popularity: float = 0.5
    lands: float = 0.25
    beside: float = 0.25
    regions: float = 0.0
    home: float = 0.0
    named: float = 0.5
    name: float = 0.5
    alike: float = 0.5
    kin: float = 1.0

    def __post_init__(self) -> None:
        for item in fields(self):
            in_range(getattr(self, item.name), 0, 1000, item.name)
        if self.fit <= 0:
            raise InvalidInput(
                "fit",
                "The fit has no weight.",
                "Give it a weight above 0: without it the order is arbitrary.",
            )


@dataclass(frozen=True, slots=True)
class Competence:
    """One competence that a target product or a consortium needs."""

    text: str
    language: str = ""
    codes: tuple[Code, ...] = ()

    def __post_init__(self) -> None:
        assign(self, "language", language_code(self.language, "language"))
        assign(self, "codes", tuple(self.codes))
        if not self.text.strip() and not self.codes:
            raise InvalidInput("text", "A competence has neither text nor code.", "Write one of them.")


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the matchmaker.

    Ask with `text`, `codes`, `competences`, or with `organisation` alone: then each of its statements asks.
    `team`: keys of those who are already together; complementarity is what a partner adds to them and
    `organisation`. They are never in the answer. `origin`: country of the asker where no organisation is
    given. `newcomer_share`: part of the `top` places kept for organisations that nobody was introduced to
    yet. `audiences`: which statements may be found. `today`: ISO date from which freshness is counted;
    without it that part is left out. `hidden`: keys of organisations that never appear, their teasers
    neither, and that no count tells of. It is not a searcher's to write, as `organisation` is not: what
    vanishes with a key tells whose teaser it is. Of `team` only the rows by name are left out. `suggested`:
    codes that nobody named but that were read from `text`; they count less, and are told as what they are.
    `small_weights`: weights by which newcomers and small firms are ranked among their own kind, for
    `small_share` of the places; without them `weights` rank everybody (see `ranking`).
    """

    text: str = ""
    language: str = ""
    kind: str = QueryKind.NEED
    codes: tuple[Code, ...] = ()
    competences: tuple[Competence, ...] = ()
    organisation: str = ""
    team: tuple[str, ...] = ()
    origin: str = ""
    conditions: Conditions = field(default_factory=Conditions)
    weights: Weights = field(default_factory=Weights)
    top: int = 20
    newcomer_share: float = 0.2
    audiences: tuple[str, ...] = (Audience.PUBLIC,)
    today: str = ""
    hidden: tuple[str, ...] = ()
    suggested: tuple[Code, ...] = ()
    small_weights: Weights | None = None
    small_share: float = 0.0

    def __post_init__(self) -> None:
        assign(self, "kind", choice(QueryKind, self.kind, "kind"))
        assign(self, "language", language_code(self.language, "language"))
        assign(self, "origin", country_code(self.origin, "origin"))
        assign(self, "audiences", tuple(choice(Audience, item, "audiences") for item in self.audiences))
        for name in ("codes", "competences", "team", "hidden", "suggested"):
            assign(self, name, tuple(getattr(self, name)))
        iso_date(self.today, "today")
        in_range(self.top, 1, 1000, "top")
        in_range(self.newcomer_share, 0, 1, "newcomer_share")
        in_range(self.small_share, 0, 1, "small_share")
        if not (self.text.strip() or self.codes or self.competences or self.organisation):
            raise InvalidInput(
                "text", "There is no question.", "Write a need, an idea or a code, or name an organisation."
            )


@dataclass(frozen=True, slots=True)
class Params:
    """How the search works; the defaults suit directories of 10 to 1,000,000 organisations.

    `pool`: profiles compared in full after the scan. `twins`: places that one and the same text may take.
    `popular`: introductions from which an organisation counts as popular; such take at most `popular_share`
    of the places. `newcomer_floor`: fit below which a newcomer is not lifted into the list. `floor`: fit
    below which nobody is shown.
    """

    pool: int = 1000
    twins: int = 2
    popular: int = 20
    popular_share: float = 0.3
    newcomer_floor: float = 0.25
    floor: float = 0.1

    def __post_init__(self) -> None:
        in_range(self.pool, 1, 100_000, "pool")
        in_range(self.twins, 1, 1000, "twins")
        in_range(self.popular, 1, 1_000_000, "popular")
        for name in ("popular_share", "newcomer_floor", "floor"):
            in_range(getattr(self, name), 0, 1, name)
