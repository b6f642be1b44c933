"""What the sample files hold, as read."""

from __future__ import annotations

from dataclasses import dataclass


class SampleError(ValueError):
    """A sample file says something that cannot be. `path` leads to it: `nl.toml: smp…: statement 2: trl`."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class SampleFigures:
    """Staff in annual work units, money in whole euro, of the year `years_ago` before the year of loading."""

    years_ago: int
    staff: float | None = None
    turnover: int | None = None
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class SampleContact:
    """A contact person; without `consent_days_ago` consent was never given."""

    name: str
    email: str
    language: str
    function: str = ""
    phone: str = ""
    consent_days_ago: int | None = None
    consent_source: str = ""
    withdrawn_days_ago: int | None = None


@dataclass(frozen=True, slots=True)
class SampleMembership:
    """`cluster` is the key of an organisation of kind cluster; dates are ISO days."""

    cluster: str
    since: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class SampleTranslation:
    """A statement's text in another language; `origin` is human, machine or stale (a person's, overtaken)."""

    language: str
    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleStatement:
    """`codes` are `scheme:code`; `valid_days` counts from the day of loading."""

    key: str
    kind: str
    language: str
    text: str
    confirmed_days_ago: int
    title: str = ""
    teaser: str = ""
    trl: int | None = None
    visibility: str = "public"
    codes: tuple[str, ...] = ()
    valid_days: int | None = None
    translations: tuple[SampleTranslation, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """`names` are names in further languages; `consent_withdrawn_days_ago` makes it a withdrawn one."""

    key: str
    name: str
    kind: str
    size: str
    language: str
    country: str
    consent_days_ago: int
    short_name: str = ""
    languages: tuple[str, ...] = ()
    summary: str = ""
    nuts3: str = ""
    nuts_version: str = ""
    street: str = ""
    postcode: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    vat: str = ""
    register_number: str = ""
    tags: tuple[str, ...] = ()
    listing: str = "listed"
    consent_withdrawn_days_ago: int | None = None
    codes: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    figures: tuple[SampleFigures, ...] = ()
    contacts: tuple[SampleContact, ...] = ()
    memberships: tuple[SampleMembership, ...] = ()
    statements: tuple[SampleStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleRole:
    """A role in a scope; `key` is empty for the whole site."""

    role: str
    scope: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class SampleUser:
    email: str
    name: str
    language: str
    roles: tuple[SampleRole, ...]


@dataclass(frozen=True, slots=True)
class SamplePair:
    """A need and the offers across a border that a person would name at once; keys of statements."""

    about: str
    need: str
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleProject:
    """A project of earlier years: it began `began_years_ago` before the year of loading and ran `years`.

    `members` are keys of organisations, the first of them leads.
    """

    key: str
    title: str
    language: str
    text: str
    programme: str
    began_years_ago: int
    years: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    organisations: tuple[SampleOrganisation, ...]
    users: tuple[SampleUser, ...]
    pairs: tuple[SamplePair, ...]
    projects: tuple[SampleProject, ...] = ()
