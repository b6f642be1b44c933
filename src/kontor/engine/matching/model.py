"""What the matchmaker is asked and what it answers: frozen dataclasses, validated at construction.

Bad input raises `kontor.engine.core.errors.InvalidInput(path, message, remedy)`. Codes of fields with a fixed list of
values are plain strings (`"need"`), turned into the enumeration's member at construction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TypeVar

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status

E = TypeVar("E", bound=StrEnum)


class StatementKind(StrEnum):
    OFFER = "offer"
    NEED = "need"
    COMPETENCE = "competence"


class Audience(StrEnum):
    """Who may find a statement. `teaser`: its teaser is found without a name until both sides agree."""

    PUBLIC = "public"
    MEMBERS = "members"
    TEASER = "teaser"


class OrganisationKind(StrEnum):
    FIRM = "firm"
    RESEARCH = "research"
    PUBLIC = "public"
    CLUSTER = "cluster"
    BUYER = "buyer"
    OTHER = "other"


class Size(StrEnum):
    """Size class of Recommendation 2003/361/EC. `sme` is for sources that say only that."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    SME = "sme"
    LARGE = "large"
    UNKNOWN = "unknown"


SME_SIZES = frozenset({Size.MICRO, Size.SMALL, Size.MEDIUM, Size.SME})


class QueryKind(StrEnum):
    """`need` and `challenge` look for offers and competences, `offer` for needs, `idea` for both."""

    NEED = "need"
    OFFER = "offer"
    IDEA = "idea"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """`scheme` is `nace`, `cpv`, `theme`, `ket` or any other short name; `code` is written as in its source."""

    scheme: str
    code: str

    def __post_init__(self) -> None:
        if not self.scheme or not self.code or ":" in self.scheme:
            raise InvalidInput(
                "codes", f"“{self.scheme}:{self.code}” is no code.", "Write scheme and code, as nace:28.11."
            )

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> Code:
        """Reads `nace:28.11`."""
        scheme, _, code = text.strip().partition(":")
        return cls(scheme.strip().lower(), code.strip())


@dataclass(frozen=True, slots=True)
class Statement:
    """One offer, need or competence. `age_days`: days since somebody last confirmed it, None where not known.

    `language` is an ISO 639-1 code, empty where it has to be recognised. `trl` is 1 to 9.
    """

    key: str
    kind: str
    text: str
    language: str = ""
    codes: tuple[Code, ...] = ()
    trl: int | None = None
    age_days: int | None = None
    audience: str = Audience.PUBLIC
    teaser: str = ""

    def __post_init__(self) -> None:
        _set(self, "kind", _choice(StatementKind, self.kind, "kind"))
        _set(self, "audience", _choice(Audience, self.audience, "audience"))
        _set(self, "language", _language(self.language, "language"))
        _set(self, "codes", tuple(self.codes))
        _required(self.key, "key")
        _in_range(self.trl, 1, 9, "trl")
        _not_negative(self.age_days, "age_days")


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation as the matchmaker sees it.

    `partners` are keys of organisations it already works with, `introductions` how often it was introduced to somebody,
    `answer_rate` the share of introductions it answered (0 to 1, None before the first), `age_days` how long it has
    been in the directory. `country` is ISO 3166-1 (Greece GR, United Kingdom GB), `nuts3` any NUTS code or empty.
    """

    key: str
    name: str
    kind: str = OrganisationKind.FIRM
    size: str = Size.UNKNOWN
    country: str = ""
    nuts3: str = ""
    languages: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    statements: tuple[Statement, ...] = ()
    summary: str = ""
    summary_language: str = ""
    partners: tuple[str, ...] = ()
    introductions: int = 0
    answer_rate: float | None = None
    age_days: int | None = None
    sample: bool = False

    def __post_init__(self) -> None:
        _required(self.key, "key")
        _set(self, "kind", _choice(OrganisationKind, self.kind, "kind"))
        _set(self, "size", _choice(Size, self.size, "size"))
        _set(self, "country", _country(self.country, "country"))
        _set(self, "languages", tuple(_language(item, "languages") for item in self.languages))
        _set(self, "summary_language", _language(self.summary_language, "summary_language"))
        for name in ("codes", "statements", "partners"):
            _set(self, name, tuple(getattr(self, name)))
        _not_negative(self.introductions, "introductions")
        _in_range(self.answer_rate, 0, 1, "answer_rate")
        _not_negative(self.age_days, "age_days")

    @property
    def is_sme(self) -> bool:
        return self.size in SME_SIZES


@dataclass(frozen=True, slots=True)
class Conditions:
    """Hard conditions. Empty means no condition; values in one field are alternatives, fields are all required.

    `across_from`: country whose border has to be crossed. `codes`: prefixes, `nace:28` keeps 28.11. `area`: prefixes
    of NUTS codes. `trl_min`, `trl_max`: at least one statement's TRL lies between them; a profile without any TRL is
    kept unless `trl_required`. `languages`: works in at least one of them. `excluded`: keys that must not appear.
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

    def __post_init__(self) -> None:
        for name in ("countries", "countries_excluded"):
            _set(self, name, tuple(_country(item, name) for item in getattr(self, name)))
        _set(self, "across_from", _country(self.across_from, "across_from"))
        _set(self, "sizes", tuple(_choice(Size, item, "sizes") for item in self.sizes))
        _set(self, "kinds", tuple(_choice(OrganisationKind, item, "kinds") for item in self.kinds))
        _set(self, "languages", tuple(_language(item, "languages") for item in self.languages))
        _set(self, "area", tuple(item.strip().upper() for item in self.area if item.strip()))
        _set(self, "codes", tuple(self.codes))
        _set(self, "excluded", tuple(self.excluded))
        _in_range(self.trl_min, 1, 9, "trl_min")
        _in_range(self.trl_max, 1, 9, "trl_max")
        if self.trl_min is not None and self.trl_max is not None and self.trl_min > self.trl_max:
            raise InvalidInput(
                "trl_min", f"TRL {self.trl_min} to {self.trl_max} is empty.", "Swap the two values."
            )


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the score counts; only the proportions matter, 0 switches a part off.

    A part that cannot be computed (no asking organisation, so no reciprocity) is left out and the others share its
    weight. Defaults: fit carries three quarters, so a side part orders what fits about equally well.
    """

    fit: float = 12.0
    reciprocity: float = 1.0
    complementarity: float = 1.0
    border: float = 0.5
    freshness: float = 0.5
    answer_rate: float = 0.5
    novelty: float = 0.5

    def __post_init__(self) -> None:
        for item in fields(self):
            _in_range(getattr(self, item.name), 0, 1000, item.name)
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
        _set(self, "language", _language(self.language, "language"))
        _set(self, "codes", tuple(self.codes))
        if not self.text.strip() and not self.codes:
            raise InvalidInput("text", "A competence has neither text nor code.", "Write one of them.")


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the matchmaker.

    Ask with `text`, `codes`, `competences`, or with `organisation` alone: then each of its statements asks. `team`: keys
    of those who are already together; complementarity is what a partner adds to them and `organisation`. They are
    never in the answer. `origin`: country of the asker where no organisation is given. `newcomer_share`: part of the
    `top` places kept for organisations that nobody was introduced to yet. `audiences`: which statements may be found.
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

    def __post_init__(self) -> None:
        _set(self, "kind", _choice(QueryKind, self.kind, "kind"))
        _set(self, "language", _language(self.language, "language"))
        _set(self, "origin", _country(self.origin, "origin"))
        _set(self, "audiences", tuple(_choice(Audience, item, "audiences") for item in self.audiences))
        for name in ("codes", "competences", "team"):
            _set(self, name, tuple(getattr(self, name)))
        _in_range(self.top, 1, 1000, "top")
        _in_range(self.newcomer_share, 0, 1, "newcomer_share")
        if not (self.text.strip() or self.codes or self.competences or self.organisation):
            raise InvalidInput(
                "text", "There is no question.", "Write a need, an idea or a code, or name an organisation."
            )


@dataclass(frozen=True, slots=True)
class Params:
    """How the search works; the defaults suit directories of 10 to 1,000,000 organisations.

    `pool`: profiles compared in full after the scan. `twins`: places that one and the same text may take. `popular`:
    introductions from which an organisation counts as popular; such take at most `popular_share` of the places.
    `newcomer_floor`: fit below which a newcomer is not lifted into the list. `floor`: fit below which nobody is shown.
    """

    pool: int = 400
    twins: int = 2
    popular: int = 20
    popular_share: float = 0.3
    newcomer_floor: float = 0.25
    floor: float = 0.05

    def __post_init__(self) -> None:
        _in_range(self.pool, 1, 100_000, "pool")
        _in_range(self.twins, 1, 1000, "twins")
        _in_range(self.popular, 1, 1_000_000, "popular")
        for name in ("popular_share", "newcomer_floor", "floor"):
            _in_range(getattr(self, name), 0, 1, name)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: `value` 0 to 1, `weight` its share of all weights that apply, `contribution` the product."""

    name: str
    value: float
    weight: float

    @property
    def contribution(self) -> float:
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class FoundBy:
    """`method` is `words`, `codes` or `meaning`; `rank` counts from 1 among all organisations that were compared."""

    method: str
    rank: int


@dataclass(frozen=True, slots=True)
class Match:
    """One suggested partner. `score` is 0 to 1, the sum of the contributions of `parts`.

    `anonymous`: the match rests on a teaser. Whoever shows it must show nothing of `key` but the evidence, the country
    and `statement`, the key of the teaser's statement. `reserved`: lifted into the list by the newcomers' share.
    """

    key: str
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    doubt: Reason
    found_by: tuple[FoundBy, ...]
    statement: str = ""
    anonymous: bool = False
    newcomer: bool = False
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion:
    """How many organisations break one condition, and how many break no other."""

    condition: str
    reason: Reason
    count: int
    alone: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A smallest set of conditions whose dropping brings `count` organisations back."""

    conditions: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Result:
    """The answer. `considered`: organisations with anything to find; `kept`: those that meet all conditions.

    `status`: `optimal` when every kept organisation was compared in full, `feasible` when a scan of short codes chose
    which (`bound`: no other can score more), `infeasible` when the conditions exclude everybody; then `relaxations`
    say what to drop. `notes` tell what a reader should know about the question: recognised language, text that was cut.
    """

    status: Status
    matches: tuple[Match, ...]
    considered: int
    kept: int
    exclusions: tuple[Exclusion, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    notes: tuple[Reason, ...] = ()
    language: str = ""
    bound: float | None = None

    @property
    def objective(self) -> float | None:
        """Score of the first match."""
        return self.matches[0].score if self.matches else None


def _set(instance: object, name: str, value: object) -> None:
    object.__setattr__(instance, name, value)


def _choice(kind: type[E], value: str, path: str) -> E:
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(item.value for item in kind)
        raise InvalidInput(
            path, f"“{value}” is not one of the allowed values.", f"Use one of: {allowed}."
        ) from None


def _required(value: str, path: str) -> None:
    if not value:
        raise InvalidInput(path, "It is empty.", "Give it a value that is unique in the directory.")


def _language(value: str, path: str) -> str:
    """The two-letter code in lower case: `de-AT` becomes `de`."""
    code = value.strip().lower().replace("_", "-").partition("-")[0]
    if code and not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        raise InvalidInput(path, f"“{value}” is no language code.", "Use two letters, as de, nl or fr.")
    return code


def _country(value: str, path: str) -> str:
    """ISO 3166-1 alpha 2. Eurostat's EL and UK become GR and GB."""
    code = value.strip().upper()
    if code and not (code.isascii() and code.isalpha() and len(code) == 2):
        raise InvalidInput(path, f"“{value}” is no country code.", "Use two letters, as DE, NL or GR.")
    return {"EL": "GR", "UK": "GB"}.get(code, code)


def _in_range(value: float | None, low: float, high: float, path: str) -> None:
    if value is not None and not low <= value <= high:
        raise InvalidInput(path, f"{value} is out of range.", f"Use a value from {low} to {high}.")


def _not_negative(value: float | None, path: str) -> None:
    if value is not None and value < 0:
        raise InvalidInput(path, f"{value} is negative.", "Use 0 or more.")
