"""`kontor organisations`: look one up, confirm its statements, its consent and figures."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told
from kontor.features.organisations.commands.finding import organisation_of

if TYPE_CHECKING:
    from kontor.features.organisations.models import Organisation

organisations = typer.Typer(no_args_is_help=True, help="The organisations of the directory.")
Key = Annotated[str, typer.Argument(help="Its key: the last part of the address of its page.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the log.")]
Figure = Annotated[str, typer.Option(help="A number such as 12.5; none to remove it.")]


@organisations.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@organisations.command("list")
def list_organisations(
    words: Annotated[str, typer.Argument(help="Beginnings of words of its name, place or tags.")] = "",
    where: Annotated[
        str, typer.Option("--where", help="Filters as in the directory's address: country=DE&offers=yes")
    ] = "",
    archived: Annotated[bool, typer.Option("--archived", help="Those taken out of the directory.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Organisations by words and filters, by name."""
    with told(as_json):
        rows = [_line(row) for row in _matching(words, where, archived)[:limit]]
    lines = [f"{row['key']}  {row['country']}  {row['listing']:9}  {row['name']}" for row in rows]
    answer({"organisations": rows}, as_json, "\n".join(lines) or "None found.")


def _matching(words: str, where: str, archived: bool) -> Any:
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict
    from django.utils import timezone

    from kontor.base.errors import KontorError
    from kontor.features.organisations.directory.fields import Scope
    from kontor.features.organisations.directory.filters import Filters
    from kontor.features.organisations.models import Organisation

    query = QueryDict(where, mutable=True)
    if words:
        query["q"] = words
    filters = Filters.read(query)
    for problem in filters.problems:
        raise KontorError(
            f"The value “{problem.value}” means nothing here.",
            code="bad-filter",
            path=f"where.{problem.field.name}",
            remedy=problem.remedy,
        )
    scope = Scope(AnonymousUser(), timezone.localdate())
    rows = Organisation.objects.filter(merged_into=None, archived_at__isnull=not archived)
    return filters.apply(rows, scope).order_by("name_key", "id")


def _line(row: Organisation) -> dict[str, Any]:
    return {field: getattr(row, field) for field in ("key", "name", "kind", "country", "place", "listing")}


@organisations.command("show")
def show(key: Key, as_json: AsJson = False) -> None:
    """Everything stored about one organisation."""
    from kontor.features.organisations.queries import export_of

    with told(as_json):
        found = export_of(organisation_of(key, gone_too=True))
    answer(found, as_json, "\n".join(_words(found)))


def _words(found: dict[str, Any]) -> list[str]:
    own = found["organisation"]
    filled = [f"{field}: {value}" for field, value in own.items() if value not in (None, "", [], False)]
    return [
        *filled,
        *(f"{row['kind']}: {row['title'] or row['text'][:80]}" for row in found["statements"]),
        *(
            f"{row['year']}: staff {row['staff']}, turnover {row['turnover']}, balance {row['balance']}"
            for row in found["figures"]
        ),
        *(f"member of {row['cluster__name']} since {row['since']}" for row in found["member_of"]),
        *(f"contact: {row['name']} {row['email']}".rstrip() for row in found["contacts"]),
    ]


@organisations.command("confirm")
def confirm(
    key: Key,
    statement: Annotated[
        list[str] | None, typer.Option("--statement", help="Key of one statement; repeatable. Else all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say that its open statements still hold, today."""
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.organisations.actions import confirm_statements

    with told(as_json):
        rows = organisation_of(key).statements.select_related("organisation").filter(closed_at=None)
        if statement:
            rows = rows.filter(key__in=statement)
            if missing := set(statement) - set(rows.values_list("key", flat=True)):
                raise KontorError(
                    f"It has no open statement with the key {min(missing)}.",
                    code="no-such-statement",
                    path="statement",
                    remedy=f"See `kontor organisations show {key}`.",
                )
        count = confirm_statements(statements=list(rows), actor=Actor.system("command line"))
        answer({"status": "done", "confirmed": count}, as_json, f"Confirmed: {count}.")


@organisations.command("consent")
def consent(
    key: Key,
    listing: Annotated[str, typer.Option(help="listed (found by everybody) or members")] = "listed",
    as_json: AsJson = False,
) -> None:
    """Note that it agreed to be found, for the first time or again."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.actions import give_consent

    with told(as_json):
        stored = give_consent(
            organisation=organisation_of(key), listing=listing, actor=Actor.system("command line")
        )
        answer({"status": "done", **_line(stored)}, as_json, f"{stored.name} is {stored.listing}.")


@organisations.command("withdraw")
def withdraw(key: Key, reason: Reason = "", as_json: AsJson = False) -> None:
    """Note that it withdrew its consent: hidden at once in the directory, searches and matches."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.actions import withdraw_consent

    with told(as_json):
        stored = withdraw_consent(
            organisation=organisation_of(key), reason=reason, actor=Actor.system("command line")
        )
        words = f"{stored.name} is hidden. To bring it back: kontor organisations consent {key}"
        answer({"status": "done", **_line(stored)}, as_json, words)


@organisations.command("archive")
def archive(key: Key, reason: Reason = "", as_json: AsJson = False) -> None:
    """Take it out of the directory; nothing is deleted."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.actions import archive_organisation

    with told(as_json):
        found = organisation_of(key)
        archive_organisation(organisation=found, reason=reason, actor=Actor.system("command line"))
        words = f"{found.name} is archived. To bring it back: kontor organisations unarchive {key}"
        answer({"status": "done", **_line(found)}, as_json, words)


@organisations.command("unarchive")
def unarchive(key: Key, reason: Reason = "", as_json: AsJson = False) -> None:
    """Bring an archived one back into the directory."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.actions import unarchive_organisation

    with told(as_json):
        stored = unarchive_organisation(
            organisation=organisation_of(key, gone_too=True),
            reason=reason,
            actor=Actor.system("command line"),
        )
        answer({"status": "done", **_line(stored)}, as_json, f"{stored.name} is back: {stored.listing}.")


@organisations.command("figures")
def figures(
    key: Key,
    year: Annotated[int, typer.Argument(help="The year that the figures are of.")],
    staff: Figure = "",
    turnover: Figure = "",
    balance: Figure = "",
    as_json: AsJson = False,
) -> None:
    """Staff (annual work units), turnover and balance sheet total (EUR) of a year; what is left out stays."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.actions import figures_snapshot, set_figures

    with told(as_json):
        found = organisation_of(key)
        stored = figures_snapshot(found.figures.filter(year=year).first())
        given = {"staff": staff, "turnover": turnover, "balance": balance}
        wanted = stored | {field: _number(field, text) for field, text in given.items() if text}
        row = set_figures(
            organisation=found, year=year, base=stored, actor=Actor.system("command line"), **wanted
        )
        kept = figures_snapshot(row)
        words = ", ".join(f"{field} {value}" for field, value in kept.items())
        answer({"status": "done", "year": year, **kept}, as_json, f"{found.name}, {year}: {words}")


def _number(field: str, text: str) -> Decimal | None:
    from kontor.base.errors import KontorError

    if text == "none":
        return None
    try:
        value = Decimal(text)
        fits = value.is_finite() and value == round(value, 2) and abs(value) < 10**8
    except InvalidOperation:
        fits = False
    if not fits or (value < 0 and field != "balance"):
        raise KontorError(
            f"{text} is no such figure.",
            code="bad-number",
            path=field,
            remedy="Write digits and at most two decimals after a point, such as 1234.50, or none.",
        )
    return value
