"""An organisation and its statements, as the matchmaker sees them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model.checks import (
    assign,
    choice,
    country_code,
    in_range,
    iso_date,
    language_code,
    not_negative,
    required,
)


class StatementKind(StrEnum):
    OFFER = "offer"
    NEED = "need"
    COMPETENCE = "competence"


class Audience(StrEnum):
    """Who may find a statement. `teaser`: its teaser is found without a name until both sides agree."""

    PUBLIC = "public"
    MEMBERS = "members"
    TEASER = "teaser"


AUDIENCES_ALL = tuple(Audience)


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


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """`scheme` is `nace`, `cpv`, `theme`, `ket` or any other short name; `code` as in its source."""

    scheme: str
    code: str

    def __post_init__(self) -> None:
        if not self.scheme or not self.code or ":" in self.scheme:
            raise InvalidInput("codes", f"“{self}” is no code.", "Write scheme and code, as nace:28.11.")

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> Code:
        """Reads `nace:28.11`."""
        scheme, _, code = text.strip().partition(":")
        return cls(scheme.strip().lower(), code.strip())


@dataclass(frozen=True, slots=True)
class Statement:
    """One offer, need or competence.

    `confirmed_on`: ISO date on which somebody last said that it holds, empty where not known. `language` is
    an ISO 639-1 code, empty where it has to be recognised. `trl` is 1 to 9. `teaser` is all that is read
    and shown of a statement whose `audience` is `teaser`.
    """

    key: str
    kind: str
    text: str
    language: str = ""
    codes: tuple[Code, ...] = ()
    trl: int | None = None
    confirmed_on: str = ""
    audience: str = Audience.PUBLIC
    teaser: str = ""

    def __post_init__(self) -> None:
        assign(self, "kind", choice(StatementKind, self.kind, "kind"))
        assign(self, "audience", choice(Audience, self.audience, "audience"))
        assign(self, "language", language_code(self.language, "language"))
        assign(self, "codes", tuple(self.codes))
        required(self.key, "key")
        in_range(self.trl, 1, 9, "trl")
        iso_date(self.confirmed_on, "confirmed_on")


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation as the matchmaker sees it.

    `partners` are keys of organisations it already works with, `introductions` how often it was introduced
    to somebody, `answer_rate` the share of introductions it answered (0 to 1, None before the first),
    `audience` who may find it by name (`public` or `members`). `country` is ISO 3166-1 (Greece GR, United
    Kingdom GB), `nuts3` any NUTS code or empty.
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
    audience: str = Audience.PUBLIC
    sample: bool = False

    def __post_init__(self) -> None:
        required(self.key, "key")
        assign(self, "kind", choice(OrganisationKind, self.kind, "kind"))
        assign(self, "size", choice(Size, self.size, "size"))
        assign(self, "audience", choice(Audience, self.audience, "audience"))
        assign(self, "country", country_code(self.country, "country"))
        assign(self, "languages", tuple(language_code(item, "languages") for item in self.languages))
        assign(self, "summary_language", language_code(self.summary_language, "summary_language"))
        for name in ("codes", "statements", "partners"):
            assign(self, name, tuple(getattr(self, name)))
        not_negative(self.introductions, "introductions")
        in_range(self.answer_rate, 0, 1, "answer_rate")

    @property
    def is_sme(self) -> bool:
        return self.size in SME_SIZES
