"""What the operations of imports take and give."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from kontor.base.api import PageQuery
from kontor.features.organisations.api.schemas import Input


class FieldOut(Schema):
    """A field that a column can hold."""

    name: str
    label: str
    headers: list[str] = Field(description="headers that are understood, in several languages")


class ColumnOut(Schema):
    index: int
    letter: str
    header: str
    field: str = Field(description="what it is taken for; empty: not imported")
    how: str = Field(description="how that was found: exact, similar, content or none")
    samples: list[str]


class ReadingOut(Schema):
    """How the file was read, while its columns can still be chosen."""

    columns: list[ColumnOut]
    kind: str
    sheet: str
    sheets: list[str]
    encoding: str
    notes: list[str]


class ProgressOut(Schema):
    done: int
    total: int
    step: str


class RunOut(Schema):
    """`state`: uploaded, checking, checked (ready to confirm), writing, done, refused, cancelled, undone."""

    key: str
    filename: str
    cluster: str
    state: str
    problem: str = Field(description="why the last step did not succeed; may be empty")
    counts: dict[str, int] = Field(description="rows, new, change, same, refused; after undo what it did")
    causes: dict[str, int] = Field(description="how often each problem occurs, by its code")
    kept: dict[str, str] = Field(description="what an undo had to leave: organisation's key to the reason")
    stuck: bool = Field(description="its job failed for good: begin again from the columns with retry")
    progress: ProgressOut | None
    created_at: dt.datetime
    finished_at: dt.datetime | None
    created_by: str


class RunDetail(RunOut):
    reading: ReadingOut | None


class ProblemOut(Schema):
    code: str
    cell: str
    column: str
    value: str
    message: str
    remedy: str
    fatal: bool = Field(description="refuses the row; else it is imported with this remark")


class ChangedField(Schema):
    label: str
    before: str
    after: str


class RowOut(Schema):
    """A row with something to say; rows that are new and fine, or change nothing, are only counted."""

    number: int
    label: str
    action: str
    organisation: str = Field(description="key of the organisation the row is about; may be empty")
    problems: list[ProblemOut]
    changes: list[ChangedField]


class CheckIn(Input):
    """Choices left out stay as they are, at first as they were guessed."""

    columns: dict[Annotated[int, Field(ge=0, le=5000)], Annotated[str, Field(max_length=60)]] | None = Field(
        None, description="index of a column: field, for all columns that are imported"
    )
    listing: Literal["listed", "members", "hidden"] | None = None
    language: str | None = Field(None, max_length=8, description="of texts too short to tell theirs")
    source: str | None = Field(None, max_length=40, description="where the numbers in the file come from")
    clear_empty: bool | None = Field(None, description="an empty cell empties the field")
    sheet: str | None = Field(None, max_length=200)
    encoding: str | None = Field(None, max_length=40)


class RowsQuery(PageQuery):
    action: Literal["", "new", "change", "refused"] = Field("", description="what happens to the row")


class ConfirmImportIn(Input):
    skip_bad: bool = Field(False, description="leave refused rows out instead of refusing the whole import")
