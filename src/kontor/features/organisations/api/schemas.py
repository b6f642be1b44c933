"""What the API takes and gives. Field names are those of the models and of docs/users/directory.md."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from kontor.features.organisations.models import (
    OrganisationKind,
    SizeClass,
    StatementKind,
    Visibility,
)

Code = Annotated[str, Field(pattern=r"^(nace|cpv|ket|theme):.{1,40}$", examples=["nace:35.11"])]
Text = Annotated[str, Field(max_length=20_000)]


class FiltersIn(Schema):
    """The directory's filters. Values of one filter widen each other, filters narrow each other."""

    q: str = Field("", max_length=200, description="beginnings of words, in any order")
    country: list[str] = Field([], description="ISO 3166 codes")
    region: list[str] = Field([], description="NUTS codes of any level; regions inside count")
    kind: list[str] = []
    size: list[str] = []
    nace: list[str] = Field([], description="NACE 2.1; all below counts")
    cpv: list[str] = []
    ket: list[str] = []
    theme: list[str] = []
    cluster: list[str] = Field([], description="keys of clusters whose current members are wanted")
    language: list[str] = []
    tag: list[str] = []
    offers: str = Field("", description="yes or no")
    needs: str = Field("", description="yes or no")
    fresh: str = Field("", description="30, 90, 180 (days) or older")
    sample: str = Field("", description="yes or no")
    sort: Literal["name", "-name", "country", "-changed"] = "name"


class ClusterOut(Schema):
    key: str
    name: str


class OrganisationRow(Schema):
    """An organisation as lists show it. Statements are counted as far as the caller may read them."""

    key: str
    name: str
    kind: str
    size: str
    country: str
    nuts3: str
    place: str
    languages: list[str]
    tags: list[str]
    is_sample: bool
    offers: int
    needs: int
    competences: int
    confirmed_at: dt.datetime | None
    changed_at: dt.datetime
    clusters: list[ClusterOut]


class StatementOut(Schema):
    key: str
    kind: str
    language: str
    title: str
    text: str
    teaser: str = Field(description="what strangers read where visibility is teaser")
    trl: int | None
    visibility: str
    confirmed_at: dt.datetime
    valid_until: dt.date | None
    closed_at: dt.datetime | None = Field(description="closed ones are read by their editors only")
    revision: int
    codes: list[str]

    @staticmethod
    def resolve_codes(statement: object) -> list[str]:
        rows = statement.codes.all()  # type: ignore[attr-defined]
        return sorted(f"{row.scheme}:{row.code}" for row in rows)


class IdentityOut(Schema):
    """Legal identity, for those who may change the record."""

    vat: str | None
    register_number: str | None
    pic: str | None
    external_id: str
    listing: str


class OrganisationOut(Schema):
    key: str
    revision: int
    name: str
    short_name: str
    names: dict[str, str] = Field(description="names in other languages")
    kind: str
    size: str
    language: str
    languages: list[str]
    summary: str
    country: str
    nuts3: str
    nuts_version: str
    street: str
    postcode: str
    place: str
    latitude: float | None
    longitude: float | None
    website: str
    tags: list[str]
    is_sample: bool
    changed_at: dt.datetime
    codes: list[str]
    clusters: list[ClusterOut]
    statements: list[StatementOut]
    identity: IdentityOut | None


class Input(Schema):
    model_config = ConfigDict(use_enum_values=True, extra="forbid")


class ProfileIn(Input):
    """The fields of a profile; those left out stay as they are (a new record: empty)."""

    name: str | None = Field(None, min_length=1, max_length=300)
    short_name: str | None = Field(None, max_length=80)
    kind: OrganisationKind | None = None
    size: SizeClass | None = None
    language: str | None = Field(None, min_length=2, max_length=8)
    languages: list[str] | None = None
    summary: Text | None = None
    country: str | None = Field(None, min_length=2, max_length=2)
    nuts3: str | None = Field(None, max_length=5)
    nuts_version: str | None = Field(None, max_length=4)
    street: str | None = Field(None, max_length=200)
    postcode: str | None = Field(None, max_length=12)
    place: str | None = Field(None, max_length=120)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    website: str | None = Field(None, max_length=300)
    vat: str | None = Field(None, max_length=20)
    register_number: str | None = Field(None, max_length=60)
    pic: str | None = Field(None, max_length=9)
    external_id: str | None = Field(None, max_length=120)
    tags: list[Annotated[str, Field(max_length=80)]] | None = None
    listing: Literal["listed", "members", "hidden"] | None = None
    codes: list[Code] | None = None


class NewOrganisation(ProfileIn):
    name: str = Field(min_length=1, max_length=300)
    country: str = Field(min_length=2, max_length=2)


class ChangedOrganisation(ProfileIn):
    revision: int = Field(ge=1, description="the revision this change started from")


class NewStatement(Input):
    kind: StatementKind
    language: str = Field(min_length=2, max_length=8)
    text: Text
    title: str = Field("", max_length=200)
    teaser: str = Field("", max_length=300)
    trl: int | None = Field(None, ge=1, le=9)
    visibility: Visibility = Visibility.PUBLIC
    valid_until: dt.date | None = None
    codes: list[Code] = []


class ChangedStatement(Input):
    revision: int = Field(ge=1, description="the revision this change started from")
    kind: StatementKind | None = None
    language: str | None = Field(None, min_length=2, max_length=8)
    text: Text | None = None
    title: str | None = Field(None, max_length=200)
    teaser: str | None = Field(None, max_length=300)
    trl: int | None = Field(None, ge=1, le=9)
    visibility: Visibility | None = None
    valid_until: dt.date | None = None
    codes: list[Code] | None = None


class ConfirmIn(Input):
    statements: list[Annotated[str, Field(max_length=12)]] = Field(
        [], max_length=200, description="keys; empty: all open ones"
    )


class ConfirmedOut(Schema):
    confirmed: int


class CodeOut(Schema):
    scheme: str
    code: str
    label: str
    language: str
    score: float
    how: str = Field(description="how the code was found: code, words, close words, meaning")
