"""What has to hold between the cells of one row. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kontor import codes
from kontor.features.organisations import identity, names
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.problems import Problem
from kontor.features.organisations.teasers import revealing_part

# (technical name, row number) -> (cell address, header)
Place = Callable[[str, int], tuple[str, str]]
# What stands in the name's column of a row of sums, where no country stands beside it.
_SUMS = {
    *("sum", "total", "totals", "subtotal", "somme", "totale", "totaal", "som"),
    *("summe", "gesamt", "gesamtsumme", "insgesamt", "zwischensumme"),
}
_NUTS_OF_COUNTRY = {"GR": "EL", "GB": "UK"}


def check_entry(entry: Entry, place: Place) -> None:
    """Adds what is wrong to `entry.problems` and brings VAT number, region and domain into stored form.

    A row with a key may leave out name and country: it changes an organisation that has them.
    """

    def complain(code: str, name: str, value: str = "", *, fatal: bool = True, **params: str) -> None:
        cell, header = place(name, entry.number)
        entry.problems.append(Problem(code, cell, header, value, params, fatal))

    bad_columns = {problem.code for problem in entry.problems}
    fields = entry.fields
    if not entry.key and not fields.get("name"):
        complain("name_missing", "name")
    if not entry.key and not fields.get("country") and "country_unknown" not in bad_columns:
        if str(fields.get("name", "")).strip(" :").casefold() in _SUMS:
            complain("sums_row", "name")
        else:
            complain("country_missing", "country")
    _check_identity(fields, complain)
    _check_region(fields, complain)
    if fields.get("website") is not None:
        fields["domain"] = names.domain(fields["website"])
    _check_membership(entry, complain)
    _check_contacts(entry, complain)
    _check_statements(entry, complain)


Complain = Callable[..., None]


def _check_identity(fields: dict[str, Any], complain: Complain) -> None:
    text = fields.get("vat")
    country = fields.get("country", "")
    if not text:
        return
    try:
        fields["vat"] = identity.vat_number(country, text)
    except identity.IdentityProblem:
        del fields["vat"]
        complain("vat_bad", "vat", text, country=country or text[:2])


def _check_region(fields: dict[str, Any], complain: Complain) -> None:
    region, country = fields.get("nuts3"), fields.get("country", "")
    if not region:
        return
    if len(region) != 5 or not codes.scheme("nuts").valid(region):
        del fields["nuts3"]
        complain("nuts_unknown", "nuts3", region)
    elif country and region[:2] != _NUTS_OF_COUNTRY.get(country, country):
        del fields["nuts3"]
        complain("nuts_country", "nuts3", region, country=country)


def _check_membership(entry: Entry, complain: Complain) -> None:
    since, until = entry.membership.get("since"), entry.membership.get("until")
    if since and until and until < since:
        complain("dates_turned", "member_until", until)


def _check_contacts(entry: Entry, complain: Complain) -> None:
    for contact in entry.contacts:
        if not contact.get("name"):
            number = contact["number"]
            if set(contact) == {"number", "email"}:
                # An address without a person: the office.
                contact["name"] = contact["email"]
            else:
                complain("contact_nameless", f"contact_{number}_name", number=str(number))


def _check_statements(entry: Entry, complain: Complain) -> None:
    own = [str(entry.fields.get(name) or "") for name in ("name", "short_name")]
    own += [str(contact.get("name") or "") for contact in entry.contacts]
    for statement in entry.statements:
        kind, number = statement["kind"], statement["number"]
        column = f"{kind}_{number}"
        if not statement.get("text") and not statement.get("key"):
            complain(f"empty_{kind}", column, number=str(number))
        if statement.get("visibility") == "teaser" and not statement.get("teaser"):
            complain("teaser_missing", f"{column}_visibility")
        if statement.get("teaser"):
            found = revealing_part(statement["teaser"], own, str(entry.fields.get("domain") or ""))
            if found:
                complain("teaser_reveals", f"{column}_teaser", found)
